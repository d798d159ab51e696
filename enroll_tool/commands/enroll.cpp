#include <exception>
#include <string>

#include "core/error/error.h"
#include "enroll_tool/app_choice.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/commands/confirmation.h"
#include "enroll_tool/delivery.h"
#include "enroll_tool/key_page.h"
#include "enroll_tool/moment.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/report.h"
#include "enroll_tool/translation.h"
#include "ipc/client/errors.h"

namespace warifu {

namespace {

constexpr int most_tries = 3;

ipc::Request make_request(Session& session) {
    const Invocation& given = session.given();
    ipc::Request request = account_request(session, "Enroll");
    if (const auto label = given.text("--label")) request.text("label", *label);
    if (const auto kind = given.text("--kind")) request.text("kind", *kind);
    if (const auto algorithm = given.text("--algorithm")) request.text("algorithm", *algorithm);
    if (const auto digits = given.number("--digits")) request.number("digits", *digits);
    if (const auto period = given.number("--period")) request.number("period", *period);
    if (const auto issuer = given.text("--issuer")) request.text("issuer", *issuer);
    if (const auto secret = given.text("--secret"))
        request.secret("secret", session.answers().get(
                                     {"--secret", tr("Key (base32, not shown): "), Echo::off}, secret));
    if (given.has("--code")) request.secret("code", session.code("--code", tr("Code from the app: ")));
    return request;
}

void warn_of_others(const ipc::Reply& offer, Output& page) {
    const auto others = offer.objects("others");
    if (others.empty()) return;
    page.text(
        wrapped(tr("Warning: in the last 24 hours a key was offered for this account from elsewhere:")));
    for (const ipc::Reply& other : others) {
        page.text("  " + moment(other.number("made")) + "  ");
        page.text(cut(printable(other.text("source")), 60));
        page.text("\n");
    }
    page.text(wrapped(tr("If that was not you, somebody else knows your password: change it.")) + "\n");
}

void tell_next_step(const Session& session, const ipc::Reply& offer, Output& page) {
    page.text(wrapped(fill(tr("The key counts once a code from the app confirms it, until %1:"),
                           {moment(offer.number("expires"))})));
    page.text("  warifu confirm ");
    if (!session.user().empty()) page.text("--user " + printable(session.user()) + " ");
    page.text(session.proved() ? "--proof CODE CODE\n" : "CODE\n");
}

ipc::Reply confirm(Session& session, const ipc::Reply& offer, const Secret& code) {
    ipc::Request request = account_request(session, "Confirm");
    request.text("authenticator", offer.text("authenticator")).secret("code", code);
    return session.call(std::move(request));
}

// `last`: the reply that says how far the key has come, the offer itself or its confirmation.
Sheet sheet_of(const ipc::Reply& offer, const ipc::Reply& last) {
    return {offer.maybe_text("user").value_or(""), &offer,
            last.maybe_texts("recovery_codes").value_or(std::vector<std::string_view>()),
            last.maybe_text("state") != "active"};
}

// Asks for the confirming code right here; what is not confirmed stays on offer.
ExitCode confirm_at_terminal(Session& session, const ipc::Reply& offer, Delivery& delivery) {
    ExitCode result = ExitCode::done;
    for (int tried = 0; tried < most_tries; ++tried) {
        session.out().flush();
        const auto code = session.answers().ask({"CODE", tr("Code from the app (Enter: later): ")});
        if (!code) break;
        try {
            const ipc::Reply confirmed = confirm(session, offer, *code);
            show_confirmation(confirmed, session.out());
            delivery.hand_over(sheet_of(offer, confirmed));
            return ExitCode::done;
        } catch (const ipc::Denied& denied) {
            result = report(std::current_exception(), /*json=*/false, session.out());
            if (denied.retry_after) break;
        }
    }
    tell_next_step(session, offer, session.out());
    delivery.hand_over(sheet_of(offer, offer));
    return result;
}

// For programs that show the key themselves: each line of standard input is a code, and answered by a line.
// One connection carries all of it, so that one proof is enough.
ExitCode confirm_by_lines(Session& session, const ipc::Reply& offer) {
    ExitCode result = ExitCode::done;
    for (;;) {
        session.out().flush();
        const auto code = session.answers().next({"--confirm", "Code from the app: "});
        if (!code) return result;
        try {
            return session.print(confirm(session, offer, *code));
        } catch (const ipc::Denied&) {
            result = report(std::current_exception(), /*json=*/true, session.out());
        }
    }
}

void check_options(const Session& session) {
    if (!session.given().has("--confirm")) return;
    if (!session.json())
        throw Invalid("--confirm", "--confirm: only with --json; a terminal is asked for the code anyway");
    if (session.given().has("--code"))
        throw Invalid("--confirm", "--confirm: leave out --code, which confirms before the key was shown");
}

}  // namespace

ExitCode run_enroll(Session& session) {
    check_options(session);
    Delivery delivery(session);
    const ipc::Reply offer = session.call(make_request(session));
    if (session.json()) {
        delivery.hand_over(sheet_of(offer, offer));
        session.print(delivery.with_image(with_app_warnings(session, offer)));
        return session.given().has("--confirm") ? confirm_by_lines(session, offer) : ExitCode::done;
    }

    Output& page = delivery.page();
    const bool on_page = !(delivery.has_sheet() && delivery.takes_standard_output());
    warn_of_others(offer, page);
    warn_of_apps(session, offer, page);
    if (on_page) show_key(offer, delivery.drawn(), page);
    if (offer.text("state") == "active") {
        if (on_page) show_confirmation(offer, page);
    } else if (on_page && session.answers().somebody_is_there() && page.is_terminal()) {
        return confirm_at_terminal(session, offer, delivery);
    } else {
        tell_next_step(session, offer, page);
    }
    delivery.finish();
    delivery.hand_over(sheet_of(offer, offer));
    return ExitCode::done;
}

}  // namespace warifu
