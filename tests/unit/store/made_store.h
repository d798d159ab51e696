// A store in a directory of its own, and the little that every test does with one.
#pragma once

#include <memory>
#include <string>

#include "core/store/store_files.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu::testing {

inline constexpr std::size_t state_bytes = 3840;

inline std::string state_document(char filling) {
    return std::string(state_bytes, filling);
}

inline RecordKey state_of(const std::string& name) {
    return {.kind = RecordKind::state, .realm = "host", .name = name};
}

struct MadeStore {
    TemporaryDirectory base;
    std::string directory = base / "store";
    std::string key_file = base / "secret.key";

    MadeStore() {
        init_store(directory, key_file, [](std::size_t) { return state_document('d'); });
    }
    OpenedStore open() const { return open_store(directory, key_file); }
    std::string file(const std::string& name) const { return directory + "/" + name; }
};

// commit, and wait for the outcome.
CommitOutcome commit(Store& store, Change change);

Record load(Store& store, const RecordKey& key);

// Adds one to the number in a record of text (absent: 0), again and again until nobody was faster. False: the
// store was unavailable.
bool increment(Store& store, const RecordKey& key);
std::uint64_t number_in(Store& store, const RecordKey& key);

// What PRAGMA integrity_check says: "ok".
std::string integrity_of(const std::string& database);

}  // namespace warifu::testing
