#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_remove(Session& session) {
    ipc::Request request = account_request(session, "Remove");
    request.text("authenticator", session.required("ID"));
    const ipc::Reply removed = session.call(std::move(request));
    if (session.json()) return session.print(removed);
    const std::int64_t left = removed.number("left");
    const char* const sentence =
        left == 0 ? tr("%1 is removed. It was the last one: the account has no second factor now.")
                  : trn("%1 is removed. %2 authenticator left.", "%1 is removed. %2 authenticators left.",
                        static_cast<unsigned long>(left));
    session.out().text(
        wrapped(fill(sentence, {printable(removed.text("authenticator")), std::to_string(left)})));
    return ExitCode::done;
}

}  // namespace warifu
