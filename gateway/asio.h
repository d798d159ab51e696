// The parts of Asio that the gateway uses, in one precompiled header: one inclusion costs seconds. Beast,
// which costs more, is included by http/connection.cpp alone.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#pragma GCC diagnostic pop

namespace warifu::gateway {
namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using boost::system::error_code;
using TcpSocket = asio::ip::tcp::socket;
using LocalSocket = asio::local::stream_protocol::socket;

// What an operation gives back as (error_code, …) in place of an exception.
inline constexpr auto with_error = asio::as_tuple(asio::use_awaitable);

// Whether somebody has cancelled this coroutine: `was_cancelled(co_await
// asio::this_coro::cancellation_state)`. What it ended with does not tell: several operations that are
// cancelled at once end with an exception of another type.
inline bool was_cancelled(const asio::cancellation_state& state) noexcept {
    return state.cancelled() != asio::cancellation_type::none;
}
}  // namespace warifu::gateway
