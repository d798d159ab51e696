#include "core/approval/token.h"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "core/error/error.h"
#include "core/secret/secret.h"

namespace warifu {

namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

std::string random_base32(std::size_t characters) {
    const Secret random = Secret::random(characters);
    std::string text;
    for (const auto byte : random.bytes()) {
        text += alphabet[byte % alphabet.size()];  // 32 divides 256: each is as likely
    }
    return text;
}

std::string random_digits(std::size_t count) {
    constexpr int fair = 250;  // so that each digit is as likely
    std::string digits;
    while (digits.size() < count) {
        const Secret random = Secret::random(1);
        if (const int value = random.bytes()[0]; value < fair) {
            digits += static_cast<char>('0' + value % 10);
        }
    }
    return digits;
}

bool is_lower_base32(std::string_view text) noexcept {
    return text.find_first_not_of(alphabet) == std::string_view::npos;
}

TokenHash hash_of_token(std::string_view text) {
    TokenHash hash{};
    if (EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw Unavailable("a token could not be hashed");
    }
    return hash;
}

std::string hex_of(const TokenHash& hash) {
    std::string text;
    for (const auto byte : hash) {
        text += hex_digits[byte >> 4U];
        text += hex_digits[byte & 15U];
    }
    return text;
}

TokenHash hash_from_hex(std::string_view text) {
    TokenHash hash{};
    if (text.size() != 2 * hash.size()) {
        throw std::invalid_argument("not 64 hex digits");
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = hex_digits.find(text[i]);
        if (digit == std::string_view::npos) {
            throw std::invalid_argument("not 64 hex digits");
        }
        hash[i / 2] = static_cast<std::uint8_t>(16U * hash[i / 2] + digit);
    }
    return hash;
}

}  // namespace warifu
