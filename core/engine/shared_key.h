// A key that a group of accounts shares: one QR code and the same codes for all, each of which counts once
// for each person. It is for those alone who have no key of their own, and weaker than one: a colleague's
// code is one's own code, and whoever leaves takes the key along.
//
// All of a realm are one record, read with each sign-in. Once made it stays, also without a key in it: that
// somebody took them away is not the same as a store that lost them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/credentials.h"
#include "core/policy/policy.h"
#include "core/seal/store_key.h"
#include "core/store/store.h"

namespace warifu {

inline constexpr std::size_t most_shared_keys = 16;  // of one realm
inline constexpr std::size_t most_sharing = 64;      // groups, and users, that one key names
inline constexpr std::size_t most_shared_name = 32;  // bytes
inline constexpr std::int64_t most_rotate_seconds = 3'660 * INT64_C(86'400);
inline constexpr std::int64_t most_overlap_seconds = 90 * INT64_C(86'400);
inline constexpr std::int64_t usual_overlap_seconds = 7 * INT64_C(86'400);

struct SharedKey {
    std::string name;  // a-z 0-9 - _ and .
    std::vector<std::string> groups, users;
    bool everyone = false;
    std::string issuer;               // in the QR code; empty: the configured one
    std::int64_t rotate_seconds = 0;  // so long after the last replacement comes the next; 0: by hand alone
    std::int64_t overlap_seconds = usual_overlap_seconds;  // so long the replaced one still counts
    std::int64_t made = 0;                                 // Unix seconds: the newest generation
    std::int64_t old_until = 0;  // the one before counts until then; made + overlap, or 0: not
    std::string sealed;          // Credentials as to_sealed_json writes them: one or two, the newest last
};

// Throws Invalid, naming the field, for what no key may have.
void check_shared_key(const SharedKey& key);

RecordKey shared_keys_record(std::string_view realm);
RecordKey common_budget_record(std::string_view realm, std::string_view name);

std::string encode_shared_keys(const std::vector<SharedKey>& keys);
// "" is an empty list. Throws Unavailable for a document that is damaged or a newer Warifu's.
std::vector<SharedKey> decode_shared_keys(std::string_view document);

// The groups that any of them names, each once.
std::vector<std::string> group_names(const std::vector<SharedKey>& keys);

struct SharedChoice {
    const SharedKey* key = nullptr;
    // Not null: whether somebody is in this group could not be told, and its key may be meant. A group that
    // is not there tells nothing: its people are not to pass for want of it.
    const std::string* untold = nullptr;
};

// The key that somebody shares who has none: one that names the user goes before one for a group of theirs,
// that before one for everyone; among several the first by name.
SharedChoice choose(const std::vector<SharedKey>& keys, std::string_view user,
                    const Memberships& groups) noexcept;

// Under what name the generations are sealed: no subject's, since no realm has a '+'.
Subject sealed_as(std::string_view realm, const SharedKey& key);
// Whether the generation before the newest still counts. A replacement of after `now` has not happened.
bool old_counts(const SharedKey& key, std::int64_t now) noexcept;
// The generations that count, the newest last, as if they were the subject's own. Throws Unavailable.
Credentials shared_credentials(const SharedKey& key, const Subject& subject, const StoreKey* store_key,
                               std::int64_t now);
// Whether the schedule wants the next generation.
bool rotation_due(const SharedKey& key, std::int64_t now) noexcept;

}  // namespace warifu
