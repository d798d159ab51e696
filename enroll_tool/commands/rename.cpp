#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_rename(Session& session) {
    ipc::Request request = account_request(session, "Rename");
    request.text("authenticator", session.required("ID")).text("label", session.required("LABEL"));
    const ipc::Reply renamed = session.call(std::move(request));
    if (session.json()) return session.print(renamed);
    session.out().text(wrapped(fill(tr("%1 is now called %2."), {printable(renamed.text("authenticator")),
                                                                 printable(renamed.text("label"))})));
    return ExitCode::done;
}

}  // namespace warifu
