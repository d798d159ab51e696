#include "core/verifier/answer.h"

#include <algorithm>
#include <string>

#include "core/otp/otp.h"
#include "core/recovery/recovery_code.h"

namespace warifu {

namespace {

constexpr std::string_view full_width_lead = "\xef\xbc";  // U+FF10 is EF BC 90

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_ascii_blank(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Without blanks and '-', full-width digits as ASCII; false for a character that no code has.
bool normalise(std::string_view typed, Secret& out, std::size_t& size) {
    auto to = out.writable();
    size = 0;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const char c = typed[i];
        if (is_ascii_blank(c) || c == '-') {
            continue;
        }
        if (is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
            to[size++] = static_cast<std::uint8_t>(c >= 'a' ? c - 'a' + 'A' : c);
            continue;
        }
        if (typed.substr(i, 2) == full_width_lead && i + 2 < typed.size()) {
            const auto last = static_cast<unsigned char>(typed[i + 2]);
            if (last >= 0x90 && last <= 0x99) {
                to[size++] = static_cast<std::uint8_t>('0' + (last - 0x90));
                i += 2;
                continue;
            }
        }
        return false;
    }
    return true;
}

bool code_length(std::size_t size) noexcept {
    return size >= static_cast<std::size_t>(min_digits) && size <= static_cast<std::size_t>(max_digits);
}

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

bool all_base32(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); });
}

}  // namespace

Answer parse_answer(std::string_view typed) {
    Answer answer;
    if (typed.size() > max_answer_bytes) {
        return answer;
    }
    Secret text(max_answer_bytes);
    std::size_t size = 0;
    if (!normalise(typed, text, size)) {
        return answer;
    }
    text.truncate(size);
    if (code_length(size) && all_digits(text.text())) {
        answer.shape = AnswerShape::digits;
    } else if (size == recovery_code_length && all_base32(text.text())) {
        answer.shape = AnswerShape::recovery;
    } else {
        return answer;
    }
    answer.candidates.push_back(std::move(text));
    return answer;
}

Answer parse_tails(std::string_view tails) {
    Answer answer;
    if (tails.size() > max_answer_bytes) {
        return answer;
    }
    while (!tails.empty()) {
        const auto end = std::min(tails.find(' '), tails.size());
        const auto tail = tails.substr(0, end);
        tails.remove_prefix(std::min(end + 1, tails.size()));
        const bool shorter = answer.candidates.empty() || tail.size() < answer.candidates.back().size();
        if (!code_length(tail.size()) || !all_digits(tail) || !shorter) {
            answer.candidates.clear();
            return answer;
        }
        answer.candidates.push_back(Secret::copy_of(tail));
    }
    answer.shape = answer.candidates.empty() ? AnswerShape::junk : AnswerShape::digits;
    return answer;
}

}  // namespace warifu
