// Child processes of a test. A child runs a function and ends with what it returns, without the parent's
// clean-up; an exception in it is printed and ends it with 99. A child that nobody waited for is killed.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <functional>

namespace warifu::testing {

class ChildProcess {
  public:
    explicit ChildProcess(const std::function<int()>& run);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    void signal(int number) const { ::kill(pid_, number); }
    // Waits for its end: its exit status, or 128 and the number of the signal that killed it.
    int wait();
    // Stops it (SIGSTOP) and waits until it is stopped.
    void stop() const;

  private:
    pid_t pid_ = 0;  // 0: waited for
};

// Both ends of a pipe between processes of a test.
class Pipe {
  public:
    Pipe();
    ~Pipe();
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void put(char byte) const;
    char get() const;  // '\0' at the end of the file
    bool ready() const;
    void close_writing_end();

  private:
    int ends_[2] = {-1, -1};
};

}  // namespace warifu::testing
