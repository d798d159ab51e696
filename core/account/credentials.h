// What a subject signs in with: changes when somebody enrols, never at a sign-in. The other record, what
// changes at every sign-in, is core/account/state.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/otp/otp.h"
#include "core/recovery/recovery_code.h"
#include "core/secret/secret.h"

namespace warifu {

// Who signs in (OpenID's word). Realm "host": a login name as NSS has it; any other realm is one client's.
struct Subject {
    std::string realm = "host";
    std::string name;
    bool operator==(const Subject&) const = default;
};

// 1 to 256 bytes of UTF-8 without control characters, U+FFFD, '/', leading '-', and not "." or "..".
bool valid_subject_name(std::string_view name) noexcept;

inline constexpr std::size_t max_authenticators = 16;
inline constexpr std::size_t max_scratch_codes = 12;  // beside one authenticator they fit a state row
inline constexpr std::size_t max_label_bytes = 64;
inline constexpr std::size_t max_document_bytes = 64 * 1024;

struct Authenticator {
    std::string id;     // 16 lower-case hex digits, unique within the account
    std::string label;  // UTF-8, 1 to 64 bytes, no control characters
    OtpParameters otp;
    std::uint64_t counter = 0;  // HOTP: the first counter at enrolment; where it stands now is state
    std::int64_t created = 0;   // Unix seconds
    Secret secret;              // empty: sealed under a key that is not here
    // What another module's file says of it; our own documents never do.
    int window_codes =
        0;  // so many codes count: TOTP -(n-1)/2 to n/2 steps, HOTP n counters; 0: as configured
    std::int64_t skew = 0;  // TOTP: steps that the phone's clock is ahead

    Authenticator clone() const;  // a second copy, secret included, spelled out
};

struct Credentials {
    Subject subject;
    std::optional<std::uint32_t> uid;  // realm host: the uid the record was made for
    std::vector<Authenticator> authenticators;
    std::optional<RecoverySet> recovery;
    // Codes of another module's file that count once each: eight ASCII digits, no two the same.
    std::vector<Secret> scratch;
    // What a newer version wrote, kept and written back: empty, or a JSON object of the document's unknown
    // fields; below "authenticators" and "recovery" those of each authenticator, by id, and of the set, by
    // salt, so that they go when it goes.
    std::string unknown_fields;

    Credentials clone() const;  // a second copy, secrets included, spelled out
};

// A usable label: 1 to max_label_bytes of UTF-8, no control characters. Throws Invalid("label").
void check_label(std::string_view label);

// Valid UTF-8 (RFC 3629: no overlong forms, no surrogates), without C0, DEL and C1 control characters.
bool printable_utf8(std::string_view text) noexcept;

}  // namespace warifu
