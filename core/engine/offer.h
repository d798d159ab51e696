// The key on offer to a subject: one at a time, tied to the source it was made for, with a memory of who else
// was offered one in the last day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/credentials.h"
#include "core/seal/store_key.h"
#include "core/store/store.h"

namespace warifu {

inline constexpr std::int64_t offer_history_seconds = 86'400;
inline constexpr std::size_t offer_history_most = 16;

struct OfferNote {
    std::string source;
    std::int64_t made = 0;
};

struct Offer {
    std::optional<Authenticator> pending;
    std::string source;  // where it is offered again
    std::string issuer;
    std::int64_t made = 0, expires = 0;  // Unix seconds
    int wrong = 0;                       // wrong confirmations
    std::vector<OfferNote> history;      // oldest first
};

RecordKey offer_key(const Subject& subject);
std::string encode_offer(const Subject& subject, const Offer& offer, const StoreKey& key);
// Throws Unavailable for a document that is damaged or another subject's.
Offer decode_offer(std::string_view document, const Subject& subject, const StoreKey& key);

}  // namespace warifu
