// A compact JWS (RFC 7515) with EdDSA (RFC 8037), as warifud signs approved requests.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace warifu {

inline constexpr std::size_t max_jws_bytes = 64 * 1024;

// The claims, if `jws` was signed by the holder of this Ed25519 key (SubjectPublicKeyInfo, PEM). Throws
// Denied where it was not, Invalid with field "key" or "assertion" for what is neither.
nlohmann::json verified_claims(std::string_view jws, std::string_view public_pem);

}  // namespace warifu
