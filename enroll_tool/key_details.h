// What a key URI says beside the key, to be shown to a person who types the key: read leniently and judged by
// nobody, since warifud made it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu {

struct KeyDetails {
    std::string type;  // "totp", "hotp"
    std::string issuer, account;
    std::string algorithm = "SHA1", digits = "6", period = "30", counter = "0";
    std::size_t key_characters = 0;  // of base32
};

// Throws Unavailable for what is no otpauth:// URI.
KeyDetails read_key_details(std::string_view uri);

}  // namespace warifu
