#include "gateway/warifud/turnstile.h"

#include <algorithm>

#include "core/error/error.h"

namespace warifu::gateway {

// Stands in the queue until it is let in or gone.
struct Turnstile::Waiter {
    Waiter(const asio::any_io_executor& executor, std::shared_ptr<Counts> of)
        : timer(executor, asio::steady_timer::time_point::max()), counts(std::move(of)) {
        counts->waiting.push_back(this);
    }
    ~Waiter() { counts->waiting.remove(this); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    asio::steady_timer timer;  // cancelled when it is let in
    std::shared_ptr<Counts> counts;
    bool let_in = false;
};

// Whoever leaves hands its place to the first of the queue.
void Turnstile::Counts::leave() noexcept {
    if (waiting.empty()) {
        --inside;
        return;
    }
    Waiter* next = waiting.front();
    waiting.pop_front();
    next->let_in = true;
    next->timer.cancel();
}

Turnstile::Turnstile(std::size_t most, std::size_t most_waiting)
    : counts_(std::make_shared<Counts>(Counts{most, most_waiting, 0, {}})) {}

Turnstile::Pass Turnstile::pass() const {
    return {counts_.get(), [counts = counts_](void*) { counts->leave(); }};
}

Turnstile::Pass Turnstile::enter_now() {
    if (counts_->inside >= counts_->most || !counts_->waiting.empty()) return nullptr;
    ++counts_->inside;
    return pass();
}

awaitable<Turnstile::Pass> Turnstile::enter() {
    if (Pass at_once = enter_now()) co_return at_once;
    if (counts_->waiting.size() >= counts_->most_waiting) {
        throw Unavailable("too many wait for warifud already: try again in a moment");
    }
    Waiter waiter(co_await asio::this_coro::executor, counts_);
    const auto [error] = co_await waiter.timer.async_wait(with_error);
    if (!waiter.let_in) throw boost::system::system_error(error);
    co_return pass();
}

}  // namespace warifu::gateway
