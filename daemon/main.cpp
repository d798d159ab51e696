// warifud: the only process that ever sees a secret.

#include <fcntl.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/account/state.h"
#include "core/config/config.h"
#include "core/config/keys.h"
#include "core/error/error.h"
#include "core/secret/secret.h"
#include "core/store/store_files.h"
#include "daemon/home_process.h"
#include "daemon/markers.h"
#include "daemon/notices.h"
#include "daemon/notify_process.h"
#include "daemon/service.h"

namespace {

using namespace warifu;

constexpr int exit_usage = 2, exit_not_permitted = 3, exit_unavailable = 4;

constexpr std::string_view usage =
    "usage: warifud [--config FILE] [--run-directory DIRECTORY]   serve\n"
    "       warifud --stdio [--config FILE]                       serve the one connection on descriptor 0\n"
    "       warifud --init [--config FILE] [--json]               make the store and its key\n"
    "       warifud --check-config [--config FILE] [--json]       say whether the configuration is right\n"
    "       warifud --version\n";

enum class Mode { serve, stdio, init, check_config, version };

struct Arguments {
    Mode mode = Mode::serve;
    ServiceOptions service;
    bool json = false;
};

// nullopt: not understood.
std::optional<Arguments> parse(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        const bool has_value = i + 1 < argc;
        if (option == "--stdio") {
            arguments.mode = Mode::stdio;
        } else if (option == "--init") {
            arguments.mode = Mode::init;
        } else if (option == "--check-config") {
            arguments.mode = Mode::check_config;
        } else if (option == "--version") {
            arguments.mode = Mode::version;
        } else if (option == "--json") {
            arguments.json = true;
        } else if (option == "--config" && has_value) {
            arguments.service.config = argv[++i];
        } else if (option == "--run-directory" && has_value) {
            arguments.service.run_directory = argv[++i];
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

// Nobody reads this process' memory: no core, no ptrace, and root's alone in /proc.
void close_to_others() {
    (void)prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    umask(077);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGCHLD, SIG_IGN);
}

int report(const Arguments& arguments, const nlohmann::json& object, std::string_view text, int status) {
    const std::string line = arguments.json ? object.dump() : std::string(text);
    std::FILE* to = status == 0 || arguments.json ? stdout : stderr;
    const bool written = std::fprintf(to, "%s\n", line.c_str()) >= 0 && std::fflush(to) == 0;
    return written ? status : exit_unavailable;
}

int refuse(const Arguments& arguments, const char* code, const std::string& message, int status) {
    return report(arguments, {{"error", code}, {"message", message}}, "warifud: " + message, status);
}

// What the file is like, and what is in force because of it: the file, the last good copy, or nothing.
struct Checked {
    std::string problem;  // empty: the file is right
    std::vector<std::string> warnings;
    std::optional<Config> in_force;
};

Checked check(const std::string& path) {
    try {
        // To look at a good file does not put it in force: no copy of it is kept.
        const bool there = access(path.c_str(), F_OK) == 0 || errno != ENOENT;
        LoadedConfig read = load_config(path, there ? std::string() : last_good_path(path));
        if (geteuid() == 0) {  // whose they are
            for (auto& problem : problems_of_secrets(read.config)) {
                read.warnings.push_back(std::move(problem));
            }
        }
        return {std::move(read.problem), std::move(read.warnings), std::move(read.config)};
    } catch (const Invalid& error) {
        Checked bad{error.field + ": " + error.what(), {}, std::nullopt};
        try {
            bad.in_force = load_config(path, last_good_path(path)).config;
        } catch (const Invalid& nothing) {
            bad.problem = nothing.field + ": " + nothing.what();  // which says that there is no copy either
        }
        return bad;
    }
}

// By table and key. A value as it is shown, a string, number, truth or list in TOML, is the same in JSON.
nlohmann::json object_of(const Config& config) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& rule : key_rules()) {
        object[std::string(rule.table)][std::string(rule.key)] = nlohmann::json::parse(rule.show(config));
    }
    return object;
}

