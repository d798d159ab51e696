#include "core/otp/base32.h"

namespace warifu {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t bits_each = 5;

// The value of a character of the alphabet, in either case; -1 for any other.
constexpr int value_of(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a';
    if (c >= '2' && c <= '7') return c - '2' + 26;
    return -1;
}

constexpr bool separates(char c) noexcept {
    return c == ' ' || c == '\t' || c == '-';
}

// How many characters of the alphabet `text` has. nullopt for characters outside it, for padding that is
// neither absent nor what RFC 4648 writes, and for a number that no bytes encode to.
std::optional<std::size_t> characters_in(std::string_view text) noexcept {
    std::size_t characters = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (separates(c)) continue;
        if (c == '=')
            ++padding;
        else if (padding == 0 && value_of(c) >= 0)
            ++characters;
        else
            return std::nullopt;
    }
    const std::size_t last_group = characters % 8;
    if (last_group == 1 || last_group == 3 || last_group == 6) return std::nullopt;
    if (padding != 0 && (last_group == 0 || padding != 8 - last_group)) return std::nullopt;
    return characters;
}

}  // namespace

Secret base32_encode(std::span<const std::uint8_t> bytes) {
    Secret text((bytes.size() * 8 + bits_each - 1) / bits_each);
    std::size_t next = 0;
    std::uint32_t pending = 0;
    std::size_t pending_bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8U | byte) & 0xfffU;
        for (pending_bits += 8; pending_bits >= bits_each; pending_bits -= bits_each)
            text.writable()[next++] =
                static_cast<std::uint8_t>(alphabet[pending >> (pending_bits - bits_each) & 31U]);
    }
    if (pending_bits > 0)
        text.writable()[next] =
            static_cast<std::uint8_t>(alphabet[pending << (bits_each - pending_bits) & 31U]);
    return text;
}

std::optional<Secret> base32_decode(std::string_view text) {
    const std::optional<std::size_t> characters = characters_in(text);
    if (!characters || *characters * bits_each / 8 > Secret::max_size) return std::nullopt;
    Secret bytes(*characters * bits_each / 8);
    std::size_t next = 0;
    std::uint32_t pending = 0;
    std::size_t pending_bits = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) continue;
        pending = (pending << bits_each | static_cast<std::uint32_t>(value)) & 0xfffU;
        pending_bits += bits_each;
        if (pending_bits < 8) continue;
        pending_bits -= 8;
        bytes.writable()[next++] = static_cast<std::uint8_t>(pending >> pending_bits);
    }
    const bool left_over = (pending & ((1U << pending_bits) - 1U)) != 0;
    if (left_over) return std::nullopt;
    return bytes;
}

}  // namespace warifu
