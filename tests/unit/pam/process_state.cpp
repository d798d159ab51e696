#include "tests/unit/pam/process_state.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include <clocale>
#include <filesystem>
#include <map>
#include <string>

#include "tests/unit/wire/file_text.h"

extern char** environ;

namespace warifu::testing_support {

using nlohmann::json;

namespace {

std::string status_lines() {
    std::string kept;
    std::string const status = file_text("/proc/thread-self/status");
    for (const char* const name : {"Uid", "Gid", "Groups", "SigBlk", "ShdBlk", "SigIgn", "SigCgt", "CapEff",
                                   "Umask", "NoNewPrivs", "Threads", "Cpus_allowed"}) {
        auto const at = status.find("\n" + std::string(name) + ":");
        if (at != std::string::npos) kept += status.substr(at, status.find('\n', at + 1) - at);
    }
    return kept;
}

std::map<std::string, std::string> descriptors() {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        auto const target = std::filesystem::read_symlink(entry.path(), gone);
        int const fd = std::stoi(entry.path().filename());
        std::string const flags =
            std::to_string(fcntl(fd, F_GETFD)) + "," + std::to_string(fcntl(fd, F_GETFL));
        if (!gone && target.string().find("/fd") == std::string::npos)
            all[entry.path().filename()] = target.string() + " " + flags;
    }
    return all;
}

std::string limits() {
    std::string all;
    for (int resource = 0; resource < RLIMIT_NLIMITS; ++resource) {
        rlimit limit{};
        getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
        all += std::to_string(limit.rlim_cur) + "/" + std::to_string(limit.rlim_max) + " ";
    }
    return all;
}

std::string handlers() {
    std::string all;
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action{};
        if (sigaction(signal, nullptr, &action) != 0) continue;
        all += std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + ",";
    }
    return all;
}

}  // namespace

json process_state() {
    json all;
    all["status"] = status_lines();
    all["fsuid"] = {setfsuid(static_cast<uid_t>(-1)), setfsgid(static_cast<gid_t>(-1))};
    all["cwd"] = std::filesystem::current_path().string();
    for (char** variable = environ; *variable != nullptr; ++variable) all["environment"].push_back(*variable);
    all["descriptors"] = descriptors();
    all["handlers"] = handlers();
    all["limits"] = limits();
    all["nice"] = getpriority(PRIO_PROCESS, 0);
    all["locale"] = setlocale(LC_ALL, nullptr);
    all["dumpable"] = prctl(PR_GET_DUMPABLE);
    all["log mask"] = setlogmask(0);
    return all;
}

}  // namespace warifu::testing_support