int check_config(const Arguments& arguments) {
    const std::string& path = arguments.service.config;
    const Checked checked = check(path);
    nlohmann::json object;
    std::string text;
    if (checked.problem.empty()) {
        object = {{"file", path}, {"ok", true}, {"warnings", checked.warnings}};
        text = path + " is right";
        for (const auto& warning : checked.warnings) {
            text += "\nwarning: " + warning;
        }
    } else {
        object = {{"error", "usage"}, {"message", checked.problem}};
        text = "warifud: " + checked.problem;
    }
    if (checked.in_force) {
        object["in_force"] = object_of(*checked.in_force);
    }
    return report(arguments, object, text, checked.problem.empty() ? 0 : exit_usage);
}

// The directory that `path` lies in, one level and not more: /var/lib/warifu (searchable, so that markers
// below it can be probed by name) and /etc/warifu. What is there already is left as it is.
void make_parent(const std::string& path, mode_t mode) {
    const std::string parent = path.substr(0, path.rfind('/'));
    if (mkdir(parent.c_str(), mode) == 0) {
        (void)chmod(parent.c_str(), mode);  // whatever the umask
    } else if (errno != EEXIST) {
        throw Unavailable(parent + " cannot be made: " + std::system_category().message(errno));
    }
}

int init(const Arguments& arguments) {
    if (geteuid() != 0) {
        return refuse(arguments, "not_permitted", "making the store is for root: run it with sudo",
                      exit_not_permitted);
    }
    const Config config = load_config(arguments.service.config, {}).config;
    make_parent(config.store_directory, 0711);
    make_parent(config.key_file, 0755);
    init_store(config.store_directory, config.key_file, [](std::size_t) { return encode(State{}); });
    if (arguments.service.config == ServiceOptions{}.config) {
        if (const std::string problem = Markers().prepare(); !problem.empty()) {
            syslog(LOG_AUTHPRIV | LOG_ERR, "%s", problem.c_str());  // nothing but `id` is wrong for it
        }
    }
    return report(arguments, {{"store", config.store_directory}, {"key", config.key_file}},
                  "made the store " + config.store_directory + " and its key " + config.key_file +
                      "\nKeep a copy of the key somewhere safe: without it only recovery codes work.",
                  0);
}

int run(const Arguments& arguments) {
    switch (arguments.mode) {
        case Mode::serve:
            return serve(arguments.service);
        case Mode::stdio:
            return serve_stdio(arguments.service);
        case Mode::init:
            return init(arguments);
        case Mode::check_config:
            return check_config(arguments);
        case Mode::version:
            return std::puts("warifud " WARIFU_VERSION) >= 0 ? 0 : exit_unavailable;
    }
    return exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
    close_to_others();
    // One heap for its few threads: a heap each is address space to be mapped at every start.
    (void)mallopt(M_ARENA_MAX, 1);
    // No configuration file adds providers or engines to the process that sees secrets, and none is read at
    // each sign-in without a daemon.
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    (void)lock_secrets();
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first == "--read-home") {
        return run_read_home(argc, argv);
    }
    if (first == "--read-key-file") {
        return run_read_key_file(argc, argv);
    }
    if (first == "--write-home") {
        return run_write_home(argc, argv);
    }
    if (first == "--notify") {
        return run_notify(argc, argv);
    }
    const auto arguments = parse(argc, argv);
    if (!arguments) {
        std::fprintf(stderr, "%.*s", static_cast<int>(usage.size()), usage.data());
        return exit_usage;
    }
    try {
        return run(*arguments);
    } catch (const Conflict& error) {
        return refuse(*arguments, "conflict", error.what(), exit_unavailable);
    } catch (const Invalid& error) {
        return refuse(*arguments, "usage", error.field + ": " + error.what(), exit_usage);
    } catch (const std::exception& error) {
        syslog(LOG_AUTHPRIV | LOG_ERR, "%s", error.what());
        return refuse(*arguments, "unavailable", error.what(), exit_unavailable);
    }
}
