#include "core/store/record_table.h"

#include <algorithm>
#include <limits>

#include "core/account/credentials.h"

namespace warifu {

namespace {

// A table with row numbers, its names in an index beside it: a row of 3,840 bytes then fits one leaf page
// whole, where an index page would take a quarter of it and chain the rest.
constexpr const char* schema =
    "CREATE TABLE records (kind INTEGER NOT NULL, realm TEXT NOT NULL, name TEXT NOT NULL,"
    " version INTEGER NOT NULL, document BLOB NOT NULL, PRIMARY KEY (kind, realm, name)) STRICT;"
    // One row: the highest version that a deleted record ever had.
    "CREATE TABLE versions (deleted INTEGER NOT NULL) STRICT;"
    "INSERT INTO versions VALUES (0);";

constexpr std::string_view load_sql =
    "SELECT version, document FROM records WHERE kind = ?1 AND realm = ?2 AND name = ?3";
constexpr std::string_view list_sql =
    "SELECT name FROM records WHERE kind = ?1 AND realm = ?2 AND name > ?3 ORDER BY name LIMIT ?4";
constexpr std::string_view insert_sql =
    "INSERT INTO records SELECT ?1, ?2, ?3, deleted + 1, ?4 FROM versions WHERE true"
    " ON CONFLICT DO NOTHING RETURNING version";
constexpr std::string_view update_sql =
    "UPDATE records SET version = ?5 + 1, document = ?4"
    " WHERE kind = ?1 AND realm = ?2 AND name = ?3 AND version = ?5";
constexpr std::string_view delete_sql =
    "DELETE FROM records WHERE kind = ?1 AND realm = ?2 AND name = ?3 AND version = ?4";
constexpr std::string_view remember_deleted_sql = "UPDATE versions SET deleted = max(deleted, ?1)";

void bind(Use& use, const RecordKey& key) {
    use->bind(1, static_cast<std::int64_t>(key.kind)).bind(2, key.realm).bind(3, key.name);
}

CommitOutcome committed(std::int64_t version) {
    return {.result = CommitResult::committed, .version = static_cast<std::uint64_t>(version), .reason = {}};
}

CommitOutcome conflict() {
    return {.result = CommitResult::conflict, .version = 0, .reason = {}};
}

bool within_bounds(const Change& change) noexcept {
    return change.key.realm.size() <= max_key_part_bytes && change.key.name.size() <= max_key_part_bytes &&
           (!change.document || change.document->size() <= max_document_bytes);
}

}  // namespace

void RecordTable::create(Connection& connection) {
    connection.run(schema);
}

RecordTable::RecordTable(const Connection& connection)
    : database_(connection.get()),
      load_(connection, load_sql),
      list_(connection, list_sql),
      insert_(connection, insert_sql),
      update_(connection, update_sql),
      delete_(connection, delete_sql),
      remember_deleted_(connection, remember_deleted_sql) {}

Record RecordTable::load(const RecordKey& key) {
    Use use(load_);
    bind(use, key);
    if (!use->step()) return {};
    return {.document = use->text(1), .version = static_cast<std::uint64_t>(use->integer(0))};
}

std::vector<std::string> RecordTable::list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                           std::size_t limit) {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    Use use(list_);
    use->bind(1, static_cast<std::int64_t>(kind)).bind(2, realm).bind(3, cursor);
    use->bind(4, static_cast<std::int64_t>(std::min(limit, most)));
    std::vector<std::string> names;
    while (use->step()) names.push_back(use->text(0));
    return names;
}

CommitOutcome RecordTable::apply(const Change& change) {
    if (!within_bounds(change))
        return {.result = CommitResult::unavailable,
                .version = 0,
                .reason = "a record larger than the store takes"};
    const auto expected = static_cast<std::int64_t>(change.expected_version);
    if (!change.document) return remove(change.key, expected);
    return expected == 0 ? insert(change.key, *change.document)
                         : update(change.key, expected, *change.document);
}

CommitOutcome RecordTable::insert(const RecordKey& key, std::string_view document) {
    Use use(insert_);
    bind(use, key);
    use->bind_bytes(4, document);
    if (!use->step()) return conflict();
    const std::int64_t version = use->integer(0);
    use->step();
    return committed(version);
}

CommitOutcome RecordTable::update(const RecordKey& key, std::int64_t expected, std::string_view document) {
    Use use(update_);
    bind(use, key);
    use->bind_bytes(4, document).bind(5, expected);
    use->step();
    return changed_one() ? committed(expected + 1) : conflict();
}

CommitOutcome RecordTable::remove(const RecordKey& key, std::int64_t expected) {
    if (expected == 0) return load(key).version == 0 ? committed(0) : conflict();
    Use use(delete_);
    bind(use, key);
    use->bind(4, expected);
    use->step();
    if (!changed_one()) return conflict();
    Use remember(remember_deleted_);
    remember->bind(1, expected);
    remember->step();
    return committed(0);
}

bool RecordTable::changed_one() const noexcept {
    return sqlite3_changes(database_) == 1;
}

}  // namespace warifu
