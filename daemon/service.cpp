#include "daemon/service.h"

#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "core/config/config.h"
#include "core/engine/client.h"
#include "core/engine/shared_keyring.h"
#include "core/error/error.h"
#include "core/store/sqlite_store.h"
#include "core/store/store_files.h"
#include "daemon/daemon_ports.h"
#include "daemon/marker_keeper.h"
#include "daemon/server.h"
#include "ipc/activation.h"

namespace warifu {

namespace {

constexpr std::size_t lookup_threads_of_a_daemon = 4;
constexpr std::size_t most_copy_name_bytes = 200;  // a file's name has 255, "last-good" and ".new" are added
constexpr std::int64_t most_silent_seconds =
    10;  // of the committing thread, before the watchdog is left to bite
constexpr std::chrono::hours between_rotations{1};  // looks at the schedules

enum class Lifetime { daemon, one_sign_in };

// Where the store is elsewhere, nothing else makes the directory of the copies. True: it was made just now.
bool make_place_of_copies(const Config& config) {
    const std::string directory = Config{}.store_directory;
    const std::string parent = directory.substr(0, directory.rfind('/'));
    if (geteuid() != 0 || config.store_directory == directory) {
        return false;
    }
    if (mkdir(parent.c_str(), 0711) == 0) {
        (void)chmod(parent.c_str(), 0711);  // whatever the umask
    }
    return mkdir(directory.c_str(), 0700) == 0;
}

// The configuration in force: the file, or the last good copy, or (without either) the defaults with
// everything refused until it is mended.
struct Loaded {
    Config config;
    std::string problem;                               // what keeps everything unavailable; empty: nothing
    std::vector<std::pair<int, std::string>> remarks;  // for the log, with their priorities
};

Loaded load(const std::string& path) {
    Loaded loaded;
    try {
        LoadedConfig read = load_config(path, last_good_path(path));
        if (read.problem.empty() && make_place_of_copies(read.config)) {
            read = load_config(path, last_good_path(path));
        }
        for (const auto& warning : read.warnings) {
            loaded.remarks.emplace_back(LOG_WARNING, "configuration: " + warning);
        }
        if (!read.problem.empty()) {
            loaded.remarks.emplace_back(
                LOG_ERR, "configuration: " + read.problem +
                             "; the last good one stays in force: mend it, then `warifu config check`");
        }
        loaded.config = std::move(read.config);
    } catch (const Invalid& error) {
        loaded.problem = "configuration: " + error.field + ": " + error.what();
    } catch (const std::exception& error) {
        loaded.problem = std::string("configuration: ") + error.what();
    }
    if (loaded.config.issuer.empty()) {
        char name[256] = {};
        (void)gethostname(name, sizeof name - 1);
        loaded.config.issuer = name;
    }
    return loaded;
}

// NSS is told by the host's own warifud alone: one that runs with another configuration speaks of another
// store.
std::optional<Markers> markers_of(const ServiceOptions& options) {
    return options.config == ServiceOptions{}.config ? std::optional<Markers>(Markers()) : std::nullopt;
}

// A child for one sign-in reads no catalogue that it will not need; a daemon may be told of a language later.
Phrases phrases_for(Lifetime lifetime, const Config& config) {
    Phrases phrases;
    if (lifetime == Lifetime::daemon || config.speaks(Language::japanese)) {
        phrases.load({Language::japanese}, WARIFU_LOCALE_DIRECTORY);
    }
    return phrases;
}

// What the schedules of shared keys want.
Task<bool> rotate_due(Engine& engine) {
    SharedKeyring keyring(engine);
    Caller caller;
    caller.admin = true;
    caller.source = SourceId::local(0);
    caller.service = "warifud";
    auto waits = keyring.rotate_due(std::string(host_realm), std::move(caller));
    const std::vector<std::string> rotated = co_await waits;
    for (const auto& name : rotated) {
        std::string line = "shared key: ";
        line.append(name).append(
            ": replaced by its schedule: hand the new QR code out (`warifu shared show ");
        line.append(name).append("`)");
        engine.ports().log(LOG_NOTICE, line);
    }
    co_return !rotated.empty();
}

// Everything behind the sockets. Without a usable store it still answers, always `unavailable`.
class Warifud {
  public:
    Warifud(const ServiceOptions& options, Lifetime lifetime)
        : options_(options),
          loaded_(load(options.config)),
          phrases_(phrases_for(lifetime, loaded_.config)),
          publisher_(io, markers_of(options), log_) {
        log_remarks(loaded_);
        std::string problem = loaded_.problem;
        if (problem.empty()) {
            try {
                OpenedStore opened = open_store(loaded_.config.store_directory, loaded_.config.key_file);
                store_ = std::move(opened.store);
                key_ = std::move(opened.key);
                if (!opened.key_missing.empty()) {
                    log_.line(LOG_ERR, opened.key_missing);
                }
            } catch (const std::exception& error) {
                problem = error.what();
            }
        }
        if (!problem.empty()) {
            log_.line(LOG_ERR, problem);
        }
        ports_ = std::make_unique<DaemonPorts>(io, store_.get(), problem, log_, phrases_, publisher_,
                                               loaded_.config,
                                               lifetime == Lifetime::daemon ? lookup_threads_of_a_daemon : 1);
        engine_ = std::make_unique<Engine>(loaded_.config, key_ ? &*key_ : nullptr, *ports_);
        keeper_ = std::make_unique<MarkerKeeper>(*engine_, publisher_);
        server_ = std::make_unique<Server>(io, Services{*engine_, *ports_});
    }

