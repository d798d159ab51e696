// The pump: carries steps from warifud to PAM's conversation and answers back until a step is a verdict. It
// knows nothing of codes or policy.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "ipc/wire/message.h"
#include "ipc/wire/protocol.h"
#include "pam_module/answer.h"
#include "pam_module/link.h"
#include "pam_module/options.h"
#include "pam_module/outcome.h"
#include "pam_module/start_message.h"
#include "pam_module/step.h"

namespace warifu::pam {

// Everything large, in one allocation: a host's thread may have a stack of 64 KiB.
struct Buffers {
    char start[wire::max_call_bytes];
    char inbox[wire::max_step_bytes];
    char text[wire::max_step_bytes];
    char prompt[wire::max_step_bytes];  // the last prompt that somebody answered
    char answer[wire::max_answer_bytes * 6 + 128];
};

// A line that somebody typed, as PAM's conversation allocated it: wiped and freed.
class Typed {
  public:
    Typed() noexcept = default;
    Typed(const Typed&) = delete;
    Typed& operator=(const Typed&) = delete;
    ~Typed() { take(nullptr); }

    void take(char* line) noexcept;  // null: none
    bool present() const noexcept { return line_ != nullptr; }
    std::string_view text() const noexcept { return {line_, size_}; }
    // The first `bytes` of it as a C string; the rest is wiped.
    const char* cut(std::size_t bytes) noexcept;

  private:
    char* line_ = nullptr;
    std::size_t size_ = 0;
};

class Pump {
  public:
    // All outlive this.
    Pump(const Call& call, const Options& options, Buffers* buffers) noexcept;

    Outcome run() noexcept;

  private:
    enum class Source { person, first_pass };  // of the line that holds the code

    Outcome converse(Source source) noexcept;
    // nullopt: the connection was lost before anything typed went out, so beginning again spends nothing.
    std::optional<Outcome> carry_steps(const char* reply) noexcept;
    bool exchange(const Answer& answer, Step::Kind asked, const char** reply) noexcept;
    std::optional<Outcome> answer_prompt(const Step& step, Answer* answer) noexcept;
    std::optional<Outcome> obtain_line(const Step& step) noexcept;
    Outcome finish(const Step& step) noexcept;
    Outcome forward_password(const Step& step) noexcept;
    Outcome ask_password(Outcome verdict) noexcept;
    Outcome cancel(Outcome outcome) noexcept;

    bool ask(const Step& step) noexcept;
    bool show(int style, const char* text) noexcept;
    bool silent() const noexcept;
    bool single_field() const noexcept { return source_ == Source::first_pass || options_.forward_pass; }

    const Call& call_;
    const Options& options_;
    Buffers& buffers_;
    wire::Inbox inbox_;
    Link link_;

    Source source_ = Source::person;
    bool may_ask_instead_ = false;  // try_first_pass: this conversation is not the last
    bool ask_instead_ = false;      // ... and did not settle it
    bool answered_ = false;         // something typed went out
    int prompts_ = 0;               // on this connection
    bool lost_with_line_ = false;   // typed_ answers buffers_.prompt, and never went out
    Typed typed_;
    SingleField single_;
};

}  // namespace warifu::pam
