#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_forget(Session& session) {
    const ipc::Reply forgotten = session.call(account_request(session, "Forget"));
    if (session.json()) return session.print(forgotten);
    const std::int64_t number = forgotten.number("forgotten");
    session.out().text(
        wrapped(fill(trn("%1 remembered sign-in forgotten.", "%1 remembered sign-ins forgotten.",
                         static_cast<unsigned long>(number)),
                     {std::to_string(number)})));
    return ExitCode::done;
}

}  // namespace warifu
