#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "core/config/config.h"
#include "core/error/error.h"

namespace warifu {

namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    int get() const noexcept { return fd_; }

  private:
    int fd_;
};

// strerror is not safe among threads; this is.
std::string error_text(int error) {
    return std::generic_category().message(error);
}

void check_owner_and_mode(int fd, const std::string& path) {
    struct stat status{};
    if (::fstat(fd, &status) != 0) {
        throw Invalid(path, "cannot be examined: " + error_text(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        throw Invalid(path, "is not a regular file");
    }
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        throw Invalid(path, "belongs to uid " + std::to_string(status.st_uid) + "; chown it to root");
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        throw Invalid(path, "may be written by others than its owner; chmod go-w it");
    }
}

// One byte more than may be, at the most, so that parse_config sees that it is too large.
std::string read_whole(int fd, const std::string& path) {
    std::string text;
    std::array<char, 16 * 1024> part{};
    while (text.size() <= max_config_bytes) {
        const auto got = ::read(fd, part.data(), std::min(part.size(), max_config_bytes + 1 - text.size()));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            throw Invalid(path, "cannot be read: " + error_text(errno));
        }
        if (got == 0) {
            break;
        }
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
}

// nullopt: there is no such file. Throws Invalid for one that cannot be believed or read.
std::optional<std::string> read_judged(const std::string& path) {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (file.get() < 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        throw Invalid(path, errno == ELOOP ? "is a symbolic link; put the file itself there"
                                           : "cannot be opened: " + error_text(errno));
    }
    check_owner_and_mode(file.get(), path);
    return read_whole(file.get(), path);
}

std::system_error failed(const char* what) {
    return {errno, std::generic_category(), what};
}

void write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            throw failed("write");
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

// Takes the lock of the temporary file; false where another process holds it, or held it and has renamed it
// since.
bool lock_temporary(int directory, const std::string& name, int fd) {
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return false;
        }
        throw failed("lock");
    }
    struct stat by_fd{}, by_name{};
    if (::fstat(fd, &by_fd) != 0) {
        throw failed("stat");
    }
    if (!S_ISREG(by_fd.st_mode) || by_fd.st_uid != ::geteuid() || by_fd.st_nlink > 1) {
        errno = EEXIST;
        throw failed((name + " is not ours").c_str());
    }
    return ::fstatat(directory, name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
           by_name.st_dev == by_fd.st_dev && by_name.st_ino == by_fd.st_ino;
}

// Replaces `name` in `directory` whole or not at all. Several processes may do this at once (every sign-in
// without a daemon loads the configuration): the temporary file has one name, so that a process that was
// killed leaves at most one behind, and only who holds its lock while it bears that name writes or renames
// it.
void replace_file(int directory, const std::string& name, std::string_view text) {
    const std::string temporary = name + ".new";
    const Descriptor file(::openat(directory, temporary.c_str(),
                                   O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
    if (file.get() < 0) {
        throw failed("open");
    }
    if (!lock_temporary(directory, temporary, file.get())) {
        return;  // it is being written
    }
    if (::fchmod(file.get(), 0600) != 0 || ::ftruncate(file.get(), 0) != 0) {
        throw failed("truncate");
    }
    write_whole(file.get(), text);
    if (::fsync(file.get()) != 0) {
        throw failed("fsync");
    }
    if (::renameat(directory, temporary.c_str(), directory, name.c_str()) != 0) {
        throw failed("rename");
    }
    if (::fsync(directory) != 0) {
        throw failed("fsync of the directory");
    }
}

bool holds(const std::string& path, std::string_view text) {
    try {
        return read_judged(path) == text;
    } catch (const Invalid&) {
        return false;  // replaced
    }
}

void keep_copy(const std::string& text, const std::string& path, std::vector<std::string>& warnings) {
    if (path.empty() || holds(path, text)) {
        return;
    }
    const auto slash = path.rfind('/');
    const auto directory_path = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor directory(::open(directory_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    try {
        if (directory.get() < 0) {
            throw failed("open");
        }
        replace_file(directory.get(), path.substr(slash + 1), text);
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        // No store yet, or not ours to write: somebody else keeps the copy.
        if (code != ENOENT && code != EACCES && code != EPERM && code != EROFS) {
            warnings.push_back(path + ": the last good configuration is not kept: " + error.what());
        }
    }
}

// The file is not in force, for `problem`: the copy is, where there is one that is whole.
std::optional<LoadedConfig> load_copy(const std::string& path, const Invalid& problem) {
    const auto text = path.empty() ? std::nullopt : read_judged(path);
    if (!text) {
        return std::nullopt;
    }
    LoadedConfig loaded;
    loaded.config = parse_config(*text, path, &loaded.warnings);
    loaded.from_last_good = true;
    loaded.problem = problem.field + ": " + problem.what();
    return loaded;
}

LoadedConfig without_file(const std::string& path, const std::string& last_good) {
    const Invalid missing(path, "there is no such file");
    auto loaded = load_copy(last_good, missing);
    return loaded ? *std::move(loaded) : LoadedConfig{};
}

LoadedConfig instead_of(const Invalid& bad, const std::string& last_good) {
    if (last_good.empty()) {
        throw Invalid(bad.field, bad.what());
    }
    try {
        if (auto loaded = load_copy(last_good, bad)) {
            return *std::move(loaded);
        }
    } catch (const Invalid& copy) {
        throw Invalid(bad.field, std::string(bad.what()) + " (nor can the last good copy be used: " +
                                     copy.field + ": " + copy.what() + ")");
    }
    throw Invalid(bad.field,
                  std::string(bad.what()) + " (and there is no last good copy of this file to fall back on)");
}

}  // namespace

LoadedConfig load_config(const std::string& path, const std::string& last_good) {
    std::optional<std::string> text;
    LoadedConfig loaded;
    try {
        text = read_judged(path);
        if (text) {
            loaded.config = parse_config(*text, path, &loaded.warnings);
        }
    } catch (const Invalid& bad) {
        return instead_of(bad, last_good);
    }
    if (!text) {
        return without_file(path, last_good);
    }
    keep_copy(*text, last_good, loaded.warnings);
    return loaded;
}

}  // namespace warifu
