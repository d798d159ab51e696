#include "tests/unit/store/made_store.h"

#include <sqlite3.h>

#include <future>
#include <utility>

namespace warifu::testing {

CommitOutcome commit(Store& store, Change change) {
    std::promise<CommitOutcome> promise;
    store.commit(std::move(change), [&](CommitOutcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
}

Record load(Store& store, const RecordKey& key) {
    return store.load({key}).at(0);
}

std::uint64_t number_in(Store& store, const RecordKey& key) {
    const Record record = load(store, key);
    return record.version == 0 ? 0 : std::stoull(record.document);
}

bool increment(Store& store, const RecordKey& key) {
    while (true) {
        const Record record = load(store, key);
        const std::uint64_t number = record.version == 0 ? 0 : std::stoull(record.document);
        const CommitOutcome outcome = commit(
            store, {.key = key, .expected_version = record.version, .document = std::to_string(number + 1)});
        if (outcome.result != CommitResult::conflict) return outcome.result == CommitResult::committed;
    }
}

std::string integrity_of(const std::string& database) {
    sqlite3* opened = nullptr;
    std::string answer;
    if (sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK)
        sqlite3_exec(
            opened, "PRAGMA integrity_check",
            [](void* text, int, char** values, char**) {
                *static_cast<std::string*>(text) += values[0];
                return 0;
            },
            &answer, nullptr);
    sqlite3_close(opened);
    return answer;
}

}  // namespace warifu::testing
