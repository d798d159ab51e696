// The key that signs what warifud says to others (Ed25519, RFC 8032), derived from the store's key: whoever
// has one has the other, and no second file has to be kept.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/seal/store_key.h"

struct evp_pkey_st;

namespace warifu {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

class SigningKey {
  public:
    explicit SigningKey(const StoreKey& key);  // throws Unavailable
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    std::string sign(std::string_view text) const;  // 64 bytes; throws Unavailable
    std::string public_pem() const;                 // SubjectPublicKeyInfo
    std::string id() const;                         // the first 16 hex digits of the public key's SHA-256

  private:
    std::string public_bytes() const;
    evp_pkey_st* key_ = nullptr;
};

}  // namespace warifu
