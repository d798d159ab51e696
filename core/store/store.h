// load and commit: the one interface to what is kept. Every promise about concurrency rests on it: a commit
// names the version it was computed from and fails with `conflict` when somebody else was first. No commit
// spans two records.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

enum class RecordKind : std::uint8_t {
    credentials = 1,
    state = 2,
    offer = 3,
    audit = 4,
    decoy_credentials = 5,
    decoy_state = 6,
    switches = 7,
    uid_name = 8,
    client = 9,
    request = 10,
    desk = 11,
    device = 12,
    approver_rules = 13,
    shared_keys = 14,
    common_budget = 15
};

struct RecordKey {
    RecordKind kind = RecordKind::state;
    std::string realm;
    std::string name;  // a subject's name, an id, a decoy's number
    bool operator==(const RecordKey&) const = default;
};

struct Record {
    std::string document;
    std::uint64_t version = 0;  // 0: there is none
};

struct Change {
    RecordKey key;
    std::uint64_t expected_version = 0;   // 0: must not exist yet
    std::optional<std::string> document;  // nullopt: delete
};

enum class CommitResult { committed, conflict, unavailable };

struct CommitOutcome {
    CommitResult result = CommitResult::unavailable;
    std::uint64_t version = 0;  // of the record as it is now, when committed
    std::string reason;         // for the log, when unavailable
};

class Store {
  public:
    virtual ~Store() = default;

    // All of `keys` as they stood at one moment, in that order. Throws Unavailable.
    virtual std::vector<Record> load(const std::vector<RecordKey>& keys) = 0;

    // Calls `done` exactly once, from any thread, when the change is durable (fsynced), refused or failed.
    // Changes to different records that wait together share one transaction.
    virtual void commit(Change change, std::function<void(CommitOutcome)> done) = 0;

    // Names of a kind and realm in byte order, after `cursor`, at most `limit`. Throws Unavailable.
    virtual std::vector<std::string> list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                          std::size_t limit) = 0;
};

}  // namespace warifu
