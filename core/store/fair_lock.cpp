#include "core/store/fair_lock.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>

namespace warifu {

namespace {

// Bytes of the file that are locked; the first eight also hold the next ticket's number.
constexpr off_t counter_byte = 0, main_byte = 1, first_ticket_byte = 16;
constexpr std::uint64_t ticket_mask = (std::uint64_t{1} << 40U) - 1;  // whatever the file says, an offset
constexpr int tries_before_waiting = 20;
constexpr std::size_t waiting_stack_bytes = 256 * 1024;

struct flock lock_of(short type, off_t byte, off_t length) noexcept {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = length;
    return lock;
}

struct Wait {
    int fd;
    off_t byte;
    bool locked = false;
};

void* wait_for_byte(void* argument) {
    auto* wait = static_cast<Wait*>(argument);
    struct flock lock = lock_of(F_WRLCK, wait->byte, 1);
    int result = -1;
    do {
        result = ::fcntl(wait->fd, F_OFD_SETLKW, &lock);
    } while (result != 0 && errno == EINTR);
    wait->locked = result == 0;
    return nullptr;
}

timespec on_monotonic_clock(FairLock::Clock::time_point when) noexcept {
    const auto since = when.time_since_epoch();  // libstdc++'s steady_clock is CLOCK_MONOTONIC
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    return {.tv_sec = static_cast<time_t>(seconds.count()),
            .tv_nsec = static_cast<long>(std::chrono::nanoseconds(since - seconds).count())};
}

bool start(pthread_t& thread, Wait& wait) {
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) return false;
    const bool started = ::pthread_attr_setstacksize(&attributes, waiting_stack_bytes) == 0 &&
                         ::pthread_create(&thread, &attributes, wait_for_byte, &wait) == 0;
    ::pthread_attr_destroy(&attributes);
    return started;
}

off_t byte_of(std::uint64_t ticket) noexcept {
    return first_ticket_byte + static_cast<off_t>(ticket & ticket_mask);
}

}  // namespace

bool FairLock::try_lock(off_t byte, off_t length) noexcept {
    struct flock lock = lock_of(F_WRLCK, byte, length);
    return ::fcntl(file_.get(), F_OFD_SETLK, &lock) == 0;
}

void FairLock::unlock(off_t byte) noexcept {
    struct flock lock = lock_of(F_UNLCK, byte, 1);
    ::fcntl(file_.get(), F_OFD_SETLK, &lock);
}

void FairLock::release() noexcept {
    struct flock lock = lock_of(F_UNLCK, 0, 0);  // main byte and ticket at once
    ::fcntl(file_.get(), F_OFD_SETLK, &lock);
}

// F_OFD_SETLKW knows no deadline, and a signal to end it would be the whole process's business: so a thread
// of its own waits, and is cancelled, which fcntl allows while it waits.
bool FairLock::lock_until(off_t byte, Clock::time_point deadline) {
    for (int i = 0; i < tries_before_waiting; ++i) {
        if (try_lock(byte)) return true;
        ::sched_yield();
    }
    Wait wait{.fd = file_.get(), .byte = byte};
    pthread_t thread{};
    if (!start(thread, wait)) return false;
    const timespec until = on_monotonic_clock(deadline);
    if (::pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &until) == 0) return wait.locked;
    ::pthread_cancel(thread);
    ::pthread_join(thread, nullptr);
    unlock(byte);  // it may have come at the last moment
    return false;
}

off_t FairLock::draw_ticket() noexcept {
    std::uint64_t next = 0;
    if (::pread(file_.get(), &next, sizeof next, 0) != sizeof next) next = 0;
    const std::uint64_t drawn = next++;
    // Where the number cannot be written, the next to come draws this one again: out of order, never
    // together.
    [[maybe_unused]] const ssize_t written = ::pwrite(file_.get(), &next, sizeof next, 0);
    return byte_of(drawn);
}

void FairLock::stand_in_line(Clock::time_point deadline) {
    if (!lock_until(counter_byte, deadline)) return;
    const off_t ticket = draw_ticket();
    const off_t before = ticket - 1;
    const bool first = try_lock(before, 2);  // nobody else wants the byte before one's own
    if (!first) try_lock(ticket);
    unlock(counter_byte);
    if (first) return;
    if (lock_until(before, deadline))
        unlock(before);
    else
        unlock(ticket);
}

bool FairLock::acquire(Clock::duration limit) {
    const Clock::time_point now = Clock::now();
    stand_in_line(now + std::min(limit, patience));
    if (lock_until(main_byte, now + limit)) return true;
    release();
    return false;
}

}  // namespace warifu
