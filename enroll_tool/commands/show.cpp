#include "enroll_tool/app_choice.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/delivery.h"
#include "enroll_tool/key_page.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr const char* advice = N_("Keep the old entry until a code from the new phone has signed you in.");

}  // namespace

ExitCode run_show(Session& session) {
    Delivery delivery(session);
    ipc::Request request = account_request(session, "Show");
    const auto id =
        session.given().has("ID") ? session.given().text("ID") : session.given().text("--authenticator");
    if (id) request.text("authenticator", *id);
    const ipc::Reply key = session.call(std::move(request));
    const Sheet sheet{session.user(), &key, {}, false};
    if (session.json()) {
        delivery.hand_over(sheet);
        return session.print(delivery.with_image(with_app_warnings(session, key)));
    }
    Output& page = delivery.page();
    warn_of_apps(session, key, page);
    if (!(delivery.has_sheet() && delivery.takes_standard_output())) {
        show_key(key, delivery.drawn(), page);
        page.text(wrapped(tr(advice)));
    }
    delivery.finish();
    delivery.hand_over(sheet);
    return ExitCode::done;
}

}  // namespace warifu
