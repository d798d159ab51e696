// suspend, resume and require: an administrator's switches of one account.
#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

ExitCode switch_account(Session& session, ipc::Request request, const char* sentence) {
    request.text("user", session.required("--user"));
    const ipc::Reply switched = session.call(std::move(request));
    if (session.json()) return session.print(switched);
    session.out().text(wrapped(fill(tr(sentence), {printable(switched.text("user"))})));
    return ExitCode::done;
}

}  // namespace

ExitCode run_suspend(Session& session) {
    return switch_account(session, ipc::Request("Suspend"),
                          N_("%1 is suspended: nobody signs in with this account's codes."));
}

ExitCode run_resume(Session& session) {
    return switch_account(session, ipc::Request("Resume"), N_("%1 is not suspended any more."));
}

ExitCode run_require(Session& session) {
    ipc::Request request("Require");
    const bool off = session.given().has("--off");
    if (off) request.truth("off", true);
    return switch_account(session, std::move(request),
                          off ? N_("%1 is as policy says again.")
                              : N_("%1 has to set up a second factor at the next sign-in."));
}

}  // namespace warifu
