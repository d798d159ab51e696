// A file descriptor that is closed once.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace warifu::integration {

// Throws std::system_error, named after `what`, if `result` says that a system call failed; else returns it.
template <typename T>
T checked(T result, const std::string& what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

class Descriptor {
  public:
    Descriptor() noexcept = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    int number() const noexcept { return number_; }
    void close() noexcept {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

  private:
    int number_ = -1;
};

// Stands for the process, this one or a child not waited for yet, and its namespaces; readable when it ended.
inline Descriptor pidfd_of(pid_t pid) {
    return Descriptor(static_cast<int>(checked(::syscall(SYS_pidfd_open, pid, 0), "pidfd_open")));
}

struct Pipe {
    Descriptor reader, writer;
};

inline Pipe make_pipe() {
    int ends[2];
    checked(::pipe2(ends, O_CLOEXEC), "pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace warifu::integration
