#include "pam_module/step.h"

#include "ipc/wire/flat_reply.h"
#include "ipc/wire/protocol.h"

namespace warifu::pam {
namespace {

using Field = wire::FlatReply::Field;

constexpr std::size_t word_bytes = 16;  // the longest step or verdict, NUL included, is shorter

struct Name {
    const char* word;
    Step::Kind kind;
};
constexpr Name names[] = {
    {wire::step_prompt, Step::Kind::prompt}, {wire::step_info, Step::Kind::info},
    {wire::step_error, Step::Kind::error},   {wire::step_wait, Step::Kind::wait},
    {wire::step_done, Step::Kind::done},
};

// Fields that need not be there: false only where one is and is no text that fits.
bool optional_text(const wire::FlatReply& reply, const char* key, char* out, std::size_t capacity) noexcept {
    std::size_t length = 0;
    Field const field = reply.text(key, out, capacity, &length);
    if (field == Field::absent) out[0] = '\0';
    return field != Field::malformed;
}

bool read_kind(const wire::FlatReply& reply, Step* step) noexcept {
    char word[word_bytes];
    std::size_t length = 0;
    if (reply.text("step", word, sizeof word, &length) != Field::present) return false;
    for (const Name& name : names) {
        if (std::string_view(word, length) != name.word) continue;
        step->kind = name.kind;
        return true;
    }
    return false;
}

bool read_done(const wire::FlatReply& reply, Step* step) noexcept {
    char verdict[word_bytes];
    std::size_t length = 0;
    return reply.text("verdict", verdict, sizeof verdict, &length) == Field::present &&
           outcome_of_verdict(std::string_view(verdict, length), &step->verdict) &&
           optional_text(reply, "reason", step->reason, sizeof step->reason) &&
           reply.integer("tail", &step->tail) != Field::malformed && step->tail >= 0;
}

bool read_refusal(const wire::FlatReply& reply, char* text, std::size_t capacity, Step* step) noexcept {
    step->kind = Step::Kind::done;
    step->refused = true;
    step->verdict = outcome_of_error(reply.error());
    return optional_text(reply, "message", text, capacity);
}

}  // namespace

bool read_step(std::string_view message, char* text, std::size_t capacity, Step* step) noexcept {
    wire::FlatReply reply;
    if (!reply.parse(message)) return false;
    *step = Step();
    step->text = text;
    if (!reply.error().empty()) return read_refusal(reply, text, capacity, step);
    if (!read_kind(reply, step) || !optional_text(reply, "text", text, capacity)) return false;
    if (step->kind == Step::Kind::done) return read_done(reply, step);
    return reply.boolean("echo", &step->echo) != Field::malformed &&
           optional_text(reply, "tails", step->tails, sizeof step->tails);
}

}  // namespace warifu::pam
