#include <unistd.h>

#include "enroll_tool/app_choice.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/key_page.h"
#include "enroll_tool/qr_choice.h"

namespace warifu {

namespace {

constexpr std::string_view advice = "Keep the old entry until a code from the new phone has signed you in.\n";

}  // namespace

ExitCode run_show(Session& session) {
    const auto form = choose_qr(session);
    ipc::Request request = account_request(session, "Show");
    const auto id =
        session.given().has("ID") ? session.given().text("ID") : session.given().text("--authenticator");
    if (id) request.text("authenticator", *id);
    const ipc::Reply key = session.call(std::move(request));
    if (session.json()) return session.print(with_app_warnings(session, key));
    Output beside(STDERR_FILENO);
    warn_of_apps(session, key, is_image(form) ? beside : session.out());
    beside.flush();
    show_key(key, form, session.out());
    if (!is_image(form)) session.out().text(advice);
    return ExitCode::done;
}

}  // namespace warifu
