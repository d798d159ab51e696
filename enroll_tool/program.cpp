// The commands that warifud itself carries out, executed in our place: only it may read its key, its store
// and its configuration.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "core/error/error.h"
#include "enroll_tool/commands.h"
#include "enroll_tool/process_guard.h"

namespace warifu {

namespace {

// Returns only by an exception. The environment is left behind: warifud wants none of it.
ExitCode execute(const Session& session, const char* task) {
    const ipc::Endpoint endpoint = session.endpoint();
    std::string daemon = endpoint.daemon.empty() ? ipc::installed_daemon() : endpoint.daemon;
    std::vector<std::string> words{daemon, task};
    if (!endpoint.config.empty()) words.insert(words.end(), {"--config", endpoint.config});
    if (session.json()) words.emplace_back("--json");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    char* const environment[] = {nullptr};
    release_signals();
    execve(daemon.c_str(), argv.data(), environment);
    throw Unavailable(daemon + " cannot be started: " + std::strerror(errno));
}

}  // namespace

ExitCode run_init(Session& session) {
    return execute(session, "--init");
}

ExitCode run_config_check(Session& session) {
    return execute(session, "--check-config");
}

}  // namespace warifu
