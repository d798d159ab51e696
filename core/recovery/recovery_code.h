// Recovery codes (NIST SP 800-63B section 5.1.2, look-up secrets): 80 random bits as 16 base32 characters,
// shown in groups of four; stored as scrypt (RFC 7914) digests under one salt a set, so that one scrypt
// serves an answer. They are verified without the store's key and work when it is lost.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret/secret.h"

namespace warifu {

inline constexpr std::size_t recovery_codes_in_a_set = 10;
inline constexpr std::size_t recovery_code_length = 16;  // base32 characters

using RecoverySalt = std::array<std::uint8_t, 16>;
using RecoveryDigest = std::array<std::uint8_t, 32>;

struct RecoverySet {
    RecoverySalt salt{};
    std::vector<RecoveryDigest> digests;  // at most 16
};

// New codes: the set to keep and the codes to show once, each as "ABCD-EFGH-IJKL-MNOP".
struct NewRecoverySet {
    RecoverySet set;
    std::vector<Secret> codes;
};
NewRecoverySet make_recovery_set();  // about ten scrypt runs; throws Unavailable

// scrypt N=2^14, r=8, p=1, 32 bytes out. `code` is the 16 characters in upper case. 16 MiB while it runs.
RecoveryDigest recovery_digest(std::string_view code, const RecoverySalt& salt);

// The index of the digest in the set, every digest compared in constant time.
std::optional<std::size_t> find_recovery(const RecoverySet& set, const RecoveryDigest& digest) noexcept;

}  // namespace warifu
