#include "enroll_tool/commands.h"
#include "enroll_tool/count.h"
#include "enroll_tool/printable.h"

namespace warifu {

ExitCode run_reset(Session& session) {
    const bool replay = session.given().has("--replay");
    ipc::Request request("Reset");
    request.text("user", session.required("--user")).truth("replay", replay);
    const ipc::Reply reset = session.call(std::move(request));
    if (session.json()) return session.print(reset);
    const std::string what =
        replay ? counted(reset.number("removed"), "mark") + " set to the clock"
               : counted(reset.number("removed"), "authenticator") + " removed; the second factor is off";
    session.out().text(wrapped(printable(reset.text("user")) + ": " + what + "."));
    return ExitCode::done;
}

}  // namespace warifu
