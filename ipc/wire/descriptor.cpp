#include "ipc/wire/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace warifu::wire {

int above_standard(int fd) noexcept {
    if (fd < 0) return -errno;
    if (fd > STDERR_FILENO) return fd;
    int const moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int const result = moved < 0 ? -errno : moved;
    close(fd);
    return result;
}

}  // namespace warifu::wire
