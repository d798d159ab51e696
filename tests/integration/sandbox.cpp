#include "tests/integration/sandbox.h"

#include <crypt.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "tests/integration/sandbox_init.h"

namespace warifu::integration {
namespace {

constexpr int namespaces_of_init = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
constexpr uid_t first_uid = 20000;

std::string read_to_end(int number) {
    std::string text;
    char piece[4096];
    for (;;) {
        const ssize_t size = checked(::read(number, piece, sizeof piece), "read");
        if (size == 0) return text;
        text.append(piece, static_cast<std::size_t>(size));
    }
}

std::string hash_of(const std::string& password) {
    const auto scratch = std::make_unique<crypt_data>();
    const char* hash = ::crypt_r(password.c_str(), "$6$rounds=1000$warifu$", scratch.get());
    if (hash == nullptr || hash[0] == '*') throw std::runtime_error("crypt does not know SHA-512");
    return hash;
}

void append_line(const char* path, const std::string& line) {
    std::ofstream file(path, std::ios::app);
    file << line << "\n";
    if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

int occurrences(std::string_view text, std::string_view part) {
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

// A record that marks how far the log was when somebody looked; never shown.
constexpr char fence[] = "<integration-fence>";

}  // namespace

Sandbox::Sandbox(const std::string& lower) {
    log_text_ = Descriptor(checked(::memfd_create("log", MFD_CLOEXEC), "memfd"));
    log_events_ = Descriptor(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"));
    own_namespaces_ = pidfd_of(::getpid());
    Pipe ready = make_pipe();
    init_ = static_cast<pid_t>(
        checked(::syscall(SYS_clone, namespaces_of_init | SIGCHLD, nullptr, nullptr, nullptr, 0), "clone"));
    if (init_ == 0) run_init({ready.writer.number(), log_text_.number(), log_events_.number()}, lower);
    namespaces_ = pidfd_of(init_);
    ready.writer.close();
    const std::string answer = read_to_end(ready.reader.number());
    if (answer != std::string(1, '\0')) {
        ::waitpid(init_, nullptr, 0);
        throw std::runtime_error("no sandbox: " + answer);
    }
    root_ = Descriptor(checked(::open(outside("/").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "root"));
}

Sandbox::~Sandbox() {
    ::kill(init_, SIGKILL);
    ::waitpid(init_, nullptr, 0);
}

Descriptor Sandbox::connect(std::uint16_t port) const {
    // A socket stays in the network namespace where it was made.
    const Descriptor own(checked(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "network namespace"));
    checked(::setns(namespaces_.number(), CLONE_NEWNET), "setns");
    const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int failure = errno;
    checked(::setns(own.number(), CLONE_NEWNET), "setns back");
    errno = failure;
    Descriptor connection(checked(number, "socket"));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::connect(connection.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "127.0.0.1:" + std::to_string(port));
    return connection;
}

pid_t Sandbox::fork() const {
    // A process namespace is entered by children alone: this program's next child goes there, the ones after
    // do not.
    checked(::setns(namespaces_.number(), CLONE_NEWPID), "setns");
    const pid_t child = ::fork();
    if (child != 0) {
        checked(::setns(own_namespaces_.number(), CLONE_NEWPID), "setns back");
        return checked(child, "fork");
    }
    if (::setns(namespaces_.number(), namespaces_of_init & ~CLONE_NEWPID) != 0 || ::chdir("/") != 0)
        ::_exit(127);
    return 0;
}

void Sandbox::inside(const std::function<void()>& work) const {
    Pipe report = make_pipe();
    const pid_t child = fork();
    if (child == 0) {
        try {
            work();
            ::_exit(0);
        } catch (const std::exception& error) {
            const std::string text = error.what();
            if (::write(report.writer.number(), text.data(), text.size()) < 0) ::_exit(2);
        }
        ::_exit(1);
    }
    report.writer.close();
    const std::string error = read_to_end(report.reader.number());
    int status = 0;
    checked(::waitpid(child, &status, 0), "waitpid");
    if (status != 0) throw std::runtime_error(error.empty() ? "died inside the sandbox" : error);
}

const Account& Sandbox::add_user(const std::string& name, const std::string& password) {
    const uid_t uid = first_uid + static_cast<uid_t>(accounts_.size());
    return add_user({name, password, uid, uid, "/home/" + name});
}

const Account& Sandbox::add_user(Account account) {
    inside([&] {
        const std::string gid = std::to_string(account.gid);
        append_line("/etc/passwd", account.name + ":x:" + std::to_string(account.uid) + ":" + gid +
                                       "::" + account.home + ":/bin/sh");
        append_line("/etc/group", account.name + ":x:" + gid + ":");
        append_line("/etc/shadow", account.name + ":" + hash_of(account.password) + ":20000:0:99999:7:::");
        std::filesystem::create_directories(account.home);
        checked(::chmod(account.home.c_str(), 0700), account.home);
        checked(::chown(account.home.c_str(), account.uid, account.gid), account.home);
    });
    const std::string name = account.name;
    return accounts_.emplace(name, std::move(account)).first->second;
}

void Sandbox::add_group(const std::string& name, const std::vector<std::string>& members) {
    constexpr gid_t first_gid = first_uid + 10000;
    std::string list;
    for (const std::string& member : members) list += (list.empty() ? "" : ",") + member;
    const gid_t gid = first_gid + static_cast<gid_t>(groups_++);
    inside([&] { append_line("/etc/group", name + ":x:" + std::to_string(gid) + ":" + list); });
}

void Sandbox::write(const std::string& path, std::string_view text, mode_t mode) {
    inside([&] {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::filesystem::remove(path);
        const Descriptor file(
            checked(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), path));
        if (checked(::write(file.number(), text.data(), text.size()), path) !=
            static_cast<ssize_t>(text.size())) {
            throw std::runtime_error("cannot write all of " + path);
        }
        checked(::fchmod(file.number(), mode), path);
    });
}

Descriptor Sandbox::open(const std::string& path, int flags) const {
    open_how how{};
    how.flags = static_cast<unsigned>(flags) | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    return Descriptor(static_cast<int>(
        checked(::syscall(SYS_openat2, root_.number(), path.c_str(), &how, sizeof how), path)));
}

std::string Sandbox::read(const std::string& path) const {
    return read_to_end(open(path, O_RDONLY).number());
}

std::string Sandbox::outside(const std::string& path) const {
    return "/proc/" + std::to_string(init_) + "/root" + path;
}

std::string Sandbox::raw_log() const {
    struct stat status{};
    checked(::fstat(log_text_.number(), &status), "log");
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t size = checked(::pread(log_text_.number(), text.data(), text.size(), 0), "log");
    text.resize(static_cast<std::size_t>(size));
    return text;
}

void Sandbox::wait_for_log(std::string_view text, int times) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        eventfd_t seen = 0;
        ::eventfd_read(log_events_.number(), &seen);
        if (occurrences(raw_log(), text) >= times) return;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            throw std::runtime_error("the log never said \"" + std::string(text) + "\", but:\n" + raw_log());
        }
        pollfd event{log_events_.number(), POLLIN, 0};
        ::poll(&event, 1, static_cast<int>(left.count()));
    }
}

std::string Sandbox::log() const {
    const int fences = occurrences(raw_log(), fence) + 1;
    const Descriptor socket(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = outside("/dev/log");
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    checked(::sendto(socket.number(), fence, std::strlen(fence), 0,
                     reinterpret_cast<const sockaddr*>(&address), sizeof address),
            "/dev/log");
    wait_for_log(fence, fences);
    std::string text = raw_log();
    const std::string line = std::string(fence) + "\n";
    for (auto at = text.find(line); at != text.npos; at = text.find(line, at)) text.erase(at, line.size());
    return text;
}

void Sandbox::set_clock(std::chrono::seconds ahead) {
    ahead_ = ahead;
    write("/etc/faketimerc", (ahead.count() < 0 ? "" : "+") + std::to_string(ahead.count()) + "\n");
    write("/etc/ld.so.preload", WARIFU_FAKETIME "\n");
}

std::int64_t Sandbox::now() const {
    // In seconds from the beginning: nanoseconds overflow in 2262.
    const auto real =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    return (real + ahead_).count();
}

}  // namespace warifu::integration
