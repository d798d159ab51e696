// switch list, switch turn: what is turned at run time, without touching a configuration or an application.
#include <string>

#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

ipc::Request about_realm(const Session& session, const char* method) {
    ipc::Request request(method);
    if (const auto realm = session.given().text("--realm")) request.text("realm", *realm);
    return request;
}

// The service comes last, and is never cut.
void show_line(std::string_view second_factor, std::string_view unregistered, std::string_view not_now,
               std::string_view since, std::string_view by, std::string_view service, Output& page) {
    page.text(padded(second_factor, 15) + padded(unregistered, 14) + padded(not_now, 9) + padded(since, 18) +
              padded(by, 14));
    page.text(service);
    page.text("\n");
}

void show(const ipc::Reply& list, Output& page) {
    const auto switches = list.objects("switches");
    if (switches.empty()) {
        page.text(wrapped(tr("No switch is turned: the configuration decides.")));
        return;
    }
    show_line("SECOND-FACTOR", "UNREGISTERED", "NOT-NOW", "SINCE", "BY", "SERVICE", page);
    for (const ipc::Reply& one : switches) {
        const std::string service = printable(one.text("service"));
        show_line(one.text("second_factor"), one.text("unregistered"), one.text("not_now"),
                  moment(one.number("at")), printable(one.text("by")),
                  service.empty() ? tr("(all)") : service, page);
    }
}

}  // namespace

ExitCode run_switch_list(Session& session) {
    const ipc::Reply list = session.call(about_realm(session, "Switches"));
    if (session.json()) return session.print(list);
    show(list, session.out());
    return ExitCode::done;
}

ExitCode run_switch_turn(Session& session) {
    ipc::Request request = about_realm(session, "TurnSwitch");
    std::string name(session.required("SWITCH"));
    for (char& letter : name) letter = letter == '-' ? '_' : letter;
    request.text("name", name).text("value", session.required("VALUE"));
    if (const auto service = session.given().text("--service")) request.text("service", *service);
    const ipc::Reply list = session.call(std::move(request));
    if (session.json()) return session.print(list);
    show(list, session.out());
    return ExitCode::done;
}

}  // namespace warifu
