#include "ipc/wire/utf8.h"

namespace warifu::wire {
namespace {

constexpr unsigned long last_code_point = 0x10FFFF;

constexpr bool surrogate(unsigned long code_point) noexcept {
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

// Length that a first byte announces, 0 for one that begins nothing; `bits` takes what it holds of the value.
std::size_t announced(unsigned char first, unsigned long* bits) noexcept {
    if (first < 0x80) return *bits = first, 1;
    if (first >= 0xC2 && first <= 0xDF) return *bits = first & 0x1Fu, 2;
    if (first >= 0xE0 && first <= 0xEF) return *bits = first & 0x0Fu, 3;
    if (first >= 0xF0 && first <= 0xF4) return *bits = first & 0x07u, 4;
    return 0;
}

}  // namespace

std::size_t utf8_character(std::string_view text) noexcept {
    if (text.empty()) return 0;
    unsigned long value = 0;
    std::size_t const length = announced(static_cast<unsigned char>(text[0]), &value);
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0u) != 0x80u) return 0;
        value = value << 6 | (next & 0x3Fu);
    }
    bool const overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    return overlong || surrogate(value) || value > last_code_point ? 0 : length;
}

bool valid_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        std::size_t const length = utf8_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t utf8_encode(unsigned long code_point, char (&out)[4]) noexcept {
    if (surrogate(code_point) || code_point > last_code_point) code_point = 0xFFFD;
    if (code_point < 0x80) {
        out[0] = static_cast<char>(code_point);
        return 1;
    }
    std::size_t const length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    constexpr unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (std::size_t i = length - 1; i > 0; --i) {
        out[i] = static_cast<char>(0x80u | (code_point & 0x3Fu));
        code_point >>= 6;
    }
    out[0] = static_cast<char>(leads[length] | code_point);
    return length;
}

}  // namespace warifu::wire
