// The store's key: what seals secrets and keys the names under which state is kept.
// File format, one line: "warifu-key-1 STORE_ID KEY\n", STORE_ID 32 hex digits, KEY 64 hex digits,
// lower case.
// Separate keys for each use come from it by HKDF-SHA-256 (RFC 5869), info = the use's name.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/otp/otp.h"
#include "core/secret/secret.h"

namespace warifu {

// Names one authenticator within one subject's state: a copy of a secret is the same authenticator.
using Tag = std::array<std::uint8_t, 16>;

class StoreKey {
  public:
    static StoreKey generate();
    // Throws Unavailable (what is wrong, never the text) unless `text` is exactly the format above.
    static StoreKey parse(std::string_view text);
    Secret to_text() const;

    const std::string& store_id() const noexcept { return store_id_; }

    // AES-256-GCM, random 96-bit nonce: version byte, nonce, ciphertext, tag. `associated` is authenticated.
    std::string seal(std::span<const std::uint8_t> plain, std::string_view associated) const;
    // Throws Unavailable if the bytes were not sealed by this key with this `associated`.
    Secret unseal(std::string_view sealed, std::string_view associated) const;

    // HMAC-SHA-256 over realm, name, secret and parameters, cut to 16 bytes.
    Tag tag(std::string_view realm, std::string_view subject_name, const Secret& secret,
            const OtpParameters& parameters) const;
    // HMAC-SHA-256 of `text` for the named use, first 8 bytes as a number: choice of a decoy.
    std::uint64_t keyed_hash(std::string_view use, std::string_view text) const;

    // 32 bytes for a use of their own.
    Secret derived(std::string_view use) const;

  private:
    StoreKey(std::string store_id, Secret master);
    std::string store_id_;
    Secret master_, seal_key_, tag_key_, hash_key_;
};

// The associated data of a sealed secret: every field length-prefixed, so that no two sets of fields agree.
std::string associated_data(std::string_view store_id, std::string_view record_type, std::string_view realm,
                            std::string_view subject_name, std::string_view authenticator_id,
                            const OtpParameters& parameters);

}  // namespace warifu
