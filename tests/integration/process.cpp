#include "tests/integration/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>

namespace warifu::integration {
namespace {

int milliseconds_until(std::chrono::steady_clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

// Appends what can be read now; closes at the end.
void take(Descriptor& from, std::string& into) {
    char piece[4096];
    const ssize_t size = ::read(from.number(), piece, sizeof piece);
    if (size > 0) {
        into.append(piece, static_cast<std::size_t>(size));
    } else if (size == 0 || errno != EINTR) {
        from.close();
    }
}

void give(Descriptor& to, std::string_view& rest) {
    const ssize_t size = rest.empty() ? 0 : ::write(to.number(), rest.data(), rest.size());
    if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
    if (size < 0 || rest.empty()) to.close();
}

// A child that ignores its standard input must not end this program.
struct IgnoredPipeSignal {
    IgnoredPipeSignal() noexcept : old(std::signal(SIGPIPE, SIG_IGN)) {}
    ~IgnoredPipeSignal() { std::signal(SIGPIPE, old); }
    void (*old)(int);
};

// What a process that does not end is at.
std::string state_of(pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    std::string text;
    for (const char* name : {"/stat", "/wchan", "/syscall", "/stack"}) {
        std::ifstream file(folder + name);
        for (std::string line; std::getline(file, line);) text += line + "; ";
    }
    return text;
}

std::string told(const Command& command, const Result& result) {
    std::string text;
    for (const std::string& word : command.words) text += word + " ";
    return text + "→ status " + std::to_string(result.status) + "\n" + result.out + result.err;
}

}  // namespace

int status_of(int wait_status) noexcept {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

Result run(const Sandbox& sandbox, const Command& command) {
    const IgnoredPipeSignal guard;
    Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
    const pid_t child = sandbox.fork();
    if (child == 0) {
        ::setsid();
        if (::dup2(in.reader.number(), 0) < 0 || ::dup2(out.writer.number(), 1) < 0 ||
            ::dup2(err.writer.number(), 2) < 0) {
            ::_exit(127);
        }
        command.become();
    }
    const Descriptor pidfd = pidfd_of(child);
    in.reader.close();
    out.writer.close();
    err.writer.close();
    Result result;
    std::string_view rest = command.input;
    const auto end = std::chrono::steady_clock::now() + patience;
    bool ended = false;
    // What it left behind in the background may hold the pipes: its own end is what counts.
    while (!ended) {
        std::array<pollfd, 4> events{
            pollfd{in.writer.number(), POLLOUT, 0}, pollfd{out.reader.number(), POLLIN, 0},
            pollfd{err.reader.number(), POLLIN, 0}, pollfd{pidfd.number(), POLLIN, 0}};
        if (::poll(events.data(), events.size(), milliseconds_until(end)) == 0) {
            const std::string state = state_of(child);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            throw std::runtime_error("hung (" + state + "): " + told(command, result));
        }
        if (events[0].revents != 0) give(in.writer, rest);
        if (events[1].revents != 0) take(out.reader, result.out);
        if (events[2].revents != 0) take(err.reader, result.err);
        ended = events[3].revents != 0 && events[1].revents == 0 && events[2].revents == 0;
    }
    int status = 0;
    checked(::waitpid(child, &status, 0), "waitpid");
    result.status = status_of(status);
    return result;
}

std::string output_of(const Sandbox& sandbox, const Command& command) {
    Result result = run(sandbox, command);
    if (result.status != 0) throw std::runtime_error(told(command, result));
    return std::move(result.out);
}

Process::Process(const Sandbox& sandbox, const Command& command, const std::string& output) {
    pid_ = sandbox.fork();
    if (pid_ == 0) {
        ::setsid();
        const int nothing = ::open("/dev/null", O_RDONLY);
        const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (::dup2(nothing, 0) < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0) ::_exit(127);
        command.become();
    }
    pidfd_ = pidfd_of(pid_);
}

Process::~Process() {
    if (pid_ < 0) return;
    kill(SIGTERM);
    if (!ended_within_patience()) kill(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Process::kill(int signal) const noexcept {
    ::kill(pid_, signal);
}

bool Process::ended_within_patience() const noexcept {
    pollfd event{pidfd_.number(), POLLIN, 0};
    return ::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) == 1;
}

int Process::wait() {
    if (!ended_within_patience()) throw std::runtime_error("a program in the background did not end");
    int status = 0;
    checked(::waitpid(pid_, &status, 0), "waitpid");
    pid_ = -1;
    return status_of(status);
}

}  // namespace warifu::integration
