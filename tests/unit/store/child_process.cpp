#include "tests/unit/store/child_process.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <utility>

namespace warifu::testing {

namespace {

int run_and_report(const std::function<int()>& run) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // the parent may crash
    try {
        return run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "child: %s\n", error.what());
        return 99;
    }
}

}  // namespace

ChildProcess::ChildProcess(const std::function<int()>& run) : pid_(::fork()) {
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) ::_exit(run_and_report(run));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
}

ChildProcess::~ChildProcess() {
    if (pid_ == 0) return;
    signal(SIGKILL);
    wait();
}

int ChildProcess::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void ChildProcess::stop() const {
    signal(SIGSTOP);
    int status = 0;
    while (::waitpid(pid_, &status, WUNTRACED) < 0 && errno == EINTR) {
    }
}

Pipe::Pipe() {
    if (::pipe(ends_) != 0) throw std::runtime_error("pipe");
}

Pipe::~Pipe() {
    ::close(ends_[0]);
    close_writing_end();
}

void Pipe::put(char byte) const {
    while (::write(ends_[1], &byte, 1) < 0 && errno == EINTR) {
    }
}

char Pipe::get() const {
    char byte = 0;
    while (::read(ends_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    return byte;
}

bool Pipe::ready() const {
    pollfd end{.fd = ends_[0], .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) == 1;
}

void Pipe::close_writing_end() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
}

}  // namespace warifu::testing
