#include "core/store/sqlite_store.h"

#include <utility>

namespace warifu {

SqliteStore::SqliteStore(StoreDirectory directory, Connection reading)
    : reading_(std::move(reading)),
      table_(reading_),
      snapshots_(reading_, "BEGIN"),
      committer_(std::move(directory)) {}

std::vector<Record> SqliteStore::load(const std::vector<RecordKey>& keys) {
    std::vector<Record> records;
    records.reserve(keys.size());
    snapshots_.run([&] {
        for (const RecordKey& key : keys) records.push_back(table_.load(key));
    });
    return records;
}

void SqliteStore::commit(Change change, std::function<void(CommitOutcome)> done) {
    committer_.submit(std::move(change), std::move(done));
}

std::vector<std::string> SqliteStore::list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                           std::size_t limit) {
    return table_.list(kind, realm, cursor, limit);
}

}  // namespace warifu
