#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/ioprio.h>
#include <linux/prctl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <grp.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "ipc/wire/connect.h"
#include "ipc/wire/message.h"
#include "tests/unit/wire/file_text.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::wire {
namespace {

using nlohmann::json;
using testing_support::file_text;
using testing_support::in_other_process;

constexpr uid_t caller = 12'345;
constexpr int ample = 20'000;
constexpr rlim_t unlimited = RLIM_INFINITY;

std::string error_of(int result) {
    return result >= 0 ? "started" : strerrorname_np(-result);
}

struct DaemonDirectory {
    std::string path = "/tmp/warifu-daemon-XXXXXX";
    DaemonDirectory() { EXPECT_NE(mkdtemp(path.data()), nullptr); }
    ~DaemonDirectory() { std::filesystem::remove_all(path); }
    // A configuration that has the stand-in play `part`.
    std::string config(const char* part) const {
        std::ofstream(path + "/config") << part << '\n';
        return path + "/config";
    }
};

// Starts the stand-in, sends a message, reads its answer, and returns its report, or a word on what failed.
std::string start_and_report(const std::string& config) {
    int const fd = start_daemon(FAKE_WARIFUD, config.c_str());
    if (fd < 0) return json(error_of(fd)).dump();
    char buffer[4096];
    Inbox inbox(buffer, sizeof buffer);
    const char* reply = nullptr;
    int failed = send_message(fd, "{}", 3, Deadline::after(ample));
    if (failed == 0) failed = inbox.receive(fd, Deadline::after(ample), &reply);
    if (failed >= 0) failed = inbox.receive(fd, Deadline::after(ample), &reply);  // its end
    close(fd);
    if (failed != -ECONNRESET) return json(error_of(failed)).dump();
    return file_text(config + ".report");
}

// A host as sudo is one: real uid the caller's, effective uid 0, and all that the caller can spoil at its
// worst.
void become_worst_host() {
    // A limit of no CPU time at all ends this process itself at the next tick of the clock.
    ::signal(SIGXCPU, SIG_IGN);
    std::vector<gid_t> const groups = {100, 200};
    if (setgroups(groups.size(), groups.data()) != 0) throw std::runtime_error("setgroups");
    for (int const resource : {RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_LOCKS}) {
        rlimit const none{0, unlimited};
        setrlimit(static_cast<__rlimit_resource_t>(resource), &none);
    }
    rlimit const few{16, 16}, small{512 * 1024, unlimited}, core{unlimited, unlimited};
    setrlimit(RLIMIT_NOFILE, &few);
    setrlimit(RLIMIT_STACK, &small);
    setrlimit(RLIMIT_CORE, &core);
    setpriority(PRIO_PROCESS, 0, 19);
    sched_param const lowest{};
    sched_setscheduler(0, SCHED_IDLE, &lowest);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(0, sizeof one, &one);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 7));
    std::ofstream("/proc/self/oom_score_adj") << 1000;
    umask(0);
    sigset_t every;
    sigfillset(&every);
    sigprocmask(SIG_SETMASK, &every, nullptr);
    for (int const signal : {SIGTERM, SIGPIPE, SIGHUP, SIGCHLD, SIGRTMIN + 3}) ::signal(signal, SIG_IGN);
    setenv("LD_PRELOAD", "/tmp/anything.so", 1);
    if (chdir("/tmp") != 0 || setresgid(caller, caller, caller) != 0 || setresuid(caller, 0, 0) != 0)
        throw std::runtime_error("becoming the worst host");
}

// Some containers keep CAP_SYS_RESOURCE: there a hard limit stays where it was, and the soft one rises to it.
bool hard_limits_can_rise() {
    return in_other_process([] {
               rlimit const low{8, 8}, high{9, 9};
               return std::to_string(setrlimit(RLIMIT_NOFILE, &low) == 0 &&
                                     setrlimit(RLIMIT_NOFILE, &high) == 0);
           }) == "1";
}

void expect_limit(const json& report, int resource, rlim_t soft, rlim_t hard) {
    static bool const can_rise = hard_limits_can_rise();
    auto const& limit = report["limits"][std::to_string(resource)];
    rlim_t const is_soft = static_cast<rlim_t>(limit[0].get<long long>());
    rlim_t const is_hard = static_cast<rlim_t>(limit[1].get<long long>());
    EXPECT_EQ(is_soft, can_rise ? soft : std::min(soft, is_hard)) << resource;
    if (can_rise) {
        EXPECT_EQ(is_hard, hard) << resource;
    }
}

