#include "ipc/client/reach.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "ipc/client/errors.h"
#include "ipc/wire/connect.h"

namespace warifu::ipc {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds backlog_patience{500}, backlog_pause{20}, health_deadline{3'000};

std::string socket_path(const Endpoint& endpoint) {
    if (!endpoint.socket.empty()) return endpoint.socket;
    return geteuid() == 0 ? wire::root_socket : wire::user_socket;
}

// A full backlog (EAGAIN) is a warifud that is busy, or one that is not served.
int connect_patiently(const std::string& path) {
    const auto until = steady_clock::now() + backlog_patience;
    for (;;) {
        const int connected = wire::connect_to(path.c_str());
        if (connected != -EAGAIN || steady_clock::now() >= until) return connected;
        std::this_thread::sleep_for(backlog_pause);
    }
}

[[noreturn]] void throw_unreachable(int error, const std::string& path) {
    switch (error) {
        case ENAMETOOLONG:
            throw Invalid("socket", path + ": too long for a socket's path");
        case EACCES:
            throw NotPermitted(path + ": this socket is not yours to open");
        case EPERM:
            throw Unavailable(path + ": not warifud's (the listener or its directory is not root's)");
        case ENOENT:
        case ECONNREFUSED:
            throw Unavailable("nobody answers at " + path +
                              ": is warifud running? (systemctl start warifud.socket)");
        default:
            throw Unavailable(path + ": " + std::strerror(error));
    }
}

// Asked before anything that changes something, so that a silent warifud is left for a child while nothing
// has been begun.
bool answers(Connection& connection) {
    try {
        connection.call(Request("Health"), health_deadline);
    } catch (const NoReply&) {
        return false;
    } catch (const std::runtime_error&) {
        return true;  // an error is an answer; the call itself will say what is wrong
    }
    return true;
}

Connection start(const Endpoint& endpoint) {
    const std::string daemon = endpoint.daemon.empty() ? installed_daemon() : endpoint.daemon;
    if (access(daemon.c_str(), X_OK) != 0)
        throw Unavailable(daemon + " cannot be started: " + std::strerror(errno));
    const char* config = endpoint.config.empty() ? nullptr : endpoint.config.c_str();
    const int started = wire::start_daemon(daemon.c_str(), config);
    if (started < 0) throw Unavailable(daemon + " cannot be started: " + std::strerror(-started));
    return Connection(Descriptor(started));
}

}  // namespace

std::string installed_daemon() {
    return WARIFUD_PATH;
}

Connection reach(const Endpoint& endpoint) {
    const bool root = geteuid() == 0;
    if (!endpoint.config.empty() && endpoint.socket.empty()) {
        if (!root)
            throw NotPermitted(
                "--config without --socket starts a warifud of its own, which only root may do");
        return start(endpoint);
    }
    const bool may_start = root && (endpoint.socket.empty() || !endpoint.config.empty());
    const std::string path = socket_path(endpoint);
    const int connected = connect_patiently(path);
    if (connected >= 0) {
        Connection connection{Descriptor(connected)};
        if (!may_start || answers(connection)) return connection;
    }
    if (!may_start || connected == -ENAMETOOLONG) throw_unreachable(-connected, path);
    return start(endpoint);
}

}  // namespace warifu::ipc
