// OpenSSL's base64, HMAC and random bytes, as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu::notifier {

// RFC 4648 section 4.
std::string base64(std::string_view bytes);
// HMAC-SHA-256 (RFC 2104), in hexadecimal. Throws Problem where OpenSSL cannot.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// So many random bytes, in hexadecimal. Throws Problem.
std::string random_hex(std::size_t bytes);

}  // namespace warifu::notifier