// More descriptors in use than the child may have: the limit comes down before it opens its own.
TEST(StartDaemon, X33_AHostWithEveryLowDescriptorInUse) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    json const report = json::parse(in_other_process([&] {
        constexpr rlim_t most = 4'096;
        constexpr int used = 2'000;
        rlimit const many{most, most};
        if (setrlimit(RLIMIT_NOFILE, &many) != 0) throw std::runtime_error("setrlimit");
        while (open("/dev/null", O_RDONLY | O_CLOEXEC) < used) {
        }
        return start_and_report(config);
    }));
    ASSERT_TRUE(report.is_object()) << report;
    EXPECT_EQ(report["argv"], json({FAKE_WARIFUD, "--stdio", "--config", config}));
}

TEST(StartDaemon, X33_TheChildHasNothingOfTheCallers) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    json const report = json::parse(in_other_process([&] {
        become_worst_host();
        open("/etc/passwd", O_RDONLY);  // not close-on-exec
        return start_and_report(config);
    }));
    ASSERT_TRUE(report.is_object()) << report;
    EXPECT_EQ(report["argv"], json({FAKE_WARIFUD, "--stdio", "--config", config}));
    EXPECT_EQ(report["environment"], json::array());
    EXPECT_EQ(report["Uid"], "0\t0\t0\t0");
    EXPECT_EQ(report["Gid"], "0\t0\t0\t0");
    EXPECT_TRUE(report["Groups"] == "" || report["Groups"] == " ") << report["Groups"];
    EXPECT_EQ(report["SigBlk"], "0000000000000000");
    EXPECT_EQ(report["SigIgn"], "0000000000000000");
    EXPECT_EQ(report["SigCgt"], "0000000000000000");
    EXPECT_EQ(report["umask"], 077);
    EXPECT_EQ(report["cwd"], "/");
    EXPECT_EQ(report["nice"], 0);
    EXPECT_EQ(report["policy"], SCHED_OTHER);
    EXPECT_EQ(report["io_priority"], 0);
    EXPECT_EQ(report["oom_score_adj"], 0);
    EXPECT_EQ(report["session_leader"], true);
    EXPECT_EQ(report["Cpus_allowed"] == "1", file_text("/sys/devices/system/cpu/online") == "0\n");
}

TEST(StartDaemon, X33_TheChildsLimitsAreMended) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    json const report = json::parse(in_other_process([&] {
        become_worst_host();
        return start_and_report(config);
    }));
    ASSERT_TRUE(report.is_object()) << report;
    for (int const resource : {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_AS, RLIMIT_RSS, RLIMIT_NPROC,
                               RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_RTTIME}) {
        expect_limit(report, resource, unlimited, unlimited);
    }
    expect_limit(report, RLIMIT_STACK, 8 * 1024 * 1024, unlimited);
    expect_limit(report, RLIMIT_NOFILE, 1024, 4096);
    expect_limit(report, RLIMIT_CORE, 0, 0);
}

TEST(StartDaemon, X33_TheChildHasNoDescriptorOfTheHosts) {
    for (bool const closed : {false, true}) {
        DaemonDirectory directory;
        std::string const config = directory.config("success");
        json const report = json::parse(in_other_process([&] {
            if (closed) {
                for (int const fd : {0, 1, 2}) close(fd);
            }
            open("/etc/passwd", O_RDONLY);
            return start_and_report(config);
        }));
        ASSERT_TRUE(report.is_object()) << report;
        json const& open_ones = report["descriptors"];
        ASSERT_EQ(open_ones.size(), 3u) << open_ones;
        EXPECT_EQ(open_ones["0"], open_ones["1"]);
        EXPECT_EQ(open_ones["0"].get<std::string>().substr(0, 7), "socket:");
        EXPECT_EQ(open_ones["2"], "/dev/null");
    }
}

std::atomic<int> children_ended{0};

// The host neither hears of our processes nor can reap one, whatever it does about its own children
// meanwhile.
TEST(StartDaemon, X33_TheHostSeesNoSigchldAndReapsNothing) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    std::string const seen = in_other_process([&] {
        children_ended = 0;
        signal(SIGCHLD, [](int) { ++children_ended; });
        pid_t const own = fork();
        if (own == 0) {
            pause();
            _exit(0);
        }
        pid_t reaped = 0;
        std::thread waiter([&] { reaped = waitpid(-1, nullptr, 0); });  // as some hosts do all the time
        std::string result;
        for (int i = 0; i < 20; ++i) {
            if (json::parse(start_and_report(config)).is_string()) result = "not started; ";
        }
        result += std::to_string(children_ended) + " signals, ";
        kill(own, SIGKILL);
        waiter.join();
        result += reaped == own ? "own child reaped, " : "another child reaped, ";
        result += waitpid(-1, nullptr, __WALL | WNOHANG) == -1 && errno == ECHILD ? "none left" : "some left";
        return result;
    });
    EXPECT_EQ(seen, "0 signals, own child reaped, none left");
}

TEST(StartDaemon, X33_AHostThatIgnoresOrReapsEverythingIsServedToo) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    EXPECT_EQ(in_other_process([&] {
                  signal(SIGCHLD, SIG_IGN);
                  return std::to_string(json::parse(start_and_report(config)).is_object());
              }),
              "1");
}

