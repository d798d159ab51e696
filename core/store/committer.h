// The one thread of a process that writes to the store, with a connection of its own. Whatever waits when it
// gets the lock between processes goes into one transaction, and hears of it after the COMMIT. After a
// conflict the lock is kept for a moment (10 ms at most), in which whoever begins again is sure to be in
// time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/store/connection.h"
#include "core/store/fair_lock.h"
#include "core/store/record_table.h"
#include "core/store/store.h"
#include "core/store/store_directory.h"

namespace warifu {

class Committer {
  public:
    // Between other processes' commits and an answer; beyond it the waiting changes are `unavailable`.
    static constexpr FairLock::Clock::duration lock_limit = std::chrono::seconds(4);

    // `directory` has been prepared. Starts the thread, with every signal blocked.
    explicit Committer(StoreDirectory directory);
    // Finishes what waits, then ends the thread.
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    // As Store::commit. `done` is called on the committing thread, where it must neither block nor throw.
    void submit(Change change, std::function<void(CommitOutcome)> done);

    // CLOCK_MONOTONIC seconds of the thread's last sign of life. Idle, it gives one every second; it may wait
    // lock_limit for other processes, and as long as the disk takes.
    std::int64_t last_alive() const noexcept { return last_alive_.load(std::memory_order_relaxed); }

  private:
    struct Waiting {
        Change change;
        std::function<void(CommitOutcome)> done;
    };
    // A connection with all that is prepared on it.
    struct Writer {
        explicit Writer(const std::string& path);
        Writer(const Writer&) = delete;
        Writer& operator=(const Writer&) = delete;
        Connection connection;
        RecordTable table;
        Transactions transactions;
        Statement page_count;
        std::int64_t reserved = 0;  // bytes of the database that surely have blocks
        int wal_frames = 0;
    };
    using Outcomes = std::vector<CommitOutcome>;

    void run() noexcept;
    bool wait_for_changes();
    void serve();
    bool serve_batch(bool locked);  // whether there was a conflict
    bool somebody_waits_within(std::chrono::milliseconds limit);
    std::deque<Waiting> take_batch();
    Outcomes commit(const std::deque<Waiting>& batch) noexcept;
    Outcomes commit_each(const std::deque<Waiting>& batch) noexcept;
    Outcomes transact(std::deque<Waiting>::const_iterator begin, std::deque<Waiting>::const_iterator end);
    Writer& writer();
    void reserve_room();
    void checkpoint_if_due() noexcept;
    void alive() noexcept;

    StoreDirectory directory_;
    FairLock lock_;
    std::optional<Writer> writer_;
    std::atomic<std::int64_t> last_alive_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;  // by mutex_
    bool stopping_ = false;      // by mutex_
    std::thread thread_;         // last: it uses all of the above
};

}  // namespace warifu
