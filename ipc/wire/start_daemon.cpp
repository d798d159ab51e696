// From the clone to the exec only raw system calls are made: the host may have other threads, which may hold
// any lock of libc's; libc's setresuid would signal threads that the copy does not have, and its open may be
// a cancellation point. Each mending step is done as far as allowed: in a container some are not, and a
// sign-in there is still better served than refused.
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ipc/wire/connect.h"
#include "ipc/wire/descriptor.h"

namespace warifu::wire {
namespace {

// The kernel's own shapes, which differ from libc's.
using SignalMask = std::uint64_t;
constexpr int last_signal = 64;
struct SignalAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    SignalMask mask;
};

constexpr int this_process = 1;              // IOPRIO_WHO_PROCESS
constexpr std::size_t cpu_mask_bytes = 128;  // 1,024 processors
constexpr int failed_before_exec = 127;
constexpr std::size_t between_stack_bytes = 12 * 1024;
constexpr std::size_t memberships_bytes = 4096;
constexpr rlim_t stack_bytes = 8 * 1024 * 1024;
constexpr rlim_t descriptors_soft = 1024, descriptors_hard = 4096;

// Where version 2 of cgroups is mounted: alone, or beside version 1.
constexpr const char* cgroup_roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
constexpr const char* cgroup_root_files[] = {"/sys/fs/cgroup/cgroup.procs",
                                             "/sys/fs/cgroup/unified/cgroup.procs"};

struct Launch {
    const char* const* argv;
    int socket;  // the child's end, 3 or above
};

[[noreturn]] void leave(int status) noexcept {
    for (;;) syscall(SYS_exit_group, status);
}

// The caller of sudo or su is this process's real uid, and may stop or kill it until this is done; nothing
// that anybody else waits for is held until then.
void become_root() noexcept {
    syscall(SYS_setresuid, 0, 0, 0);
    syscall(SYS_setresgid, 0, 0, 0);
    syscall(SYS_setgroups, 0, nullptr);
}

void set_limit(int resource, rlim_t soft, rlim_t hard) noexcept {
    rlimit wanted{soft, hard};
    if (syscall(SYS_prlimit64, 0, resource, &wanted, nullptr) == 0) return;
    rlimit current{};
    if (syscall(SYS_prlimit64, 0, resource, nullptr, &current) != 0) return;
    current.rlim_cur = soft < current.rlim_max ? soft : current.rlim_max;
    syscall(SYS_prlimit64, 0, resource, &current, nullptr);
}

// `ulimit -t 0` would kill at the exec, `-f 0` at the first write, `-n 3` leaves no descriptor for the store.
void mend_limits() noexcept {
    constexpr int unlimited[] = {RLIMIT_CPU,   RLIMIT_FSIZE, RLIMIT_DATA,    RLIMIT_AS,    RLIMIT_RSS,
                                 RLIMIT_NPROC, RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_RTTIME};
    for (int const resource : unlimited) set_limit(resource, RLIM_INFINITY, RLIM_INFINITY);
    set_limit(RLIMIT_STACK, stack_bytes, RLIM_INFINITY);
    set_limit(RLIMIT_NOFILE, descriptors_soft, descriptors_hard);
    set_limit(RLIMIT_CORE, 0, 0);
}

void write_zero(const char* path) noexcept {
    auto const fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return;
    syscall(SYS_write, fd, "0", 1);
    syscall(SYS_close, fd);
}

void mend_scheduling() noexcept {
    sched_param const ordinary{};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &ordinary);
    syscall(SYS_setpriority, PRIO_PROCESS, 0, 0);
    unsigned char every_cpu[cpu_mask_bytes];
    std::memset(every_cpu, 0xFF, sizeof every_cpu);
    syscall(SYS_sched_setaffinity, 0, sizeof every_cpu, every_cpu);
    syscall(SYS_ioprio_set, this_process, 0, 0);
    write_zero("/proc/self/oom_score_adj");
}

// What came meanwhile, while all of them were blocked, is dropped by ignoring it: SIGXCPU of a limit that has
// been mended since, among others.
void default_signals() noexcept {
    SignalAction ignored{};
    ignored.handler = SIG_IGN;
    SignalAction const by_default{};
    for (int signal = 1; signal <= last_signal; ++signal) {
        syscall(SYS_rt_sigaction, signal, &ignored, nullptr, sizeof ignored.mask);
        syscall(SYS_rt_sigaction, signal, &by_default, nullptr, sizeof by_default.mask);
    }
    SignalMask const none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

// 0 and 1 the socket, 2 /dev/null, nothing else. False: not so, and then nothing may be started.
bool arrange_descriptors(int socket) noexcept {
    if (syscall(SYS_dup3, socket, STDIN_FILENO, 0) < 0 || syscall(SYS_dup3, socket, STDOUT_FILENO, 0) < 0)
        return false;
    // First everything goes: a host with all the descriptors below our own limit in use leaves none to open.
    if (syscall(SYS_close_range, STDERR_FILENO, ~0U, 0) != 0) return false;
    return syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_NOCTTY) == STDERR_FILENO;
}

[[noreturn]] void become_daemon(const Launch& launch) noexcept {
    constexpr const char* no_environment[] = {nullptr};
    become_root();
    syscall(SYS_setsid);
    mend_limits();
    mend_scheduling();
    syscall(SYS_umask, 077);
    if (syscall(SYS_chdir, "/") != 0 || !arrange_descriptors(launch.socket)) leave(failed_before_exec);
    default_signals();
    syscall(SYS_execve, launch.argv[0], launch.argv, no_environment);
    leave(failed_before_exec);
}

