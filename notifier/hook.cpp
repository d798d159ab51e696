#include "notifier/hook.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

#include "notifier/document.h"
#include "notifier/shown.h"

namespace warifu::notifier {

namespace {

volatile sig_atomic_t running = 0;

std::string error_text(int error) {
    return std::system_category().message(error);
}

[[noreturn]] void become(const std::vector<char*>& words, int input, int report, pid_t parent) {
    std::string path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                lang = "LANG=C.UTF-8";
    const std::array<char*, 3> environment{path.data(), lang.data(), nullptr};
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    (void)signal(SIGPIPE, SIG_DFL);
    // (setpgid also in the parent: whoever is first.)
    if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && nothing >= 0 &&
        dup2(input, 0) == 0 && dup2(nothing, 1) == 1 && dup2(nothing, 2) == 2) {
        execve(words.front(), words.data(), environment.data());
    }
    const int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

void write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t size = write(to, text.data(), text.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return;  // it has read enough
        }
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

}  // namespace

void run_hook(const std::vector<std::string>& argv, const std::string& input) {
    std::vector<std::string> copy = argv;
    std::vector<char*> words;
    for (std::string& word : copy) {
        words.push_back(word.data());
    }
    words.push_back(nullptr);
    const std::string name = "command: " + shortened(in_one_line(argv.front()), 200);

    std::array<int, 2> in{}, report{};
    const pid_t parent = getpid();
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(report.data(), O_CLOEXEC) != 0) {
        throw Problem(name + " cannot be started: " + error_text(errno));
    }
    const pid_t child = fork();
    if (child < 0) {
        throw Problem(name + " cannot be started: " + error_text(errno));
    }
    if (child == 0) {
        become(words, in[0], report[1], parent);
    }
    (void)setpgid(child, child);
    running = child;
    close(in[0]);
    close(report[1]);
    int error = 0;
    ssize_t reported = 0;
    do {
        reported = read(report[0], &error, sizeof error);
    } while (reported < 0 && errno == EINTR);
    write_all(in[1], input);
    close(in[1]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    running = 0;
    if (reported > 0) {
        throw Problem(name + " cannot be started: " + error_text(error));
    }
    if (WIFSIGNALED(status)) {
        throw Problem(name + " was ended by signal " + std::to_string(WTERMSIG(status)));
    }
    if (WEXITSTATUS(status) != 0) {
        throw Problem(name + " ended with status " + std::to_string(WEXITSTATUS(status)));
    }
}

void end_hook() noexcept {
    if (running > 0) {
        (void)kill(-static_cast<pid_t>(running), SIGKILL);
    }
}

}  // namespace warifu::notifier
