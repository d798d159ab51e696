#include "ipc/wire/connect.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ipc/wire/descriptor.h"

namespace warifu::wire {
namespace {

constexpr char run_directory[] = "/run/warifu";

bool default_path(const char* path) noexcept {
    return std::strcmp(path, root_socket) == 0 || std::strcmp(path, user_socket) == 0;
}

// Nobody but root may have put the socket where it is.
int check_run_directory() noexcept {
    struct stat info{};
    if (lstat(run_directory, &info) != 0) return -errno;
    bool const roots = S_ISDIR(info.st_mode) && info.st_uid == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    return roots ? 0 : -EPERM;
}

// Whoever called listen() was root.
int check_listener(int fd) noexcept {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -errno;
    return peer.uid == 0 ? 0 : -EPERM;
}

int connect_socket(int fd, const char* path) noexcept {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::size_t const length = std::strlen(path);
    if (length >= sizeof address.sun_path) return -ENAMETOOLONG;
    std::memcpy(address.sun_path, path, length);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -errno;
    return check_listener(fd);
}

}  // namespace

int connect_to(const char* path) noexcept {
    if (default_path(path)) {
        if (int const failed = check_run_directory(); failed != 0) return failed;
    }
    int const fd = above_standard(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd < 0) return fd;
    int const failed = connect_socket(fd, path);
    if (failed == 0) return fd;
    close(fd);
    return failed;
}

}  // namespace warifu::wire
