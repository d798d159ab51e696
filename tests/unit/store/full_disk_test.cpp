// The store on a small file system of its own, full to the last block, while somebody goes on filling it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <future>

#include "tests/unit/store/child_process.h"
#include "tests/unit/store/made_store.h"

namespace warifu {
namespace {

using testing::ChildProcess;
using testing::commit;
using testing::load;
using testing::state_document;
using testing::state_of;
using testing::TemporaryDirectory;

// Appends to a file whatever fits, down to single bytes, and goes on trying until it is killed.
int fill_for_ever(const std::string& path, const testing::Pipe& full) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::array<char, 65'536> bytes{};
    for (bool said = false;;) {
        for (std::size_t size = bytes.size(); size > 0; size /= 16)
            while (::write(file, bytes.data(), size) > 0) {
            }
        if (!said) full.put('f');
        said = true;
        ::sched_yield();
    }
}

#define REQUIRE(condition)                                    \
    do {                                                      \
        if (!(condition)) {                                   \
            std::fprintf(stderr, "not so: %s\n", #condition); \
            return 1;                                         \
        }                                                     \
    } while (false)

CommitResult replace(Store& store, const std::string& name, char filling) {
    const CommitOutcome outcome = commit(store, {.key = state_of(name),
                                                 .expected_version = load(store, state_of(name)).version,
                                                 .document = state_document(filling)});
    if (outcome.result != CommitResult::committed) std::fprintf(stderr, "%s\n", outcome.reason.c_str());
    return outcome.result;
}

CommitResult insert(Store& store, const std::string& name) {
    return commit(store, {.key = state_of(name), .expected_version = 0, .document = state_document('n')})
        .result;
}

// New records until there is no room for another one: however much was preallocated, it is few.
bool fills_up_with_records(Store& store) {
    for (int i = 0; i < 1'000; ++i)
        if (insert(store, "new" + std::to_string(i)) == CommitResult::unavailable) return true;
    return false;
}

// A new record and a known one that wait together: the one does not take the other along.
bool known_survives_new(Store& store) {
    std::promise<CommitResult> fresh, known;
    const std::uint64_t version = load(store, state_of("alice")).version;
    store.commit({.key = state_of("one too many"), .expected_version = 0, .document = state_document('n')},
                 [&](CommitOutcome outcome) { fresh.set_value(outcome.result); });
    store.commit({.key = state_of("alice"), .expected_version = version, .document = state_document('k')},
                 [&](CommitOutcome outcome) { known.set_value(outcome.result); });
    return fresh.get_future().get() == CommitResult::unavailable &&
           known.get_future().get() == CommitResult::committed;
}

// Runs in a process with a mount namespace of its own; `place` is the small file system.
int live_on_a_full_disk(const std::string& place) {
    const std::string directory = place + "/store", key = place + "/key";
    init_store(directory, key, [](std::size_t) { return state_document('d'); });
    REQUIRE(insert(*open_store(directory, key).store, "alice") == CommitResult::committed);

    const testing::Pipe full;
    ChildProcess filler([&] { return fill_for_ever(place + "/filler", full); });
    REQUIRE(full.get() == 'f');
    // Processes that live for one sign-in: each opens the store as the first one.
    for (int i = 0; i < 50; ++i) {
        const OpenedStore opened = open_store(directory, key);
        REQUIRE(replace(*opened.store, "alice", static_cast<char>('a' + i % 26)) == CommitResult::committed);
    }
    {
        const OpenedStore opened = open_store(directory, key);
        for (int i = 0; i < 100; ++i)
            REQUIRE(replace(*opened.store, "alice", static_cast<char>('a' + i % 26)) ==
                    CommitResult::committed);
        REQUIRE(fills_up_with_records(*opened.store));
        REQUIRE(known_survives_new(*opened.store));
        // For longer than the WAL is.
        for (int i = 0; i < 1'200; ++i) {
            insert(*opened.store, "nobody");
            REQUIRE(replace(*opened.store, "alice", static_cast<char>('a' + i % 26)) ==
                    CommitResult::committed);
        }
    }
    // Killed, and opened again.
    ChildProcess killed([&] {
        const OpenedStore opened = open_store(directory, key);
        replace(*opened.store, "alice", 'x');
        ::raise(SIGKILL);
        return 0;
    });
    REQUIRE(killed.wait() == 128 + SIGKILL);
    const OpenedStore opened = open_store(directory, key);
    REQUIRE(load(*opened.store, state_of("alice")).document == state_document('x'));
    REQUIRE(replace(*opened.store, "alice", 'y') == CommitResult::committed);
    filler.signal(SIGKILL);
    filler.wait();
    REQUIRE(testing::integrity_of(directory + "/records.sqlite") == "ok");
    // With room again, new records go in again.
    REQUIRE(::unlink((place + "/filler").c_str()) == 0);
    REQUIRE(insert(*opened.store, "one too many") == CommitResult::committed);
    return 0;
}

int in_own_mount_namespace(const std::function<int()>& run) {
    return ChildProcess([&] {
               REQUIRE(::unshare(CLONE_NEWNS) == 0);
               REQUIRE(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
               return run();
           })
        .wait();
}

TEST(FullDisk, X24_OnExt4KnownRecordsAreCommittedAllTheSame) {
    const TemporaryDirectory base;
    const std::string image = base / "image", place = base / "place";
    ASSERT_EQ(::mkdir(place.c_str(), 0700), 0);
    EXPECT_EQ(in_own_mount_namespace([&] {
                  // No blocks are reserved for root: root's log fills a disk, too.
                  const std::string make = "truncate -s 48M " + image + " && mkfs.ext4 -q -m 0 " + image +
                                           " && mount -o loop " + image + " " + place;
                  REQUIRE(std::system(make.c_str()) == 0);
                  const int result = live_on_a_full_disk(place);
                  ::umount2(place.c_str(), MNT_DETACH);
                  return result;
              }),
              0);
}

TEST(FullDisk, X24_OnTmpfsKnownRecordsAreCommittedAllTheSame) {
    const TemporaryDirectory base;
    EXPECT_EQ(in_own_mount_namespace([&] {
                  REQUIRE(::mount("tmpfs", base.path().c_str(), "tmpfs", 0, "size=32m") == 0);
                  return live_on_a_full_disk(base.path());
              }),
              0);
}

TEST(FullDisk, X25_InitOnAFullDiskLeavesNothingThatCouldBeTakenForAStore) {
    const TemporaryDirectory base;
    EXPECT_EQ(in_own_mount_namespace([&] {
                  const std::string directory = base / "store", key = base / "key";
                  for (const char* size : {"size=64k", "size=1m", "size=4m", "size=7m"}) {
                      REQUIRE(::mount("tmpfs", base.path().c_str(), "tmpfs", 0, size) == 0);
                      bool failed = false;
                      try {
                          init_store(directory, key, [](std::size_t) { return state_document('d'); });
                      } catch (const Unavailable&) {
                          failed = true;
                      }
                      REQUIRE(failed);
                      REQUIRE(::access(key.c_str(), F_OK) != 0);
                      REQUIRE(::mount("tmpfs", base.path().c_str(), nullptr, MS_REMOUNT, "size=64m") == 0);
                      init_store(directory, key, [](std::size_t) { return state_document('d'); });
                      REQUIRE(insert(*open_store(directory, key).store, "alice") == CommitResult::committed);
                      REQUIRE(::umount(base.path().c_str()) == 0);
                  }
                  return 0;
              }),
              0);
}

}  // namespace
}  // namespace warifu
