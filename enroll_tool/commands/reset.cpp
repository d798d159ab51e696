#include "enroll_tool/commands.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

ExitCode run_reset(Session& session) {
    const bool replay = session.given().has("--replay");
    ipc::Request request("Reset");
    request.text("user", session.required("--user")).truth("replay", replay);
    const ipc::Reply reset = session.call(std::move(request));
    if (session.json()) return session.print(reset);
    const std::int64_t removed = reset.number("removed");
    const auto n = static_cast<unsigned long>(removed);
    const char* const sentence =
        replay ? trn("%1: %2 mark set to the clock.", "%1: %2 marks set to the clock.", n)
               : trn("%1: %2 authenticator removed; the second factor is off.",
                     "%1: %2 authenticators removed; the second factor is off.", n);
    if (const auto shared = reset.maybe_text("shared_key")) {
        session.out().text(
            wrapped(fill(trn("%1: %2 authenticator removed; the shared key %3 counts now.",
                             "%1: %2 authenticators removed; the shared key %3 counts now.", n),
                         {printable(reset.text("user")), std::to_string(removed), printable(*shared)})));
        return ExitCode::done;
    }
    session.out().text(wrapped(fill(sentence, {printable(reset.text("user")), std::to_string(removed)})));
    return ExitCode::done;
}

}  // namespace warifu
