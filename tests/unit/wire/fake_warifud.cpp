// `fake_warifud --stdio [--config FILE]`: plays the part that the first word of FILE names ("success" without
// one), and writes to FILE.report, as JSON, how it was started.
#include <dirent.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/wire/file_text.h"

namespace {

using nlohmann::json;
using warifu::testing_support::file_text;

std::string status_line(const std::string& name) {
    std::string const status = file_text("/proc/self/status");
    auto const at = status.find("\n" + name + ":\t") + name.size() + 3;
    return status.substr(at, status.find('\n', at) - at);
}

json descriptors() {
    json all = json::object();
    DIR* const directory = opendir("/proc/self/fd");
    while (const dirent* const entry = readdir(directory)) {
        if (entry->d_name[0] == '.' || std::stoi(entry->d_name) == dirfd(directory)) continue;
        char target[256] = {};
        if (readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1) > 0)
            all[entry->d_name] = target;
    }
    closedir(directory);
    return all;
}

json limits() {
    json all = json::object();
    for (int resource = 0; resource < RLIMIT_NLIMITS; ++resource) {
        rlimit limit{};
        getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
        all[std::to_string(resource)] = {static_cast<long long>(limit.rlim_cur),
                                         static_cast<long long>(limit.rlim_max)};
    }
    return all;
}

json report(int argc, char** argv, char** environment) {
    json all;
    for (int i = 0; i < argc; ++i) all["argv"].push_back(argv[i]);
    all["environment"] = json::array();
    for (char** variable = environment; *variable != nullptr; ++variable)
        all["environment"].push_back(*variable);
    for (const char* const name : {"Uid", "Gid", "Groups", "SigBlk", "SigIgn", "SigCgt", "Cpus_allowed"})
        all[name] = status_line(name);
    mode_t const mask = umask(0);
    umask(mask);
    all["umask"] = mask;
    all["descriptors"] = descriptors();
    all["limits"] = limits();
    all["nice"] = getpriority(PRIO_PROCESS, 0);
    all["policy"] = sched_getscheduler(0);
    all["io_priority"] = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
    all["oom_score_adj"] = std::stoi(file_text("/proc/self/oom_score_adj"));
    all["cgroups"] = file_text("/proc/self/cgroup");
    all["session_leader"] = getsid(0) == getpid();
    all["pid"] = getpid();
    char directory[4096];
    all["cwd"] = getcwd(directory, sizeof directory);
    return all;
}

// One call, or "" at the end of the connection.
std::string next_call() {
    std::string call;
    for (char byte; read(STDIN_FILENO, &byte, 1) == 1;) {
        if (byte == '\0') return call;
        call += byte;
    }
    return "";
}

void say(const json& parameters) {
    std::string const text = json({{"parameters", parameters}}).dump();
    if (write(STDOUT_FILENO, text.c_str(), text.size() + 1) < 0) _exit(3);
}

void play(const std::string& part) {
    if (part == "leave") return;
    next_call();
    if (part == "mute") {
        next_call();
        return;
    }
    if (part == "success") {
        say({{"step", "done"}, {"verdict", "success"}});
        return;
    }
    say({{"step", "prompt"}, {"text", "Code: "}, {"echo", false}});
    if (part == "leave-at-prompt") return;
    json const answer = json::parse(next_call(), nullptr, false);
    bool const right = answer.is_object() && answer["parameters"].value("text", "") == "123456";
    say({{"step", "done"}, {"verdict", right ? "success" : "denied"}, {"reason", right ? "" : "bad_code"}});
}

// Before anything is said, so that whoever hears from this program finds it there, and whole.
void write_report(const std::string& config, const json& all) {
    std::ofstream(config + ".new") << all.dump(-1, ' ', false, json::error_handler_t::replace);
    std::rename((config + ".new").c_str(), (config + ".report").c_str());
}

}  // namespace

int main(int argc, char** argv, char** environment) {
    std::string const config = argc == 4 ? argv[3] : "";
    if (config.empty()) {
        play("success");
        return 0;
    }
    write_report(config, report(argc, argv, environment));
    std::string const part = file_text(config);
    play(part.substr(0, part.find('\n')));
}
