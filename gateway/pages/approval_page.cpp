#include "gateway/pages/approval_page.h"

#include "gateway/pages/html.h"
#include "gateway/pages/moment.h"
#include "gateway/pages/page.h"
#include "gateway/pages/words.h"

namespace warifu::gateway {

namespace {

// What sshd says in place of one, before there is a terminal.
constexpr std::string_view tty_of_sshd = "ssh";

// Pieces of one page in one language.
class Writer {
  public:
    explicit Writer(Language language) : language_(language) {}

    std::string say(Word word) const { return std::string(words(word, language_)); }

    void paragraph(Word word) { paragraph_of(say(word), ""); }
    void hint(Word word) { paragraph_of(say(word), " class=\"hint\""); }
    void paragraph_of(const std::string& text, const std::string& attributes) {
        body_ += "<p" + attributes + ">" + html::text(text) + "</p>\n";
    }

    void begin_list() { body_ += "<dl>\n"; }
    void end_list() { body_ += "</dl>\n"; }
    // A value from outside: it keeps its own direction. Nothing where it is empty.
    void row(Word label, const std::string& value) {
        if (value.empty()) return;
        row_of(label, "<dd><bdi>" + html::text(value) + "</bdi></dd>\n");
    }
    void code_row(Word label, const std::string& value) {
        if (value.empty()) return;
        row_of(label, "<dd class=\"code\"><bdi>" + html::text(value) + "</bdi></dd>\n");
    }

    void begin_form() {
        body_ += "<form method=\"post\">\n";
        hidden("language", std::string(code_of(language_)));
    }
    void end_form() { body_ += "</form>\n"; }
    void hidden(const char* name, const std::string& value) {
        body_ += std::string("<input type=\"hidden\" name=\"") + name + "\" value=\"" + html::text(value) +
                 "\">\n";
    }
    void number_field() {
        body_ += "<label for=\"number\">" + html::text(say(Word::number_typed_hint)) +
                 "</label>\n<input id=\"number\" name=\"number\" type=\"text\" inputmode=\"numeric\" "
                 "autocomplete=\"off\" "
                 "maxlength=\"16\" required>\n";
    }
    // `unchecked`: it is sent whatever the number field holds.
    void button(const char* decision, Word label, const char* look, bool unchecked = true) {
        body_ += std::string("<button name=\"decision\" value=\"") + decision + "\" class=\"" + look + "\"" +
                 (unchecked ? " formnovalidate" : "") + ">" + html::text(say(label)) + "</button>\n";
    }
    void link_back() {
        body_ += "<p><a class=\"button\" href=\"\">" + html::text(say(Word::try_again)) + "</a></p>\n";
    }
    void number(const std::string& number) {
        body_ += "<p class=\"hint\">" + html::text(say(Word::label_number)) + "</p>\n<p class=\"number\">" +
                 html::text(number) + "</p>\n";
    }

    std::string page(Word title) const { return gateway::page(language_, words(title, language_), body_); }
    Language language() const { return language_; }

  private:
    void row_of(Word label, const std::string& definition) {
        body_ += "<dt>" + html::text(say(label)) + "</dt>" + definition;
    }

