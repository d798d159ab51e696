#include "gateway/pages/html.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "ipc/wire/utf8.h"

namespace warifu::gateway::html {

namespace {

struct Range {
    std::uint32_t first, last;
};

// Controls (C1), marks of direction, joiners, fillers, separators of lines, invisible operators, the byte
// order mark, notes, tags (Unicode Standard Annex 9 and chapter 23).
constexpr std::array<Range, 14> invisible{{{0x0080, 0x009F},
                                           {0x00AD, 0x00AD},
                                           {0x034F, 0x034F},
                                           {0x061C, 0x061C},
                                           {0x115F, 0x1160},
                                           {0x17B4, 0x17B5},
                                           {0x180B, 0x180F},
                                           {0x200B, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2060, 0x206F},
                                           {0x3164, 0x3164},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFF9, 0xFFFB},
                                           {0xE0000, 0xE0FFF}}};

bool shows(std::uint32_t value) noexcept {
    if (value < 0x80) return value >= 0x20 && value != 0x7F;
    return std::ranges::none_of(
        invisible, [value](const Range& range) { return value >= range.first && value <= range.last; });
}

std::uint32_t value_of(std::string_view character) noexcept {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    std::uint32_t value = lead & (0xFFU >> (character.size() + 1));
    for (const char byte : character.substr(1))
        value = value << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
    return value;
}

// "\x1b", "\u{202e}".
std::string escape(std::uint32_t value) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), value < 0x100 ? "\\x%02x" : "\\u{%x}", value);
    return text.data();
}

std::string_view entity_of(char c) noexcept {
    switch (c) {
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '&':
            return "&amp;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

std::string escaped(std::string_view value, std::string_view kept) {
    std::string result;
    while (!value.empty()) {
        const std::size_t length = wire::utf8_character(value);
        const std::string_view character = value.substr(0, length == 0 ? 1 : length);
        const std::string_view entity = entity_of(character[0]);
        if (!entity.empty()) {
            result += entity;
        } else if (length != 0 && (shows(value_of(character)) || kept.find(character[0]) != kept.npos)) {
            result += character;
        } else {
            result += escape(length == 0 ? static_cast<unsigned char>(character[0]) : value_of(character));
        }
        value.remove_prefix(character.size());
    }
    return result;
}

}  // namespace

std::string text(std::string_view value) {
    return escaped(value, "");
}

std::string lines(std::string_view value) {
    return escaped(value, "\n\t");
}

}  // namespace warifu::gateway::html
