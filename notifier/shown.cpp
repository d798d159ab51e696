#include "notifier/shown.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace warifu::notifier {

namespace {

constexpr std::string_view ellipsis = "\u2026";

struct Range {
    char32_t first, last;
};

// What prints nothing and changes what is around it (Unicode Standard Annex 9 and chapter 23), and C0 and C1.
constexpr std::array<Range, 10> hidden{{{0x00, 0x1F},
                                        {0x7F, 0x9F},
                                        {0x00AD, 0x00AD},
                                        {0x061C, 0x061C},
                                        {0x200B, 0x200F},
                                        {0x2028, 0x202E},
                                        {0x2060, 0x206F},
                                        {0xFEFF, 0xFEFF},
                                        {0xFFF9, 0xFFFB},
                                        {0xE0000, 0xE0FFF}}};

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

// Bytes of the character that begins `text`.
std::size_t length_of_first(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && continues(text[length])) {
        ++length;
    }
    return length;
}

char32_t code_point(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) {
        return lead;
    }
    char32_t value = lead & (0xFFU >> (character.size() + 1));
    for (const char byte : character.substr(1)) {
        value = (value << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return value;
}

std::string shown(std::string_view text, bool newlines_stay) {
    std::string result;
    while (!text.empty()) {
        const std::string_view character = text.substr(0, length_of_first(text));
        const char32_t value = code_point(character);
        const bool escaped =
            std::ranges::any_of(hidden, [value](Range r) { return value >= r.first && value <= r.last; });
        if (escaped && !(newlines_stay && value == U'\n')) {
            std::array<char, 16> number{};
            (void)std::snprintf(number.data(), number.size(), value < 0x100 ? "\\x%02x" : "\\u{%x}",
                                static_cast<unsigned>(value));
            result += number.data();
        } else {
            result += character;
        }
        text.remove_prefix(character.size());
    }
    return result;
}

}  // namespace

std::string in_one_line(std::string_view text) {
    return shown(text, false);
}

std::string in_lines(std::string_view text) {
    return shown(text, true);
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return std::string(text);
    }
    std::size_t end = most < ellipsis.size() ? 0 : most - ellipsis.size();
    while (end > 0 && continues(text[end])) {
        --end;
    }
    return std::string(text.substr(0, end)) + std::string(most < ellipsis.size() ? "" : ellipsis);
}

}  // namespace warifu::notifier