    ~Warifud() {
        // The committing thread ends before what its callbacks post to; connections before what they use.
        store_.reset();
        io.stop();
    }

    void reload() {
        Loaded fresh = load(options_.config);
        log_remarks(fresh);
        if (!fresh.problem.empty()) {
            log_.line(LOG_ERR, fresh.problem + "; the configuration in force stays");
            return;
        }
        keeper_->withdraw_exemptions(fresh.config);
        loaded_ = std::move(fresh);
        engine_->use(loaded_.config);
        ports_->use(loaded_.config);
        keeper_->grant_exemptions();
        log_.line(LOG_INFO, "configuration read again");
        if (!store_) {
            log_.line(
                LOG_ERR,
                "the store was not opened when warifud started: restart it (systemctl restart warifud)");
        }
    }

    // Whom the configuration exempts, as it is now; nothing where there is none, or no store.
    void keep_exemptions() {
        if (loaded_.problem.empty() && store_) {
            keeper_->withdraw_exemptions(loaded_.config);
            keeper_->grant_exemptions();
        }
    }

    // In the background, while others are served.
    void reconcile_markers() {
        if (store_) {
            keeper_->reconcile();
        }
    }

    // Beside whatever else is done.
    void rotate_shared_keys() {
        if (!store_) {
            return;
        }
        run<bool>(rotate_due(*engine_), [this](std::optional<bool>, const std::exception_ptr& failed) {
            try {
                if (failed) {
                    std::rethrow_exception(failed);
                }
            } catch (const std::exception& error) {
                log_.line(LOG_ERR, std::string("shared keys: could not be replaced: ") + error.what());
            }
        });
    }

    bool alive() const {
        return !store_ || std::chrono::duration_cast<std::chrono::seconds>(
                              std::chrono::steady_clock::now().time_since_epoch())
                                      .count() -
                                  store_->last_alive() <
                              most_silent_seconds;
    }
    Server& server() { return *server_; }
    Log& log() { return log_; }

    asio::io_context io{1};

  private:
    void log_remarks(const Loaded& loaded) {
        for (const auto& [priority, text] : loaded.remarks) {
            log_.line(priority, text);
        }
    }

