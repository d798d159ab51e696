#include "core/store/fair_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "tests/unit/store/child_process.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu {
namespace {

using testing::ChildProcess;
using testing::Pipe;

constexpr FairLock::Clock::duration ample = std::chrono::minutes(1);

class FairLockTest : public ::testing::Test {
  protected:
    Descriptor open_file() const {
        return Descriptor(::open((directory_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }
    FairLock a_lock() const { return FairLock(open_file()); }

    std::uint64_t tickets_drawn() const {
        std::uint64_t number = 0;
        const Descriptor file = open_file();
        return ::pread(file.get(), &number, sizeof number, 0) == sizeof number ? number : 0;
    }

    // A process that stands in the line, gets the lock, says `name`, and lets it go. Returns once it is in
    // the line.
    ChildProcess waiter(char name, const Pipe& said) const {
        const std::uint64_t before = tickets_drawn();
        ChildProcess child([this, name, &said] {
            FairLock lock = a_lock();
            if (!lock.acquire(ample)) return 1;
            said.put(name);
            lock.release();
            return 0;
        });
        while (tickets_drawn() == before) ::sched_yield();
        return child;
    }

    testing::TemporaryDirectory directory_;
};

TEST_F(FairLockTest, ServesInTheOrderOfArrival) {
    FairLock lock = a_lock();
    ASSERT_TRUE(lock.acquire(ample));
    const Pipe said;
    std::vector<ChildProcess> children;
    for (char name = 'a'; name <= 'p'; ++name) children.push_back(waiter(name, said));
    EXPECT_FALSE(said.ready());
    lock.release();
    for (char name = 'a'; name <= 'p'; ++name) EXPECT_EQ(said.get(), name);
    for (ChildProcess& child : children) EXPECT_EQ(child.wait(), 0);
}

TEST_F(FairLockTest, X17_ADeathInTheLineIsNothingToTheOthers) {
    FairLock lock = a_lock();
    ASSERT_TRUE(lock.acquire(ample));
    const Pipe said;
    std::vector<ChildProcess> children;
    for (char name = 'a'; name <= 'h'; ++name) children.push_back(waiter(name, said));
    for (const std::size_t dying : {0U, 3U, 4U, 7U}) {
        children[dying].signal(SIGKILL);
        EXPECT_EQ(children[dying].wait(), 128 + SIGKILL);
    }
    EXPECT_FALSE(said.ready());
    lock.release();
    // b had no living predecessor, and so did f: they come when they come, c behind b, g behind f.
    std::string order;
    for (int i = 0; i < 4; ++i) order.push_back(said.get());
    EXPECT_LT(order.find('b'), order.find('c'));
    EXPECT_LT(order.find('f'), order.find('g'));
    for (const std::size_t living : {1U, 2U, 5U, 6U}) EXPECT_EQ(children[living].wait(), 0);
}

TEST_F(FairLockTest, X17_ADeadHolderHoldsNothing) {
    const Pipe held;
    ChildProcess holder([&] {
        FairLock lock = a_lock();
        if (!lock.acquire(ample)) return 1;
        held.put('h');
        ::pause();
        return 2;
    });
    ASSERT_EQ(held.get(), 'h');
    const Pipe said;
    ChildProcess next = waiter('n', said);
    EXPECT_FALSE(said.ready());
    holder.signal(SIGKILL);
    EXPECT_EQ(said.get(), 'n');
    EXPECT_EQ(next.wait(), 0);
}

TEST_F(FairLockTest, X33_AStoppedWaiterHoldsUpTheLineForItsPatienceAlone) {
    FairLock lock = a_lock();
    ASSERT_TRUE(lock.acquire(ample));
    const Pipe said;
    ChildProcess stopped = waiter('s', said);
    stopped.stop();
    ChildProcess behind = waiter('b', said), last = waiter('l', said);
    lock.release();
    const std::string order{said.get(), said.get()};
    EXPECT_TRUE(order == "bl" || order == "lb") << order;  // who lost patience has left the line
    EXPECT_EQ(behind.wait(), 0);
    EXPECT_EQ(last.wait(), 0);
    stopped.signal(SIGCONT);
    EXPECT_EQ(said.get(), 's');
    EXPECT_EQ(stopped.wait(), 0);
}

TEST_F(FairLockTest, X33_AStoppedHolderIsWaitedForUpToTheLimitAlone) {
    const Pipe held;
    ChildProcess holder([&] {
        FairLock lock = a_lock();
        if (!lock.acquire(ample)) return 1;
        held.put('h');
        ::pause();
        return 2;
    });
    ASSERT_EQ(held.get(), 'h');
    holder.stop();
    FairLock lock = a_lock();
    EXPECT_FALSE(lock.acquire(std::chrono::milliseconds(50)));
    EXPECT_FALSE(lock.acquire(std::chrono::milliseconds(1500)));  // beyond its patience
    holder.signal(SIGKILL);
    EXPECT_EQ(holder.wait(), 128 + SIGKILL);
    EXPECT_TRUE(lock.acquire(ample));
}

TEST_F(FairLockTest, WorksWhateverTheFileSays) {
    const Descriptor file = open_file();
    const std::uint64_t odd = ~std::uint64_t{0};
    ASSERT_EQ(::pwrite(file.get(), &odd, sizeof odd, 0), static_cast<ssize_t>(sizeof odd));
    FairLock lock = a_lock();
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(lock.acquire(ample));
        FairLock other = a_lock();
        EXPECT_FALSE(other.acquire(std::chrono::milliseconds(10)));
        lock.release();
    }
    ASSERT_EQ(::ftruncate(file.get(), 0), 0);
    EXPECT_TRUE(lock.acquire(ample));
}

// Two processes in the lock at once would lose an addition that is none: read, yield, write.
TEST_F(FairLockTest, X17_NeverTwoAtOnceThoughProcessesDieInIt) {
    struct Shared {
        std::atomic<std::uint64_t> inside, met, rounds;
    };
    auto* shared = static_cast<Shared*>(
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(shared, MAP_FAILED);
    const auto worker = [&] {
        FairLock lock = a_lock();
        while (true) {
            if (!lock.acquire(ample)) return 1;
            shared->inside = static_cast<std::uint64_t>(::getpid());
            for (int i = 0; i < 20; ++i) ::sched_yield();
            if (shared->inside != static_cast<std::uint64_t>(::getpid())) ++shared->met;
            ++shared->rounds;
            lock.release();
        }
    };
    std::vector<ChildProcess> workers;
    for (int i = 0; i < 8; ++i) workers.emplace_back(worker);
    for (std::size_t kills = 0; kills < 60; ++kills) {
        const std::uint64_t seen = shared->rounds;
        while (shared->rounds < seen + 20) ::sched_yield();
        workers[kills % workers.size()].signal(SIGKILL);
        ASSERT_EQ(workers[kills % workers.size()].wait(), 128 + SIGKILL);
        workers[kills % workers.size()] = ChildProcess(worker);
    }
    EXPECT_EQ(shared->met, 0U);
    workers.clear();
    ::munmap(shared, sizeof(Shared));
}

}  // namespace
}  // namespace warifu
