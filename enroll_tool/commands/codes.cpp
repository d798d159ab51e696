#include "enroll_tool/commands.h"
#include "enroll_tool/recovery_page.h"

namespace warifu {

ExitCode run_codes(Session& session) {
    ipc::Request request = account_request(session, "Codes");
    request.truth("regenerate", session.given().has("--regenerate"));
    const ipc::Reply codes = session.call(std::move(request));
    if (session.json()) return session.print(codes);
    if (const auto fresh = codes.maybe_texts("recovery_codes")) show_recovery_codes(*fresh, session.out());
    session.out().text(recovery_codes_left(codes.number("left")) + ".\n");
    return ExitCode::done;
}

}  // namespace warifu
