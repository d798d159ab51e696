#include "enroll_tool/commands.h"
#include "enroll_tool/count.h"

namespace warifu {

ExitCode run_forget(Session& session) {
    const ipc::Reply forgotten = session.call(account_request(session, "Forget"));
    if (session.json()) return session.print(forgotten);
    session.out().text(counted(forgotten.number("forgotten"), "remembered sign-in") + " forgotten.\n");
    return ExitCode::done;
}

}  // namespace warifu