bool contains(const char* text, std::size_t length, const char* word) noexcept {
    return memmem(text, length, word, std::strlen(word)) != nullptr;
}

// Version 1: only the freezer can stop a process for good, and version 1 is not delegated to users.
void leave_v1_freezer(const char* memberships, std::size_t length) noexcept {
    if (contains(memberships, length, ":freezer:/") && !contains(memberships, length, ":freezer:/\n"))
        write_zero("/sys/fs/cgroup/freezer/cgroup.procs");
}

// A process that is born in another cgroup than this one, and lives. Linux kills it at birth where somebody
// wrote to this one's cgroup.kill at any time before (seen with 6.18): so it says that it lives.
long fork_into(long directory) noexcept {
    int alive[2];
    if (syscall(SYS_pipe2, alive, O_CLOEXEC) != 0) return -1;
    clone_args arguments{};
    arguments.flags = CLONE_INTO_CGROUP;
    arguments.exit_signal = SIGCHLD;
    arguments.cgroup = static_cast<std::uint64_t>(directory);
    auto const child = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0) {
        syscall(SYS_write, alive[1], "", 1);
        return 0;
    }
    syscall(SYS_close, alive[1]);
    char byte = 0;
    bool const lives = child > 0 && syscall(SYS_read, alive[0], &byte, 1) == 1;
    syscall(SYS_close, alive[0]);
    if (child > 0 && !lives) syscall(SYS_waitid, P_PID, child, nullptr, WEXITED, nullptr);
    return lives ? child : -1;
}

// Forks into the root of cgroup version 2. Being born there takes a fifth of a millisecond, moving there ten.
long fork_into_root_cgroup() noexcept {
    for (const char* const root : cgroup_roots) {
        auto const directory = syscall(SYS_openat, AT_FDCWD, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (directory < 0) continue;
        long const child = fork_into(directory);
        if (child >= 0) return child;
        syscall(SYS_close, directory);
    }
    auto const child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        for (const char* const file : cgroup_root_files) write_zero(file);
    }
    return child;
}

// The caller may freeze every process in a cgroup that is its own: the child lives in the root one.
long fork_outside_callers_cgroup() noexcept {
    char memberships[memberships_bytes];
    auto const fd = syscall(SYS_openat, AT_FDCWD, "/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
    long const got = fd < 0 ? 0 : syscall(SYS_read, fd, memberships, sizeof memberships);
    if (fd >= 0) syscall(SYS_close, fd);
    auto const length = got < 0 ? 0 : static_cast<std::size_t>(got);
    bool const at_root = contains(memberships, length, "0::/\n");
    long const child = at_root ? syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : fork_into_root_cgroup();
    if (child == 0) leave_v1_freezer(memberships, length);
    return child;
}

// The process between the host and the daemon: it forks once more and ends, so that the daemon is nobody's
// child. (A child that was cloned without an exit signal and called execve itself would get SIGCHLD back.) It
// shares the host's memory, which spares copying a large host twice, and so changes none of it, and no
// credentials either: that would make the host's memory undumpable.
int be_between(void* launch) noexcept {
    long const child = fork_outside_callers_cgroup();
    if (child == 0) become_daemon(*static_cast<const Launch*>(launch));
    leave(child < 0 ? errno : 0);
}

// 0, or -errno as the process between reported it; -ECHILD where somebody killed it.
int reap_between(int process) noexcept {
    siginfo_t info{};
    while (syscall(SYS_waitid, P_PID, process, &info, WEXITED | __WCLONE, nullptr) != 0) {
        // Gone already: another thread of the host waits with __WALL. The connection tells how it went.
        if (errno == ECHILD) return 0;
        if (errno != EINTR) return -errno;
    }
    return info.si_code == CLD_EXITED ? -info.si_status : -ECHILD;
}

// Without an exit signal the host hears nothing of the process between, and only __WCLONE finds it.
// CLONE_VFORK holds this thread until it has ended, so that it may run on this frame. All signals are blocked
// meanwhile, so that no handler of the host's runs in a copy.
int launch_detached(Launch launch) noexcept {
    alignas(16) char stack[between_stack_bytes];
    SignalMask const every = ~SignalMask{0};
    SignalMask before = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every, &before, sizeof every);
    int const between = clone(be_between, stack + sizeof stack, CLONE_VM | CLONE_VFORK, &launch);
    int const failed = between < 0 ? -errno : reap_between(between);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, nullptr, sizeof before);
    return failed;
}

}  // namespace

int start_daemon(const char* daemon, const char* config) noexcept {
    if (geteuid() != 0) return -EPERM;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
    int const ours = above_standard(ends[0]);
    int const theirs = above_standard(ends[1]);
    int failed = ours < 0 ? ours : theirs < 0 ? theirs : 0;
    if (failed == 0 && fcntl(ours, F_SETFL, O_NONBLOCK) != 0) failed = -errno;
    if (failed == 0) {
        const char* const argv[] = {daemon, "--stdio", config == nullptr ? nullptr : "--config", config,
                                    nullptr};
        failed = launch_detached({argv, theirs});
    }
    if (theirs >= 0) close(theirs);
    if (failed == 0) return ours;
    if (ours >= 0) close(ours);
    return failed;
}

}  // namespace warifu::wire
