// The listening socket, and the bounds on how many connections there are and from where.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "gateway/asio.h"
#include "gateway/http/limits.h"
#include "gateway/http/message.h"
#include "gateway/http/source.h"
#include "gateway/log.h"

namespace warifu::gateway {

// Answers one request; never throws but where it is cancelled, which happens when the client goes away. The
// second part names the route for the log ("/a/{token}"), since a path may be a secret.
struct Answered {
    HttpResponse response;
    std::string_view route;
};
using Answerer = std::function<awaitable<Answered>(HttpRequest)>;

// What the connections of one server share; lives until the last of them is gone.
struct HttpContext {
    HttpContext(HttpLimits the_limits, std::set<Address> trusted, Answerer answerer, Log& a_log)
        : limits(the_limits), proxies(std::move(trusted)), answer(std::move(answerer)), log(a_log) {}

    HttpLimits limits;
    std::set<Address> proxies;  // whose X-Forwarded-For counts
    Answerer answer;
    Log& log;
    std::size_t connections = 0;
    SourceCounts by_connection{limits.from_one_source}, by_request{limits.from_one_source};
};

// One connection, until it ends. `socket` may be any connected stream socket.
awaitable<void> serve_connection(TcpSocket socket, Address peer, std::shared_ptr<HttpContext> context);

class HttpServer {
  public:
    static constexpr int backlog = 512;

    HttpServer(asio::io_context& io, std::shared_ptr<HttpContext> context)
        : io_(io), context_(std::move(context)) {}

    // Throws boost::system::system_error. The port that it listens on: the one that was asked for, or for 0
    // one that is free.
    std::uint16_t listen(const asio::ip::tcp::endpoint& endpoint);
    // A listening TCP socket that a service manager passed.
    void adopt(int descriptor);

  private:
    using Acceptor = asio::ip::tcp::acceptor;

    void accept(Acceptor acceptor);
    static awaitable<void> accept_all(Acceptor acceptor, std::shared_ptr<HttpContext> context);
    static void admit(TcpSocket socket, const std::shared_ptr<HttpContext>& context);

    asio::io_context& io_;
    std::shared_ptr<HttpContext> context_;
};

}  // namespace warifu::gateway
