// shared add, change, list, show, rotate, remove: keys that many people share.
#include <string>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/comma_list.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/delivery.h"
#include "enroll_tool/key_page.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

constexpr const char* weaker = N_(
    "Whoever shares a key can sign in as everybody who shares it, once they have the other's password, and "
    "whoever leaves takes the key along: a key each is stronger (`warifu enroll`).");

void add_names(ipc::Request& request, const Session& session, const char* option, const char* field) {
    const auto given = session.given().text(option);
    if (!given) return;
    request.texts(field, comma_list(*given));
}

void add_change(ipc::Request& request, const Session& session) {
    add_names(request, session, "--group", "groups");
    add_names(request, session, "--of", "users");
    if (session.given().has("--everyone")) request.truth("everyone", true);
    if (session.given().has("--not-everyone")) request.truth("everyone", false);
    if (const auto issuer = session.given().text("--issuer")) request.text("issuer", *issuer);
    if (const auto span = session.given().number("--rotate")) request.number("rotate", *span);
    if (const auto span = session.given().number("--overlap")) request.number("overlap", *span);
}

void append(std::string& all, std::string_view name) {
    all.append(all.empty() ? "" : ",").append(name);
}

// "@staff,alice", or (everyone)
std::string sharers(const ipc::Reply& key) {
    std::string all;
    if (key.object().value("everyone", false)) append(all, tr("(everyone)"));
    for (const std::string_view group : key.texts("groups")) append(all, "@" + printable(group));
    for (const std::string_view user : key.texts("users")) append(all, printable(user));
    return all;
}

std::string days(std::int64_t seconds) {
    return seconds == 0 ? "-" : span_of_time(seconds);
}

// Who shares it comes last, and is never cut.
void show_line(std::string_view name, std::string_view made, std::string_view next,
               std::string_view old_until, std::string_view sharers, Output& page) {
    page.text(padded(name, 16) + "  " + padded(made, 18) + padded(next, 18) + padded(old_until, 18));
    page.text(sharers);
    page.text("\n");
}

void show_times(const ipc::Reply& key, Output& page) {
    if (const auto until = key.maybe_number("old_until"))
        page.text(wrapped(fill(tr("The key before it works until %1: hand the new QR code out by then."),
                               {moment(*until)})));
    if (const auto next = key.maybe_number("next"))
        page.text(wrapped(key.number("overlap") == 0
                              ? fill(tr("The schedule replaces it on %1, and it ends then."), {moment(*next)})
                              : fill(tr("The schedule replaces it on %1; it works for %2 more from then on."),
                                     {moment(*next), days(key.number("overlap"))})));
}

// A key that is to be handed out: on the page, and as an image or a sheet. ended: the one before it has.
ExitCode hand_out(Session& session, ipc::Request request, bool ended = false) {
    Delivery delivery(session);
    const ipc::Reply key = session.call(std::move(request));
    const Sheet sheet{{}, &key, {}, false, true};
    if (session.json()) {
        delivery.hand_over(sheet);
        return session.print(delivery.with_image(key));
    }
    Output& page = delivery.page();
    if (!(delivery.has_sheet() && delivery.takes_standard_output())) {
        page.text(wrapped(tr(weaker)) + "\n");
        show_key(key, delivery.drawn(), page);
        if (ended) page.text(wrapped(tr("The key before it has ended: its codes count no more.")));
        show_times(key, page);
    }
    delivery.finish();
    delivery.hand_over(sheet);
    return ExitCode::done;
}

ipc::Request about_key(const Session& session, const char* method) {
    ipc::Request request(method);
    request.text("key", session.required("KEY"));
    return request;
}

}  // namespace

ExitCode run_shared_add(Session& session) {
    ipc::Request request = about_key(session, "AddSharedKey");
    add_change(request, session);
    return hand_out(session, std::move(request));
}

ExitCode run_shared_change(Session& session) {
    ipc::Request request = about_key(session, "ChangeSharedKey");
    add_change(request, session);
    const ipc::Reply key = session.call(std::move(request));
    if (session.json()) return session.print(key);
    session.out().text(wrapped(fill(tr("%1 is shared by %2 from now on; the QR code is the same."),
                                    {printable(key.text("key")), sharers(key)})));
    show_times(key, session.out());
    return ExitCode::done;
}

ExitCode run_shared_list(Session& session) {
    const ipc::Reply list = session.call(ipc::Request("ListSharedKeys"));
    if (session.json()) return session.print(list);
    Output& page = session.out();
    const auto keys = list.objects("keys");
    if (keys.empty()) {
        page.text(wrapped(tr("No key is shared: everybody has their own.")));
        return ExitCode::done;
    }
    show_line("KEY", "SINCE", "NEXT", "OLD-UNTIL", "SHARED-BY", page);
    const std::vector<std::string_view> nobody;
    for (const ipc::Reply& key : keys) {
        const auto next = key.maybe_number("next"), old = key.maybe_number("old_until");
        show_line(printable(key.text("key")), moment(key.number("made")), next ? moment(*next) : "-",
                  old ? moment(*old) : "-", sharers(key), page);
    }
    for (const ipc::Reply& key : keys)
        for (const std::string_view group : key.maybe_texts("unknown_groups").value_or(nobody))
            page.text("\n" + wrapped(fill(
                                 tr("%1: the group %2 is not there or does not answer: whoever has no key of "
                                    "their own is refused until it does, or until the key is changed "
                                    "(`warifu shared change %1 --group …`)"),
                                 {printable(key.text("key")), printable(group)})));
    for (const ipc::Reply& key : keys)
        if (const auto until = key.maybe_number("newcomers_wait_until"))
            page.text("\n" +
                      wrapped(fill(tr("%1: too many wrong codes; whoever has not signed in with it before "
                                      "waits until %2. If somebody guesses: warifu shared rotate %1 --now"),
                                   {printable(key.text("key")), moment(*until)})));
    return ExitCode::done;
}

ExitCode run_shared_show(Session& session) {
    ipc::Request request("ShowSharedKey");
    if (const auto name = session.given().text("KEY")) request.text("key", *name);
    return hand_out(session, std::move(request));
}

ExitCode run_shared_rotate(Session& session) {
    ipc::Request request("RotateSharedKey");
    if (session.given().has("--due")) {
        if (session.given().has("KEY") || session.given().has("--now"))
            throw Invalid("--due", "--due: goes by itself, for all keys whose schedule wants it");
        const ipc::Reply rotated = session.call(std::move(request.truth("due", true)));
        if (session.json()) return session.print(rotated);
        for (const std::string_view name : rotated.texts("rotated"))
            session.out().text(
                wrapped(fill(tr("%1 was replaced: hand the new QR code out (`warifu shared show %1`)."),
                             {printable(name)})));
        return ExitCode::done;
    }
    const bool now = session.given().has("--now");
    request.text("key", session.required("KEY")).truth("now", now);
    return hand_out(session, std::move(request), now);
}

ExitCode run_shared_remove(Session& session) {
    const ipc::Reply removed = session.call(about_key(session, "RemoveSharedKey"));
    if (session.json()) return session.print(removed);
    session.out().text(wrapped(fill(
        tr("Nobody shares %1 any more: who has no key of their own and shares no other is not enrolled now."),
        {printable(removed.text("key"))})));
    return ExitCode::done;
}

}  // namespace warifu
