#include "enroll_tool/screens/saved_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error/error.h"
#include "ipc/client/descriptor.h"

namespace warifu::screens {

namespace {

constexpr int most_names = 99;

[[noreturn]] void fail(const std::string& path) {
    throw Unavailable(path + " cannot be written: " + std::strerror(errno));
}

bool write_whole(int file, std::string_view rest) noexcept {
    while (!rest.empty()) {
        const ssize_t written = write(file, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(file) == 0;
}

std::string name_of(const std::string& stem, const std::string& ending, int number) {
    return stem + (number == 1 ? "" : "-" + std::to_string(number)) + ending;
}

}  // namespace

std::string save_file(const std::string& directory, const std::string& stem, const std::string& ending,
                      std::string_view content) {
    const ipc::Descriptor folder(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) fail(directory);
    for (int number = 1; number <= most_names; ++number) {
        const std::string name = name_of(stem, ending, number), path = directory + "/" + name;
        const ipc::Descriptor file(openat(folder.number(), name.c_str(),
                                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (file.number() < 0 && errno == EEXIST) continue;
        if (file.number() < 0) fail(path);
        if (fchmod(file.number(), 0600) == 0 && write_whole(file.number(), content)) return path;
        const int why = errno;
        unlinkat(folder.number(), name.c_str(), 0);
        errno = why;
        fail(path);
    }
    throw Unavailable(directory + " holds too many files named " + name_of(stem, ending, 1) +
                      ": remove them");
}

}  // namespace warifu::screens
