#include "core/store/store_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "core/error/error.h"
#include "core/source/owned_file.h"

namespace warifu {

namespace {

constexpr const char* wal = "records.sqlite-wal";
constexpr const char* shm = "records.sqlite-shm";

// A batch writes at most about 2 MiB of frames, and a reader may hold back one checkpoint.
constexpr off_t wal_bytes = 4 * 1024 * 1024;
constexpr off_t shm_bytes = 32 * 1024;  // indexes 4,062 frames, more than fit into wal_bytes

bool same_file(const struct stat& a, const struct stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// A slash at the end would make open() follow a link.
std::string without_trailing_slashes(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

std::string real_path_of(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
    if (!resolved) refuse_by_errno(path);
    return resolved.get();
}

}  // namespace

StoreDirectory::StoreDirectory(const std::string& path)
    : directory_(
          ::open(without_trailing_slashes(path).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
    if (!directory_ && errno == ENOTDIR) throw Unavailable(path + ": is not a directory, or a symbolic link");
    struct stat opened{}, found{};
    if (!directory_ || ::fstat(directory_.get(), &opened) != 0) refuse_by_errno(path);
    if (opened.st_uid != ::geteuid() || (opened.st_mode & 07777U) != 0700)
        throw Unavailable(path + ": must be uid " + std::to_string(::geteuid()) + "'s with mode 0700");
    // SQLite wants a path without a link in it.
    real_path_ = real_path_of(path);
    if (::lstat(real_path_.c_str(), &found) != 0 || !same_file(opened, found))
        throw Unavailable(path + ": changed while it was opened");
}

bool StoreDirectory::has(const char* name) const {
    struct stat status{};
    if (::fstatat(directory_.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
    if (errno != ENOENT) refuse_by_errno(path_of(name));
    return false;
}

void StoreDirectory::sync() const {
    if (::fsync(directory_.get()) != 0) refuse_by_errno(real_path_);
}

Descriptor StoreDirectory::open_lock() const {
    Descriptor file = open_or_make(lock);
    struct stat status{};
    if (!file || ::fstat(file.get(), &status) != 0) refuse_by_errno(path_of(lock));
    judge_owned_file(status, ::geteuid(), path_of(lock));
    return file;
}

void StoreDirectory::prepare_files() {
    judge(database);
    prepare(wal, wal_bytes);
    prepare(shm, shm_bytes);
    if (::fstatat(directory_.get(), database, &prepared_, AT_SYMLINK_NOFOLLOW) != 0)
        refuse_by_errno(path_of(database));
}

bool StoreDirectory::unchanged() const noexcept {
    struct stat now{};
    return ::lstat(path_of(database).c_str(), &now) == 0 && same_file(now, prepared_);
}

Descriptor StoreDirectory::open_or_make(const char* name) const noexcept {
    constexpr int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    Descriptor file(::openat(directory_.get(), name, flags));
    if (file || errno != ENOENT) return file;
    Descriptor made(::openat(directory_.get(), name, flags | O_CREAT | O_EXCL, 0600));
    if (made) {
        ::fchmod(made.get(), 0600);  // whatever the umask was
        return made;
    }
    return Descriptor(::openat(directory_.get(), name, flags));  // somebody else made it meanwhile
}

// O_PATH: closing any other descriptor of the file would give up this process's POSIX locks on it, SQLite's.
void StoreDirectory::judge(const char* name) const {
    const Descriptor file(::openat(directory_.get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (!file || ::fstat(file.get(), &status) != 0) refuse_by_errno(path_of(name));
    judge_owned_file(status, ::geteuid(), path_of(name));
}

// fallocate writes nothing: harmless to a file that others use at this moment. Where there is no room, or the
// file system has no such call, the store works as long as SQLite finds room itself.
void StoreDirectory::prepare(const char* name, off_t bytes) const {
    struct stat status{};
    const bool found = ::fstatat(directory_.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (found) judge(name);
    if (found && status.st_size >= bytes && status.st_blocks * 512 >= bytes) return;
    const Descriptor file = open_or_make(name);
    if (!file) refuse_by_errno(path_of(name));
    ::fallocate(file.get(), 0, 0, bytes);
    if (!found) sync();  // SQLite's own sync of the directory is switched off (connection.cpp)
}

}  // namespace warifu
