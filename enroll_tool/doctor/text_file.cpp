#include "enroll_tool/doctor/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "ipc/client/connection.h"

namespace warifu::doctor {

std::optional<std::string> text_of_file(const std::string& path) {
    const ipc::Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat status{};
    if (file.number() < 0 || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    std::string text;
    std::array<char, 16 * 1024> part{};
    while (text.size() < max_text_file_bytes) {
        const ssize_t got =
            read(file.number(), part.data(), std::min(part.size(), max_text_file_bytes - text.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::optional<std::int64_t> change_of_file(const std::string& path) {
    struct stat status{};
    if (lstat(path.c_str(), &status) != 0) return std::nullopt;
    return status.st_mtim.tv_sec;
}

}  // namespace warifu::doctor
