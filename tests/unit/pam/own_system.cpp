#include "tests/unit/pam/own_system.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

// Reads /dev/log on a thread, since a full queue would stop whoever logs.
class Log {
  public:
    void open(const char* path) {
        socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::string_view(path).copy(address.sun_path, sizeof address.sun_path - 1);
        if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            pipe2(stop_, O_CLOEXEC) != 0)
            throw std::runtime_error("no /dev/log of our own");
        thread_ = std::thread([this] { read_on(); });
    }
    void close() {
        ::close(stop_[1]);
        thread_.join();
        ::close(stop_[0]);
        ::close(socket_);
    }
    std::vector<std::string> take() {
        std::lock_guard const lock(mutex_);
        drain();
        return std::exchange(lines_, {});
    }

  private:
    void read_on() {
        pollfd entries[] = {{socket_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        while (entries[1].revents == 0) {
            poll(entries, 2, -1);
            std::lock_guard const lock(mutex_);
            drain();
        }
    }
    void drain() {
        char line[8192];
        for (;;) {
            ssize_t const n = recv(socket_, line, sizeof line, 0);
            if (n <= 0) return;
            std::string_view const text(line, static_cast<std::size_t>(n));
            auto const at = text.find("pam_warifu(");
            if (at != std::string_view::npos) lines_.emplace_back(text.substr(at));
        }
    }

    int socket_ = -1;
    int stop_[2] = {-1, -1};
    std::mutex mutex_;
    std::vector<std::string> lines_;
    std::thread thread_;
};

Log& system_log() {
    static Log log;
    return log;
}

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string(what) + " (this program needs root)");
}

class OwnSystem : public ::testing::Environment {
  public:
    void SetUp() override {
        make_own_run();
        must(mkdtemp(dev_.data()) != nullptr, "mkdtemp");
        int const null = open((dev_ + "/null").c_str(), O_CREAT | O_CLOEXEC, 0600);
        must(null >= 0, "a file for /dev/null");
        close(null);
        must(mount("/dev/null", (dev_ + "/null").c_str(), nullptr, MS_BIND, nullptr) == 0,
             "binding /dev/null");
        must(mount(dev_.c_str(), "/dev", nullptr, MS_BIND | MS_REC, nullptr) == 0, "binding /dev");
        system_log().open("/dev/log");
        // libc keeps the descriptor that the first line opens, in every host that logs.
        openlog("a-host", LOG_NDELAY, LOG_USER);
    }
    void TearDown() override {
        closelog();
        system_log().close();
        umount2("/dev", MNT_DETACH);
        umount2((dev_ + "/null").c_str(), MNT_DETACH);
        std::filesystem::remove_all(dev_);
    }

  private:
    std::string dev_ = "/tmp/warifu-dev-XXXXXX";
};

[[maybe_unused]] const ::testing::Environment* const own_system =
    ::testing::AddGlobalTestEnvironment(new OwnSystem);

}  // namespace

std::vector<std::string> take_log() {
    return system_log().take();
}

}  // namespace warifu::testing_support
