#include "enroll_tool/commands.h"
#include "enroll_tool/count.h"
#include "enroll_tool/printable.h"

namespace warifu {

ExitCode run_resync(Session& session) {
    ipc::Request request = account_request(session, "Resync");
    if (const auto id = session.given().text("--authenticator")) request.text("authenticator", *id);
    request.secret("first", session.code("FIRST", "Code: "));
    request.secret("second", session.code("SECOND", "The next code: "));
    const ipc::Reply resynced = session.call(std::move(request));
    if (session.json()) return session.print(resynced);
    // warifud names it only where it was named.
    const std::string_view id = resynced.text("authenticator");
    session.out().text(wrapped((id.empty() ? "The authenticator" : printable(id)) +
                               " is in step again (off by " + counted(resynced.number("drift"), "step") +
                               ")."));
    return ExitCode::done;
}

}  // namespace warifu