    ServiceOptions options_;
    Loaded loaded_;
    const Phrases phrases_;  // before all that starts a thread
    Log log_;
    std::unique_ptr<SqliteStore> store_;
    std::optional<StoreKey> key_;
    MarkerPublisher publisher_;
    std::unique_ptr<DaemonPorts> ports_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<MarkerKeeper> keeper_;
    std::unique_ptr<Server> server_;
};

// /run/warifu must be root's and closed to others' writing, or somebody else could listen there.
void make_run_directory(const std::string& path) {
    if (mkdir(path.c_str(), 0755) == 0) {
        (void)chmod(path.c_str(), 0755);
    }
    struct stat found{};
    if (lstat(path.c_str(), &found) != 0) {
        throw std::system_error(errno, std::system_category(), path);
    }
    if (!S_ISDIR(found.st_mode) || found.st_uid != geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        throw std::runtime_error(
            path + " must be a directory of root's that nobody else can write: mend it, then start again");
    }
}

void listen(Warifud& warifud, const ServiceOptions& options) {
    const auto passed = passed_sockets();
    if (!passed.empty()) {
        for (const int descriptor : passed) {
            warifud.server().adopt(descriptor);
        }
        return;
    }
    make_run_directory(options.run_directory);
    warifud.server().listen(options.run_directory + "/root.sock", Door::root);
    warifud.server().listen(options.run_directory + "/warifu.sock", Door::everybody);
}

void keep_watchdog(asio::steady_timer& timer, std::chrono::microseconds interval, const Warifud& warifud) {
    timer.expires_after(interval);
    timer.async_wait([&timer, interval, &warifud](error_code error) {
        if (error) {
            return;
        }
        if (warifud.alive()) {
            notify_manager("WATCHDOG=1");
        }
        keep_watchdog(timer, interval, warifud);
    });
}

void keep_rotating(asio::steady_timer& timer, Warifud& warifud) {
    warifud.rotate_shared_keys();
    timer.expires_after(between_rotations);
    timer.async_wait([&timer, &warifud](error_code error) {
        if (!error) {
            keep_rotating(timer, warifud);
        }
    });
}

void await_signals(asio::signal_set& signals, Warifud& warifud) {
    signals.async_wait([&](error_code error, int number) {
        if (error) {
            return;
        }
        if (number == SIGHUP) {
            warifud.reload();
            await_signals(signals, warifud);
            return;
        }
        notify_manager("STOPPING=1");
        warifud.io.stop();
    });
}

}  // namespace

std::string last_good_path(const std::string& config) {
    const std::string copy = Config{}.store_directory + "/last-good";
    if (config == ServiceOptions{}.config) {
        return copy + ".conf";
    }
    std::string of = "-";
    for (const char c : config) {
        of += c == '/' ? "%2F" : c == '%' ? "%25" : std::string(1, c);
    }
    return of.size() <= most_copy_name_bytes ? copy + of : "";
}

int serve(const ServiceOptions& options) {
    Warifud warifud(options, Lifetime::daemon);
    warifud.keep_exemptions();
    listen(warifud, options);
    warifud.server().look_for_gateway();
    asio::signal_set signals(warifud.io, SIGTERM, SIGINT, SIGHUP);
    await_signals(signals, warifud);
    asio::steady_timer watchdog(warifud.io);
    if (const auto interval = watchdog_interval()) {
        keep_watchdog(watchdog, *interval, warifud);
    }
    asio::steady_timer rotation(warifud.io);
    keep_rotating(rotation, warifud);
    warifud.log().line(LOG_INFO, "ready");
    notify_manager("READY=1");
    warifud.reconcile_markers();
    warifud.io.run();
    return 0;
}

int serve_stdio(const ServiceOptions& options) {
    Warifud warifud(options, Lifetime::one_sign_in);
    const auto work = asio::make_work_guard(warifud.io);
    warifud.server().serve_one(0, [&warifud] { warifud.io.stop(); });
    warifud.io.run();
    // Where no warifud runs, nobody else would; nobody waits for it any more.
    warifud.keep_exemptions();
    return 0;
}

}  // namespace warifu
