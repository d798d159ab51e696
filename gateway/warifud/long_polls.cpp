#include "gateway/warifud/long_polls.h"

#include <algorithm>

namespace warifu::gateway {

awaitable<AuthenticationRequest> LongPolls::look(const Secret& key, const std::string& id,
                                                 std::optional<std::int64_t> rev, std::chrono::seconds wait) {
    ipc::Request request("Poll");
    request.secret("key", key).text("auth_req_id", id);
    if (rev) request.number("rev", *rev);
    request.number("wait", wait.count());
    const ipc::Reply reply = co_await warifud_.look(std::move(request), wait);
    co_return request_in(reply);
}

awaitable<AuthenticationRequest> LongPolls::poll(const Secret& key, std::string id,
                                                 std::optional<std::int64_t> rev, std::chrono::seconds wait) {
    wait = std::clamp(wait, std::chrono::seconds(0), longest);
    if (wait.count() == 0 || !rev) {
        AuthenticationRequest now = co_await look(key, id, rev, std::chrono::seconds(0));
        if (wait.count() == 0 || !now.pending()) co_return now;
        rev = now.rev;
    }
    if (const Turnstile::Pass pass = held_.enter_now()) {
        AuthenticationRequest later = co_await look(key, id, rev, wait);
        co_return later;
    }
    const auto end = std::chrono::steady_clock::now() + wait;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        AuthenticationRequest now = co_await look(key, id, rev, std::chrono::seconds(0));
        if (!now.pending() || now.rev != *rev || std::chrono::steady_clock::now() >= end) co_return now;
        timer.expires_after(pause_);
        co_await timer.async_wait(use_awaitable);
    }
}

}  // namespace warifu::gateway
