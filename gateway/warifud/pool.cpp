#include "gateway/warifud/pool.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <variant>

#include "core/error/error.h"
#include "core/secret/secret.h"
#include "ipc/client/errors.h"
#include "ipc/wire/connect.h"
#include "ipc/wire/protocol.h"

namespace warifu::gateway {

namespace {

using namespace asio::experimental::awaitable_operators;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds backlog_pause{20};
constexpr int backlog_tries = 25;  // half a second
constexpr std::size_t first_piece_bytes = 4 * 1024;

std::string unreachable(const std::string& path, int error) {
    switch (error) {
        case EPERM:
            return path + ": not warifud's (the listener or its directory is not root's)";
        case ENOENT:
        case ECONNREFUSED:
            return "nobody answers at " + path + ": is warifud running? (systemctl start warifud.socket)";
        default:
            return path + ": " + std::strerror(error);
    }
}

// Neither ended by warifud meanwhile nor with anything that nobody asked for.
bool still_good(LocalSocket& socket) {
    char byte = 0;
    const ssize_t seen = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return seen < 0 && errno == EAGAIN;
}

// What came of one message: a whole reply, or why there is none.
struct Exchange {
    std::string reply;  // with its NUL
    std::string problem;
};

// Does not throw, but where memory is short.
awaitable<Exchange> exchange(LocalSocket& socket, const Secret& message) {
    Exchange result;
    const auto [send_error, sent] =
        co_await asio::async_write(socket, asio::buffer(message.bytes().data(), message.size()), with_error);
    if (send_error) {
        result.problem = "warifud ended the connection";
        co_return result;
    }
    std::string text(first_piece_bytes, '\0');
    for (std::size_t used = 0;;) {
        const auto [error, got] =
            co_await socket.async_read_some(asio::buffer(text.data() + used, text.size() - used), with_error);
        if (error) {
            result.problem = "warifud ended the connection before it answered";
            co_return result;
        }
        const auto end = text.find('\0', used);
        used += got;
        if (end < used) {
            if (end + 1 != used) {
                result.problem = "warifud answered more than it was asked";
                co_return result;
            }
            text.resize(used);
            result.reply = std::move(text);
            co_return result;
        }
        if (used == wire::max_reply_bytes) {
            result.problem = "warifud's reply is longer than 64 KiB";
            co_return result;
        }
        if (used == text.size()) text.resize(std::min(text.size() * 4, wire::max_reply_bytes));
    }
}

}  // namespace

class Warifud::Pool : public std::enable_shared_from_this<Pool> {
  public:
    Pool(std::string socket, WarifudLimits limits)
        : path_(std::move(socket)), limits_(limits), turnstile_(limits.connections, limits.waiting) {}

    awaitable<std::unique_ptr<ipc::Reply>> call(Secret message, std::chrono::milliseconds wait) {
        const auto self = shared_from_this();
        const Turnstile::Pass pass = co_await turnstile_.enter();
        LocalSocket socket = co_await connected();
        asio::steady_timer limit(socket.get_executor(), wait + limits_.to_answer);
        auto outcome = co_await (exchange(socket, message) || limit.async_wait(use_awaitable));
        if (was_cancelled(co_await asio::this_coro::cancellation_state)) {
            throw boost::system::system_error(asio::error::operation_aborted);
        }
        if (outcome.index() != 0) throw ipc::NoReply("warifud did not answer in time");
        Exchange& done = std::get<0>(outcome);
        if (!done.problem.empty()) throw ipc::NoReply(done.problem);
        keep(std::move(socket));
        const std::string reply = std::move(done.reply);
        co_return std::make_unique<ipc::Reply>(
            ipc::Reply::parse(std::string_view(reply).substr(0, reply.size() - 1)));
    }

  private:
    struct Unused {
        LocalSocket socket;
        Clock::time_point since;
    };

    awaitable<LocalSocket> connected() {
        const auto executor = co_await asio::this_coro::executor;
        while (!unused_.empty()) {
            Unused last = std::move(unused_.back());
            unused_.pop_back();
            if (Clock::now() - last.since < limits_.unused && still_good(last.socket)) {
                co_return std::move(last.socket);
            }
        }
        asio::steady_timer pause(executor);
        for (int tries = 0;; ++tries) {
            // Local, and without waiting: a backlog that is full says so.
            const int made = wire::connect_to(path_.c_str());
            if (made >= 0) co_return LocalSocket(executor, asio::local::stream_protocol(), made);
            if (made != -EAGAIN || tries == backlog_tries) throw Unavailable(unreachable(path_, -made));
            pause.expires_after(backlog_pause);
            co_await pause.async_wait(use_awaitable);
        }
    }

    // The ones that were used last are used first, so that the others come to be closed.
    void keep(LocalSocket socket) {
        std::erase_if(unused_, [this](Unused& old) { return Clock::now() - old.since >= limits_.unused; });
        unused_.push_back({std::move(socket), Clock::now()});
    }

    std::string path_;
    WarifudLimits limits_;
    Turnstile turnstile_;
    std::vector<Unused> unused_;
};

Warifud::Warifud(std::string socket, WarifudLimits limits)
    : pool_(std::make_shared<Pool>(std::move(socket), limits)) {}

awaitable<ipc::Reply> Warifud::call(ipc::Request request) {
    const auto executor = co_await asio::this_coro::executor;
    // Without a slot: what cancels the caller does not reach it.
    auto reply =
        co_await asio::co_spawn(executor, pool_->call(std::move(request).finish(), {}),
                                asio::bind_cancellation_slot(asio::cancellation_slot(), use_awaitable));
    co_return std::move(*reply);
}

awaitable<ipc::Reply> Warifud::look(ipc::Request request, std::chrono::milliseconds wait) {
    auto reply = co_await pool_->call(std::move(request).finish(), wait);
    co_return std::move(*reply);
}

}  // namespace warifu::gateway
