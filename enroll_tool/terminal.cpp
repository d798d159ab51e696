#include "enroll_tool/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "enroll_tool/held_signals.h"
#include "enroll_tool/line.h"

namespace warifu {

namespace {

class EchoSetting {
  public:
    EchoSetting(int terminal, Echo echo) noexcept : terminal_(terminal) {
        changed_ = echo == Echo::off && tcgetattr(terminal, &before_) == 0;
        if (!changed_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        // What was typed before the question was shown already and is no answer to it.
        tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    EchoSetting(const EchoSetting&) = delete;
    EchoSetting& operator=(const EchoSetting&) = delete;
    ~EchoSetting() {
        if (changed_) tcsetattr(terminal_, TCSAFLUSH, &before_);
    }

  private:
    int terminal_;
    termios before_{};
    bool changed_ = false;
};

void show(int terminal, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = write(terminal, text.data(), text.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Waits until the terminal can be read; a signal's number if one came first.
int wait_for_line(int terminal, const HeldSignals& signals) noexcept {
    for (;;) {
        pollfd waiting[] = {{signals.descriptor(), POLLIN, 0}, {terminal, POLLIN, 0}};
        if (poll(waiting, 2, -1) < 0 && errno != EINTR) return 0;
        if (const int caught = waiting[0].revents == 0 ? 0 : signals.take(); caught != 0) return caught;
        if (waiting[1].revents != 0) return 0;
    }
}

}  // namespace

std::optional<Terminal> Terminal::of_standard_input() {
    if (isatty(STDIN_FILENO) != 1) return std::nullopt;
    return Terminal(ipc::Descriptor(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)));
}

int Terminal::in() const noexcept {
    return own_.number() >= 0 ? own_.number() : STDIN_FILENO;
}

int Terminal::out() const noexcept {
    return own_.number() >= 0 ? own_.number() : STDERR_FILENO;
}

std::optional<Secret> Terminal::ask(std::string_view question, Echo echo) {
    for (;;) {
        int caught = 0;
        std::optional<Secret> line;
        {
            const HeldSignals signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP});
            const EchoSetting setting(in(), echo);
            show(out(), question);
            caught = wait_for_line(in(), signals);
            if (caught == 0) line = answer();
            if (echo == Echo::off || !line) show(out(), "\n");
        }
        if (caught == 0) return line;
        kill(getpid(), caught);
        // Stopped and continued: the question once more.
    }
}

// One read gives a line: the kernel keeps it until it is ended (by Enter, or by Ctrl-D after some text), and
// bounds it.
std::optional<Secret> Terminal::answer() const {
    Secret line(max_line_bytes);
    const ssize_t got = read(in(), line.writable().data(), line.size());
    if (got <= 0) return std::nullopt;
    line.truncate(static_cast<std::size_t>(got));
    drop_line_end(line);
    return line;
}

}  // namespace warifu
