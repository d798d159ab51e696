// warifud as a whole: configuration, key, store, engine, sockets; serving everybody or one.
#pragma once

#include <string>

namespace warifu {

struct ServiceOptions {
    std::string config = "/etc/warifu/warifu.conf";
    std::string run_directory = "/run/warifu";
};

// Serves until SIGTERM or SIGINT; SIGHUP reads the configuration again. Returns the exit status.
int serve(const ServiceOptions& options);

// Serves the one connection on descriptor 0 (a socket) and returns when it ends.
int serve_stdio(const ServiceOptions& options);

}  // namespace warifu
