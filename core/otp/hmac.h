// HMAC (RFC 2104) by OpenSSL's EVP_MAC, of a key that leaves nothing behind: the context that held it is
// cleansed before the call returns. Safe in any thread.
#pragma once

#include <cstdint>
#include <span>

#include "core/otp/otp.h"

namespace warifu {

inline constexpr std::size_t max_digest_bytes = 64;  // SHA-512

// Bytes of the algorithm's digest: 20, 32, 64.
std::size_t digest_bytes(Algorithm algorithm) noexcept;

// `out` has exactly digest_bytes(algorithm) bytes; `key` is not empty. Throws Unavailable if OpenSSL fails,
// and for an empty key: a secret that is not here must never yield a code.
void hmac(Algorithm algorithm, std::span<const std::uint8_t> key, std::span<const std::uint8_t> message,
          std::span<std::uint8_t> out);

}  // namespace warifu
