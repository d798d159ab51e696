#include "tests/integration/system_calls.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "tests/integration/sandbox.h"

namespace warifu::integration {
namespace {

constexpr int most_calls = 1024;             // above every architecture's numbers
constexpr int first_quiet_descriptor = 900;  // above what any program here uses

struct Named {
    const char* name;
    int number;
};
constexpr Named names[] = {
#include "system_call_names.inc"
};

constexpr std::array<int, 5> left_alone = {SYS_futex, SYS_exit, SYS_exit_group, SYS_rt_sigreturn,
                                           SYS_restart_syscall};

int error_of(int number) {
    switch (number) {
        case SYS_mmap:
        case SYS_mprotect:
        case SYS_mremap:
        case SYS_brk:
        case SYS_madvise:
        case SYS_mlock:
            return ENOMEM;
        case SYS_clone:
        case SYS_clone3:
            return EAGAIN;
        case SYS_socket:
        case SYS_socketpair:
        case SYS_eventfd2:
        case SYS_epoll_create1:
        case SYS_timerfd_create:
            return EMFILE;
        case SYS_connect:
            return ECONNREFUSED;
        case SYS_setresuid:
        case SYS_setresgid:
        case SYS_setgroups:
            return EPERM;
        default:
            return EIO;
    }
}

// What crosses from the watched process: the descriptor of its calls.
struct Handover {
    explicit Handover(void* bytes, std::size_t size) : piece{bytes, size} {
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
    }
    iovec piece;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
};

// Every call is told but those left alone, and a message at `quiet`, by which the listener itself leaves.
int install_filter(int quiet) noexcept {
    constexpr auto number_at = static_cast<__u32>(offsetof(seccomp_data, nr));
    constexpr auto first_argument_at = static_cast<__u32>(offsetof(seccomp_data, args));
    constexpr auto count = static_cast<__u8>(left_alone.size());
    std::array<sock_filter, left_alone.size() + 6> filter{};
    std::size_t at = 0;
    filter[at++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number_at);
    for (__u8 i = 0; i < count; ++i) {
        filter[at++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(left_alone[i]),
                                static_cast<__u8>(count - i + 3), 0);
    }
    filter[at++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 2);
    filter[at++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, first_argument_at);
    filter[at++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(quiet), 1, 0);
    filter[at++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    filter[at++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    sock_fprog program{static_cast<unsigned short>(at), filter.data()};
    return static_cast<int>(
        ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

}  // namespace

struct SystemCalls::Orders {
    std::array<std::atomic<int>, most_calls> errors{};  // 0: this call is of no interest
    std::array<std::atomic<int>, most_calls> counts{};
    std::atomic<int> nth{0}, total{0}, struck{-1}, accepts_left{-1};
    std::atomic<bool> watching{false};
    std::atomic<Then> then{Then::fail_one};
};

std::string name_of_call(int number) {
    const auto* const found =
        std::find_if(std::begin(names), std::end(names), [&](const Named& n) { return n.number == number; });
    return found == std::end(names) ? std::to_string(number) : found->name;
}

Errors every_call() {
    Errors errors;
    for (const Named& call : names) {
        const bool alone = std::find(left_alone.begin(), left_alone.end(), call.number) != left_alone.end();
        if (!alone) errors[call.number] = error_of(call.number);
    }
    return errors;
}

Errors every_absence() {
    return {{SYS_openat, ENOENT},      {SYS_newfstatat, ENOENT}, {SYS_statx, ENOENT},
            {SYS_faccessat, ENOENT},   {SYS_readlinkat, ENOENT}, {SYS_openat2, ENOENT},
            {SYS_getdents64, ENOENT},  {SYS_fstat, ENOENT},
#ifdef SYS_access
            {SYS_access, ENOENT},      {SYS_readlink, ENOENT},   {SYS_stat, ENOENT},
            {SYS_lstat, ENOENT},       {SYS_open, ENOENT},
#endif
            {SYS_execve, ENOENT},      {SYS_connect, ENOENT},    {SYS_recvfrom, ECONNRESET},
            {SYS_recvmsg, ECONNRESET}, {SYS_sendto, EPIPE},      {SYS_sendmsg, EPIPE}};
}

SystemCalls::SystemCalls()
    : held_(checked(::eventfd(0, EFD_CLOEXEC), "eventfd")),
      released_(checked(::eventfd(0, EFD_CLOEXEC), "eventfd")) {
    void* const page =
        ::mmap(nullptr, sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    orders_ = new (page) Orders;
    int ends[2];
    checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    receiver_ = Descriptor(ends[0]);
    sender_ = Descriptor(checked(::fcntl(ends[1], F_DUPFD_CLOEXEC, first_quiet_descriptor), "fcntl"));
    ::close(ends[1]);
    supervisor_ = checked(::fork(), "fork");
    if (supervisor_ == 0) supervise();
    receiver_.close();
}

SystemCalls::~SystemCalls() {
    ::kill(supervisor_, SIGKILL);
    ::waitpid(supervisor_, nullptr, 0);
    ::munmap(orders_, sizeof(Orders));
}

void SystemCalls::enter() const noexcept {
    const int listener = install_filter(sender_.number());
    char byte = 0;
    Handover handover(&byte, 1);
    cmsghdr* const header = CMSG_FIRSTHDR(&handover.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof listener);
    std::memcpy(CMSG_DATA(header), &listener, sizeof listener);
    if (listener < 0 || ::sendmsg(sender_.number(), &handover.message, 0) != 1) ::_exit(127);
    ::close(listener);
}

void SystemCalls::judge(int listener) const noexcept {
    seccomp_notif call{};
    if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) return;  // its process is gone
    seccomp_notif_resp answer{};
    answer.id = call.id;
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    const int number = call.data.nr;
    if ((number == SYS_accept || number == SYS_accept4) && orders_->watching && --orders_->accepts_left == 0)
        orders_->watching = false;
    const bool known = number >= 0 && number < most_calls;
    const int error =
        known && orders_->watching ? orders_->errors[static_cast<std::size_t>(number)].load() : 0;
    if (error != 0) {
        ++orders_->counts[static_cast<std::size_t>(number)];
        if (++orders_->total == orders_->nth || orders_->then == Then::fail_all) {
            orders_->struck = number;
            if (orders_->then == Then::hold) {
                eventfd_t seen = 0;
                ::eventfd_write(held_.number(), 1);
                ::eventfd_read(released_.number(), &seen);
            } else {
                answer.flags = 0;
                answer.error = -error;
            }
        }
    }
    ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

void SystemCalls::supervise() const noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(sender_.number());
    char byte = 0;
    Handover handover(&byte, 1);
    if (::recvmsg(receiver_.number(), &handover.message, MSG_CMSG_CLOEXEC) != 1) ::_exit(1);
    int listener = -1;
    std::memcpy(&listener, CMSG_DATA(CMSG_FIRSTHDR(&handover.message)), sizeof listener);
    for (pollfd event{listener, POLLIN, 0}; ::poll(&event, 1, -1) == 1 && (event.revents & POLLIN) != 0;)
        judge(listener);
    // Nobody is left to be watched.
    ::eventfd_write(held_.number(), 1);
    ::_exit(0);
}

void SystemCalls::order(const Errors& errors, int nth, Then then) const {
    orders_->watching = false;
    for (auto& error : orders_->errors) error = 0;
    for (auto& count : orders_->counts) count = 0;
    for (const auto& [number, error] : errors) orders_->errors[static_cast<std::size_t>(number)] = error;
    orders_->total = 0;
    orders_->struck = -1;
    orders_->accepts_left = -1;
    orders_->nth = nth;
    orders_->then = then;
    orders_->watching = true;
}

void SystemCalls::watch(const Errors& errors, int nth) const {
    order(errors, nth, Then::fail_one);
}

void SystemCalls::watch_all(const Errors& errors) const {
    order(errors, 0, Then::fail_all);
}

void SystemCalls::hold(const Errors& errors, int nth) const {
    order(errors, nth, Then::hold);
}

bool SystemCalls::held() const {
    pollfd event{held_.number(), POLLIN, 0};
    if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1)
        throw std::runtime_error("what is watched neither comes to the call nor ends");
    eventfd_t seen = 0;
    ::eventfd_read(held_.number(), &seen);
    return struck() >= 0;
}

void SystemCalls::release() const {
    ::eventfd_write(released_.number(), 1);
}

void SystemCalls::wait_until_over() const {
    // The process that is told ends by itself once nobody is left.
    const Descriptor supervisor(
        checked(static_cast<int>(::syscall(SYS_pidfd_open, supervisor_, 0)), "pidfd_open"));
    pollfd event{supervisor.number(), POLLIN, 0};
    if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1)
        throw std::runtime_error("what is watched does not end");
}

void SystemCalls::rest() const {
    orders_->watching = false;
}

void SystemCalls::rest_at_accept(int nth) const {
    orders_->accepts_left = nth;
}

int SystemCalls::struck() const {
    return orders_->struck;
}

std::map<int, int> SystemCalls::counts() const {
    std::map<int, int> all;
    for (int number = 0; number < most_calls; ++number) {
        const int count = orders_->counts[static_cast<std::size_t>(number)];
        if (count != 0) all[number] = count;
    }
    return all;
}

}  // namespace warifu::integration
