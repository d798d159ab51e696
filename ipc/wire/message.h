// Varlink's framing over a socket: a message is JSON text that ends with a NUL. Bounded, with deadlines,
// without SIGPIPE. No C++ runtime, no allocation, no state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace warifu::wire {

// A moment on CLOCK_MONOTONIC, so that setting the clock neither hurries nor stalls anybody.
class Deadline {
  public:
    static Deadline after(int milliseconds) noexcept;
    int remaining() const noexcept;  // milliseconds, 0 once it has passed

  private:
    explicit Deadline(std::int64_t at) noexcept : at_(at) {}
    std::int64_t at_;  // nanoseconds
};

// Sends `size` bytes, the message's NUL among them, on a non-blocking socket. 0, or -errno: -ETIMEDOUT; -EIO
// when the connection ended with part of the message gone; any other value means that nothing of it went out.
int send_message(int fd, const char* message, std::size_t size, Deadline deadline) noexcept;

// What arrives on one socket, in a buffer of the caller's.
class Inbox {
  public:
    // Takes messages of up to `capacity` bytes, NUL included. The buffer outlives this.
    Inbox(char* buffer, std::size_t capacity) noexcept : buffer_(buffer), capacity_(capacity) {}

    // Waits for one message on a non-blocking socket, NUL-terminated at *message until the next call or
    // clear(). Returns its length without the NUL, or -errno: -ETIMEDOUT, -ECONNRESET (the other side is
    // gone), -EMSGSIZE (longer than the buffer; the connection is of no further use).
    int receive(int fd, Deadline deadline, const char** message) noexcept;

    // Forgets what is left of an earlier connection.
    void clear() noexcept { used_ = taken_ = 0; }

  private:
    int take(const char** message) noexcept;

    char* buffer_;
    std::size_t capacity_;
    std::size_t used_ = 0;   // bytes in the buffer
    std::size_t taken_ = 0;  // bytes at its beginning that the last message filled
};

}  // namespace warifu::wire
