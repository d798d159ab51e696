#include "tests/integration/local_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <stdexcept>

namespace warifu::integration {
namespace {

constexpr std::size_t most_record_bytes = 128 * 1024;

bool readable(const Descriptor& socket, std::chrono::milliseconds within) {
    pollfd event{socket.number(), POLLIN, 0};
    return ::poll(&event, 1, static_cast<int>(within.count())) == 1;
}

Descriptor listen_on(std::uint16_t port) {
    Descriptor listener(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    const int on = 1;
    checked(::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "127.0.0.1:" + std::to_string(port));
    checked(::listen(listener.number(), 64), "listen");
    return listener;
}

[[noreturn]] void serve_all(std::uint16_t port, int test,
                            const std::function<void(ServedConnection&)>& serve) {
    ::setpgid(0, 0);
    std::signal(SIGCHLD, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const Descriptor listener = listen_on(port);
        checked(::send(test, "", 1, 0), "ready");
        for (;;) {
            Descriptor socket(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC));
            if (socket.number() < 0 || ::fork() != 0) continue;
            ServedConnection connection(std::move(socket), test);
            serve(connection);
            ::_exit(0);
        }
    } catch (const std::exception&) {
        ::_exit(1);
    }
}

}  // namespace

void ServedConnection::receive() {
    char piece[16 * 1024];
    const ssize_t size = checked(::recv(socket_.number(), piece, sizeof piece, 0), "recv");
    if (size == 0) throw std::runtime_error("the peer hung up");
    received_.append(piece, static_cast<std::size_t>(size));
}

std::string ServedConnection::read_until(std::string_view end) {
    while (received_.find(end) == received_.npos) receive();
    std::string text = received_.substr(0, received_.find(end));
    received_.erase(0, text.size() + end.size());
    return text;
}

std::string ServedConnection::read(std::size_t size) {
    while (received_.size() < size) receive();
    std::string text = received_.substr(0, size);
    received_.erase(0, size);
    return text;
}

void ServedConnection::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        bytes.remove_prefix(static_cast<std::size_t>(
            checked(::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL), "send")));
    }
}

void ServedConnection::wait_for_end() {
    for (;;) receive();
}

void ServedConnection::tell(std::string_view record) const {
    checked(::send(test_, record.data(), record.size(), MSG_NOSIGNAL), "tell");
}

LocalServer::LocalServer(const Sandbox& sandbox, std::uint16_t port,
                         const std::function<void(ServedConnection&)>& serve) {
    int ends[2];
    checked(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
    records_ = Descriptor(ends[0]);
    Descriptor theirs(ends[1]);
    process_ = sandbox.fork();
    if (process_ == 0) serve_all(port, theirs.number(), serve);
    theirs.close();
    next();
}

LocalServer::~LocalServer() {
    ::kill(-process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

std::string LocalServer::next(std::chrono::seconds within) {
    if (!readable(records_, within)) throw std::runtime_error("nobody came to the test's server");
    std::string record(most_record_bytes, '\0');
    const ssize_t size = checked(::recv(records_.number(), record.data(), record.size(), 0), "recv");
    if (size == 0) throw std::runtime_error("the test's server has ended");
    record.resize(static_cast<std::size_t>(size));
    return record;
}

bool LocalServer::has_next() const {
    return readable(records_, std::chrono::milliseconds(0));
}

}  // namespace warifu::integration
