// otpauth:// key URIs, both ways (the Google Authenticator key URI format).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/otp/otp.h"

namespace warifu {

inline constexpr std::size_t max_issuer_bytes = 64;
inline constexpr std::size_t max_account_bytes = 256;
inline constexpr std::size_t max_uri_bytes = 2048;

// Issuer and account: UTF-8 without control characters and ':', no blank at either end.
struct KeyUri {
    OtpParameters otp;          // t0 is 0: a key URI cannot say another
    std::string issuer;         // may be empty; at most max_issuer_bytes
    std::string account;        // 1 to max_account_bytes
    Secret secret;              // min_secret_bytes to max_secret_bytes
    std::uint64_t counter = 0;  // HOTP: the counter of the next code, at most 2^63-1; TOTP: not written
};

// Percent-encodes (RFC 3986: all but unreserved), names algorithm, digits and period (counter for HOTP) even
// where they are the defaults, and repeats the issuer as prefix and parameter. Throws Invalid with the name
// of the field that is out of the bounds above. A Secret, since it holds one.
Secret to_uri(const KeyUri& key);

// Strict: throws Invalid with the parameter's name for a missing or repeated parameter, a value out of
// bounds, an issuer that differs between prefix and parameter, broken percent-encoding, a character that a
// URI cannot hold unencoded; the field is "account" for the label, "kind" for what stands before it, and
// "uri" for what is no key URI at all. Algorithm, digits, period and issuer may be missing. Unknown
// parameters are ignored (apps add image=, color=), and so is a TOTP's counter or a HOTP's period. In the
// query '+' is a blank, as the apps read it. At most max_uri_bytes. No message carries any part of the URI.
KeyUri parse_uri(std::string_view uri);

}  // namespace warifu
