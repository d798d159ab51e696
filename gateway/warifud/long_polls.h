// Waiting for an authentication request to change, for any number of callers over a few connections: the
// first of them hold one each, on which warifud answers at once; for the others it is asked once a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/secret/secret.h"
#include "gateway/warifud/authentication_request.h"
#include "gateway/warifud/pool.h"

namespace warifu::gateway {

class LongPolls {
  public:
    static constexpr std::chrono::seconds longest{25};  // io.warifu, Poll

    // `held`: connections that waiting may take up, fewer than there are.
    LongPolls(Warifud& warifud, std::size_t held, std::chrono::milliseconds pause = std::chrono::seconds(1))
        : warifud_(warifud), held_(held, 0), pause_(pause) {}

    // The request once it is no longer pending at `rev`, or as it is after `wait`. Without `rev`: at the one
    // that it has now. The key and the id live as long as this. Throws what Warifud::look throws.
    awaitable<AuthenticationRequest> poll(const Secret& key, std::string id, std::optional<std::int64_t> rev,
                                          std::chrono::seconds wait);

  private:
    awaitable<AuthenticationRequest> look(const Secret& key, const std::string& id,
                                          std::optional<std::int64_t> rev, std::chrono::seconds wait);

    Warifud& warifud_;
    Turnstile held_;
    std::chrono::milliseconds pause_;
};

}  // namespace warifu::gateway
