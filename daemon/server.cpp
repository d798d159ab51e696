#include "daemon/server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace warifu {

namespace {

constexpr int accept_pause_seconds = 1;  // after an accept that failed for want of descriptors

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::system_category(), what);
}

bool answers(const sockaddr_un& address) {
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return false;
    }
    const bool connected =
        connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
    close(fd);
    return connected;
}

std::string path_of(int descriptor) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sun_family != AF_UNIX) {
        fail("a passed descriptor is no AF_UNIX socket");
    }
    return std::string(address.sun_path, strnlen(address.sun_path, sizeof address.sun_path));
}

}  // namespace

void Server::listen(const std::string& path, Door door) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail(path);
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (answers(address)) {
        errno = EADDRINUSE;
        fail(path + ": another warifud listens there");
    }
    unlink(path.c_str());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        fail(path);
    }
    // The mode is right from the first moment: umask applies to bind.
    const mode_t before = umask(door == Door::root ? 0177 : 0111);
    const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    umask(before);
    if (bound != 0 || ::listen(fd, backlog) != 0) {
        const int error = errno;
        close(fd);
        errno = error;
        fail(path);
    }
    auto listener = std::make_shared<Listener>(io_);
    listener->acceptor.assign(asio::local::stream_protocol(), fd);
    listener->door = door;
    accept(listener);
}

void Server::adopt(int descriptor) {
    const std::string path = path_of(descriptor);
    const auto slash = path.rfind('/');
    auto listener = std::make_shared<Listener>(io_);
    listener->acceptor.assign(asio::local::stream_protocol(), descriptor);
    listener->door =
        path.substr(slash == std::string::npos ? 0 : slash + 1) == "root.sock" ? Door::root : Door::everybody;
    accept(listener);
}

void Server::accept(const std::shared_ptr<Listener>& listener) {
    listener->acceptor.async_accept([this, listener](error_code error, LocalSocket socket) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (error) {
            services_.ports.log(LOG_ERR, "a connection could not be taken: " + error.message());
            listener->again.expires_after(std::chrono::seconds(accept_pause_seconds));
            listener->again.async_wait([this, listener](error_code) { accept(listener); });
            return;
        }
        fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
        admit(std::move(socket), listener->door);
        accept(listener);
    });
}

void Server::admit(LocalSocket socket, Door door) {
    Peer peer;
    try {
        peer = peer_of(socket.native_handle());
    } catch (const std::system_error&) {
        return;
    }
    if (door == Door::root) {
        if (peer.root() && counts_->root < most_for_root) {
            begin(std::move(socket), peer, door);
        }
        return;
    }
    if (peer.uid == overflow_uid || counts_->everybody >= most_for_everybody || has_most(peer.uid)) {
        return;
    }
    if (peer.root()) {
        begin(std::move(socket), peer, door);
        return;
    }
    // Counted while its name is looked up, too.
    counts_->count(peer.uid);
    const auto held = std::make_shared<LocalSocket>(std::move(socket));
    const auto known = [](DaemonPorts& ports, std::uint32_t uid) -> Task<PersonAnswer> {
        auto waits = ports.person_by_uid(uid, false);
        co_return co_await waits;
    };
    ::warifu::run<PersonAnswer>(
        known(services_.ports, peer.uid),
        [this, held, peer, door](std::optional<PersonAnswer> person, std::exception_ptr) {
            counts_->forget(peer.uid);
            if (person && person->found == Found::yes) {
                begin(std::move(*held), peer, door);
            }
        });
}

void Server::look_for_gateway() {
    const auto ask = [](DaemonPorts& ports) -> Task<PersonAnswer> {
        auto waits = ports.person(std::string(gateway_account), true);
        co_return co_await waits;
    };
    run<PersonAnswer>(ask(services_.ports), [this](std::optional<PersonAnswer> answer, std::exception_ptr) {
        gateway_ = answer && answer->found == Found::yes ? std::optional(answer->person.uid) : std::nullopt;
    });
}

// Whether this uid has as many connections as it may. The store is asked only for one that wants more than
// others.
bool Server::has_most(std::uint32_t uid) const {
    const auto held = counts_->by_uid.find(uid);
    if (held == counts_->by_uid.end() || held->second < most_for_a_uid) {
        return false;
    }
    try {
        if (uid == gateway_) {
            return held->second >= most_for_the_gateway;
        }
        return held->second >= most_for_a_client || !services_.engine.client(uid);
    } catch (const std::exception&) {
        return true;
    }
}

void Server::Counts::count(std::uint32_t uid) {
    ++by_uid[uid];
    ++everybody;
}

void Server::Counts::forget(std::uint32_t uid) {
    if (--by_uid[uid] == 0) {
        by_uid.erase(uid);
    }
    --everybody;
}

void Server::begin(LocalSocket socket, Peer peer, Door door) {
    const bool roots = door == Door::root;
    if (roots) {
        ++counts_->root;
    } else {
        counts_->count(peer.uid);
    }
    auto ended = [counts = counts_, roots, uid = peer.uid] {
        if (roots) {
            --counts->root;
        } else {
            counts->forget(uid);
        }
    };
    std::make_shared<Session>(std::move(socket), peer, services_, std::move(ended))->run();
}

void Server::serve_one(int descriptor, std::function<void()> ended) {
    LocalSocket socket(io_);
    socket.assign(asio::local::stream_protocol(), descriptor);
    const Peer peer = peer_of(descriptor);
    std::make_shared<Session>(std::move(socket), peer, services_, std::move(ended))->run();
}

}  // namespace warifu
