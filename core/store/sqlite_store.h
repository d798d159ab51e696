// The store in SQLite: a connection for reading, and a thread that commits.
#pragma once

#include "core/store/committer.h"
#include "core/store/record_table.h"
#include "core/store/store.h"
#include "core/store/store_directory.h"

namespace warifu {

// load() and list() are one thread's, any one at a time; commit() is every thread's. Not to be used after
// fork().
class SqliteStore final : public Store {
  public:
    // `reading` is open on the database of `directory`, which has been prepared. store_files.h makes both.
    SqliteStore(StoreDirectory directory, Connection reading);

    std::vector<Record> load(const std::vector<RecordKey>& keys) override;
    // `done` runs on the committing thread: it must neither block nor throw.
    void commit(Change change, std::function<void(CommitOutcome)> done) override;
    std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                  std::size_t limit) override;

    // As Committer::last_alive, for a watchdog.
    std::int64_t last_alive() const noexcept { return committer_.last_alive(); }

  private:
    Connection reading_;
    RecordTable table_;
    Transactions snapshots_;
    Committer committer_;
};

}  // namespace warifu
