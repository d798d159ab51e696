// What somebody typed for a code, and what a single-field caller sent as tails.
#include "core/verifier/answer.h"

#include <algorithm>

#include "core/otp/otp.h"
#include "core/recovery/recovery_code.h"
#include "tests/fuzz/fuzz_target.h"

using warifu::Answer;
using warifu::AnswerShape;
using warifu::fuzz::must;

namespace {

constexpr std::size_t recovery_characters = 16;

bool is_code(std::string_view text) {
    return text.size() >= warifu::min_digits && text.size() <= warifu::max_digits &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check(const Answer& answer) {
    const auto& candidates = answer.candidates;
    if (answer.shape == AnswerShape::junk) {
        must(candidates.empty(), "junk holds nothing to try");
        return;
    }
    must(!candidates.empty(), "an answer holds something to try");
    if (answer.shape == AnswerShape::recovery) {
        must(candidates.size() == 1 && candidates[0].size() == recovery_characters, "one recovery code");
        return;
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        must(is_code(candidates[i].text()), "a code is six to eight digits");
        must(i == 0 || candidates[i].size() < candidates[i - 1].size(),
             "one code of a length, longest first");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = warifu::fuzz::as_text(data, size);
    const Answer typed = warifu::parse_answer(text);
    check(typed);
    must(typed.candidates.size() <= 1, "one answer is one code");
    const Answer tails = warifu::parse_tails(text);
    check(tails);
    must(tails.shape != AnswerShape::recovery, "tails are digits");
    must(size <= warifu::max_answer_bytes || typed.shape == AnswerShape::junk, "what is too long is junk");
    return 0;
}
