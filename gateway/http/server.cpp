#include "gateway/http/server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <syslog.h>

#include <system_error>

namespace warifu::gateway {

namespace {

constexpr std::chrono::seconds accept_pause{1};  // after an accept that failed for want of descriptors

constexpr std::string_view full =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

// To a client for whom there is no room; what it would not take at once is not waited for.
void turn_away(TcpSocket& socket) {
    (void)::send(socket.native_handle(), full.data(), full.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

awaitable<void> counted(TcpSocket socket, Address peer, SourceCounts::Place place,
                        std::shared_ptr<HttpContext> context) {
    // Counts itself out when the coroutine ends, and also where it is destroyed in its midst.
    struct One {
        explicit One(std::shared_ptr<HttpContext> of) : context(std::move(of)) { ++context->connections; }
        ~One() { --context->connections; }
        One(const One&) = delete;
        One& operator=(const One&) = delete;
        std::shared_ptr<HttpContext> context;
    };
    const One one(context);
    try {
        co_await serve_connection(std::move(socket), std::move(peer), std::move(context));
    } catch (const std::exception& error) {
        one.context->log.line(LOG_ERR, std::string("a connection ended: ") + error.what());
    }
    place.reset();
}

}  // namespace

std::uint16_t HttpServer::listen(const asio::ip::tcp::endpoint& endpoint) {
    Acceptor acceptor(io_);
    acceptor.open(endpoint.protocol());
    fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor.set_option(Acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(backlog);
    const std::uint16_t port = acceptor.local_endpoint().port();
    accept(std::move(acceptor));
    return port;
}

void HttpServer::adopt(int descriptor) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::system_error(errno, std::system_category(), "a passed descriptor is no socket");
    }
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
        throw std::runtime_error(
            "a passed descriptor is no TCP socket: see ListenStream= in the socket's unit");
    }
    Acceptor acceptor(io_);
    acceptor.assign(address.ss_family == AF_INET ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), descriptor);
    accept(std::move(acceptor));
}

void HttpServer::accept(Acceptor acceptor) {
    asio::co_spawn(io_, accept_all(std::move(acceptor), context_), asio::detached);
}

awaitable<void> HttpServer::accept_all(Acceptor acceptor, std::shared_ptr<HttpContext> context) {
    asio::steady_timer pause(acceptor.get_executor());
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(with_error);
        if (error == asio::error::operation_aborted) co_return;
        if (!error) {
            admit(std::move(socket), context);
            continue;
        }
        context->log.line(LOG_ERR, "a connection could not be taken: " + error.message());
        pause.expires_after(accept_pause);
        co_await pause.async_wait(with_error);
    }
}

void HttpServer::admit(TcpSocket socket, const std::shared_ptr<HttpContext>& context) {
    fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return;  // it is gone already
    const Address peer = plain(endpoint.address());
    SourceCounts::Place place;
    const bool proxy = context->proxies.contains(peer);
    if (!proxy) place = context->by_connection.take(peer);
    if (context->connections >= context->limits.connections || (!proxy && !place)) {
        turn_away(socket);
        return;
    }
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, counted(std::move(socket), peer, std::move(place), context), asio::detached);
}

}  // namespace warifu::gateway
