// One conversation with somebody at a door: Start, then answers, until a step is `done`. What is asked and
// how depends on the door alone, never on the account.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace warifu {

inline constexpr std::uint32_t pam_silent = 0x8000;  // PAM_SILENT of Linux-PAM

struct StartRequest {
    std::string user;
    Caller caller;
    std::uint32_t flags = 0;
    std::vector<std::string> options;
    bool has_authtok = false;
    bool single_field = false;
};

enum class ReplyKind : std::uint8_t { text, tails, recovery, password, invalid, none };
std::optional<ReplyKind> parse_reply_kind(std::string_view text) noexcept;

struct Step {
    enum class Kind : std::uint8_t { prompt, info, error, wait, done };
    Kind kind = Kind::done;
    std::string text;
    bool echo = false;
    std::string tails;  // single field: code lengths, longest first, blank-separated
    Verdict verdict = Verdict::unavailable;
    Reason reason = Reason::unavailable;
    int tail = 0;  // single field, success: characters of the answer that were the code; 0: a recovery code
};

std::string_view name(Step::Kind kind) noexcept;

class Conversation {
  public:
    explicit Conversation(Engine& engine) : engine_(engine) {}

    Task<Step> start(StartRequest request);
    // Throws Conflict where no answer is awaited.
    Task<Step> answer(ReplyKind kind, std::string text);

  private:
    Step prompt() const;
    Step end(const AttemptResult& result);

    Engine& engine_;
    StartRequest request_;
    LineOptions options_;
    Subject subject_;
    std::string problem_;  // what did not answer before the prompt: nobody gets in past that
    bool awaiting_ = false;
};

}  // namespace warifu
