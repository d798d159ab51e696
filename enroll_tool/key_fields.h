// What a person types into an app who cannot scan, as texts in the person's language.
#pragma once

#include <string>
#include <string_view>

#include "ipc/client/reply.h"

namespace warifu {

// Values as they came from warifud: whoever shows them escapes them.
struct KeyFields {
    std::string issuer;  // may be empty
    std::string account;
    std::string key;   // in groups of four, one blank between them: what an eye can keep while the hand types
    std::string type;  // "TOTP, 6 digits, every 30 seconds, SHA1"
    std::string label;
};

// `key`: a reply with secret, uri and label.
KeyFields read_key_fields(const ipc::Reply& key);

}  // namespace warifu
