// A lock between processes that serves in the order of arrival, on a file of the store. SQLite's own waiting
// is a lottery in which some process loses for seconds.
//
// Who comes takes a ticket (a number in the file, under a byte locked for a moment), locks the byte of that
// number, waits for the byte before it, and then takes the main byte. All are locks of the open file
// description (F_OFD_SETLK): the kernel takes them back when a process dies, wherever it was, so a
// predecessor's death only means that its successor goes on at once. Order rests on the tickets, exclusion on
// the main byte alone. A process that is stopped in the line holds it up for `patience`; then its successor
// leaves the line and competes for the main byte.
#pragma once

#include <sys/types.h>

#include <chrono>

#include "core/source/descriptor.h"

namespace warifu {

class FairLock {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::duration patience = std::chrono::seconds(1);

    explicit FairLock(Descriptor file) noexcept : file_(std::move(file)) {}  // opened for reading and writing

    // Waits until the lock is held, or at most `limit`; false: it is not held. One thread at a time.
    bool acquire(Clock::duration limit);
    void release() noexcept;

  private:
    void stand_in_line(Clock::time_point deadline);
    bool lock_until(off_t byte, Clock::time_point deadline);
    bool try_lock(off_t byte, off_t length = 1) noexcept;
    void unlock(off_t byte) noexcept;
    off_t draw_ticket() noexcept;

    Descriptor file_;
};

}  // namespace warifu
