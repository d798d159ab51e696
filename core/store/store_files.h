// Making a store and its key, and opening them. Both bear the store's id: a key without its store, a store
// without its key or with another's is never taken for a fresh start.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/seal/store_key.h"
#include "core/store/sqlite_store.h"

namespace warifu {

inline constexpr std::size_t decoy_records = 1'024;
inline constexpr const char* decoy_realm = "decoy";

// Makes the store in `directory` (itself made, 0700, where it is missing) and its key in `key_file`, and the
// decoys that attempts on nobody run on: for each number below decoy_records the credentials of
// Subject{decoy_realm, number}, with one TOTP authenticator and a recovery set that nobody has, as
// RecordKey{decoy_credentials, "", number}, and `decoy_state(number)` as RecordKey{decoy_state, "", number}.
// Throws Conflict, saying what to do, where there is a store, a key, or what is left of either, and leaves it
// as it is; Unavailable where something cannot be made. Killed halfway, it can be run again.
void init_store(const std::string& directory, const std::string& key_file,
                const std::function<std::string(std::size_t number)>& decoy_state);

struct OpenedStore {
    std::unique_ptr<SqliteStore> store;
    std::optional<StoreKey> key;
    std::string key_missing;  // what to do, where there is no key: then only recovery codes can be verified
};

// Throws Unavailable, saying what to do, for anything but a store with its key, or a store whose key alone is
// missing.
OpenedStore open_store(const std::string& directory, const std::string& key_file);

}  // namespace warifu
