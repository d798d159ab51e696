// The gateway as a whole: the routes, the connections to warifud, the server.
#pragma once

#include <memory>

#include "gateway/asio.h"
#include "gateway/http/server.h"
#include "gateway/log.h"
#include "gateway/options.h"
#include "gateway/warifud/long_polls.h"
#include "gateway/warifud/pool.h"

namespace warifu::gateway {

// All of it but sockets and signals. Outlives the io_context's running; connections that are destroyed with
// the io_context touch nothing of it.
class Gateway {
  public:
    Gateway(asio::io_context& io, const Options& options, HttpLimits limits = {}, WarifudLimits warifud = {});

    HttpServer& server() noexcept { return server_; }
    Log& log() noexcept { return log_; }

  private:
    Log log_;
    Warifud warifud_;
    LongPolls long_polls_;
    HttpServer server_;
};

// Serves until SIGTERM or SIGINT; throws where it cannot begin. Returns the exit status.
int serve(const Options& options);

}  // namespace warifu::gateway
