// Many processes on one store, dying and stopped ones among them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <future>
#include <random>
#include <vector>

#include "core/store/fair_lock.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/made_store.h"

namespace warifu {
namespace {

using testing::ChildProcess;
using testing::MadeStore;
using testing::state_of;

// Numbers that processes share.
template <typename T>
class Shared {
  public:
    Shared()
        : value_(static_cast<T*>(
              ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
    ~Shared() { ::munmap(value_, sizeof(T)); }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    T* operator->() const noexcept { return value_; }

  private:
    T* value_;
};

TEST(StoreProcesses, X16_ThirtyTwoProcessesAtOnceAllCommit) {
    constexpr int processes = 32, commits = 25;
    const MadeStore made;
    struct Slowest {
        std::array<std::atomic<std::int64_t>, processes> microseconds;
    };
    const Shared<Slowest> slowest;
    std::vector<ChildProcess> children;
    for (std::size_t i = 0; i < processes; ++i)
        children.emplace_back([&, i] {
            const OpenedStore opened = made.open();
            for (int k = 0; k < commits; ++k) {
                const auto begun = std::chrono::steady_clock::now();
                if (!testing::increment(*opened.store, state_of("user" + std::to_string(i)))) return 1;
                const auto took = std::chrono::steady_clock::now() - begun;
                slowest->microseconds[i] =
                    std::max(slowest->microseconds[i].load(),
                             std::chrono::duration_cast<std::chrono::microseconds>(took).count());
            }
            return 0;
        });
    for (ChildProcess& child : children) EXPECT_EQ(child.wait(), 0);
    const OpenedStore opened = made.open();
    std::int64_t worst = 0;
    for (std::size_t i = 0; i < processes; ++i) {
        EXPECT_EQ(testing::number_in(*opened.store, state_of("user" + std::to_string(i))), commits);
        worst = std::max(worst, slowest->microseconds[i].load());
    }
    RecordProperty("slowest_commit_microseconds", std::to_string(worst));
    std::printf("slowest of %d commits: %.1f ms\n", processes * commits, static_cast<double>(worst) / 1000);
}

TEST(StoreProcesses, X15_EightProcessesOnOneRecordLoseNothing) {
    constexpr int processes = 8, additions = 100;
    const MadeStore made;
    std::vector<ChildProcess> children;
    for (int i = 0; i < processes; ++i)
        children.emplace_back([&] {
            const OpenedStore opened = made.open();
            for (int k = 0; k < additions; ++k)
                if (!testing::increment(*opened.store, state_of("everybody"))) return 1;
            return 0;
        });
    for (ChildProcess& child : children) EXPECT_EQ(child.wait(), 0);
    EXPECT_EQ(testing::number_in(*made.open().store, state_of("everybody")), processes * additions);
}

// Whoever comes too late and begins again at once is served before the next in the line, or it would be too
// late again.
TEST(StoreProcesses, X15_WhoCameTooLateIsInTimeAtTheSecondAttempt) {
    const MadeStore made;
    const OpenedStore late = made.open(), next = made.open();
    const RecordKey record = state_of("everybody");
    ASSERT_TRUE(testing::increment(*late.store, record));
    const std::uint64_t version = testing::load(*late.store, record).version;

    FairLock first(Descriptor(::open(made.file("lock").c_str(), O_RDWR | O_CLOEXEC)));
    ASSERT_TRUE(first.acquire(std::chrono::minutes(1)));
    const auto tickets = [&] {
        const Descriptor file(::open(made.file("lock").c_str(), O_RDONLY | O_CLOEXEC));
        std::uint64_t drawn = 0;
        EXPECT_EQ(::pread(file.get(), &drawn, sizeof drawn, 0), static_cast<ssize_t>(sizeof drawn));
        return drawn;
    };
    std::promise<CommitResult> second_attempt, other;
    const auto in_line = [&](Store& store, std::uint64_t expected, std::function<void(CommitOutcome)> done) {
        const std::uint64_t before = tickets();
        store.commit({record, expected, testing::state_document('n')}, std::move(done));
        while (tickets() == before) ::sched_yield();
    };
    in_line(*late.store, version - 1, [&](const CommitOutcome& outcome) {
        EXPECT_EQ(outcome.result, CommitResult::conflict);
        late.store->commit({record, version, testing::state_document('s')},
                           [&](const CommitOutcome& again) { second_attempt.set_value(again.result); });
    });
    in_line(*next.store, version, [&](const CommitOutcome& outcome) { other.set_value(outcome.result); });
    first.release();
    EXPECT_EQ(second_attempt.get_future().get(), CommitResult::committed);
    EXPECT_EQ(other.get_future().get(), CommitResult::conflict);
}

// Workers add to a common number and to one of their own until they are killed, wherever they are; what they
// were told is committed must be there afterwards.
TEST(StoreProcesses, X17_ProcessesKilledAnywhereBlockNobodyAndLoseNothing) {
    constexpr std::size_t workers = 6;
    constexpr int kills = 150;
    const MadeStore made;
    struct Acknowledged {
        std::atomic<std::uint64_t> together;
        std::array<std::atomic<std::uint64_t>, workers> own;
    };
    const Shared<Acknowledged> acknowledged;
    const auto worker = [&](std::size_t number) {
        return ChildProcess([&, number] {
            while (true) {
                // Opening and closing are moments to be killed at, too.
                const OpenedStore opened = made.open();
                for (int i = 0; i < 5; ++i) {
                    if (!testing::increment(*opened.store, state_of("together"))) return 1;
                    ++acknowledged->together;
                    if (!testing::increment(*opened.store, state_of(std::to_string(number)))) return 2;
                    ++acknowledged->own[number];
                }
            }
        });
    };
    std::vector<ChildProcess> children;
    for (std::size_t i = 0; i < workers; ++i) children.push_back(worker(i));
    std::mt19937_64 random(17);
    for (int i = 0; i < kills; ++i) {
        const std::uint64_t seen = acknowledged->together;
        while (acknowledged->together < seen + 3) ::sched_yield();
        for (std::uint64_t spin = random() % 200; spin > 0; --spin) ::sched_yield();
        const std::size_t victim = random() % workers;
        children[victim].signal(SIGKILL);
        ASSERT_EQ(children[victim].wait(), 128 + SIGKILL);
        children[victim] = worker(victim);
    }
    children.clear();
    const OpenedStore opened = made.open();
    EXPECT_TRUE(testing::increment(*opened.store, state_of("together")));
    EXPECT_GT(testing::number_in(*opened.store, state_of("together")), acknowledged->together);
    for (std::size_t i = 0; i < workers; ++i)
        EXPECT_GE(testing::number_in(*opened.store, state_of(std::to_string(i))), acknowledged->own[i]);
    EXPECT_EQ(testing::integrity_of(made.file("records.sqlite")), "ok");
}

TEST(StoreProcesses, X33_AProcessThatIsStoppedHoldsNobodyUpForLong) {
    const MadeStore made;
    const auto worker = [&] {
        const OpenedStore opened = made.open();
        while (testing::increment(*opened.store, state_of("stopped"))) {
        }
        return 1;
    };
    // Wherever it is stopped, at work or in the line, another one's commits go on once it is gone.
    for (int i = 0; i < 10; ++i) {
        ChildProcess stopped(worker);
        const OpenedStore opened = made.open();
        for (int k = 0; k < i; ++k) ASSERT_TRUE(testing::increment(*opened.store, state_of("other")));
        stopped.stop();
        const CommitResult while_stopped =
            testing::commit(*opened.store, {.key = state_of("new" + std::to_string(i)), .document = "x"})
                .result;
        EXPECT_TRUE(while_stopped == CommitResult::committed || while_stopped == CommitResult::unavailable);
        stopped.signal(SIGKILL);
        stopped.wait();
        EXPECT_TRUE(testing::increment(*opened.store, state_of("other")));
    }
}

}  // namespace
}  // namespace warifu
