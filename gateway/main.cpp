// warifu-gateway: the HTTP API and the pages. It has no authority, no store and no secret: it hands over its
// callers' proofs, and warifud decides.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "core/secret/secret.h"
#include "gateway/options.h"
#include "gateway/own_user.h"
#include "gateway/service.h"

namespace {

using namespace warifu;
using gateway::Options;

constexpr int exit_usage = 2, exit_unavailable = 4;
constexpr std::size_t secret_heap_bytes = 2 * 1024 * 1024;  // a call each for every connection to warifud

// Callers' keys and tokens pass through: no core, no ptrace.
void close_to_others() {
    (void)prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    umask(077);
    std::signal(SIGPIPE, SIG_IGN);
}

int run(const Options& options) {
    switch (options.mode) {
        case Options::Mode::version:
            return std::puts("warifu-gateway " WARIFU_VERSION) >= 0 ? 0 : exit_unavailable;
        case Options::Mode::help:
            return std::fputs(gateway::usage, stdout) >= 0 ? 0 : exit_unavailable;
        case Options::Mode::serve:
            break;
    }
    gateway::become(options.user);
    close_to_others();  // again: the kernel forgets it where the uid changes
    return gateway::serve(options);
}

int refuse(const std::string& message, int status) {
    std::fprintf(stderr, "warifu-gateway: %s\n", message.c_str());
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    close_to_others();
    (void)lock_secrets(secret_heap_bytes);
    try {
        return run(gateway::parse_options({argv + 1, argv + argc}));
    } catch (const Invalid& error) {
        (void)std::fputs(gateway::usage, stderr);
        return refuse(error.field + ": " + error.what(), exit_usage);
    } catch (const std::exception& error) {
        syslog(LOG_DAEMON | LOG_ERR, "%s", error.what());
        return refuse(error.what(), exit_unavailable);
    }
}
