// The file that google-authenticator writes and pam_google_authenticator reads: a key, options, scratch
// codes. Warifu only reads it. Its window, time step, skew and counter count as that module has them; what
// limits or remembers (RATE_LIMIT, DISALLOW_REUSE, LAST0 …) is the account's state here, and stricter.
#pragma once

#include <string>
#include <string_view>

#include "core/account/credentials.h"

namespace warifu {

inline constexpr int max_google_window = 100;  // codes
inline constexpr int max_google_period = 60;   // seconds

// One authenticator, id 1, and its scratch codes. Throws Unavailable with `path` and the line's number, and
// nothing of its content, for what is no such file: no usable key in the first line (base32; blanks and '-'
// are skipped, and 0, 1 and 8 read as O, L and B), neither TOTP_AUTH nor a HOTP_COUNTER above zero, a value
// out of bounds, or more than max_scratch_codes. Options that are not known are passed over.
Credentials parse_google_file(std::string_view content, const Subject& subject, const std::string& path);

}  // namespace warifu
