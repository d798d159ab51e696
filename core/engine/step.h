// What a door is asked to do next, and how it answers: the words of the protocol's conversations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/verifier/verdict.h"

namespace warifu {

enum class ReplyKind : std::uint8_t { text, tails, recovery, password, invalid, none };
std::optional<ReplyKind> parse_reply_kind(std::string_view text) noexcept;

struct Step {
    enum class Kind : std::uint8_t { prompt, info, error, wait, done };
    Kind kind = Kind::done;
    std::string text;  // may hold a key or recovery codes: whoever sends it wipes it
    bool echo = false;
    std::string tails;  // single field: code lengths, longest first, blank-separated
    Verdict verdict = Verdict::unavailable;
    Reason reason = Reason::unavailable;
    int tail = 0;  // single field, success: characters of the answer that were the code; 0: a recovery code
};

std::string_view name(Step::Kind kind) noexcept;

}  // namespace warifu
