#include "ipc/activation.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace warifu {

namespace {

constexpr int first_passed = 3, most_passed = 8;

template <typename T>
std::optional<T> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    T value = 0;
    if (text == nullptr) {
        return std::nullopt;
    }
    const char* end = text + std::strlen(text);
    const auto parsed = std::from_chars(text, end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<int> passed_sockets() {
    std::vector<int> sockets;
    const auto pid = number_in<pid_t>("LISTEN_PID");
    const auto count = number_in<int>("LISTEN_FDS");
    if (pid == getpid() && count && *count > 0 && *count <= most_passed) {
        for (int fd = first_passed; fd < first_passed + *count; ++fd) {
            fcntl(fd, F_SETFD, FD_CLOEXEC);
            sockets.push_back(fd);
        }
    }
    return sockets;
}

void notify_manager(std::string_view state) noexcept {
    const char* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path == nullptr || (path[0] != '/' && path[0] != '@') ||
        std::strlen(path) >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path, std::strlen(path));
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
    (void)sendto(fd, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&address), size);
    close(fd);
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    const auto pid = number_in<pid_t>("WATCHDOG_PID");
    const auto usec = number_in<long long>("WATCHDOG_USEC");
    if (!usec || *usec <= 0 || (pid && *pid != getpid())) {
        return std::nullopt;
    }
    return std::chrono::microseconds(*usec / 2);
}

}  // namespace warifu
