#include "enroll_tool/process_guard.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace warifu {

namespace {

bool is_closed(int descriptor) noexcept {
    return fcntl(descriptor, F_GETFD) < 0 && errno == EBADF;
}

// The lowest free number is the one that open() gives. A closed output becomes one that cannot be written, so
// that writing to it fails as it should.
void fill_standard_descriptors() noexcept {
    if (is_closed(STDIN_FILENO)) open("/dev/null", O_RDONLY);
    if (is_closed(STDOUT_FILENO)) open("/dev/null", O_RDONLY);
    if (is_closed(STDERR_FILENO)) open("/dev/null", O_WRONLY);
}

}  // namespace

void guard_process() noexcept {
    fill_standard_descriptors();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void release_signals() noexcept {
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
}

}  // namespace warifu
