#include "core/store/committer.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/error/error.h"

namespace warifu {

namespace {

// Together they keep a batch well within the WAL's size (store_directory.cpp).
constexpr std::size_t max_batch_changes = 256;
constexpr std::size_t max_batch_bytes = 1024 * 1024;

constexpr int checkpoint_frames = 16;
constexpr std::int64_t page_bytes = 4096;
constexpr std::chrono::seconds idle_tick{1};
constexpr std::chrono::milliseconds begun_again{10};

CommitOutcome unavailable(const std::string& reason) {
    return {.result = CommitResult::unavailable, .version = 0, .reason = reason};
}

std::int64_t monotonic_seconds() noexcept {
    return std::chrono::duration_cast<std::chrono::seconds>(FairLock::Clock::now().time_since_epoch())
        .count();
}

std::size_t size_of(const Change& change) noexcept {
    return change.document ? change.document->size() : 0;
}

// Every signal is the main thread's.
class SignalsBlocked {
  public:
    SignalsBlocked() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

Committer::Writer::Writer(const std::string& path)
    : connection(Connection::open(path)),
      table(connection),
      transactions(connection, "BEGIN IMMEDIATE"),
      page_count(connection, "PRAGMA page_count") {
    connection.watch_wal(wal_frames);
    // Who opens a store that nobody had open knows nothing of earlier checkpoints. Without one now, processes
    // that live for one commit each would append to the WAL for ever.
    if (connection.frames_to_checkpoint() >= checkpoint_frames) connection.passive_checkpoint();
}

Committer::Committer(StoreDirectory directory)
    : directory_(std::move(directory)), lock_(directory_.open_lock()), last_alive_(monotonic_seconds()) {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { run(); });
}

Committer::~Committer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Committer::submit(Change change, std::function<void(CommitOutcome)> done) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({std::move(change), std::move(done)});
    }
    wake_.notify_one();
}

void Committer::run() noexcept {
    try {
        writer();  // while nobody waits for it
    } catch (const std::exception&) {
        writer_.reset();  // each batch tries again, and says why
    }
    while (wait_for_changes()) serve();
}

// False: it is time to end, and nothing waits.
bool Committer::wait_for_changes() {
    std::unique_lock lock(mutex_);
    const auto due = [this] { return !queue_.empty() || stopping_; };
    do {
        alive();
    } while (!wake_.wait_for(lock, idle_tick, due));
    alive();
    return !queue_.empty();
}

void Committer::serve() {
    const bool locked = lock_.acquire(lock_limit);
    alive();
    // Taken only now: whoever came while others held the lock goes along.
    const bool conflicted = serve_batch(locked);
    if (!locked) return;
    // Of many processes at one record each would lose against every one before it in the line, and go to its
    // end.
    if (conflicted && somebody_waits_within(begun_again)) serve_batch(locked);
    checkpoint_if_due();  // after the answers, but before others can write on: so it reaches the WAL's end
    lock_.release();
}

bool Committer::serve_batch(bool locked) {
    const std::deque<Waiting> batch = take_batch();
    const Outcomes outcomes =
        locked ? commit(batch)
               : Outcomes(batch.size(), unavailable("another process holds the store's lock"));
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(outcomes[i]);
    alive();
    return std::any_of(outcomes.begin(), outcomes.end(),
                       [](const CommitOutcome& outcome) { return outcome.result == CommitResult::conflict; });
}

bool Committer::somebody_waits_within(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, limit, [this] { return !queue_.empty() || stopping_; });
    return !queue_.empty();
}

std::deque<Committer::Waiting> Committer::take_batch() {
    const std::lock_guard lock(mutex_);
    std::deque<Waiting> batch;
    for (std::size_t bytes = 0;
         !queue_.empty() && batch.size() < max_batch_changes && bytes < max_batch_bytes;) {
        bytes += size_of(queue_.front().change);
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return batch;
}

Committer::Outcomes Committer::commit(const std::deque<Waiting>& batch) noexcept {
    try {
        return transact(batch.begin(), batch.end());
    } catch (const SqliteError& error) {
        // On a full disk a record that is new must not take along those that are only changed.
        if (error.out_of_space() && batch.size() > 1) return commit_each(batch);
        return Outcomes(batch.size(), unavailable(error.what()));
    } catch (const std::exception& error) {
        return Outcomes(batch.size(), unavailable(error.what()));
    }
}

Committer::Outcomes Committer::commit_each(const std::deque<Waiting>& batch) noexcept {
    Outcomes outcomes;
    for (auto change = batch.begin(); change != batch.end(); ++change) {
        try {
            outcomes.push_back(transact(change, change + 1).front());
        } catch (const std::exception& error) {
            outcomes.push_back(unavailable(error.what()));
        }
        alive();
    }
    return outcomes;
}

Committer::Outcomes Committer::transact(std::deque<Waiting>::const_iterator begin,
                                        std::deque<Waiting>::const_iterator end) {
    if (!directory_.unchanged())
        throw Unavailable(directory_.path_of(StoreDirectory::database) +
                          ": was removed or replaced, put it back or restart warifud");
    Outcomes outcomes;
    writer().transactions.run([&] {
        for (auto waiting = begin; waiting != end; ++waiting)
            outcomes.push_back(writer_->table.apply(waiting->change));
        reserve_room();
    });
    return outcomes;
}

Committer::Writer& Committer::writer() {
    if (!writer_) writer_.emplace(directory_.path_of(StoreDirectory::database));
    return *writer_;
}

// A page that the WAL holds and the database has no room for stops every checkpoint to come, and with them,
// once the WAL is full, every commit. So what makes the database grow is refused here, while it can be.
void Committer::reserve_room() {
    Use pages(writer_->page_count);
    pages->step();
    const std::int64_t needed = pages->integer(0) * page_bytes;
    if (needed <= writer_->reserved) return;
    writer_->connection.reserve(needed);
    writer_->reserved = needed;
}

void Committer::checkpoint_if_due() noexcept {
    if (!writer_ || writer_->wal_frames < checkpoint_frames) return;
    writer_->connection.passive_checkpoint();
    writer_->wal_frames = 0;
    alive();
}

void Committer::alive() noexcept {
    last_alive_.store(monotonic_seconds(), std::memory_order_relaxed);
}

}  // namespace warifu
