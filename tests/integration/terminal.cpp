#include "tests/integration/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "tests/integration/process.h"

namespace warifu::integration {
namespace {

constexpr gid_t tty_group = 5;

struct Pair {
    Descriptor master, slave;
};

Pair open_pair(const Sandbox& sandbox) {
    Pair pair;
    pair.master = sandbox.open("/dev/pts/ptmx", O_RDWR | O_NOCTTY);
    int unlocked = 0;
    checked(::ioctl(pair.master.number(), TIOCSPTLCK, &unlocked), "unlock the terminal");
    pair.slave = Descriptor(checked(::ioctl(pair.master.number(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC),
                                    "the terminal's other end"));
    return pair;
}

}  // namespace

Terminal::Terminal(const Sandbox& sandbox, const Command& command, int rows, int columns) {
    Pair pair = open_pair(sandbox);
    master_ = std::move(pair.master);
    checked(::fchown(pair.slave.number(), command.uid, tty_group), "the terminal's owner");
    resize(rows, columns);
    pid_ = sandbox.fork();
    if (pid_ == 0) {
        const int slave = pair.slave.number();
        if (::setsid() < 0 || ::ioctl(slave, TIOCSCTTY, 0) != 0 || ::dup2(slave, 0) < 0 ||
            ::dup2(slave, 1) < 0 || ::dup2(slave, 2) < 0) {
            ::_exit(127);
        }
        command.become();
    }
}

Terminal::~Terminal() {
    master_.close();
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Terminal::fail(std::string_view waiting_for, std::string_view why) const {
    throw std::runtime_error("waiting for \"" + std::string(waiting_for) + "\": " + std::string(why) +
                             "; the terminal shows:\n" + text_);
}

bool Terminal::read_more(std::string_view waiting_for) {
    pollfd event{master_.number(), POLLIN, 0};
    if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) == 0) {
        fail(waiting_for, "nothing came");
    }
    char piece[4096];
    const ssize_t size = ::read(master_.number(), piece, sizeof piece);
    if (size <= 0) return false;  // EIO: nobody holds the other end any more
    text_.append(piece, static_cast<std::size_t>(size));
    return true;
}

std::string Terminal::expect(std::string_view text) {
    const std::size_t from = expected_;
    expect_any({text});
    return text_.substr(from, expected_ - text.size() - from);
}

std::size_t Terminal::expect_any(std::initializer_list<std::string_view> texts) {
    for (;;) {
        std::size_t first = text_.npos, which = 0, place = 0;
        for (const std::string_view text : texts) {
            const std::size_t at = text_.find(text, expected_);
            if (at < first) {
                first = at;
                which = place;
            }
            ++place;
        }
        if (first != text_.npos) {
            expected_ = first + std::data(texts)[which].size();
            return which;
        }
        if (!read_more(*texts.begin())) fail(*texts.begin(), "the program ended");
    }
}

void Terminal::type(std::string_view keys) const {
    if (checked(::write(master_.number(), keys.data(), keys.size()), "type") !=
        static_cast<ssize_t>(keys.size())) {
        throw std::runtime_error("the terminal did not take all that was typed");
    }
}

void Terminal::resize(int rows, int columns) const {
    winsize size{};
    size.ws_row = static_cast<unsigned short>(rows);
    size.ws_col = static_cast<unsigned short>(columns);
    checked(::ioctl(master_.number(), TIOCSWINSZ, &size), "resize");
}

int Terminal::wait() {
    while (read_more("the end")) {
    }
    int status = 0;
    checked(::waitpid(pid_, &status, 0), "waitpid");
    pid_ = -1;
    return status_of(status);
}

}  // namespace warifu::integration
