// One-time codes as a phone would show them, computed by oathtool.
#pragma once

#include <cstdint>
#include <string>

namespace warifu::integration {

// The code of a base32 `secret` at Unix time `at`: SHA-1, six digits, thirty seconds. Throws
// std::runtime_error.
std::string totp(const std::string& secret, std::int64_t at);
// The code of a base32 `secret` for `counter`: six digits.
std::string hotp(const std::string& secret, std::uint64_t counter);

}  // namespace warifu::integration
