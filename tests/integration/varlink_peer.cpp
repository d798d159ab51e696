#include "tests/integration/varlink_peer.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <array>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace warifu::integration {
namespace {

void wait_for(const Descriptor& socket, short events) {
    pollfd event{socket.number(), events, 0};
    const auto limit = static_cast<int>(std::chrono::milliseconds(patience).count());
    if (::poll(&event, 1, limit) != 1) throw std::runtime_error("the other side neither speaks nor hangs up");
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

// One byte, with the descriptor `passed` if it is one.
void pass(int channel, int passed) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    char byte = 0;
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &passed, sizeof passed);
    checked(::sendmsg(channel, &message, 0), "sendmsg");
}

Descriptor take(int channel) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    char byte = 0;
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const cmsghdr* header = nullptr;
    if (::recvmsg(channel, &message, MSG_CMSG_CLOEXEC) == 1) header = CMSG_FIRSTHDR(&message);
    if (header == nullptr) return Descriptor();
    int number = -1;
    std::memcpy(&number, CMSG_DATA(header), sizeof number);
    return Descriptor(number);
}

// The socket that `make`, run as `uid` inside the sandbox, returns; -1 for errno.
Descriptor socket_made_as(const Sandbox& sandbox, uid_t uid, const std::string& what,
                          const std::function<int()>& make) {
    int ends[2];
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    const Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    const pid_t child = sandbox.fork();
    if (child == 0) {
        const bool become = ::setresgid(uid, uid, uid) == 0 && ::setresuid(uid, uid, uid) == 0;
        const int made = become ? make() : -1;
        if (made < 0) ::_exit(errno);
        pass(theirs.number(), made);
        ::_exit(0);
    }
    theirs.close();
    Descriptor made = take(ours.number());
    int status = 0;
    checked(::waitpid(child, &status, 0), "waitpid");
    if (made.number() < 0) throw std::system_error(WEXITSTATUS(status), std::generic_category(), what);
    return made;
}

}  // namespace

VarlinkPeer::VarlinkPeer(const Sandbox& sandbox, uid_t uid, const std::string& path)
    : socket_(socket_made_as(sandbox, uid, path, [&path] {
          const sockaddr_un address = address_of(path);
          const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
          const auto* generic = reinterpret_cast<const sockaddr*>(&address);
          return ::connect(made, generic, sizeof address) == 0 ? made : -1;
      })) {}

VarlinkPeer VarlinkPeer::accepted_from(const Descriptor& listener) {
    wait_for(listener, POLLIN);
    return VarlinkPeer(Descriptor(
        checked(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK), "accept")));
}

bool VarlinkPeer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return false;
        if (sent < 0) wait_for(socket_, POLLOUT);
        bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
    return true;
}

std::optional<std::string> VarlinkPeer::receive() {
    for (;;) {
        if (const auto end = received_.find('\0'); end != received_.npos) {
            std::string message = received_.substr(0, end);
            received_.erase(0, end + 1);
            return message;
        }
        wait_for(socket_, POLLIN);
        std::array<char, 4096> piece{};
        const ssize_t got = ::recv(socket_.number(), piece.data(), piece.size(), 0);
        if (got == 0 || (got < 0 && errno == ECONNRESET)) return std::nullopt;
        if (got > 0) received_.append(piece.data(), static_cast<std::size_t>(got));
    }
}

nlohmann::json VarlinkPeer::call(const std::string& method, const nlohmann::json& parameters) {
    std::string message = nlohmann::json{{"method", method}, {"parameters", parameters}}.dump();
    message += '\0';
    const auto reply = send(message) ? receive() : std::nullopt;
    return reply ? nlohmann::json::parse(*reply) : nlohmann::json();
}

std::string error_of(const nlohmann::json& reply) {
    const std::string name = reply.is_object() ? reply.value("error", "") : "the connection ended";
    return name.substr(name.rfind('.') + 1);
}

Descriptor listen_as(const Sandbox& sandbox, uid_t uid, const std::string& path, int backlog) {
    return socket_made_as(sandbox, uid, path, [&path, backlog] {
        const sockaddr_un address = address_of(path);
        const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        const bool bound = ::bind(made, generic, sizeof address) == 0 && ::chmod(path.c_str(), 0666) == 0 &&
                           ::listen(made, backlog) == 0;
        return bound ? made : -1;
    });
}

std::vector<std::string> sent_to(const Descriptor& listener) {
    std::vector<std::string> all;
    for (;;) {
        const Descriptor caller(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (caller.number() < 0) return all;
        std::array<char, 4096> piece{};
        const ssize_t got = ::recv(caller.number(), piece.data(), piece.size(), 0);
        all.emplace_back(piece.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    }
}

}  // namespace warifu::integration
