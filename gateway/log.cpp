#include "gateway/log.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>

namespace warifu::gateway {

namespace {

constexpr std::size_t most_record_bytes = 1024;

int connect_to(const std::string& path) noexcept {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) return -1;
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    const int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made >= 0 && connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(made);
        return -1;
    }
    return made;
}

// RFC 3164 section 4.1, as syslog(3) writes it.
std::string_view record_of(int priority, std::string_view text,
                           std::array<char, most_record_bytes>& room) noexcept {
    std::array<char, 32> moment{};
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    std::strftime(moment.data(), moment.size(), "%h %e %T", &local);
    const int size =
        std::snprintf(room.data(), room.size(), "<%d>%s warifu-gateway[%d]: %.*s", LOG_DAEMON | priority,
                      moment.data(), static_cast<int>(getpid()), static_cast<int>(text.size()), text.data());
    if (size < 0) return {};
    return {room.data(), std::min(static_cast<std::size_t>(size), room.size() - 1)};
}

}  // namespace

Log::~Log() {
    if (socket_ >= 0) close(socket_);
}

// A second try is for a syslog that was started anew.
bool Log::send(std::string_view record) noexcept {
    for (int tries = 0; tries < 2; ++tries) {
        if (socket_ < 0) socket_ = connect_to(path_);
        if (socket_ < 0) return false;
        if (::send(socket_, record.data(), record.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
        if (errno == EAGAIN || errno == ENOBUFS) return false;
        close(socket_);
        socket_ = -1;
    }
    return false;
}

void Log::line(int priority, std::string_view text) noexcept {
    std::array<char, most_record_bytes> room{};
    if (!send(record_of(priority, text, room))) {
        ++lost_;
        return;
    }
    if (lost_ == 0) return;
    std::array<char, 64> count{};
    const int size =
        std::snprintf(count.data(), count.size(), "%zu log lines were lost: syslog is too slow", lost_);
    if (size > 0 && send(record_of(LOG_ERR, {count.data(), static_cast<std::size_t>(size)}, room))) lost_ = 0;
}

}  // namespace warifu::gateway
