// Calls of io.warifu over a bounded number of connections to warifud, none of which has an authority of its
// own: each call hands over its caller's proof.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gateway/asio.h"
#include "gateway/warifud/turnstile.h"
#include "ipc/client/reply.h"
#include "ipc/client/request.h"

namespace warifu::gateway {

struct WarifudLimits {
    std::size_t connections = 8;                  // what warifud grants to any uid
    std::size_t waiting = 1024;                   // calls that wait for one of them
    std::chrono::milliseconds to_answer{30'000};  // beyond what the call itself lets warifud wait
    std::chrono::milliseconds unused{
        60'000};  // after which a connection is closed; warifud would after 300 s
};

class Warifud {
  public:
    explicit Warifud(std::string socket, WarifudLimits limits = {});

    // Throws what an error of the interface stands for (ipc/client/errors.h), Unavailable where warifud
    // cannot be reached and NoReply where it did not answer. Once it has begun it is carried out whether or
    // not the caller is cancelled meanwhile: a change is either asked for or not.
    awaitable<ipc::Reply> call(ipc::Request request);

    // A call that only looks, and which warifud may hold back for `wait`. It ends when the caller is
    // cancelled.
    awaitable<ipc::Reply> look(ipc::Request request, std::chrono::milliseconds wait);

  private:
    class Pool;
    std::shared_ptr<Pool> pool_;
};

}  // namespace warifu::gateway
