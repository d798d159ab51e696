#include "ipc/wire/message.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <cerrno>
#include <cstring>

namespace warifu::wire {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t nanoseconds_per_millisecond = 1'000'000;

std::int64_t monotonic_now() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * nanoseconds_per_second + now.tv_nsec;
}

// 0 when `fd` is ready or has failed, which the next call on it tells; or -errno.
int wait_for(int fd, short events, Deadline deadline) noexcept {
    for (;;) {
        pollfd entry{fd, events, 0};
        int const ready = poll(&entry, 1, deadline.remaining());
        if (ready > 0) return 0;
        if (ready == 0) return -ETIMEDOUT;
        if (errno != EINTR) return -errno;
    }
}

}  // namespace

Deadline Deadline::after(int milliseconds) noexcept {
    return Deadline(monotonic_now() + milliseconds * nanoseconds_per_millisecond);
}

int Deadline::remaining() const noexcept {
    std::int64_t const left = at_ - monotonic_now();
    if (left <= 0) return 0;
    // Rounded up, so that a wait of what remains never ends before the deadline.
    return static_cast<int>((left + nanoseconds_per_millisecond - 1) / nanoseconds_per_millisecond);
}

int send_message(int fd, const char* message, std::size_t size, Deadline deadline) noexcept {
    std::size_t sent = 0;
    while (sent < size) {
        ssize_t const n = send(fd, message + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0) {
            sent += static_cast<std::size_t>(n);
            continue;
        }
        if (errno == EINTR) continue;
        int failed = -errno;
        if (failed == -EAGAIN) failed = wait_for(fd, POLLOUT, deadline);
        if (failed == 0) continue;
        return failed != -ETIMEDOUT && sent > 0 ? -EIO : failed;
    }
    return 0;
}

// The message that begins the buffer, if it is there whole: its length, or -EAGAIN.
int Inbox::take(const char** message) noexcept {
    const void* const end = std::memchr(buffer_, '\0', used_);
    if (end == nullptr) return -EAGAIN;
    auto const length = static_cast<std::size_t>(static_cast<const char*>(end) - buffer_);
    taken_ = length + 1;
    *message = buffer_;
    return static_cast<int>(length);
}

int Inbox::receive(int fd, Deadline deadline, const char** message) noexcept {
    std::memmove(buffer_, buffer_ + taken_, used_ - taken_);
    used_ -= taken_;
    taken_ = 0;
    for (;;) {
        if (int const length = take(message); length >= 0) return length;
        if (used_ == capacity_) return -EMSGSIZE;
        ssize_t const n = recv(fd, buffer_ + used_, capacity_ - used_, MSG_DONTWAIT);
        if (n > 0) {
            used_ += static_cast<std::size_t>(n);
        } else if (n == 0) {
            return -ECONNRESET;
        } else if (errno == EAGAIN) {
            if (int const failed = wait_for(fd, POLLIN, deadline); failed != 0) return failed;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
}

}  // namespace warifu::wire
