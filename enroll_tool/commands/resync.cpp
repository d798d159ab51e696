#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_resync(Session& session) {
    ipc::Request request = account_request(session, "Resync");
    if (const auto id = session.given().text("--authenticator")) request.text("authenticator", *id);
    request.secret("first", session.code("FIRST", tr("Code: ")));
    request.secret("second", session.code("SECOND", tr("The next code: ")));
    const ipc::Reply resynced = session.call(std::move(request));
    if (session.json()) return session.print(resynced);
    // warifud names it only where it was named.
    const std::string_view id = resynced.text("authenticator");
    const std::int64_t drift = resynced.number("drift");
    // "1 step", "-1 steps", as numbers are counted everywhere here.
    const unsigned long n = drift == 1 ? 1 : 2;
    const std::string steps = std::to_string(drift);
    session.out().text(wrapped(
        id.empty()
            ? fill(trn("The authenticator is in step again (off by %1 step).",
                       "The authenticator is in step again (off by %1 steps).", n),
                   {steps})
            : fill(trn("%1 is in step again (off by %2 step).", "%1 is in step again (off by %2 steps).", n),
                   {printable(id), steps})));
    return ExitCode::done;
}

}  // namespace warifu
