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

// Japanese lines begin with none of these, and end with none of those (JIS X 4051, line-start and line-end
// prohibition; the ones that our texts have).
constexpr std::u32string_view no_line_begins_with =
    U")],.:;?!%"
    U"\u3001\u3002\u30fb\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\u30fc\u3005\uff09\u300d\u300f\u3011\u3015"
    U"\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5"
    U"\u30e7";
constexpr std::u32string_view no_line_ends_with = U"([\uff08\u300c\u300e\u3010\u3014";

// What a line is never broken in: a word, or a wide character with the closing marks after it.
struct Piece {
    std::size_t blanks = 0;  // before it
    std::string_view text;
};

bool breaks_between(char32_t before, char32_t after) noexcept {
    if (no_line_begins_with.find(after) != no_line_begins_with.npos) return false;
    if (no_line_ends_with.find(before) != no_line_ends_with.npos) return false;
    return width_of(before) == 2 || width_of(after) == 2;
}

Piece take_piece(std::string_view& text) {
    Piece piece;
    piece.blanks = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(piece.blanks);
    std::size_t length = 0;
    char32_t before = 0;
    while (const auto next = first_code_point(text.substr(length))) {
        if (next->value == ' ' || (length != 0 && breaks_between(before, next->value))) break;
        length += next->length;
        before = next->value;
    }
    if (length == 0) length = text.size();  // not UTF-8: nobody printed it
    piece.text = text.substr(0, length);
    text.remove_prefix(length);
    return piece;
}

// The first characters of `text` that fit, one at least.
std::string_view take_columns(std::string_view& text, std::size_t width) noexcept {
    std::size_t length = 0, taken = 0;
    while (const auto next = first_code_point(text.substr(length))) {
        taken += width_of(next->value);
        if (taken > width && length != 0) break;
        length += next->length;
    }
    const std::string_view first = text.substr(0, length == 0 ? text.size() : length);
    text.remove_prefix(first.size());
    return first;
}

void break_paragraph(std::string_view text, std::size_t width, std::vector<std::string>& lines) {
    std::string line;
    while (!text.empty()) {
        Piece piece = take_piece(text);
        if (columns(line) + piece.blanks + columns(piece.text) > width && !line.empty()) {
            lines.push_back(line);
            line.clear();
        }
        if (!line.empty()) line.append(piece.blanks, ' ');
        while (columns(piece.text) > width) lines.emplace_back(take_columns(piece.text, width));
        line += piece.text;
    }
    lines.push_back(line);
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

std::u32string code_points(std::string_view text) {
    std::u32string result;
    while (const auto next = first_code_point(text)) {
        result += next->value;
        text.remove_prefix(next->length);
    }
    return result;
}

// RFC 3629 section 3.
std::string utf8_of(char32_t character) {
    const auto tail = [character](unsigned shift) {
        return static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
    };
    if (character < 0x80) return {static_cast<char>(character)};
    if (character < 0x800) return {static_cast<char>(0xC0U | (character >> 6)), tail(0)};
    if (character < 0x10000) return {static_cast<char>(0xE0U | (character >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | (character >> 18)), tail(12), tail(6), tail(0)};
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

std::vector<std::string> broken(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (true) {
        const std::string_view paragraph = text.substr(0, text.find('\n'));
        break_paragraph(paragraph, std::max<std::size_t>(width, 2), lines);
        if (paragraph.size() == text.size()) return lines;
        text.remove_prefix(paragraph.size() + 1);
    }
}

std::string wrapped(std::string_view text, std::size_t indent) {
    std::string result;
    for (const std::string& line : broken(text, line_width - indent))
        if (!line.empty()) result.append(indent, ' ').append(line).append("\n");
    return result;
}

}  // namespace warifu
