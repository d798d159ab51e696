#include <cstdlib>
#include <string>
#include <vector>

#include "enroll_tool/commands.h"
#include "enroll_tool/commands/confirmation.h"
#include "enroll_tool/delivery.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/recovery_page.h"
#include "enroll_tool/translation.h"

namespace warifu {

void show_confirmation(const ipc::Reply& confirmed, Output& page) {
    page.text(
        wrapped(fill(tr("%1 (%2) is active: from now on its codes count."),
                     {printable(confirmed.text("label")), printable(confirmed.text("authenticator"))})));
    if (const auto off = confirmed.maybe_number("clock_off"); off && *off != 0)
        page.text(wrapped(fill(tr("Its clock is off by about %1; let the phone set it by itself."),
                               {span_of_time(std::abs(*off))})));
    page.text("\n");
    if (const auto codes = confirmed.maybe_texts("recovery_codes")) show_recovery_codes(*codes, page);
}

ExitCode run_confirm(Session& session) {
    Delivery delivery(session);
    ipc::Request request = account_request(session, "Confirm");
    if (const auto id = session.given().text("--authenticator")) request.text("authenticator", *id);
    request.secret("code", session.code("CODE", tr("Code from the app: ")));
    const ipc::Reply confirmed = session.call(std::move(request));
    const Sheet sheet{confirmed.maybe_text("user").value_or(""), nullptr,
                      confirmed.maybe_texts("recovery_codes").value_or(std::vector<std::string_view>())};
    if (session.json()) {
        delivery.hand_over(sheet);
        return session.print(confirmed);
    }
    if (!delivery.takes_standard_output()) show_confirmation(confirmed, session.out());
    session.out().flush();
    delivery.hand_over(sheet);
    return ExitCode::done;
}

}  // namespace warifu
