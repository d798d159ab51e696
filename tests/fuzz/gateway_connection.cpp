// A whole connection to the gateway: the input is what a stranger sends before it closes its sending side.
// Real are the HTTP server, the routes and the pages; no warifud is there, so that everything else comes to
// 503 at the most.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "gateway/http/server.h"
#include "gateway/router/answer.h"
#include "gateway/routes/table.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace warifu::gateway;
using warifu::fuzz::must;

constexpr std::size_t most_answer_bytes = 16 * 1024 * 1024;

// The other end: what it gets, to the end.
class Visitor {
  public:
    Visitor(TcpSocket socket, std::string_view stream) : socket_(std::move(socket)), stream_(stream) {}

    awaitable<void> send() {
        co_await asio::async_write(socket_, asio::buffer(stream_.data(), stream_.size()), with_error);
        error_code ignored;
        socket_.shutdown(TcpSocket::shutdown_send, ignored);
    }
    awaitable<void> receive() {
        std::array<char, 4'096> piece{};
        for (;;) {
            const auto [error, size] = co_await socket_.async_read_some(asio::buffer(piece), with_error);
            received_.append(piece.data(), size);
            must(received_.size() < most_answer_bytes, "answers are bounded");
            if (error) co_return;
        }
    }
    const std::string& received() const noexcept { return received_; }

  private:
    TcpSocket socket_;
    std::string_view stream_;
    std::string received_;
};

// Nothing is let through where nobody is there to decide it.
void check(std::string_view answers) {
    must(answers.empty() || answers.starts_with("HTTP/1.1 "), "an answer is HTTP");
    must(answers.find("HTTP/1.1 2") == answers.npos, "nothing is done");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    asio::io_context io{1};
    Log log("/nonexistent/log");
    Warifud warifud("/nonexistent/socket");
    LongPolls long_polls(warifud, 1);
    const auto context = std::make_shared<HttpContext>(
        HttpLimits(), std::set<Address>{asio::ip::make_address("127.0.0.1")},
        [&](HttpRequest request) {
            return answer(route_table(), {warifud, long_polls}, log, std::move(request));
        },
        log);
    // The server asks its sockets for nothing that one of another family does not have.
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    const auto protocol = asio::ip::tcp::v4();
    Visitor visitor(TcpSocket(io, protocol, ends[0]), warifu::fuzz::as_text(data, size));
    bool ended = false;
    asio::co_spawn(
        io, serve_connection(TcpSocket(io, protocol, ends[1]), asio::ip::make_address("127.0.0.1"), context),
        [&](std::exception_ptr thrown) {
            must(thrown == nullptr, "a connection ends without an exception");
            ended = true;
        });
    asio::co_spawn(io, visitor.send(), asio::detached);
    asio::co_spawn(io, visitor.receive(), asio::detached);
    io.run();
    must(ended, "a connection that hangs up is over");
    check(visitor.received());
    return 0;
}