// Version 2 of cgroups is found where the machine has it, or mounted for the test where it has none.
std::string cgroup_top() {
    for (const char* const top : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
        if (std::filesystem::exists(std::string(top) + "/cgroup.controllers")) return top;
    }
    ADD_FAILURE() << "no cgroup version 2 is mounted";
    return "";
}

// A process in a cgroup of its own that starts the stand-in and waits to be killed; the test takes over the
// connection.
class HostInCgroup {
  public:
    HostInCgroup(std::string group, const std::string& config) : group_(std::move(group)) {
        std::filesystem::create_directory(group_);
        int ends[2];
        EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
        process_ = fork();
        if (process_ == 0) {
            std::ofstream(group_ + "/cgroup.procs") << 0 << std::flush;
            int const fd = start_daemon(FAKE_WARIFUD, config.c_str());
            if (write(ends[1], &fd, sizeof fd) == sizeof fd) pause();
            _exit(1);
        }
        int number = -1;
        EXPECT_EQ(read(ends[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
        auto const handle = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
        connection = static_cast<int>(syscall(SYS_pidfd_getfd, handle, number, 0));
        for (int const fd : {handle, ends[0], ends[1]}) close(fd);
    }
    ~HostInCgroup() {
        close(connection);
        kill(process_, SIGKILL);
        std::ofstream(group_ + "/cgroup.freeze") << 0 << std::flush;
        waitpid(process_, nullptr, 0);
        while (rmdir(group_.c_str()) != 0 && errno == EBUSY) std::this_thread::yield();
    }
    void freeze() const {
        std::ofstream(group_ + "/cgroup.freeze") << 1 << std::flush;
        while (file_text(group_ + "/cgroup.events").find("frozen 1") == std::string::npos)
            std::this_thread::yield();
    }

    int connection = -1;

  private:
    std::string group_;
    pid_t process_ = -1;
};

TEST(StartDaemon, X33_FreezingTheCallersCgroupDoesNotFreezeTheChild) {
    DaemonDirectory directory;
    HostInCgroup const host(cgroup_top() + "/warifu-test-" + std::to_string(getpid()),
                            directory.config("prompt"));
    ASSERT_GE(host.connection, 0);
    host.freeze();
    char buffer[4096];
    Inbox inbox(buffer, sizeof buffer);
    const char* reply = nullptr;
    EXPECT_EQ(send_message(host.connection, "{}", 3, Deadline::after(ample)), 0);
    EXPECT_GT(inbox.receive(host.connection, Deadline::after(ample), &reply), 0);
}

TEST(StartDaemon, X04_TheHostIsAsItWas) {
    DaemonDirectory directory;
    std::string const config = directory.config("success");
    EXPECT_EQ(in_other_process([&] {
                  if (setresgid(caller, caller, 0) != 0 || setresuid(caller, 0, 0) != 0)
                      return std::string("uids");
                  prctl(PR_SET_DUMPABLE, 1);
                  sigset_t some, after;
                  sigemptyset(&some);
                  sigaddset(&some, SIGUSR1);
                  sigprocmask(SIG_SETMASK, &some, nullptr);
                  if (json::parse(start_and_report(config)).is_string()) return std::string("not started");
                  sigprocmask(SIG_SETMASK, nullptr, &after);
                  uid_t real, effective, saved;
                  getresuid(&real, &effective, &saved);
                  bool const same = std::memcmp(&some, &after, sizeof some) == 0 && real == caller &&
                                    saved == 0 && getegid() == caller && prctl(PR_GET_DUMPABLE) == 1;
                  return std::string(same ? "same" : "changed");
              }),
              "same");
}

TEST(StartDaemon, AProgramThatCannotBeRunClosesTheConnection) {
    int const fd = start_daemon("/nonexistent/warifud", nullptr);
    ASSERT_GE(fd, 0);
    char buffer[64];
    Inbox inbox(buffer, sizeof buffer);
    const char* reply = nullptr;
    EXPECT_EQ(inbox.receive(fd, Deadline::after(ample), &reply), -ECONNRESET);
    close(fd);
}

TEST(StartDaemon, OnlyRootStartsOne) {
    EXPECT_EQ(in_other_process([] {
                  if (seteuid(caller) != 0) return std::string("no seteuid");
                  return error_of(start_daemon(FAKE_WARIFUD, nullptr));
              }),
              "EPERM");
}

TEST(StartDaemon, WithoutADescriptorToSpareItFails) {
    EXPECT_EQ(in_other_process([] {
                  rlimit const none{3, 3};
                  setrlimit(RLIMIT_NOFILE, &none);
                  return error_of(start_daemon(FAKE_WARIFUD, nullptr));
              }),
              "EMFILE");
}

}  // namespace
}  // namespace warifu::wire
