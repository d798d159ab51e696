// Coroutines for the engine: it waits for commits, homes and scrypt without a thread for each, and knows
// nothing of sockets. One thread runs all of it: whoever completes a Later does so on that thread.
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace warifu {

// A value that comes later, once: `co_await` it, or give it to run(). Lazy: nothing happens before.
template <typename T>
class [[nodiscard]] Task {
  public:
    struct promise_type {
        std::optional<T> value;
        std::exception_ptr error;
        std::coroutine_handle<> next = std::noop_coroutine();

        Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        auto final_suspend() noexcept {
            struct Continue {
                bool await_ready() noexcept { return false; }
                std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
                    return done.promise().next;
                }
                void await_resume() noexcept {}
            };
            return Continue{};
        }
        void return_value(T result) { value.emplace(std::move(result)); }
        void unhandled_exception() { error = std::current_exception(); }
    };

    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (handle_) {
            handle_.destroy();
        }
    }

    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        handle_.promise().next = awaiting;
        return handle_;
    }
    T await_resume() {
        if (handle_.promise().error) {
            std::rethrow_exception(handle_.promise().error);
        }
        return std::move(*handle_.promise().value);
    }

  private:
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

// Something that calls back: `start` is given the callback, which it calls exactly once, at once or later, on
// the engine's thread.
template <typename T>
class [[nodiscard]] Later {
  public:
    using Done = std::function<void(T)>;
    explicit Later(std::function<void(Done)> start)
        : start_(std::move(start)), state_(std::make_shared<State>()) {}

    bool await_ready() noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
        const auto state = state_;
        const auto start = std::move(start_);
        start([state](T value) {
            state->value.emplace(std::move(value));
            if (state->awaiting) {
                state->awaiting.resume();
            }
        });
        if (state->value) {
            return false;
        }
        state->awaiting = awaiting;
        return true;
    }
    T await_resume() { return std::move(*state_->value); }

  private:
    struct State {
        std::optional<T> value;
        std::coroutine_handle<> awaiting;
    };
    std::function<void(Done)> start_;
    std::shared_ptr<State> state_;
};

// Starts `task` now; `done` gets its value, or the exception that ended it and no value.
template <typename T>
void run(Task<T> task, std::function<void(std::optional<T>, std::exception_ptr)> done) {
    struct Detached {
        struct promise_type {
            Detached get_return_object() noexcept { return {}; }
            std::suspend_never initial_suspend() noexcept { return {}; }
            std::suspend_never final_suspend() noexcept { return {}; }
            void return_void() noexcept {}
            void unhandled_exception() noexcept { std::terminate(); }  // `done` does not throw
        };
    };
    [](Task<T> running, std::function<void(std::optional<T>, std::exception_ptr)> finished) -> Detached {
        std::optional<T> value;
        std::exception_ptr error;
        try {
            value.emplace(co_await running);
        } catch (...) {
            error = std::current_exception();
        }
        finished(std::move(value), error);
    }(std::move(task), std::move(done));
}

}  // namespace warifu
