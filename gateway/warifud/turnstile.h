// Lets so many through at once; others wait in the order in which they came.
#pragma once

#include <cstddef>
#include <list>
#include <memory>

#include "gateway/asio.h"

namespace warifu::gateway {

class Turnstile {
  public:
    // `most` at once, `most_waiting` before it.
    Turnstile(std::size_t most, std::size_t most_waiting);

    // Being inside, until the last copy is gone.
    using Pass = std::shared_ptr<void>;

    // Throws Unavailable where too many wait already, and system_error (operation_aborted) where it is
    // cancelled.
    awaitable<Pass> enter();
    // Null where one would have to wait.
    Pass enter_now();

  private:
    struct Waiter;
    struct Counts {
        std::size_t most, most_waiting, inside = 0;
        std::list<Waiter*> waiting;
        void leave() noexcept;
    };
    Pass pass() const;

    std::shared_ptr<Counts> counts_;  // shared with the passes, which may outlive this
};

}  // namespace warifu::gateway
