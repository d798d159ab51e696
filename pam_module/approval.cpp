#include "pam_module/approval.h"

#include <syslog.h>

#include <cstdio>
#include <cstring>

#include "ipc/wire/json_writer.h"
#include "pam_module/printable.h"

namespace warifu::sudo {
namespace {

// Beginnings of one conversation, the last of them with a child of our own.
constexpr int max_beginnings = 3;
// An action ends within seven days at the most. Milliseconds.
constexpr int longest_wait = (7 * 24 * 60 + 1) * 60 * 1000;
// A warifud that shows things for ever is broken.
constexpr int max_shown = 256;

struct Word {
    pam::Outcome outcome;
    const char* word;
};
constexpr Word words[] = {
    {pam::Outcome::denied, "refused"},
    {pam::Outcome::limited, "limited"},
};

const char* word_of(pam::Outcome outcome) noexcept {
    for (const Word& entry : words) {
        if (entry.outcome == outcome) return entry.word;
    }
    return "unavailable";
}

// "not_now" is read as "not now".
void with_blanks(char* reason) noexcept {
    for (char* at = reason; (at = std::strchr(at, '_')) != nullptr;) *at = ' ';
}

std::size_t write_answer(char* buffer, std::size_t capacity) noexcept {
    wire::JsonWriter out(buffer, capacity);
    out.object();
    out.string("method", wire::method_answer, capacity);
    out.object("parameters");
    out.string("kind", wire::answer_none, capacity);
    out.close();
    out.close();
    return out.finish();
}

}  // namespace

void show(sudo_conv_t conversation, const char* text) noexcept {
    if (*text == '\0') return;
    constexpr int where = SUDO_CONV_ERROR_MSG | SUDO_CONV_PREFER_TTY;
    bool const ended = text[std::strlen(text) - 1] == '\n';
    sudo_conv_message const messages[] = {{where, 0, text}, {where, 0, "\n"}};
    sudo_conv_reply replies[2] = {};
    conversation(ended ? 1 : 2, messages, replies, nullptr);
}

Approval::Approval(sudo_conv_t conversation, const pam::Options& options, ApprovalBuffers* buffers,
                   Reason* reason) noexcept
    : conversation_(conversation),
      buffers_(*buffers),
      reason_(*reason),
      inbox_(buffers->inbox, sizeof buffers->inbox),
      link_(pam::Log(keep_reason, this), options, &inbox_, interruption_.descriptor()),
      end_(wire::Deadline::after(longest_wait)) {}

// Lines of the connection's: all for the log, and the last that tells of an error for the person too.
void Approval::keep_reason(void* approval, int priority, const char* line) noexcept {
    syslog(LOG_AUTHPRIV | priority, "warifu: %s", line);
    Reason& reason = static_cast<Approval*>(approval)->reason_;
    if (priority <= LOG_ERR) std::snprintf(reason.text, sizeof reason.text, "Warifu: %s", line);
}

Verdict Approval::fail(const char* why) noexcept {
    std::snprintf(reason_.text, sizeof reason_.text, "Warifu: %s", why);
    link_.close();
    return Verdict::failed;
}

// The end of the connection withdraws the request.
Verdict Approval::give_up() noexcept {
    link_.close();
    std::snprintf(reason_.text, sizeof reason_.text, "Warifu: interrupted: the request is withdrawn");
    return Verdict::refused;
}

Verdict Approval::finish(const pam::Step& step) noexcept {
    link_.close();
    if (step.refused) {
        std::snprintf(reason_.text, sizeof reason_.text, "Warifu: warifud refuses to ask: %s",
                      pam::Printable(step.text).text());
        return Verdict::failed;
    }
    show(conversation_, step.text);
    if (step.verdict == pam::Outcome::success || step.verdict == pam::Outcome::ignored)
        return Verdict::approved;
    char reason[sizeof step.reason];
    std::memcpy(reason, step.reason, sizeof reason);
    with_blanks(reason);
    const char* const word = word_of(step.verdict);
    bool const says_more = std::strcmp(word, reason) != 0;
    std::snprintf(reason_.text, sizeof reason_.text, "Warifu: %s: %s", word,
                  says_more ? pam::Printable(reason).text() : "the log of warifud says why");
    return Verdict::refused;
}

// Nothing is answered but that what was shown is read. False: interrupted, or the connection was lost.
bool Approval::next(const char** reply) noexcept {
    std::size_t const size = write_answer(buffers_.call, sizeof buffers_.call);
    return link_.send(buffers_.call, size) == 0 && link_.receive(pam::wait_patience, reply) >= 0;
}

std::optional<Verdict> Approval::carry_steps(const char* reply) noexcept {
    for (int shown = 0; shown < max_shown && end_.remaining() > 0;) {
        pam::Step step;
        if (!pam::read_step(reply, buffers_.text, sizeof buffers_.text, &step))
            return fail("what warifud answered is no step of its protocol");
        if (step.kind == pam::Step::Kind::done) return finish(step);
        if (step.kind == pam::Step::Kind::prompt) return fail("warifud asks for what nobody can type here");
        if (step.kind != pam::Step::Kind::wait) {
            show(conversation_, step.text);
            ++shown;
        }
        if (next(&reply)) continue;
        if (link_.interrupted()) return give_up();
        return std::nullopt;
    }
    return fail("warifud lets wait without end");
}

Verdict Approval::run(const Action& action) noexcept {
    if (interruption_.descriptor() < 0) return fail("the kernel gives no descriptor to wait with");
    if (!action.complete()) return fail("sudo does not say who wants to run what");
    for (int beginning = 1; beginning <= max_beginnings; ++beginning) {
        std::size_t const size = write_start_action(action, buffers_.call, sizeof buffers_.call);
        if (size == 0) return fail("the command line is too long to be shown to an approver");
        const char* reply = nullptr;
        if (!link_.begin(buffers_.call, size, beginning == max_beginnings, &reply))
            return link_.interrupted() ? give_up() : Verdict::failed;
        if (auto const end = carry_steps(reply)) return *end;
    }
    return fail("lost warifud while waiting; nothing was decided");
}

}  // namespace warifu::sudo