    Language language_;
    std::string body_;
};

Word one_of_kind(const Holding& holding, Word sign_in, Word action, Word unknown) {
    if (holding.blind) return unknown;
    return holding.request.kind == "action" ? action : sign_in;
}

Word question_of(const Holding& holding) {
    const std::string& purpose = holding.purpose;
    if (purpose == "activate") return Word::activate_request;
    if (purpose == "deactivate") return Word::deactivate_request;
    if (purpose == "toggle") return Word::toggle_request;
    if (purpose == "arm") return Word::arm_request;
    if (purpose == "disarm") return Word::disarm_request;
    if (purpose == "deny") {
        return one_of_kind(holding, Word::deny_sign_in, Word::deny_action, Word::deny_something);
    }
    return one_of_kind(holding, Word::approve_sign_in, Word::approve_action, Word::approve_something);
}

bool is_of_this_host(const AuthenticationRequest& request) {
    return request.realm.empty() || request.realm == "host";
}

void write_details(Writer& writer, const Holding& holding, std::int64_t now) {
    const AuthenticationRequest& request = holding.request;
    writer.begin_list();
    if (!holding.blind) {
        // A site's "root" is not this host's.
        writer.row(Word::label_user,
                   is_of_this_host(request) ? request.user : request.realm + "/" + request.user);
        writer.row(Word::label_service, request.service);
        writer.row(Word::label_host, request.host);
        writer.row(Word::label_from, request.rhost);
        if (request.tty != tty_of_sshd) writer.row(Word::label_terminal, request.tty);
        writer.row(Word::label_user_agent, request.user_agent);
        writer.row(Word::label_message, request.message);
        writer.code_row(Word::label_command, request.command);
        writer.row(Word::label_run_as, request.run_as);
        writer.row(Word::label_directory, request.directory);
        writer.code_row(Word::label_digest, request.digest);
    }
    if (request.needed > 1) {
        const std::string of = words(Word::approvals_of, writer.language(),
                                     {std::to_string(request.approvals), std::to_string(request.needed)});
        writer.row(Word::label_approvals, of);
    }
    writer.row(Word::label_expires, until(request.expires, now, writer.language()));
    writer.end_list();
}

// Whoever is asked about its own sign-in knows whether it was that; anybody else can only tell what is odd.
bool is_about_the_holder(const Holding& holding) {
    return !holding.blind && !holding.request.user.empty() && is_of_this_host(holding.request) &&
           holding.holder == "user:" + holding.request.user;
}

void write_refusals(Writer& writer, const Holding& holding) {
    const bool own = is_about_the_holder(holding);
    writer.button("not_now", Word::button_not_now, "quiet");
    writer.button("not_me", own ? Word::button_not_me : Word::button_not_genuine, "stop");
    writer.hint(own ? Word::not_me_hint : Word::not_genuine_hint);
}

void write_decisions(Writer& writer, const Holding& holding, std::int64_t now) {
    const std::string& purpose = holding.purpose;
    if (purpose == "activate") {
        writer.button("activate", Word::button_activate, "go");
    } else if (purpose == "deactivate") {
        writer.button("deactivate", Word::button_deactivate, "go");
    } else if (purpose == "toggle") {
        // It has to rise: a form that is sent twice switches over once.
        writer.hidden("seq", std::to_string(now));
        writer.button("toggle", Word::button_toggle, "go");
    } else if (purpose == "arm") {
        writer.button("arm", Word::button_arm, "go");
    } else if (purpose == "disarm") {
        writer.button("disarm", Word::button_disarm, "go");
    } else if (purpose == "deny") {
        write_refusals(writer, holding);
    } else {
        if (holding.request.number_mode == "typed") writer.number_field();
        writer.button("approve", Word::button_approve, "go", false);
        write_refusals(writer, holding);
    }
}

bool refuses(const std::string& decision) {
    return decision == "not_now" || decision == "not_me";
}

}  // namespace

std::string approval_page(const Holding& holding, Language language, std::int64_t now) {
    Writer writer(language);
    const bool shown = holding.request.number_mode == "shown" && holding.request.number;
    if (shown && holding.purpose == "approve") {
        writer.number(*holding.request.number);
        writer.hint(Word::number_shown_hint);
    }
    write_details(writer, holding, now);
    writer.begin_form();
    write_decisions(writer, holding, now);
    writer.end_form();
    return writer.page(question_of(holding));
}

std::string outcome_page(const Outcome& outcome, Language language) {
    Writer writer(language);
    const AuthenticationRequest& request = outcome.request;
    if (outcome.result == "not_yet") {
        writer.paragraph(Word::text_not_yet);
        writer.link_back();
        return writer.page(Word::title_not_yet);
    }
    if (outcome.result == "wrong_number" && request.pending()) {
        writer.paragraph(Word::text_wrong_number);
        writer.link_back();
        return writer.page(Word::title_wrong_number);
    }
    if (outcome.result == "wrong_number") {
        writer.paragraph(Word::text_too_many_numbers);
        return writer.page(Word::title_refused);
    }
    if (refuses(outcome.decision) || request.state == "denied") {
        const bool alarm = outcome.decision == "not_me" || request.deny_reason == "not_me";
        writer.paragraph(alarm ? Word::text_not_me : Word::text_not_now);
        writer.paragraph(Word::close_page);
        return writer.page(Word::title_refused);
    }
    if (outcome.decision == "approve" && request.pending()) {
        writer.paragraph_of(words(Word::text_recorded, language,
                                  {std::to_string(request.approvals), std::to_string(request.needed)}),
                            "");
        writer.paragraph(Word::close_page);
        return writer.page(Word::title_recorded);
    }
    const bool approved = outcome.decision == "approve";
    writer.paragraph(approved ? Word::text_approved : Word::text_done);
    writer.paragraph(Word::close_page);
    return writer.page(approved ? Word::title_approved : Word::title_done);
}

std::string failure_page(const Failure& failure, Language language) {
    Writer writer(language);
    switch (failure.status) {
        case 404:
            writer.paragraph(Word::text_gone);
            return writer.page(Word::title_gone);
        case 400:
        case 415:
        case 422:
            writer.paragraph(Word::text_bad_request);
            break;
        case 401:
        case 403:
            writer.paragraph(Word::text_not_allowed);
            break;
        case 409:
            writer.paragraph(Word::text_conflict);
            break;
        case 429:
            writer.paragraph(Word::text_slow_down);
            break;
        default:
            writer.paragraph(Word::text_unavailable);
    }
    writer.link_back();
    return writer.page(Word::title_failed);
}

}  // namespace warifu::gateway
