#include "core/source/owned_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "core/error/error.h"

namespace warifu {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
    throw Unavailable(path + ": " + problem);
}

const char* kind_of(mode_t mode) noexcept {
    switch (mode & S_IFMT) {
        case S_IFLNK:
            return "a symbolic link";
        case S_IFDIR:
            return "a directory";
        case S_IFIFO:
            return "a FIFO";
        case S_IFSOCK:
            return "a socket";
        case S_IFCHR:
        case S_IFBLK:
            return "a device";
        default:
            return "not a regular file";
    }
}

std::string octal(mode_t mode) {
    char text[8];
    std::snprintf(text, sizeof text, "%04o", mode & 07777U);
    return text;
}

// Why open() failed, where a look at the name tells more than errno does. What it says is for the log alone.
[[noreturn]] void refuse_unopened(int directory, const std::string& name, const std::string& path) {
    const int error = errno;
    struct stat status{};
    if ((error == ELOOP || error == ENXIO) &&
        ::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode))
        refuse(path, std::string("is ") + kind_of(status.st_mode));
    errno = error;
    refuse_by_errno(path);
}

std::size_t size_within_bounds(const Descriptor& file, const std::string& path) {
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) refuse_by_errno(path);
    if (status.st_size == 0) refuse(path, "is empty");
    if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > max_owned_file_bytes)
        refuse(path, "is larger than 64 KiB");
    return static_cast<std::size_t>(status.st_size);
}

// Up to bytes.size() bytes; fewer only at the end of the file.
std::size_t read_up_to(const Descriptor& file, std::span<std::uint8_t> bytes, const std::string& path) {
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
        if (got == 0) break;
        if (got > 0) have += static_cast<std::size_t>(got);
        if (got < 0 && errno != EINTR) refuse_by_errno(path);
    }
    return have;
}

}  // namespace

void refuse_by_errno(const std::string& path) {
    refuse(path, std::generic_category().message(errno));
}

void judge_owned_file(const struct stat& status, uid_t owner, const std::string& path) {
    if (!S_ISREG(status.st_mode)) refuse(path, std::string("is ") + kind_of(status.st_mode));
    if (status.st_uid != owner)
        refuse(path,
               "belongs to uid " + std::to_string(status.st_uid) + ", not to uid " + std::to_string(owner));
    if (status.st_nlink != 1) refuse(path, "has " + std::to_string(status.st_nlink) + " names (hard links)");
    const mode_t mode = status.st_mode & 07777U;
    if (mode != 0600 && mode != 0400) refuse(path, "has mode " + octal(mode) + ", must be 0600 or 0400");
}

std::optional<Descriptor> open_owned_file(int directory, const std::string& name, uid_t owner,
                                          const std::string& path) {
    Descriptor file(
        ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!file && errno == ENOENT) return std::nullopt;
    if (!file) refuse_unopened(directory, name, path);
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) refuse_by_errno(path);
    judge_owned_file(status, owner, path);
    return file;
}

Secret read_owned_file(const Descriptor& file, const std::string& path) {
    Secret content(size_within_bounds(file, path));
    std::uint8_t beyond = 0;
    if (read_up_to(file, content.writable(), path) != content.size() ||
        read_up_to(file, {&beyond, 1}, path) != 0)
        refuse(path, "changed while it was read");
    return content;
}

}  // namespace warifu
