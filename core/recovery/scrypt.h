// scrypt (RFC 7914) by OpenSSL's EVP_KDF.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace warifu {

// The cost parameters of RFC 7914 section 2. Memory while it runs: 128 * block_size * (cost + parallel)
// bytes, at most max_scrypt_memory.
struct ScryptCost {
    std::uint64_t cost;        // N, a power of two
    std::uint32_t block_size;  // r
    std::uint32_t parallel;    // p
};

inline constexpr std::uint64_t max_scrypt_memory = 64 * 1024 * 1024;

// What answers typed by people are kept under: 16 MiB.
inline constexpr ScryptCost default_scrypt_cost{1U << 14U, 8, 1};

// Fills `out`. Throws Unavailable: no memory, or a cost beyond the bounds.
void scrypt(std::string_view password, std::span<const std::uint8_t> salt, const ScryptCost& cost,
            std::span<std::uint8_t> out);

}  // namespace warifu
