// HTTP/1.1 on one connection: the only file that knows Beast.
#include <sys/socket.h>
#include <syslog.h>

#include <cerrno>
#include <ctime>
#include <variant>

#include "gateway/http/server.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#pragma GCC diagnostic pop

namespace warifu::gateway {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using namespace asio::experimental::awaitable_operators;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t piece_bytes = 4 * 1024;  // read at once where nothing is expected in particular
constexpr int retry_seconds = 1;               // where a source has too many requests in progress

// Why a request is refused before any route saw it.
struct Refusal {
    int status;
    const char* error;
    const char* description;
};

constexpr Refusal malformed{400, "invalid_request", "this is not a request of HTTP/1.1"};

std::string to_string(beast::string_view text) {
    return {text.data(), text.size()};
}

Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get:
            return Method::get;
        case http::verb::head:
            return Method::head;
        case http::verb::post:
            return Method::post;
        case http::verb::put:
            return Method::put;
        case http::verb::delete_:
            return Method::del;
        default:
            return Method::other;
    }
}

const char* name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::del:
            return "DELETE";
        case Method::other:
            break;
    }
    return "OTHER";
}

// RFC 9110 section 5.6.7.
std::string date() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[64];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text, size};
}

// What a proxy in front and we could read differently, so that one request would be two (RFC 9112
// section 6.3): Beast refuses a length beside chunks, and two lengths that differ; here is what it lets pass.
const Refusal* refusal_of_header(const Parser& parser) {
    const auto& header = parser.get();
    static constexpr Refusal framing{400, "invalid_request", "the length of the body is not told clearly"};
    static constexpr Refusal host{400, "invalid_request", "one Host header is wanted"};
    static constexpr Refusal twice{400, "invalid_request", "a header field came twice"};
    if (header.count(http::field::transfer_encoding) != 0 && (!parser.chunked() || header.version() < 11)) {
        return &framing;
    }
    if (header.count(http::field::content_length) > 1) return &framing;
    const auto hosts = header.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && header.version() >= 11)) return &host;
    for (const auto field : {http::field::authorization, http::field::content_type}) {
        if (header.count(field) > 1) return &twice;
    }
    return header.version() == 10 || header.version() == 11 ? nullptr : &malformed;
}

// nullopt: the connection is over, or silent, and there is nobody to tell.
std::optional<Refusal> refusal_of_error(const error_code& error) {
    if (error == http::error::body_limit) {
        return Refusal{413, "invalid_request", "the body is longer than 16 KiB"};
    }
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return Refusal{431, "invalid_request", "the header is longer than 8 KiB"};
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error.category() != make_error_code(http::error::end_of_stream).category()) {
        return std::nullopt;
    }
    return malformed;
}

HttpResponse response_of(const Refusal& refusal) {
    HttpResponse response;
    response.status = refusal.status;
    response.body = std::string(R"({"error":")") + refusal.error + R"(","error_description":")" +
                    refusal.description + "\"}";
    return response;
}

// Several fields of one name are one list, in their order (RFC 9110 section 5.3).
std::string joined(const Parser& parser, beast::string_view name) {
    std::string all;
    for (auto [at, end] = parser.get().equal_range(name); at != end; ++at) {
        all += (all.empty() ? "" : ", ") + to_string(at->value());
    }
    return all;
}

HttpRequest take_request(Parser& parser) {
    HttpRequest request;
    request.accept = joined(parser, "Accept");
    request.accept_language = joined(parser, "Accept-Language");
    auto& message = parser.get();
    request.method = method_of(message.method());
    request.target = to_string(message.target());
    request.authorization = to_string(message[http::field::authorization]);
    request.content_type = to_string(message[http::field::content_type]);
    request.body = std::move(message.body());
    return request;
}

// Returns when the other side has hung up: at once where the connection is broken, and a little after its end
// has come, since some only close the side that they send on. Whoever has sent its next request already is
// taken to be there: its end would be behind what is not read yet.
awaitable<void> hung_up(TcpSocket& socket, std::chrono::milliseconds half_closed) {
    asio::steady_timer timer(socket.get_executor(), asio::steady_timer::time_point::max());
    for (;;) {
        const auto [error] = co_await socket.async_wait(TcpSocket::wait_read, with_error);
        if (error) co_return;
        char byte = 0;
        const ssize_t seen = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen < 0 && errno != EAGAIN && errno != EINTR) co_return;
        if (seen == 0) timer.expires_after(half_closed);
        if (seen >= 0) break;
    }
    co_await timer.async_wait(with_error);
}

class Connection {
  public:
    Connection(TcpSocket socket, Address peer, std::shared_ptr<HttpContext> context)
        : stream_(std::move(socket)),
          peer_(std::move(peer)),
          context_(std::move(context)),
          buffer_(context_->limits.header_bytes + piece_bytes) {}

    awaitable<void> run() {
        for (bool first = true;; first = false) {
            const bool more = co_await next_request(first);
            if (!more) break;
        }
        error_code ignored;
        stream_.socket().shutdown(TcpSocket::shutdown_both, ignored);
    }

