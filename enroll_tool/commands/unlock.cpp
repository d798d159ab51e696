#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_unlock(Session& session) {
    ipc::Request request("Unlock");
    request.text("user", session.required("--user"));
    const ipc::Reply unlocked = session.call(std::move(request));
    if (session.json()) return session.print(unlocked);
    session.out().text(wrapped(fill(tr("%1: the limits are off."), {printable(unlocked.text("user"))})));
    return ExitCode::done;
}

}  // namespace warifu
