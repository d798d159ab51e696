// One-time passwords: HOTP (RFC 4226) and TOTP (RFC 6238), HMAC by OpenSSL's EVP_MAC. Pure: the time is a
// parameter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret/secret.h"

namespace warifu {

enum class OtpKind : std::uint8_t { totp, hotp };
enum class Algorithm : std::uint8_t { sha1, sha256, sha512 };

// Bounds: docs/features.md, S11; the defaults are what every app reads.
inline constexpr int min_digits = 6, max_digits = 8;
inline constexpr int min_period = 15, max_period = 120;                     // seconds
inline constexpr std::size_t min_secret_bytes = 10, max_secret_bytes = 64;  // 80 to 512 bits

struct OtpParameters {
    OtpKind kind = OtpKind::totp;
    Algorithm algorithm = Algorithm::sha1;
    int digits = 6;
    int period = 30;      // seconds; unused by HOTP
    std::int64_t t0 = 0;  // Unix time of step 0 (RFC 6238 section 4.1); unused by HOTP
    bool operator==(const OtpParameters&) const = default;
};

// Throws Invalid (field "digits", "period", …) unless every value is within its bounds.
void check(const OtpParameters& parameters);

// "SHA1", "SHA256", "SHA512", as key URIs spell them; parse takes any case, and "SHA-256" too.
std::string_view name(Algorithm algorithm) noexcept;
std::optional<Algorithm> parse_algorithm(std::string_view text) noexcept;
std::string_view name(OtpKind kind) noexcept;  // "totp", "hotp"
std::optional<OtpKind> parse_otp_kind(std::string_view text) noexcept;

// A code as its digits, leading zeros included, without allocation.
struct Code {
    std::array<char, max_digits> characters{};
    int digits = 0;
    std::string_view text() const noexcept { return {characters.data(), static_cast<std::size_t>(digits)}; }
};

// RFC 4226 section 5.3. Throws Unavailable if OpenSSL fails.
Code hotp(const Secret& secret, Algorithm algorithm, std::uint64_t counter, int digits);

// The time step of `now` (Unix seconds): floor((now - t0) / period), RFC 6238 section 4.2. Negative before
// t0.
std::int64_t time_step(const OtpParameters& parameters, std::int64_t now) noexcept;

// The code of `step`, a time step (TOTP) or a counter (HOTP); a negative step has no code.
std::optional<Code> code_at(const Secret& secret, const OtpParameters& parameters, std::int64_t step);

}  // namespace warifu
