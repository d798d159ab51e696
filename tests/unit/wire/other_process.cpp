#include "tests/unit/wire/other_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

namespace warifu::testing_support {
namespace {

constexpr int hang_milliseconds = 60'000;

[[noreturn]] void run_and_leave(const std::function<std::string()>& part, int out) {
    try {
        std::string const result = part();
        bool const written = write(out, result.data(), result.size()) == static_cast<ssize_t>(result.size());
        std::fflush(stdout);  // what failed
        _exit(written && !::testing::Test::HasFailure() ? 0 : 1);
    } catch (const std::exception& problem) {
        dprintf(STDERR_FILENO, "in the other process: %s\n", problem.what());
        _exit(2);
    }
}

std::string read_all(int fd) {
    std::string all;
    char part[4096];
    for (;;) {
        pollfd entry{fd, POLLIN, 0};
        if (poll(&entry, 1, hang_milliseconds) == 0) {
            ADD_FAILURE() << "the other process hangs";
            return all;
        }
        ssize_t const n = read(fd, part, sizeof part);
        if (n == 0) return all;
        if (n > 0) all.append(part, static_cast<std::size_t>(n));
    }
}

void check(bool done, const char* what) {
    if (!done) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

std::string in_other_process(const std::function<std::string()>& part) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
    pid_t const process = fork();
    if (process == 0) {
        close(ends[0]);
        run_and_leave(part, ends[1]);
    }
    close(ends[1]);
    std::string result = read_all(ends[0]);
    close(ends[0]);
    if (::testing::Test::HasFailure()) kill(process, SIGKILL);
    int status = 0;
    waitpid(process, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "it ended with status " << status;
    return result;
}

void make_own_run() {
    check(unshare(CLONE_NEWNS) == 0, "unshare");
    check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "making mounts private");
    check(mount("run", "/run", "tmpfs", 0, "mode=755") == 0, "mounting /run");
}

}  // namespace warifu::testing_support
