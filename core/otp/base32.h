// Base32 (RFC 4648 section 6) as key URIs and people write it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/secret/secret.h"

namespace warifu {

// Upper case, without padding.
Secret base32_encode(std::span<const std::uint8_t> bytes);

// Takes upper and lower case, blanks and '-' anywhere, '=' at the end. nullopt for any other character and
// for text that does not re-encode to itself (left-over bits that are not zero, impossible lengths).
std::optional<Secret> base32_decode(std::string_view text);

}  // namespace warifu
