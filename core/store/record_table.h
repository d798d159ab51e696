// The table of records: what Store promises, as SQL on one connection, inside a transaction of the caller's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/store/connection.h"
#include "core/store/store.h"

namespace warifu {

inline constexpr std::size_t max_key_part_bytes = 256;  // a realm, a name

class RecordTable {
  public:
    static void create(Connection& connection);

    explicit RecordTable(const Connection& connection);  // which outlives it

    Record load(const RecordKey& key);
    std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                  std::size_t limit);

    // committed with the new version, conflict, or unavailable for a change out of bounds. Versions of one
    // record only rise, and a record made again starts above every version a deleted one ever had.
    CommitOutcome apply(const Change& change);

  private:
    CommitOutcome insert(const RecordKey& key, std::string_view document);
    CommitOutcome update(const RecordKey& key, std::int64_t expected, std::string_view document);
    CommitOutcome remove(const RecordKey& key, std::int64_t expected);
    bool changed_one() const noexcept;

    sqlite3* database_;
    Statement load_, list_, insert_, update_, delete_, remember_deleted_;
};

}  // namespace warifu
