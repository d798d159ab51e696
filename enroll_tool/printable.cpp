#include "enroll_tool/printable.h"

#include <langinfo.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cwchar>
#include <optional>

#include "ipc/wire/utf8.h"

namespace warifu {

namespace {

constexpr std::size_t line_width = 80;
constexpr std::string_view ellipsis = "...";

struct Range {
    char32_t first, last;
};

// Characters that print nothing and change what is around them: marks of direction, joiners, separators of
// lines, invisible operators, the byte order mark, tags (Unicode Standard Annex 9 and chapter 23).
constexpr std::array<Range, 8> invisible{{{0x00AD, 0x00AD},
                                          {0x061C, 0x061C},
                                          {0x200B, 0x200F},
                                          {0x2028, 0x202E},
                                          {0x2060, 0x206F},
                                          {0xFEFF, 0xFEFF},
                                          {0xFFF9, 0xFFFB},
                                          {0xE0000, 0xE0FFF}}};

bool shows(char32_t value) {
    if (value < 0x80) return value >= 0x20 && value != 0x7F;
    if (!locale_is_utf8()) return false;
    const bool hidden = std::ranges::any_of(
        invisible, [value](const Range& range) { return value >= range.first && value <= range.last; });
    return !hidden && wcwidth(static_cast<wchar_t>(value)) >= 0;
}

// "\x1b", "\u{202e}".
std::string escaped(std::uint32_t value) {
    std::array<char, 16> text{};
    if (value < 0x100)
        std::snprintf(text.data(), text.size(), "\\x%02x", value);
    else
        std::snprintf(text.data(), text.size(), "\\u{%x}", value);
    return text.data();
}

std::size_t width_of(char32_t value) noexcept {
    const int width = value < 0x80 ? 1 : wcwidth(static_cast<wchar_t>(value));
    return width < 0 ? 1 : static_cast<std::size_t>(width);
}

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  // bytes
};

// The first one; nullopt where the text is empty or does not begin with UTF-8.
std::optional<CodePoint> first_code_point(std::string_view text) noexcept {
    const std::size_t length = wire::utf8_character(text);
    if (length == 0) return std::nullopt;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (length == 1) return CodePoint{lead, 1};
    char32_t value = lead & (0xFFU >> (length + 1));
    for (const char byte : text.substr(1, length - 1))
        value = (value << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
    return CodePoint{value, length};
}

}  // namespace

bool locale_is_utf8() noexcept {
    return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto next = first_code_point(text);
        const std::size_t length = next ? next->length : 1;
        const auto byte = static_cast<unsigned char>(text[0]);
        if (next && shows(next->value))
            result += text.substr(0, length);
        else
            result += escaped(next ? static_cast<std::uint32_t>(next->value) : byte);
        text.remove_prefix(length);
    }
    return result;
}

std::size_t columns(std::string_view text) noexcept {
    std::size_t total = 0;
    while (const auto next = first_code_point(text)) {
        total += width_of(next->value);
        text.remove_prefix(next->length);
    }
    return total;
}

std::string cut(std::string_view text, std::size_t most) {
    if (columns(text) <= most) return std::string(text);
    std::string result;
    std::size_t taken = ellipsis.size();
    while (const auto next = first_code_point(text)) {
        taken += width_of(next->value);
        if (taken > most) break;
        result += text.substr(0, next->length);
        text.remove_prefix(next->length);
    }
    return result.append(ellipsis);
}

std::string padded(std::string_view text, std::size_t width) {
    const std::size_t taken = columns(text);
    return std::string(text).append(taken < width ? width - taken : 0, ' ');
}

std::string wrapped(std::string_view text, std::size_t indent) {
    std::string result, line;
    const auto end_line = [&] {
        if (!line.empty()) result.append(indent, ' ').append(line).append("\n");
        line.clear();
    };
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (indent + columns(line) + 1 + columns(word) > line_width) end_line();
        if (!line.empty()) line += ' ';
        line += word;
    }
    end_line();
    return result;
}

}  // namespace warifu
