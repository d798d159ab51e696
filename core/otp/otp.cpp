#include "core/otp/otp.h"

#include <openssl/crypto.h>

#include <array>
#include <limits>

#include "core/error/error.h"
#include "core/otp/hmac.h"

namespace warifu {

namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && OPENSSL_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

void check_range(const char* field, int value, int lowest, int highest) {
    if (value < lowest || value > highest)
        throw Invalid(field, std::string(field) + " is " + std::to_string(value) + "; it can be " +
                                 std::to_string(lowest) + " to " + std::to_string(highest));
}

// Dynamic truncation, RFC 4226 section 5.3: 31 bits, from where the last nibble points.
std::uint32_t truncated(std::span<const std::uint8_t> digest) noexcept {
    const std::size_t at = digest.back() & 0x0fU;
    return (digest[at] & 0x7fU) << 24U | static_cast<std::uint32_t>(digest[at + 1]) << 16U |
           static_cast<std::uint32_t>(digest[at + 2]) << 8U | digest[at + 3];
}

}  // namespace

void check(const OtpParameters& parameters) {
    if (parameters.kind != OtpKind::totp && parameters.kind != OtpKind::hotp)
        throw Invalid("kind", "kind is neither totp nor hotp");
    if (parameters.algorithm > Algorithm::sha512)
        throw Invalid("algorithm", "algorithm is none of SHA1, SHA256, SHA512");
    check_range("digits", parameters.digits, min_digits, max_digits);
    if (parameters.kind == OtpKind::totp) check_range("period", parameters.period, min_period, max_period);
}

std::string_view name(Algorithm algorithm) noexcept {
    switch (algorithm) {
        case Algorithm::sha1:
            return "SHA1";
        case Algorithm::sha256:
            return "SHA256";
        case Algorithm::sha512:
            break;
    }
    return "SHA512";
}

std::optional<Algorithm> parse_algorithm(std::string_view text) noexcept {
    constexpr struct {
        std::string_view spelling;
        Algorithm algorithm;
    } spellings[] = {
        {"SHA1", Algorithm::sha1},  {"SHA256", Algorithm::sha256},  {"SHA512", Algorithm::sha512},
        {"SHA-1", Algorithm::sha1}, {"SHA-256", Algorithm::sha256}, {"SHA-512", Algorithm::sha512},
    };
    for (const auto& [spelling, algorithm] : spellings)
        if (equal_ignoring_case(text, spelling)) return algorithm;
    return std::nullopt;
}

std::string_view name(OtpKind kind) noexcept {
    return kind == OtpKind::totp ? "totp" : "hotp";
}

std::optional<OtpKind> parse_otp_kind(std::string_view text) noexcept {
    for (const OtpKind kind : {OtpKind::totp, OtpKind::hotp})
        if (equal_ignoring_case(text, name(kind))) return kind;
    return std::nullopt;
}

Code hotp(const Secret& secret, Algorithm algorithm, std::uint64_t counter, int digits) {
    check_range("digits", digits, min_digits, max_digits);
    std::array<std::uint8_t, 8> message;
    for (std::size_t i = message.size(); i-- > 0; counter >>= 8U)
        message[i] = static_cast<std::uint8_t>(counter);
    std::array<std::uint8_t, max_digest_bytes> storage;
    const std::span digest(storage.data(), digest_bytes(algorithm));
    hmac(algorithm, secret.bytes(), message, digest);
    std::uint32_t value = truncated(digest);
    OPENSSL_cleanse(storage.data(), storage.size());

    Code code;
    code.digits = digits;
    for (auto i = static_cast<std::size_t>(digits); i-- > 0; value /= 10)
        code.characters[i] = static_cast<char>('0' + value % 10);
    return code;
}

std::int64_t time_step(const OtpParameters& parameters, std::int64_t now) noexcept {
    std::int64_t elapsed = 0;
    if (__builtin_sub_overflow(now, parameters.t0, &elapsed))
        elapsed =
            now < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    const std::int64_t quotient = elapsed / parameters.period;
    // C++ rounds towards zero, the RFC towards minus infinity.
    return elapsed % parameters.period < 0 ? quotient - 1 : quotient;
}

std::optional<Code> code_at(const Secret& secret, const OtpParameters& parameters, std::int64_t step) {
    if (step < 0) return std::nullopt;
    return hotp(secret, parameters.algorithm, static_cast<std::uint64_t>(step), parameters.digits);
}

}  // namespace warifu
