#include "gateway/service.h"

#include <syslog.h>

#include <csignal>

#include "gateway/router/answer.h"
#include "gateway/routes/table.h"
#include "ipc/activation.h"

namespace warifu::gateway {

namespace {

WarifudLimits with_connections(WarifudLimits limits, std::size_t connections) {
    limits.connections = connections;
    return limits;
}

void listen(Gateway& gateway, const Options& options) {
    const auto passed = passed_sockets();
    for (const int descriptor : passed) gateway.server().adopt(descriptor);
    if (passed.empty()) gateway.server().listen(options.listen);
}

}  // namespace

Gateway::Gateway(asio::io_context& io, const Options& options, HttpLimits limits, WarifudLimits warifud)
    : log_(options.syslog),
      warifud_(options.socket, with_connections(warifud, options.connections)),
      long_polls_(warifud_, options.connections / 2),
      server_(io, std::make_shared<HttpContext>(
                      limits, options.proxies,
                      [this](HttpRequest request) {
                          return answer(route_table(), {warifud_, long_polls_}, log_, std::move(request));
                      },
                      log_)) {}

int serve(const Options& options) {
    asio::io_context io{1};
    Gateway gateway(io, options);
    listen(gateway, options);
    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](error_code error, int) {
        if (error) return;
        notify_manager("STOPPING=1");
        io.stop();
    });
    gateway.log().line(LOG_INFO, "ready");
    notify_manager("READY=1");
    io.run();
    return 0;
}

}  // namespace warifu::gateway
