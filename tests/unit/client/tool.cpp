#include "tests/unit/client/tool.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace warifu::test {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes patience{1};

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> result;
    for (std::string& word : words) result.push_back(word.data());
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void execute(std::vector<std::string> arguments, std::vector<std::string> environment) {
    std::vector<std::string> command{WARIFU_TOOL};
    for (std::string& argument : arguments) command.push_back(std::move(argument));
    execve(WARIFU_TOOL, pointers(command).data(), pointers(environment).data());
    _exit(126);
}

void become(const Surroundings& surroundings) {
    if (!surroundings.directory.empty() && chdir(surroundings.directory.c_str()) != 0) _exit(125);
    if (!surroundings.uid) return;
    if (setgroups(0, nullptr) != 0 ||
        setresgid(*surroundings.uid, *surroundings.uid, *surroundings.uid) != 0 ||
        setresuid(*surroundings.uid, *surroundings.uid, *surroundings.uid) != 0)
        _exit(125);
}

std::pair<int, int> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    return {ends[0], ends[1]};
}

int milliseconds_until(steady_clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

void append_from(int& descriptor, std::string& to) {
    char bytes[4096];
    const ssize_t got = read(descriptor, bytes, sizeof bytes);
    if (got > 0) {
        to.append(bytes, static_cast<std::size_t>(got));
        return;
    }
    close(descriptor);
    descriptor = -1;
}

Ended reap(pid_t& process) {
    int status = 0;
    waitpid(process, &status, 0);
    process = -1;
    Ended ended;
    if (WIFEXITED(status)) ended.exit = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    return ended;
}

void end_by_force(pid_t& process) {
    if (process < 0) return;
    kill(process, SIGKILL);
    reap(process);
}

}  // namespace

Tool::Tool(std::vector<std::string> arguments, const Surroundings& surroundings) {
    const auto [in_read, in_write] = make_pipe();
    const auto [out_read, out_write] = make_pipe();
    const auto [err_read, err_write] = make_pipe();
    if (!surroundings.output_is_read) close(out_read);
    process_ = fork();
    if (process_ == 0) {
        dup2(surroundings.input_from < 0 ? in_read : surroundings.input_from, STDIN_FILENO);
        dup2(surroundings.output.empty() ? out_write : open(surroundings.output.c_str(), O_WRONLY),
             STDOUT_FILENO);
        dup2(err_write, STDERR_FILENO);
        for (const int descriptor : surroundings.closed) close(descriptor);
        become(surroundings);
        execute(std::move(arguments), surroundings.environment);
    }
    close(in_read);
    close(out_write);
    close(err_write);
    out_ = surroundings.output_is_read ? out_read : -1;
    err_ = err_read;
    EXPECT_EQ(write(in_write, surroundings.input.data(), surroundings.input.size()),
              static_cast<ssize_t>(surroundings.input.size()));
    close(in_write);
}

Tool::~Tool() {
    end_by_force(process_);
    if (out_ >= 0) close(out_);
    if (err_ >= 0) close(err_);
}

Ended Tool::wait() {
    std::string out, err;
    const auto end = steady_clock::now() + patience;
    while (out_ >= 0 || err_ >= 0) {
        pollfd waiting[] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
        if (poll(waiting, 2, milliseconds_until(end)) == 0) {
            ADD_FAILURE() << "warifu hangs; so far: " << out << err;
            end_by_force(process_);
            return {};
        }
        if (waiting[0].revents != 0) append_from(out_, out);
        if (waiting[1].revents != 0) append_from(err_, err);
    }
    Ended ended = reap(process_);
    ended.out = std::move(out);
    ended.err = std::move(err);
    return ended;
}

Ended run_tool(std::vector<std::string> arguments, const Surroundings& surroundings) {
    return Tool(std::move(arguments), surroundings).wait();
}

ToolAtTerminal::ToolAtTerminal(std::vector<std::string> arguments, std::vector<std::string> environment,
                               std::vector<int> closed) {
    const winsize size{24, 80, 0, 0};
    process_ = forkpty(&terminal_, nullptr, nullptr, &size);
    if (process_ == 0) {
        for (const int descriptor : closed) close(descriptor);
        execute(std::move(arguments), std::move(environment));
    }
    fcntl(terminal_, F_SETFD, FD_CLOEXEC);
}

ToolAtTerminal::~ToolAtTerminal() {
    end_by_force(process_);
    if (terminal_ >= 0) close(terminal_);
}

// False at the end: a terminal that nobody has open any more gives EIO.
bool ToolAtTerminal::read_some() {
    char bytes[4096];
    const ssize_t got = read(terminal_, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; ++i)
        if (bytes[i] != '\r') shown_ += bytes[i];
    return got > 0;
}

void ToolAtTerminal::await(const std::string& text) {
    const auto end = steady_clock::now() + patience;
    for (;;) {
        const std::size_t found = shown_.find(text, awaited_);
        if (found != shown_.npos) {
            awaited_ = found + text.size();
            return;
        }
        pollfd waiting{terminal_, POLLIN, 0};
        if (poll(&waiting, 1, milliseconds_until(end)) == 0 || !read_some()) {
            ADD_FAILURE() << "\"" << text << "\" was not shown, but:\n" << shown_;
            return;
        }
    }
}

void ToolAtTerminal::type(const std::string& text) {
    EXPECT_EQ(write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

termios ToolAtTerminal::settings() const {
    termios now{};
    EXPECT_EQ(tcgetattr(terminal_, &now), 0);
    return now;
}

Ended ToolAtTerminal::wait() {
    const auto end = steady_clock::now() + patience;
    for (;;) {
        pollfd waiting{terminal_, POLLIN, 0};
        if (poll(&waiting, 1, milliseconds_until(end)) == 0) {
            ADD_FAILURE() << "warifu hangs; so far: " << shown_;
            end_by_force(process_);
            return {};
        }
        if (!read_some()) break;
    }
    Ended ended = reap(process_);
    ended.out = shown_;
    return ended;
}

}  // namespace warifu::test
