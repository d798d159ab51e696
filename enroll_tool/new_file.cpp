#include "enroll_tool/new_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error/error.h"
#include "enroll_tool/output.h"

namespace warifu {

namespace {

std::string directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// ".NAME.5f0c…" would be too long for a long name: the random part alone.
std::string temporary_name() {
    std::array<unsigned char, 12> random{};
    if (getentropy(random.data(), random.size()) != 0)
        throw Unavailable(std::string("no random numbers: ") + std::strerror(errno));
    std::string name = ".warifu-";
    for (const unsigned char byte : random)
        name.append(1, "0123456789abcdef"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
    return name;
}

std::string path_of(const ipc::Descriptor& file) {
    return "/proc/self/fd/" + std::to_string(file.number());
}

// A file without a name, which nothing can be put in the place of and which a kill leaves nowhere; none where
// the file system has no such files, or /proc is not there to name it by later.
ipc::Descriptor file_without_name(const ipc::Descriptor& directory) {
    ipc::Descriptor file(openat(directory.number(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (file.number() >= 0 && access(path_of(file).c_str(), F_OK) == 0) return file;
    return ipc::Descriptor(-1);
}

}  // namespace

NewFile::NewFile(std::string path)
    : path_(std::move(path)),
      name_(path_.substr(path_.rfind('/') + 1)),
      directory_(open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      file_(-1) {
    if (name_.empty() || name_ == "." || name_ == "..")
        throw Invalid("--output", "--output: " + path_ + " names no file");
    if (directory_.number() < 0) fail();
    struct stat there{};
    if (fstatat(directory_.number(), name_.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0)
        throw Invalid("--output", "--output: " + path_ + " is there already, and no file is overwritten");
    file_ = file_without_name(directory_);
    if (file_.number() < 0) make_named();
    // Whatever the umask took away or the directory's default ACL gave.
    int error = fchmod(file_.number(), 0600) == 0 ? 0 : errno;
    if (error == 0) error = posix_fallocate(file_.number(), 0, largest_content);
    if (error != 0) {
        if (!temporary_name_.empty()) unlinkat(directory_.number(), temporary_name_.c_str(), 0);
        errno = error;
        fail();
    }
}

void NewFile::make_named() {
    std::string name = temporary_name();
    file_ = ipc::Descriptor(openat(directory_.number(), name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file_.number() < 0) fail();
    temporary_name_ = std::move(name);
}

NewFile::~NewFile() {
    if (!temporary_name_.empty()) unlinkat(directory_.number(), temporary_name_.c_str(), 0);
}

void NewFile::keep(std::string_view content) {
    write(content);
    if (ftruncate(file_.number(), static_cast<off_t>(content.size())) != 0) fail();
    if (fsync(file_.number()) != 0) fail();
    // A link, unlike a rename, never takes the place of what is there.
    const int failed =
        temporary_name_.empty()
            ? linkat(AT_FDCWD, path_of(file_).c_str(), directory_.number(), name_.c_str(), AT_SYMLINK_FOLLOW)
            : linkat(directory_.number(), temporary_name_.c_str(), directory_.number(), name_.c_str(), 0);
    if (failed != 0) {
        if (errno == EEXIST) throw Conflict(path_ + " was made by somebody else in the meantime");
        fail();
    }
    if (!temporary_name_.empty()) unlinkat(directory_.number(), temporary_name_.c_str(), 0);
    temporary_name_.clear();
    if (fsync(directory_.number()) != 0 && errno != EINVAL) fail();
}

void NewFile::write(std::string_view content) const {
    try {
        Output file(file_.number());
        file.text(content);
        file.flush();
    } catch (const OutputFailed& failed) {
        throw Unavailable(path_ + ": " + failed.what());
    }
}

void NewFile::fail() const {
    throw Unavailable(path_ + " cannot be written: " + std::strerror(errno));
}

}  // namespace warifu
