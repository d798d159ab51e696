#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"

namespace warifu {

ExitCode run_unlock(Session& session) {
    ipc::Request request("Unlock");
    request.text("user", session.required("--user"));
    const ipc::Reply unlocked = session.call(std::move(request));
    if (session.json()) return session.print(unlocked);
    session.out().text(wrapped(printable(unlocked.text("user")) + ": the limits are off."));
    return ExitCode::done;
}

}  // namespace warifu
