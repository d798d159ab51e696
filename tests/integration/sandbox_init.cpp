#include "tests/integration/sandbox_init.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/descriptor.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {
namespace {

namespace fs = std::filesystem;

// While the machine is built, the new root hangs here: /run is there on every host, and nothing in it is
// wanted.
const fs::path site = "/run";
const fs::path root = site / "root";

// Largest syslog record kept whole.
constexpr std::size_t record_bytes = 64 * 1024;

void mount_at(const char* type, const fs::path& where, unsigned long flags, const char* options) {
    checked(::mount(type, where.c_str(), type, flags, options),
            std::string("mount ") + type + " at " + where.string());
}

void bind(const fs::path& what, const fs::path& where) {
    checked(::mount(what.c_str(), where.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
            "bind " + what.string() + " at " + where.string());
}

void put(const fs::path& path, const std::string& text, mode_t mode) {
    fs::remove(path);
    std::ofstream(path) << text;
    checked(::chmod(path.c_str(), mode), path.string());
}

// What stands before the line's first colon is in no line yet.
void put_line_if_missing(const fs::path& path, const std::string& line) {
    const std::string name = line.substr(0, line.find(':') + 1);
    std::ifstream there(path);
    for (std::string other; std::getline(there, other);)
        if (other.starts_with(name)) return;
    std::ofstream(path, std::ios::app) << line << "\n";
}

void overlay(const std::string& lower) {
    checked(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make mounts private");
    mount_at("tmpfs", site, 0, "mode=755");
    for (const char* name : {"upper", "work", "root"}) fs::create_directory(site / name);
    const std::string options = "lowerdir=" + lower + ",upperdir=/run/upper,workdir=/run/work";
    mount_at("overlay", root, 0, options.c_str());
}

// An overlay shows one file system: what the tests need from others is bound into it.
void bind_if_missing(const fs::path& folder, const char* witness) {
    const fs::path there = root / folder.relative_path();
    if (fs::exists(there / witness)) return;
    fs::create_directories(there);
    bind(folder, there);
}

void make_devices() {
    const fs::path dev = root / "dev";
    mount_at("tmpfs", dev, MS_NOSUID, "mode=755");
    struct Node {
        const char* name;
        unsigned major, minor;
    };
    for (const Node& node : {Node{"null", 1, 3}, Node{"zero", 1, 5}, Node{"full", 1, 7}, Node{"random", 1, 8},
                             Node{"urandom", 1, 9}, Node{"tty", 5, 0}, Node{"fuse", 10, 229}}) {
        const fs::path path = dev / node.name;
        checked(::mknod(path.c_str(), S_IFCHR, makedev(node.major, node.minor)), path.string());
        checked(::chmod(path.c_str(), 0666), path.string());
    }
    for (const char* folder : {"pts", "shm"}) fs::create_directory(dev / folder);
    mount_at("devpts", dev / "pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620,gid=5");
    mount_at("tmpfs", dev / "shm", MS_NOSUID | MS_NODEV, "mode=1777");
    fs::create_symlink("pts/ptmx", dev / "ptmx");
    fs::create_symlink("/proc/self/fd", dev / "fd");
    fs::create_symlink("/proc/self/fd/0", dev / "stdin");
    fs::create_symlink("/proc/self/fd/1", dev / "stdout");
    fs::create_symlink("/proc/self/fd/2", dev / "stderr");
}

void make_kernel_file_systems() {
    mount_at("proc", root / "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
    mount_at("sysfs", root / "sys", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, nullptr);
    mount_at("tmpfs", root / "run", MS_NOSUID | MS_NODEV, "mode=755");
    for (const char* folder : {"sshd", "lock", "sudo"}) fs::create_directory(root / "run" / folder);
}

void settle_in() {
    for (const char* path :
         {"var/lib/warifu", "etc/warifu", "var/lib/sudo/ts", "var/lib/sudo/lectured", "etc/nologin"}) {
        fs::remove_all(root / path);
    }
    const std::string name = Sandbox::host_name;
    put(root / "etc/hostname", name + "\n", 0644);
    put(root / "etc/hosts", "127.0.0.1 localhost " + name + "\n::1 localhost\n", 0644);
    put(root / "etc/resolv.conf", "", 0644);
    checked(::sethostname(name.c_str(), name.size()), "sethostname");
}

// What was built, at its installed places.
void install(const char* built, const fs::path& place) {
    const fs::path from = fs::path(WARIFU_BUILD_DIR) / built;
    if (!fs::exists(from)) return;
    const fs::path to = root / place.relative_path();
    fs::create_directories(to.parent_path());
    put(to, "", 0755);
    bind(from, to);
}

void install_what_was_built() {
    install("daemon/warifud", "/usr/sbin/warifud");
    install("enroll_tool/warifu", "/usr/bin/warifu");
    install("pam_module/pam_warifu.so", WARIFU_PAM_DIR "/pam_warifu.so");
    install("pam_module/sudo_warifu.so", "/usr/libexec/sudo/sudo_warifu.so");
    install("nss_helper/libnss_warifu.so.2", WARIFU_LIB_DIR "/libnss_warifu.so.2");
    install("notifier/warifu-notify", "/usr/libexec/warifu/warifu-notify");
    install("gateway/warifu-gateway", "/usr/sbin/warifu-gateway");
    install("po/ja/LC_MESSAGES/warifu.mo", "/usr/share/locale/ja/LC_MESSAGES/warifu.mo");
}

// As packaging/sysusers.d makes them.
void add_own_users() {
    int number = 19'998;
    for (const std::string name : {"warifu-gateway", "warifu-notify"}) {
        const std::string id = std::to_string(number++), numbers = ":x:" + id + ":";
        put_line_if_missing(root / "etc/group", name + numbers);
        put_line_if_missing(root / "etc/passwd", name + numbers + id + "::/:/usr/sbin/nologin");
    }
}

void enter() {
    checked(::chdir(root.c_str()), "chdir");
    checked(::syscall(SYS_pivot_root, ".", "."), "pivot_root");
    checked(::umount2(".", MNT_DETACH), "umount of the host's root");
    checked(::chdir("/"), "chdir");
}

void raise_loopback() {
    const Descriptor any(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    checked(::ioctl(any.number(), SIOCGIFFLAGS, &request), "loopback");
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    checked(::ioctl(any.number(), SIOCSIFFLAGS, &request), "loopback");
}

Descriptor listen_for_log() {
    Descriptor log(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, "/dev/log");
    checked(::bind(log.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "/dev/log");
    checked(::chmod("/dev/log", 0666), "/dev/log");
    return log;
}

Descriptor make_machine(const std::string& lower) {
    checked(::prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
    // What falls to the first process is reaped by the kernel.
    std::signal(SIGCHLD, SIG_IGN);
    ::umask(022);
    overlay(lower);
    bind_if_missing("/usr", "bin/env");
    bind_if_missing(WARIFU_SOURCE_DIR, "CMakeLists.txt");
    bind_if_missing(WARIFU_BUILD_DIR, "CMakeCache.txt");
    make_devices();
    make_kernel_file_systems();
    settle_in();
    if (lower == "/") {
        install_what_was_built();
        add_own_users();
    }
    enter();
    raise_loopback();
    return listen_for_log();
}

void keep_descriptors(const InitDescriptors& descriptors) {
    std::array<int, 3> wanted{descriptors.ready, descriptors.log_text, descriptors.log_events};
    std::sort(wanted.begin(), wanted.end());
    unsigned first = 3;
    for (const int number : wanted) {
        const auto keep = static_cast<unsigned>(number);
        if (first < keep) ::syscall(SYS_close_range, first, keep - 1, 0);
        first = keep + 1;
    }
    ::syscall(SYS_close_range, first, ~0U, 0);
}

[[noreturn]] void keep_log(const Descriptor& log, const InitDescriptors& descriptors) {
    std::string record(record_bytes, '\0');
    for (;;) {
        const ssize_t size = ::recv(log.number(), record.data(), record.size() - 1, 0);
        if (size < 0) continue;
        auto end = static_cast<std::size_t>(size);
        while (end > 0 && (record[end - 1] == '\0' || record[end - 1] == '\n')) --end;
        record[end] = '\n';
        if (::write(descriptors.log_text, record.data(), end + 1) < 0) ::_exit(1);
        ::eventfd_write(descriptors.log_events, 1);
    }
}

}  // namespace

void run_init(const InitDescriptors& descriptors, const std::string& lower) noexcept {
    try {
        keep_descriptors(descriptors);
        const Descriptor log = make_machine(lower);
        checked(::write(descriptors.ready, "", 1), "ready");
        ::close(descriptors.ready);
        keep_log(log, descriptors);
    } catch (const std::exception& error) {
        const std::string text = error.what();
        ::_exit(::write(descriptors.ready, text.data(), text.size()) < 0 ? 2 : 1);
    }
}

}  // namespace warifu::integration
