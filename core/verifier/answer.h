// What somebody typed, judged by its shape alone.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/secret/secret.h"

namespace warifu {

inline constexpr std::size_t max_answer_bytes = 256;

enum class AnswerShape : std::uint8_t {
    junk,      // neither of the others: the account is not touched
    digits,    // one code, or in a single-field form the tails that may be one, longest first
    recovery,  // 16 base32 characters, upper case
};

struct Answer {
    AnswerShape shape = AnswerShape::junk;
    std::vector<Secret> candidates;  // digits: ASCII; recovery: one
};

// Trims; drops ASCII blanks and '-' inside; full-width digits (U+FF10 to U+FF19) count as digits. Anything
// over max_answer_bytes is junk, and so are digits in a number that no authenticator can have.
Answer parse_answer(std::string_view typed);

// Single field: blank-separated candidates, each all digits, longest first: one of a length, so that no
// authenticator is tried twice in one attempt. Anything else is junk.
Answer parse_tails(std::string_view tails);

}  // namespace warifu
