// warifu-notify: reads one message on standard input, delivers it over one channel, and says "delivered" or
// why not.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <string>
#include <string_view>

#include "notifier/document.h"
#include "notifier/encoding.h"
#include "notifier/hook.h"
#include "notifier/http_request.h"
#include "notifier/mail.h"
#include "notifier/shown.h"
#include "notifier/transfer.h"

namespace {

using namespace warifu::notifier;

constexpr int exit_undelivered = 1, exit_usage = 2;
constexpr std::size_t most_reason_bytes = 400;

void say(int where, std::string_view text) noexcept {
    (void)!write(where, text.data(), text.size());
}

// Standard input that does not end, a command that does not: libcurl's own limit is a little shorter.
void too_late(int) {
    end_hook();
    say(2, "nothing was delivered within 9 s\n");
    _exit(exit_undelivered);
}

// The message and its tokens stay out of core files and debuggers, and all of it ends in time.
void set_up() {
    (void)prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGCHLD, SIG_DFL);
    (void)signal(SIGALRM, too_late);
    const itimerval end{{0, 0}, {most_seconds, 500'000}};
    (void)setitimer(ITIMER_REAL, &end, nullptr);
}

std::string read_input() {
    std::string text;
    std::array<char, 4096> piece{};
    // One byte too many is enough to know.
    while (text.size() <= most_document_bytes) {
        const ssize_t size = read(0, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            throw Problem("standard input cannot be read");
        }
        if (size == 0) {
            break;
        }
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text;
}

void deliver(const Document& document) {
    const auto& [channel, message] = document;
    if (channel.type == "command") {
        run_hook(channel.argv, message.facts.dump() + "\n");
    } else if (channel.type == "mail") {
        send_mail(channel, mail(channel, message, std::time(nullptr), random_hex(16)));
    } else {
        post(channel, http_request(channel, message, std::time(nullptr)));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        return std::puts("warifu-notify " WARIFU_VERSION) >= 0 ? 0 : exit_undelivered;
    }
    if (argc != 1) {
        say(2, "usage: warifu-notify <DOCUMENT   see warifu-notify(8)\n");
        return exit_usage;
    }
    set_up();
    try {
        deliver(parse(read_input()));
        say(1, "delivered\n");
        (void)signal(SIGALRM, [](int) { _exit(0); });
        const itimerval moment{{0, 0}, {0, 300'000}};
        (void)setitimer(ITIMER_REAL, &moment, nullptr);
        hang_up();
        _exit(0);
    } catch (const std::exception& error) {
        say(2, shortened(in_one_line(error.what()), most_reason_bytes) + "\n");
        _exit(exit_undelivered);
    }
}