  private:
    // Whether another one may follow.
    awaitable<bool> next_request(bool first) {
        if (!first && buffer_.size() == 0) {
            const bool begun = co_await wait_for_first_byte();
            if (!begun) co_return false;
        }
        stream_.expires_after(context_->limits.to_read);
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(context_->limits.header_bytes));
        parser.body_limit(context_->limits.body_bytes);
        const bool whole = co_await read(parser);
        if (!whole) co_return false;
        stream_.expires_never();
        const bool keep = parser.keep_alive();
        const bool more = co_await answer(take_request(parser), source_of(parser), keep);
        co_return more;
    }

    awaitable<bool> wait_for_first_byte() {
        stream_.expires_after(context_->limits.idle);
        const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(piece_bytes), with_error);
        buffer_.commit(size);
        co_return !error;
    }

    awaitable<bool> read(Parser& parser) {
        const auto [header_error, header_size] =
            co_await http::async_read_header(stream_, buffer_, parser, with_error);
        if (header_error) {
            co_await refuse(refusal_of_error(header_error));
            co_return false;
        }
        if (const Refusal* refusal = refusal_of_header(parser)) {
            co_await refuse(*refusal);
            co_return false;
        }
        if (!parser.is_done() && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            const bool told = co_await tell_to_continue();
            if (!told) co_return false;
        }
        const auto [error, size] = co_await http::async_read(stream_, buffer_, parser, with_error);
        if (error) {
            co_await refuse(refusal_of_error(error));
            co_return false;
        }
        co_return true;
    }

    awaitable<bool> tell_to_continue() {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto [error, size] =
            co_await asio::async_write(stream_, asio::buffer(go_on.data(), go_on.size()), with_error);
        co_return !error;
    }

    // Behind a proxy that is trusted, what that one says.
    Address source_of(const Parser& parser) const {
        if (!context_->proxies.contains(peer_)) return peer_;
        return forwarded_for(joined(parser, "X-Forwarded-For")).value_or(peer_);
    }

    awaitable<bool> answer(HttpRequest request, Address source, bool keep) {
        const Method method = request.method;
        SourceCounts::Place place;
        if (context_->proxies.contains(peer_) && source != peer_) {
            place = context_->by_request.take(source);
            if (!place) {
                HttpResponse busy =
                    response_of({429, "slow_down", "this address has too many requests in progress"});
                busy.headers.emplace_back("Retry-After", std::to_string(retry_seconds));
                record(source, method, "-", busy.status);
                const bool sent = co_await send(std::move(busy), method, keep);
                co_return sent&& keep;
            }
        }
        auto outcome = co_await (context_->answer(std::move(request)) ||
                                 hung_up(stream_.socket(), context_->limits.half_closed));
        if (outcome.index() != 0) {
            record(source, method, "-", 0);
            co_return false;
        }
        Answered answered = std::move(std::get<0>(outcome));
        record(source, method, answered.route, answered.response.status);
        const bool sent = co_await send(std::move(answered.response), method, keep);
        co_return sent&& keep;
    }

    // Without the path, which may be a secret. Status 0: the client did not wait for it.
    void record(const Address& source, Method method, std::string_view route, int status) {
        context_->log.line(LOG_INFO, "source=" + source.to_string() + " " + name_of(method) + " " +
                                         std::string(route) + " " + std::to_string(status));
    }

    awaitable<bool> send(HttpResponse response, Method method, bool keep) {
        http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
        message.keep_alive(keep);
        message.set(http::field::date, date());
        message.set(http::field::content_type, response.content_type);
        message.set(http::field::cache_control, "no-store");
        message.set("X-Content-Type-Options", "nosniff");
        message.set("Referrer-Policy", "no-referrer");
        for (const auto& [name, value] : response.headers) message.set(name, value);
        message.content_length(response.body.size());
        if (method != Method::head) message.body() = std::move(response.body);
        stream_.expires_after(context_->limits.to_write);
        const auto [error, size] = co_await http::async_write(stream_, message, with_error);
        co_return !error;
    }

    // Answers, and then waits a little for the client to have read it: what a closed socket has not read yet
    // would take the answer away from it.
    awaitable<void> refuse(std::optional<Refusal> refusal) {
        if (!refusal) co_return;
        record(peer_, Method::other, "-", refusal->status);
        const bool sent = co_await send(response_of(*refusal), Method::other, false);
        if (!sent) co_return;
        error_code ignored;
        stream_.socket().shutdown(TcpSocket::shutdown_send, ignored);
        stream_.expires_after(context_->limits.to_linger);
        buffer_.consume(buffer_.size());
        for (;;) {
            const auto [error, size] =
                co_await stream_.async_read_some(buffer_.prepare(piece_bytes), with_error);
            if (error) co_return;
        }
    }

    beast::tcp_stream stream_;
    Address peer_;
    std::shared_ptr<HttpContext> context_;
    beast::flat_buffer buffer_;
};

}  // namespace

awaitable<void> serve_connection(TcpSocket socket, Address peer, std::shared_ptr<HttpContext> context) {
    Connection connection(std::move(socket), std::move(peer), std::move(context));
    co_await connection.run();
}

}  // namespace warifu::gateway
