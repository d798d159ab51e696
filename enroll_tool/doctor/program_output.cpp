#include "enroll_tool/doctor/program_output.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/error/error.h"
#include "ipc/client/connection.h"

namespace warifu::doctor {

namespace {

using ipc::Descriptor;
using TimePoint = std::chrono::steady_clock::time_point;

struct Pipe {
    Descriptor reader{-1}, writer{-1};

    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw Unavailable(std::string("pipe: ") + std::strerror(errno));
        reader = Descriptor(ends[0]);
        writer = Descriptor(ends[1]);
    }
};

struct Plan {
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};

    Plan(int out, int err) {
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
        posix_spawnattr_init(&attributes);
        sigset_t ours;  // that we ignore
        sigemptyset(&ours);
        sigaddset(&ours, SIGPIPE);
        sigaddset(&ours, SIGXFSZ);
        posix_spawnattr_setsigdefault(&attributes, &ours);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    ~Plan() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
};

// A child that is killed and reaped unless it was waited for.
class Child {
  public:
    Child(std::vector<std::string> words, const Plan& plan) {
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", locale = "LC_ALL=C";
        const std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
        const int error = posix_spawn(&process_, words[0].c_str(), &plan.files, &plan.attributes, argv.data(),
                                      environment.data());
        if (error != 0) throw Unavailable(words[0] + " cannot be started: " + std::strerror(error));
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (process_ <= 0) return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }

    int wait() {
        int status = 0;
        waitpid(process_, &status, 0);
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t process_ = -1;
};

// False at its end.
bool take(const Descriptor& from, std::string& into) {
    std::array<char, 4096> part{};
    const ssize_t got = read(from.number(), part.data(), part.size());
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    if (into.size() < max_program_output_bytes) into.append(part.data(), static_cast<std::size_t>(got));
    return true;
}

int milliseconds_until(TimePoint end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

}  // namespace

ProgramOutput output_of(const std::vector<std::string>& words) {
    Pipe out, err;
    const Plan plan(out.writer.number(), err.writer.number());
    Child child(words, plan);
    out.writer = Descriptor(-1);
    err.writer = Descriptor(-1);
    const TimePoint end = std::chrono::steady_clock::now() + program_patience;
    ProgramOutput output;
    while (out.reader.number() >= 0 || err.reader.number() >= 0) {
        std::array<pollfd, 2> waiting{pollfd{out.reader.number(), POLLIN, 0},
                                      pollfd{err.reader.number(), POLLIN, 0}};
        if (poll(waiting.data(), waiting.size(), milliseconds_until(end)) == 0)
            throw Unavailable(words[0] + " does not end");
        if (waiting[0].revents != 0 && !take(out.reader, output.out)) out.reader = Descriptor(-1);
        if (waiting[1].revents != 0 && !take(err.reader, output.err)) err.reader = Descriptor(-1);
    }
    output.status = child.wait();
    return output;
}

}  // namespace warifu::doctor
