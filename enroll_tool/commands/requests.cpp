// requests, approve, deny, window: what waits for somebody's yes, and the yes.
#include <charconv>
#include <string>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr std::int64_t seconds_in_minute = 60, most_minutes = 1'440;

// What it is about, in one line.
std::string subject_of(const ipc::Reply& request) {
    for (const char* fact : {"message", "command"})
        if (!request.text(fact).empty()) return printable(request.text(fact));
    const std::string_view from = request.text("rhost").empty() ? request.text("tty") : request.text("rhost");
    return fill(tr("sign-in to %1 from %2"),
                {printable(request.text("service")), from.empty() ? "-" : printable(from)});
}

void show(const ipc::Reply& request, Output& page) {
    page.text(printable(request.text("auth_req_id")) + "  ");
    std::string who(request.text("user"));
    if (request.text("realm") != "host") who = std::string(request.text("realm")) + "/" + who;
    page.text(padded(printable(who), 16) + "  ");
    page.text(fill(tr("%1 of %2"),
                   {std::to_string(request.number("approvals")), std::to_string(request.number("needed"))}) +
              "  " + span_of_time(request.number("expires") - unix_now()));
    if (const auto number = request.maybe_text("number")) page.text("  [" + printable(*number) + "]");
    page.text("\n    " + subject_of(request) + "\n");
    if (!request.text("digest").empty()) page.text("    " + printable(request.text("digest")) + "\n");
}

ipc::Request about(const Session& session, const char* method) {
    ipc::Request request(method);
    request.text("auth_req_id", session.required("ID"));
    return request;
}

}  // namespace

ExitCode run_requests(Session& session) {
    const ipc::Reply list = session.call(account_request(session, "Requests"));
    if (session.json()) return session.print(list);
    const auto requests = list.objects("requests");
    if (requests.empty()) session.out().text(wrapped(tr("Nothing waits for you.")));
    for (const ipc::Reply& request : requests) show(request, session.out());
    return ExitCode::done;
}

ExitCode run_approve(Session& session) {
    ipc::Request request = about(session, "Approve");
    if (const auto number = session.given().text("--number")) request.text("number", *number);
    const ipc::Reply decided = session.call(std::move(request));
    if (session.json()) return session.print(decided);
    session.out().text(wrapped(tr("Approved.")));
    return ExitCode::done;
}

ExitCode run_deny(Session& session) {
    ipc::Request request = about(session, "Deny");
    request.text("reason", session.given().has("--not-me") ? "not_me" : "not_now");
    const ipc::Reply denied = session.call(std::move(request));
    if (session.json()) return session.print(denied);
    session.out().text(wrapped(tr("Denied.")));
    return ExitCode::done;
}

ExitCode run_window(Session& session) {
    const std::string_view text = session.required("MINUTES");
    std::int64_t minutes = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minutes);
    if (error != std::errc() || end != text.data() + text.size() || minutes < 0 || minutes > most_minutes)
        throw Invalid("MINUTES", "MINUTES: takes 0 to 1440");
    ipc::Request request = account_request(session, "OpenWindow");
    request.number("seconds", minutes * seconds_in_minute);
    const ipc::Reply window = session.call(std::move(request));
    if (session.json()) return session.print(window);
    const std::int64_t left = window.number("until") - unix_now();
    session.out().text(wrapped(
        left > 0 ? fill(tr("For %1 one sign-in needs no password, only your approval."), {span_of_time(left)})
                 : std::string(tr("The window is closed."))));
    return ExitCode::done;
}

}  // namespace warifu
