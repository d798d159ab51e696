#include "core/recovery/recovery_code.h"

#include <algorithm>

#include "core/otp/base32.h"
#include "core/recovery/scrypt.h"

namespace warifu {

namespace {

constexpr std::size_t random_bytes_in_a_code = recovery_code_length * 5 / 8;
constexpr std::size_t group = 4;

// "ABCDEFGHIJKLMNOP" as "ABCD-EFGH-IJKL-MNOP".
Secret in_groups(std::string_view code) {
    Secret shown(code.size() + (code.size() - 1) / group);
    std::size_t next = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i != 0 && i % group == 0) shown.writable()[next++] = '-';
        shown.writable()[next++] = static_cast<std::uint8_t>(code[i]);
    }
    return shown;
}

}  // namespace

NewRecoverySet make_recovery_set() {
    NewRecoverySet made;
    const Secret salt = Secret::random(made.set.salt.size());
    std::ranges::copy(salt.bytes(), made.set.salt.begin());
    for (std::size_t i = 0; i < recovery_codes_in_a_set; ++i) {
        const Secret code = base32_encode(Secret::random(random_bytes_in_a_code).bytes());
        made.set.digests.push_back(recovery_digest(code.text(), made.set.salt));
        made.codes.push_back(in_groups(code.text()));
    }
    return made;
}

RecoveryDigest recovery_digest(std::string_view code, const RecoverySalt& salt) {
    RecoveryDigest digest;
    scrypt(code, salt, default_scrypt_cost, digest);
    return digest;
}

std::optional<std::size_t> find_recovery(const RecoverySet& set, const RecoveryDigest& digest) noexcept {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < set.digests.size(); ++i)
        if (constant_time_equal(set.digests[i], digest)) found = i;
    return found;
}

}  // namespace warifu
