#include "core/store/sqlite_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <future>
#include <map>
#include <random>

#include "core/account/credentials.h"
#include "tests/unit/store/made_store.h"

// fdatasync of this program and of the libraries in it, so that a test can let it fail.
namespace {
std::atomic<bool> syncing_fails = false;
}
extern "C" __attribute__((visibility("default"))) int fdatasync(int file) {
    if (syncing_fails) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

namespace warifu {
namespace {

using testing::commit;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::load;
using testing::MadeStore;
using testing::state_document;
using testing::state_of;

Change insertion(const RecordKey& key, std::string document) {
    return {.key = key, .expected_version = 0, .document = std::move(document)};
}

class SqliteStoreTest : public ::testing::Test {
  protected:
    std::uint64_t insert(const std::string& name, std::string document) {
        const CommitOutcome outcome = commit(store(), insertion(state_of(name), std::move(document)));
        EXPECT_EQ(outcome.result, CommitResult::committed) << outcome.reason;
        return outcome.version;
    }
    CommitResult update(const std::string& name, std::uint64_t version, std::string document) {
        return commit(store(),
                      {.key = state_of(name), .expected_version = version, .document = std::move(document)})
            .result;
    }
    CommitResult remove(const std::string& name, std::uint64_t version) {
        return commit(store(), {.key = state_of(name), .expected_version = version, .document = std::nullopt})
            .result;
    }
    SqliteStore& store() { return *opened_.store; }

    MadeStore made_;
    OpenedStore opened_ = made_.open();
};

TEST_F(SqliteStoreTest, WhatWasCommittedIsLoaded) {
    EXPECT_EQ(load(store(), state_of("alice")).version, 0U);
    const std::uint64_t version = insert("alice", state_document('a'));
    EXPECT_GT(version, 0U);
    EXPECT_TRUE(load(store(), state_of("alice")).document == state_document('a'));
    EXPECT_EQ(load(store(), state_of("alice")).version, version);
    EXPECT_EQ(update("alice", version, std::string("\0b\xff", 3)), CommitResult::committed);
    EXPECT_EQ(load(store(), state_of("alice")).document, std::string("\0b\xff", 3));
    opened_ = made_.open();
    EXPECT_EQ(load(store(), state_of("alice")).document, std::string("\0b\xff", 3));
}

TEST_F(SqliteStoreTest, RecordsOfOtherKindsRealmsAndNamesAreOthers) {
    const std::vector<RecordKey> keys{
        {RecordKind::state, "host", "a"}, {RecordKind::credentials, "host", "a"},
        {RecordKind::state, "hos", "ta"}, {RecordKind::state, "", "hosta"},
        {RecordKind::state, "host", "A"}, {RecordKind::state, "host", std::string("a\0", 2)},
        {RecordKind::state, "host", ""}};
    for (std::size_t i = 0; i < keys.size(); ++i)
        ASSERT_EQ(commit(store(), insertion(keys[i], std::to_string(i))).result, CommitResult::committed);
    const std::vector<Record> records = store().load(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(records[i].document, std::to_string(i));
}

TEST_F(SqliteStoreTest, X15_OnlyTheVersionThatWasReadCanBeReplaced) {
    const std::uint64_t first = insert("alice", "1");
    EXPECT_EQ(commit(store(), insertion(state_of("alice"), "x")).result, CommitResult::conflict);
    EXPECT_EQ(update("alice", first + 1, "x"), CommitResult::conflict);
    EXPECT_EQ(update("alice", ~std::uint64_t{0}, "x"), CommitResult::conflict);
    EXPECT_EQ(update("alice", first, "2"), CommitResult::committed);
    EXPECT_EQ(update("alice", first, "x"), CommitResult::conflict);
    EXPECT_EQ(remove("alice", first), CommitResult::conflict);
    EXPECT_EQ(remove("alice", 0), CommitResult::conflict);
    EXPECT_EQ(load(store(), state_of("alice")).document, "2");
    EXPECT_EQ(update("nobody", 1, "x"), CommitResult::conflict);
    EXPECT_EQ(remove("nobody", 1), CommitResult::conflict);
    EXPECT_EQ(remove("nobody", 0), CommitResult::committed);
}

TEST_F(SqliteStoreTest, X18_ADeletedRecordsVersionsNeverMatchAgain) {
    std::uint64_t version = insert("alice", "spent");
    for (int i = 0; i < 5; ++i) ASSERT_EQ(update("alice", version++, "spent"), CommitResult::committed);
    const std::uint64_t last = version;
    ASSERT_EQ(remove("alice", last), CommitResult::committed);
    opened_ = made_.open();
    EXPECT_GT(insert("alice", "new"), last);
    for (std::uint64_t old = 1; old <= last; ++old)
        EXPECT_EQ(update("alice", old, "x"), CommitResult::conflict);
    EXPECT_EQ(load(store(), state_of("alice")).document, "new");
}

TEST_F(SqliteStoreTest, AnyRunOfChangesEndsAsAMapWould) {
    std::mt19937_64 random(3);
    std::map<std::string, Record> model;
    std::map<std::string, std::uint64_t> highest;
    for (int round = 0; round < 3'000; ++round) {
        const std::string name(1, static_cast<char>('a' + random() % 5));
        Record& record = model[name];
        const std::uint64_t expected = random() % 4 != 0 ? record.version : random() % (highest[name] + 2);
        std::optional<std::string> document;
        if (random() % 3 != 0) document = std::to_string(random());
        const CommitOutcome outcome =
            commit(store(), {.key = state_of(name), .expected_version = expected, .document = document});
        ASSERT_EQ(outcome.result == CommitResult::committed, expected == record.version);
        if (outcome.result != CommitResult::committed) continue;
        if (document) {
            ASSERT_GT(outcome.version, highest[name]);
            highest[name] = outcome.version;
        }
        record = document ? Record{*document, outcome.version} : Record{};
    }
    for (const auto& [name, record] : model) {
        EXPECT_EQ(load(store(), state_of(name)).document, record.document);
        EXPECT_EQ(load(store(), state_of(name)).version, record.version);
    }
}

TEST_F(SqliteStoreTest, ListsNamesInByteOrderFromACursor) {
    for (const char* name : {"b", "a", "Z", "\xc3\xa9", "a\xff", "ab"}) insert(name, "x");
    ASSERT_EQ(commit(store(), insertion({RecordKind::state, "shop", "c"}, "x")).result,
              CommitResult::committed);
    EXPECT_THAT(store().list(RecordKind::state, "host", "", 100),
                ElementsAre("Z", "a", "ab", "a\xff", "b", "\xc3\xa9"));
    EXPECT_THAT(store().list(RecordKind::state, "host", "a", 2), ElementsAre("ab", "a\xff"));
    EXPECT_THAT(store().list(RecordKind::state, "host", "\xff", 2), ElementsAre());
    EXPECT_THAT(store().list(RecordKind::state, "host", "", 0), ElementsAre());
    EXPECT_EQ(store().list(RecordKind::state, "host", "", ~std::size_t{0}).size(), 6U);
}

TEST_F(SqliteStoreTest, ALoadSeesOneMoment) {
    std::uint64_t first = insert("first", "0"), second = insert("second", "0");
    std::atomic<bool> ended = false;
    std::thread writer([&] {
        for (int i = 1; i <= 1'000; ++i) {
            EXPECT_EQ(update("first", first++, std::to_string(i)), CommitResult::committed);
            EXPECT_EQ(update("second", second++, std::to_string(i)), CommitResult::committed);
        }
        ended = true;
    });
    while (!ended) {
        // Between the two are many others, so that a load which is not of one moment takes long enough to
        // show it.
        std::vector<RecordKey> keys(200, state_of("second"));
        keys.back() = state_of("first");
        const std::vector<Record> records = store().load(keys);
        const int ahead = std::stoi(records.back().document) - std::stoi(records.front().document);
        ASSERT_TRUE(ahead == 0 || ahead == 1) << ahead;
    }
    writer.join();
}

TEST_F(SqliteStoreTest, WhatIsTooLargeIsRefused) {
    const RecordKey long_name = state_of(std::string(max_key_part_bytes + 1, 'x'));
    const RecordKey long_realm{RecordKind::state, std::string(max_key_part_bytes + 1, 'x'), "a"};
    EXPECT_EQ(commit(store(), insertion(long_name, "x")).result, CommitResult::unavailable);
    EXPECT_EQ(commit(store(), insertion(long_realm, "x")).result, CommitResult::unavailable);
    const CommitOutcome large =
        commit(store(), insertion(state_of("a"), std::string(max_document_bytes + 1, 'x')));
    EXPECT_EQ(large.result, CommitResult::unavailable);
    EXPECT_THAT(large.reason, HasSubstr("larger"));
    insert(std::string(max_key_part_bytes, 'x'), std::string(max_document_bytes, 'y'));
}

TEST_F(SqliteStoreTest, AStateRecordLiesOnOneLeafPage) {
    for (int i = 0; i < 50; ++i) insert(std::string(150, 'n') + std::to_string(i), state_document('x'));
    Connection connection = Connection::open(made_.file("records.sqlite"));
    EXPECT_EQ(
        connection.number("SELECT count(*) FROM dbstat WHERE name = 'records' AND pagetype = 'overflow'"), 0);
    EXPECT_EQ(connection.number("PRAGMA page_size"), 4096);
}

// ---- the committing thread

// Holds the store's lock, as a commit of another process would.
class HeldLock {
  public:
    explicit HeldLock(const MadeStore& made)
        : lock_(Descriptor(::open(made.file("lock").c_str(), O_RDWR | O_CLOEXEC))) {
        EXPECT_TRUE(lock_.acquire(std::chrono::minutes(1)));
    }
    void release() noexcept { lock_.release(); }

  private:
    FairLock lock_;
};

// How many transactions the WAL holds since it was last begun anew: frames whose size field is set (SQLite's
// walformat.html, 1.2) and whose salt is the header's.
int transactions_in_wal(const std::string& path) {
    constexpr std::size_t header_bytes = 32, frame_bytes = 24 + 4096;
    const std::string wal = testing::content_of(path);
    int transactions = 0;
    for (std::size_t at = header_bytes; at + frame_bytes <= wal.size(); at += frame_bytes) {
        if (wal.compare(at + 8, 8, wal, 16, 8) != 0) break;
        if (wal.compare(at + 4, 4, std::string(4, '\0')) != 0) ++transactions;
    }
    return transactions;
}

TEST_F(SqliteStoreTest, X16_AllWhoWaitShareOneTransaction) {
    HeldLock held(made_);
    std::atomic<int> committed = 0, left = 50;
    std::promise<void> all;
    for (int i = 0; i < 50; ++i)
        store().commit(insertion(state_of("user" + std::to_string(i)), state_document('x')),
                       [&](CommitOutcome outcome) {
                           if (outcome.result == CommitResult::committed) ++committed;
                           if (--left == 0) all.set_value();
                       });
    EXPECT_EQ(left, 50);
    held.release();
    all.get_future().wait();
    EXPECT_EQ(committed, 50);
    EXPECT_EQ(transactions_in_wal(made_.file("records.sqlite-wal")), 1);
}

TEST_F(SqliteStoreTest, X15_OfManyChangesInOneTransactionOneIsFirst) {
    const std::uint64_t version = insert("alice", "0");
    HeldLock held(made_);
    std::atomic<int> committed = 0, conflicts = 0, left = 64;
    std::promise<void> all;
    for (int i = 0; i < 64; ++i)
        store().commit({.key = state_of("alice"), .expected_version = version, .document = std::to_string(i)},
                       [&](CommitOutcome outcome) {
                           if (outcome.result == CommitResult::committed) ++committed;
                           if (outcome.result == CommitResult::conflict) ++conflicts;
                           if (--left == 0) all.set_value();
                       });
    held.release();
    all.get_future().wait();
    EXPECT_EQ(committed, 1);
    EXPECT_EQ(conflicts, 63);
    EXPECT_EQ(load(store(), state_of("alice")).document, "0");
}

TEST_F(SqliteStoreTest, ACallbackMayCommitAgain) {
    std::promise<CommitOutcome> second;
    store().commit(insertion(state_of("a"), "1"), [&](CommitOutcome outcome) {
        store().commit({.key = state_of("a"), .expected_version = outcome.version, .document = "2"},
                       [&](CommitOutcome next) { second.set_value(std::move(next)); });
    });
    EXPECT_EQ(second.get_future().get().result, CommitResult::committed);
    EXPECT_EQ(load(store(), state_of("a")).document, "2");
}

TEST_F(SqliteStoreTest, WhatWaitsWhenTheStoreIsClosedIsFinished) {
    std::atomic<int> committed = 0;
    for (int i = 0; i < 600; ++i)
        store().commit(insertion(state_of(std::to_string(i)), "x"), [&](CommitOutcome outcome) {
            if (outcome.result == CommitResult::committed) ++committed;
        });
    opened_.store.reset();
    EXPECT_EQ(committed, 600);
    opened_ = made_.open();
    EXPECT_EQ(store().list(RecordKind::state, "host", "", 1'000).size(), 600U);
}

TEST_F(SqliteStoreTest, X33_AStuckProcessMakesTheStoreUnavailableForBoundedTimeAndNoLonger) {
    HeldLock held(made_);
    const CommitOutcome stuck = commit(store(), insertion(state_of("a"), "x"));
    EXPECT_EQ(stuck.result, CommitResult::unavailable);
    EXPECT_THAT(stuck.reason, HasSubstr("lock"));
    held.release();
    EXPECT_EQ(commit(store(), insertion(state_of("a"), "x")).result, CommitResult::committed);
}

TEST_F(SqliteStoreTest, X09_ACommitThatCouldNotBeSyncedIsNone) {
    const std::uint64_t version = insert("alice", "old");
    syncing_fails = true;
    const CommitOutcome failed =
        commit(store(), {.key = state_of("alice"), .expected_version = version, .document = "new"});
    syncing_fails = false;
    EXPECT_EQ(failed.result, CommitResult::unavailable);
    EXPECT_THAT(failed.reason, HasSubstr("disk I/O error"));
    EXPECT_EQ(load(store(), state_of("alice")).document, "old");
    EXPECT_EQ(update("alice", version, "new"), CommitResult::committed);
    opened_ = made_.open();
    EXPECT_EQ(load(store(), state_of("alice")).document, "new");
}

TEST_F(SqliteStoreTest, X35_AStoreThatWasDeletedCommitsNothing) {
    const std::uint64_t version = insert("alice", "1");
    ASSERT_EQ(std::rename(made_.file("records.sqlite").c_str(), (made_.base / "away").c_str()), 0);
    const CommitOutcome deleted =
        commit(store(), {.key = state_of("alice"), .expected_version = version, .document = "2"});
    EXPECT_EQ(deleted.result, CommitResult::unavailable);
    EXPECT_THAT(deleted.reason, HasSubstr("removed or replaced"));
    // Another one in its place is another one.
    testing::write_file(made_.file("records.sqlite"), "x");
    EXPECT_EQ(update("alice", version, "2"), CommitResult::unavailable);
    ASSERT_EQ(std::rename((made_.base / "away").c_str(), made_.file("records.sqlite").c_str()), 0);
    EXPECT_EQ(update("alice", version, "2"), CommitResult::committed);
}

TEST_F(SqliteStoreTest, X35_ADirectoryThatWasReplacedCommitsNothing) {
    const std::uint64_t version = insert("alice", "1");
    ASSERT_EQ(std::rename(made_.directory.c_str(), (made_.base / "away").c_str()), 0);
    ASSERT_EQ(::mkdir(made_.directory.c_str(), 0700), 0);
    EXPECT_EQ(update("alice", version, "2"), CommitResult::unavailable);
}

TEST_F(SqliteStoreTest, GivesASignOfLifeWhileItIsIdle) {
    for (int i = 0; i < 2; ++i) {
        const std::int64_t seen = store().last_alive();
        while (store().last_alive() == seen) ::sched_yield();
        EXPECT_GT(store().last_alive(), seen);
    }
}

TEST_F(SqliteStoreTest, TheWalNeitherGrowsNorShrinks) {
    struct stat before{}, after{};
    ASSERT_EQ(::stat(made_.file("records.sqlite-wal").c_str(), &before), 0);
    std::uint64_t version = insert("alice", state_document('a'));
    for (int i = 0; i < 2'000; ++i)
        ASSERT_EQ(update("alice", version++, state_document('b')), CommitResult::committed);
    // Neither do processes that live for one commit each.
    for (int i = 0; i < 60; ++i) {
        opened_ = made_.open();
        ASSERT_EQ(update("alice", version++, state_document('c')), CommitResult::committed);
        EXPECT_LT(transactions_in_wal(made_.file("records.sqlite-wal")), 40);
    }
    opened_.store.reset();
    ASSERT_EQ(::stat(made_.file("records.sqlite-wal").c_str(), &after), 0);
    EXPECT_EQ(after.st_size, before.st_size);
    EXPECT_EQ(after.st_blocks, before.st_blocks);
    ASSERT_EQ(::stat(made_.file("records.sqlite-shm").c_str(), &after), 0);
    EXPECT_EQ(after.st_size, 32 * 1024);
    EXPECT_EQ(testing::integrity_of(made_.file("records.sqlite")), "ok");
}

}  // namespace
}  // namespace warifu
