#include "pam_module/pump.h"

#include <security/pam_ext.h>
#include <syslog.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "ipc/wire/json_writer.h"
#include "pam_module/printable.h"

namespace warifu::pam {
namespace {

// Beginnings of one conversation, the last of them with a child of our own.
constexpr int max_beginnings = 3;
// A warifud that asks for ever is broken: 256 steps of "wait" are more than 20 minutes.
constexpr int max_steps = 256;

constexpr char password_prompt[] = "Password: ";

constexpr char kind_key[] = "kind";
constexpr char text_key[] = "text";

std::size_t write_call(const char* method, const Answer* answer, char* buffer,
                       std::size_t capacity) noexcept {
    wire::JsonWriter out(buffer, capacity);
    out.object();
    out.string("method", method, capacity);
    if (answer != nullptr) {
        out.object("parameters");
        out.string(kind_key, answer->kind, capacity);
        if (!answer->text.empty() || std::strcmp(answer->kind, wire::answer_text) == 0)
            out.string(text_key, answer->text, wire::max_answer_bytes);
        out.close();
    }
    out.close();
    return out.finish();
}

void write_syslog(void* handle, int priority, const char* line) noexcept {
    pam_syslog(static_cast<pam_handle_t*>(handle), priority, "%s", line);
}

}  // namespace

Pump::Pump(const Call& call, const Options& options, Buffers* buffers) noexcept
    : call_(call),
      options_(options),
      buffers_(*buffers),
      inbox_(buffers->inbox, sizeof buffers->inbox),
      link_(Log(write_syslog, call.handle), options, &inbox_) {}

void Typed::take(char* line) noexcept {
    if (line_ != nullptr) {
        explicit_bzero(line_, size_);
        std::free(line_);
    }
    line_ = line;
    size_ = line == nullptr ? 0 : std::strlen(line);
}

const char* Typed::cut(std::size_t bytes) noexcept {
    explicit_bzero(line_ + bytes, size_ - bytes);
    return line_;
}

bool Pump::silent() const noexcept {
    return (call_.flags & static_cast<int>(PAM_SILENT)) != 0;
}

// True also where nothing may be shown. An empty text is no message.
bool Pump::show(int style, const char* text) noexcept {
    if (silent() || *text == '\0') return true;
    return pam_prompt(call_.handle, style, nullptr, "%s", text) == PAM_SUCCESS;
}

// authtok_prompt= stands for the line that asks, the last one, of the first prompt: what is told above it
// stays. Under PAM_SILENT only the administrator's own word makes an answer visible, since a host without a
// display gives visible prompts the user's name, or fails.
bool Pump::ask(const Step& step) noexcept {
    bool const echo = options_.echo || (step.echo && !silent());
    int const style = echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF;
    const char* const last_break = std::strrchr(step.text, '\n');
    int const told = last_break == nullptr ? 0 : static_cast<int>(last_break + 1 - step.text);
    bool const replace = options_.prompt != nullptr && prompts_ == 0;
    char* line = nullptr;
    int const failed =
        replace ? pam_prompt(call_.handle, style, &line, "%.*s%s", told, step.text, options_.prompt)
                : pam_prompt(call_.handle, style, &line, "%s", step.text);
    typed_.take(line);
    return failed == PAM_SUCCESS && typed_.present();
}

Outcome Pump::cancel(Outcome outcome) noexcept {
    std::size_t const size =
        write_call(wire::method_cancel, nullptr, buffers_.answer, sizeof buffers_.answer);
    link_.send(buffers_.answer, size);
    link_.close();
    return outcome;
}

// Puts the line that answers this prompt into typed_.
std::optional<Outcome> Pump::obtain_line(const Step& step) noexcept {
    bool const again = lost_with_line_ && std::strcmp(step.text, buffers_.prompt) == 0;
    lost_with_line_ = false;
    if (again) return std::nullopt;
    if (source_ == Source::first_pass) {
        const char* const password = item_text(call_.handle, PAM_AUTHTOK);
        typed_.take(strdup(password == nullptr ? "" : password));
        return typed_.present() ? std::nullopt : std::optional(cancel(Outcome::module_failed));
    }
    if (!ask(step)) return cancel(Outcome::conversation_failed);
    std::memcpy(buffers_.prompt, step.text, std::strlen(step.text) + 1);
    return std::nullopt;
}

std::optional<Outcome> Pump::answer_prompt(const Step& step, Answer* answer) noexcept {
    if (single_field() && prompts_ != 0) {
        pam_syslog(call_.handle, LOG_ERR, "warifud asks twice at a door with a single field");
        return cancel(Outcome::conversation_failed);
    }
    if (auto const end = obtain_line(step)) return end;
    ++prompts_;
    if (!single_field()) {
        *answer = plain_answer(typed_.text(), item_text(call_.handle, PAM_AUTHTOK));
        return std::nullopt;
    }
    *answer = single_.read(typed_.text(), step.tails);
    if (may_ask_instead_ && answer->kind == wire::answer_invalid) {
        ask_instead_ = true;
        return cancel(Outcome::denied);
    }
    return std::nullopt;
}

// Sends the answer to a step and waits for the next reply.
bool Pump::exchange(const Answer& answer, Step::Kind asked, const char** reply) noexcept {
    std::size_t const size =
        write_call(wire::method_answer, &answer, buffers_.answer, sizeof buffers_.answer);
    int failed = link_.send(buffers_.answer, size);
    bool const something_went_out = failed == 0 || failed == -EIO || failed == -ETIMEDOUT;
    if (asked == Step::Kind::prompt && something_went_out) answered_ = true;
    if (failed == 0) failed = link_.receive(asked == Step::Kind::wait ? wait_patience : step_patience, reply);
    return failed >= 0;
}

// A password goes on to the next module without its code.
Outcome Pump::forward_password(const Step& step) noexcept {
    if (!typed_.present()) return ask_password(step.verdict);
    std::size_t bytes = typed_.text().size();
    if (step.verdict == Outcome::success && !single_.password_bytes(step.tail, &bytes)) {
        pam_syslog(call_.handle, LOG_ERR, "warifud found the code in a tail that it was not sent");
        return Outcome::module_failed;
    }
    bool const set = pam_set_item(call_.handle, PAM_AUTHTOK, typed_.cut(bytes)) == PAM_SUCCESS;
    return set ? step.verdict : Outcome::module_failed;
}

// Nobody was asked for a code, and the next module still expects the password.
Outcome Pump::ask_password(Outcome verdict) noexcept {
    bool const never_ask = options_.first_pass == FirstPass::only;
    if (never_ask || item_text(call_.handle, PAM_AUTHTOK) != nullptr) return verdict;
    Step step;
    step.text = password_prompt;
    if (!ask(step)) return Outcome::conversation_failed;
    bool const set = pam_set_item(call_.handle, PAM_AUTHTOK, typed_.cut(typed_.text().size())) == PAM_SUCCESS;
    return set ? verdict : Outcome::module_failed;
}

Outcome Pump::finish(const Step& step) noexcept {
    link_.close();
    if (step.refused) {
        pam_syslog(call_.handle, LOG_ERR, "warifud refuses this sign-in: %s", Printable(step.text).text());
        return step.verdict;
    }
    if (options_.debug) {
        pam_syslog(call_.handle, LOG_DEBUG, "verdict for %s: PAM code %d, %s", Printable(call_.user).text(),
                   pam_code(step.verdict), Printable(step.reason).text());
    }
    bool const refused_code = step.verdict == Outcome::denied || step.verdict == Outcome::limited;
    ask_instead_ = may_ask_instead_ && answered_ && refused_code;
    if (ask_instead_) return step.verdict;
    bool const passes = step.verdict == Outcome::success || step.verdict == Outcome::ignored;
    show(passes ? PAM_TEXT_INFO : PAM_ERROR_MSG, step.text);
    return passes && options_.forward_pass ? forward_password(step) : step.verdict;
}

std::optional<Outcome> Pump::carry_steps(const char* reply) noexcept {
    for (int i = 0; i < max_steps; ++i) {
        Step step;
        if (!read_step(reply, buffers_.text, sizeof buffers_.text, &step)) {
            pam_syslog(call_.handle, LOG_ERR, "what warifud answered is no step of its protocol");
            return Outcome::module_failed;
        }
        if (step.kind == Step::Kind::done) return finish(step);
        Answer answer{wire::answer_none, {}};
        if (step.kind == Step::Kind::prompt) {
            if (auto const end = answer_prompt(step, &answer)) return end;
        } else if (step.kind != Step::Kind::wait) {
            if (!show(step.kind == Step::Kind::info ? PAM_TEXT_INFO : PAM_ERROR_MSG, step.text))
                return cancel(Outcome::conversation_failed);
        }
        if (exchange(answer, step.kind, &reply)) continue;
        if (!answered_) return std::nullopt;
        pam_syslog(call_.handle, LOG_ERR,
                   "lost warifud after the answer: its log says whether the code is spent");
        return Outcome::module_failed;
    }
    pam_syslog(call_.handle, LOG_ERR, "warifud asks without end");
    return cancel(Outcome::module_failed);
}

Outcome Pump::converse(Source source) noexcept {
    source_ = source;
    std::size_t const size = write_start(call_, single_field(), buffers_.start, sizeof buffers_.start);
    if (size == 0) {
        pam_syslog(call_.handle, LOG_ERR, "the options of this PAM line are too long");
        return Outcome::denied;
    }
    for (int beginning = 1; beginning <= max_beginnings; ++beginning) {
        const char* reply = nullptr;
        if (!link_.begin(buffers_.start, size, beginning == max_beginnings, &reply))
            return Outcome::module_failed;
        prompts_ = 0;
        if (auto const end = carry_steps(reply)) return *end;
        lost_with_line_ = typed_.present();
        if (options_.debug)
            pam_syslog(call_.handle, LOG_DEBUG, "lost warifud before the answer: beginning again");
    }
    pam_syslog(call_.handle, LOG_ERR, "lost warifud %d times before the answer", max_beginnings);
    return Outcome::module_failed;
}

Outcome Pump::run() noexcept {
    if (options_.first_pass == FirstPass::only) return converse(Source::first_pass);
    const char* const password = item_text(call_.handle, PAM_AUTHTOK);
    if (options_.first_pass == FirstPass::attempt && password != nullptr && could_hold_code(password)) {
        may_ask_instead_ = true;
        Outcome const outcome = converse(Source::first_pass);
        if (!ask_instead_) return outcome;
        may_ask_instead_ = answered_ = false;
        typed_.take(nullptr);
    }
    return converse(Source::person);
}

}  // namespace warifu::pam
