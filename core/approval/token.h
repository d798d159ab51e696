// Random names and secrets that travel in links and headers, in lower-case base32 (RFC 4648 section 6), and
// the hash by which they are kept.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace warifu {

using TokenHash = std::array<std::uint8_t, 32>;  // SHA-256

// `characters` of five random bits each; throws Unavailable.
std::string random_base32(std::size_t characters);
std::string random_digits(std::size_t count);  // each as likely; throws Unavailable
bool is_lower_base32(std::string_view text) noexcept;
TokenHash hash_of_token(std::string_view text);  // throws Unavailable

// 64 hex digits, lower case; from_hex throws std::invalid_argument.
std::string hex_of(const TokenHash& hash);
TokenHash hash_from_hex(std::string_view text);

}  // namespace warifu
