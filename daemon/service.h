// warifud as a whole: configuration, key, store, engine, sockets; serving everybody or one.
#pragma once

#include <string>

namespace warifu {

struct ServiceOptions {
    std::string config = "/etc/warifu/warifu.conf";
    std::string run_directory = "/run/warifu";
};

// Where the last good copy of the file `config` lies: it must not depend on what stands in a file that may be
// bad. A file in another place has a copy of its own, or trying one out would put it in force for everybody
// at the next typing error. Empty: no copy, its name would be too long.
std::string last_good_path(const std::string& config);

// Serves until SIGTERM or SIGINT; SIGHUP reads the configuration again. Returns the exit status.
int serve(const ServiceOptions& options);

// Serves the one connection on descriptor 0 (a socket) and returns when it ends.
int serve_stdio(const ServiceOptions& options);

}  // namespace warifu
