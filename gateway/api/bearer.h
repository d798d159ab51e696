// A caller's API key, of "Authorization: Bearer …" (RFC 6750 section 2.1). What it is worth warifud knows.
#pragma once

#include <string_view>

#include "core/secret/secret.h"

namespace warifu::gateway {

inline constexpr std::size_t most_key_bytes = 256;

// Throws HttpFailure (401) where there is none, or what cannot be one: without a key warifud would look at
// who this process is, and that counts for nobody.
Secret bearer_key(std::string_view authorization);

// Whether it could be a token or an id of ours: letters, digits, "-", "_", "." and "~", at most 128 of them.
bool is_opaque_id(std::string_view text) noexcept;

}  // namespace warifu::gateway
