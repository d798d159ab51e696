#include <pwd.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "core/error/error.h"
#include "core/phrase/fill.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/line.h"
#include "enroll_tool/pam_trial.h"
#include "enroll_tool/pam_verdict.h"
#include "enroll_tool/printable.h"
#include "enroll_tool/terminal.h"
#include "enroll_tool/translation.h"

namespace warifu {

namespace {

std::string_view word_of(PamMessageKind kind) {
    switch (kind) {
        case PamMessageKind::prompt:
            return "prompt";
        case PamMessageKind::hidden_prompt:
            return "hidden_prompt";
        case PamMessageKind::info:
            return "info";
        case PamMessageKind::error:
            break;
    }
    return "error";
}

bool asks(const PamMessage& message) {
    return message.kind == PamMessageKind::prompt || message.kind == PamMessageKind::hidden_prompt;
}

// A module's text, which may have several lines, made fit for a terminal.
std::string shown(std::string_view text) {
    std::string result;
    for (;;) {
        const std::size_t end = text.find('\n');
        result += printable(text.substr(0, end));
        if (end == text.npos) return result;
        result += '\n';
        text.remove_prefix(end + 1);
    }
}

// Shows what PAM says as a door would, and takes the answers from the terminal or from standard input.
class Visitor {
  public:
    explicit Visitor(Session& session) : page_(session.out()), quiet_(session.json()) {}

    std::optional<Secret> meet(const PamMessage& message) {
        if (asks(message) && terminal_) return answer_at_terminal(message);
        if (!quiet_) page_.text(shown(message.text) + "\n");
        page_.flush();
        return asks(message) ? read_line(STDIN_FILENO) : std::nullopt;
    }

  private:
    std::optional<Secret> answer_at_terminal(const PamMessage& message) {
        page_.flush();
        return terminal_->ask(shown(message.text),
                              message.kind == PamMessageKind::prompt ? Echo::on : Echo::off);
    }

    Output& page_;
    bool quiet_;
    std::optional<Terminal> terminal_ = Terminal::of_standard_input();
};

std::string own_name() {
    const passwd* const own = getpwuid(getuid());
    if (own == nullptr) throw NotFound("your uid has no login name: name the USER");
    return own->pw_name;
}

nlohmann::json object_of(const std::string& service, const std::string& user, const PamTrial& trial) {
    nlohmann::json messages = nlohmann::json::array();
    for (const PamMessage& message : trial.messages)
        messages.push_back({{"kind", word_of(message.kind)}, {"text", message.text}});
    return {{"service", service},
            {"user", user},
            {"verdict", verdict_of_pam(trial.code).name},
            {"pam_code", name_of_pam_code(trial.code)},
            {"messages", std::move(messages)}};
}

void show(const std::string& service, const std::string& user, const PamTrial& trial, Output& page) {
    page.text("\n");
    page.text(fill("%1 (%2)\n", {tr(verdict_of_pam(trial.code).sentence), name_of_pam_code(trial.code)}));
    if (trial.code == 0 && trial.messages.empty())
        page.text(wrapped(tr("Nothing was asked: a line of the stack lets this person pass.")));
    if (trial.authenticated && verdict_of_pam(trial.code).exit != ExitCode::done)
        page.text(wrapped(tr("Password and code were right; the account lines refused.")));
    page.text(wrapped(tr(what_the_door_does(service, trial.code))));
    if (const char* advice = what_to_do(trial.code)) page.text(wrapped(fill(tr(advice), {printable(user)})));
}

}  // namespace

ExitCode run_try(Session& session) {
    const std::string service(session.required("SERVICE"));
    const auto given = session.given().text("USER");
    const std::string user = given ? std::string(*given) : own_name();
    if (!has_pam_service(service))
        throw NotFound(fill("there is no service %1: /etc/pam.d has no file of that name", {service}));
    Visitor visitor(session);
    const PamTrial trial =
        try_pam(service, user, [&visitor](const PamMessage& message) { return visitor.meet(message); });
    if (session.json())
        session.out().object(object_of(service, user, trial));
    else
        show(service, user, trial, session.out());
    return verdict_of_pam(trial.code).exit;
}

}  // namespace warifu
