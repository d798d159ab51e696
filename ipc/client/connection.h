// One connection to warifud: calls, one after another, each answered within a deadline. A proof (Prove) is
// good on the connection that it was given on and on no other.
#pragma once

#include <chrono>

#include "core/secret/secret.h"
#include "ipc/client/descriptor.h"
#include "ipc/client/reply.h"
#include "ipc/client/request.h"

namespace warifu::ipc {

// warifud waits for nobody in these calls, but recovery codes queue for scrypt while many are tried.
inline constexpr std::chrono::seconds reply_deadline{30};

class Connection {
  public:
    // `socket`: non-blocking, connected.
    explicit Connection(Descriptor socket, std::chrono::milliseconds deadline = reply_deadline) noexcept
        : socket_(std::move(socket)), deadline_(deadline) {}

    // Sends the request and waits for its reply. Throws what an error of the interface stands for, and
    // NoReply where none came; after NoReply the connection is closed, and every further call throws it too.
    Reply call(Request request) { return call(std::move(request), deadline_); }
    Reply call(Request request, std::chrono::milliseconds deadline);
    // A message that Request::finish() gave; it is wiped once it is sent.
    Reply call(Secret message) { return call(std::move(message), deadline_); }

    // A descriptor that, once it can be read, ends every wait for a reply with Interrupted, a NoReply. It
    // outlives this; -1: none.
    void interrupted_by(int descriptor) noexcept { interruption_ = descriptor; }

  private:
    using TimePoint = std::chrono::steady_clock::time_point;

    Reply call(Secret message, std::chrono::milliseconds deadline);
    Secret exchange(Secret message, TimePoint until);
    void send(const Secret& message, TimePoint until);
    Secret receive(TimePoint until);
    void wait_for(short events, TimePoint until);

    Descriptor socket_;
    std::chrono::milliseconds deadline_;
    int interruption_ = -1;
};

}  // namespace warifu::ipc
