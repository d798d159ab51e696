#include "enroll_tool/commands.h"
#include "enroll_tool/count.h"
#include "enroll_tool/printable.h"

namespace warifu {

ExitCode run_remove(Session& session) {
    ipc::Request request = account_request(session, "Remove");
    request.text("authenticator", session.required("ID"));
    const ipc::Reply removed = session.call(std::move(request));
    if (session.json()) return session.print(removed);
    const std::int64_t left = removed.number("left");
    session.out().text(wrapped(printable(removed.text("authenticator")) + " is removed. " +
                               (left == 0 ? "It was the last one: the account has no second factor now."
                                          : counted(left, "authenticator") + " left.")));
    return ExitCode::done;
}

}  // namespace warifu
