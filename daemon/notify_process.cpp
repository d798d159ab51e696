#include "daemon/notify_process.h"

#include <signal.h>
#include <spawn.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

#include "daemon/pipe.h"

namespace warifu {

namespace {

constexpr std::string_view delivered = "delivered\n";

// Empty where it was delivered.
std::string problem_of(std::string_view said) {
    if (said == delivered) {
        return "";
    }
    std::string line(said.substr(0, std::min(said.find('\n'), NotifyProcesses::most_reason_bytes)));
    for (char& c : line) {
        c = c >= ' ' && c < 0x7F ? c : '?';
    }
    return line.empty() ? "warifu-notify ended without a word" : line;
}

}  // namespace

struct NotifyProcesses::Job {
    explicit Job(asio::io_context& io) : to_child(io), from_child(io), deadline(io) {}

    Secret document;
    bool urgent = false;
    std::function<void(std::string)> done;
    pid_t child = -1;
    asio::posix::stream_descriptor to_child, from_child;
    asio::steady_timer deadline;
    std::array<char, most_reason_bytes + 1> said{};
};

NotifyProcesses::NotifyProcesses(asio::io_context& io, Programs programs)
    : io_(io), programs_(std::move(programs)) {
    if (programs_.notifier.empty()) {
        programs_.notifier = WARIFU_NOTIFY_PATH;
    }
}

void NotifyProcesses::deliver(Secret document, bool urgent, std::function<void(std::string problem)> done) {
    auto job = std::make_shared<Job>(io_);
    job->document = std::move(document);
    job->urgent = urgent;
    job->done = std::move(done);
    auto& waiting = urgent ? urgent_ : later_;
    if (waiting.size() >= most_waiting) {
        asio::post(io_, [this, job] { settle(job, "too many notifications wait already"); });
        return;
    }
    expire_after(job, most_waiting_seconds, "other notifications took too long: this one was not begun");
    waiting.push_back(std::move(job));
    start_what_can_run();
}

std::shared_ptr<NotifyProcesses::Job> NotifyProcesses::next() {
    if (running_ >= most_running) {
        return nullptr;
    }
    const bool later = running_later_ < most_running_later && !later_.empty();
    if (urgent_.empty() && !later) {
        return nullptr;
    }
    auto& waiting = urgent_.empty() ? later_ : urgent_;
    auto job = std::move(waiting.front());
    waiting.pop_front();
    return job;
}

void NotifyProcesses::expire_after(const std::shared_ptr<Job>& job, int seconds, const char* problem) {
    job->deadline.expires_after(std::chrono::seconds(seconds));
    job->deadline.async_wait([this, job, problem](error_code error) {
        if (error) {
            return;
        }
        if (job->child > 0) {
            // Nobody waits for it: SIGCHLD is set to reap by itself, and its place is free when its pipe
            // ends.
            kill(-job->child, SIGKILL);
        }
        settle(job, problem);
    });
}

void NotifyProcesses::start_what_can_run() {
    while (const auto job = next()) {
        expire_after(job, most_seconds, "warifu-notify did not end within 10 s");
        if (std::string problem = start(job); !problem.empty()) {
            asio::post(io_, [this, job, problem] { settle(job, problem); });
        }
    }
}

std::string NotifyProcesses::start(const std::shared_ptr<Job>& job) {
    Pipe document, answer;
    if (document.read_end < 0 || answer.read_end < 0) {
        return "no descriptor is left for a notification";
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, document.read_end, 0);
    posix_spawn_file_actions_adddup2(&actions, answer.write_end, 1);
    posix_spawn_file_actions_adddup2(&actions, answer.write_end, 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string name = "warifud", mode = "--notify";
    std::array<char*, 5> argv = {name.data(), mode.data(), programs_.user.data(), programs_.notifier.data(),
                                 nullptr};
    std::array<char*, 1> environment = {nullptr};
    const int error = posix_spawn(&job->child, programs_.warifud.c_str(), &actions, &attributes, argv.data(),
                                  environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        job->child = -1;
        return "no process could be started for a notification: " + std::system_category().message(error);
    }
    ++running_;
    running_later_ += job->urgent ? 0U : 1U;
    job->to_child.assign(Pipe::release(document.write_end));
    job->from_child.assign(Pipe::release(answer.read_end));
    asio::async_write(job->to_child, asio::buffer(job->document.bytes().data(), job->document.size()),
                      [job](error_code, std::size_t) {
                          error_code ignored;
                          job->to_child.close(ignored);
                          job->document = Secret();
                      });
    read_what_it_says(job);
    return "";
}

void NotifyProcesses::read_what_it_says(const std::shared_ptr<Job>& job) {
    asio::async_read(job->from_child, asio::buffer(job->said), [this, job](error_code end, std::size_t size) {
        if (end != asio::error::eof && job->child > 0) {
            kill(-job->child, SIGKILL);  // it says more than it may
        }
        job->child = -1;  // it has ended, or will: from now on its number may be somebody else's
        error_code ignored;
        job->from_child.close(ignored);
        --running_;
        running_later_ -= job->urgent ? 0U : 1U;
        settle(job, problem_of({job->said.data(), size}));
        start_what_can_run();
    });
}

void NotifyProcesses::settle(const std::shared_ptr<Job>& job, std::string problem) {
    (job->urgent ? urgent_ : later_).remove(job);
    job->deadline.cancel();
    error_code ignored;
    job->to_child.close(ignored);
    // Once: a child that is killed for being late says something, too.
    if (const auto done = std::exchange(job->done, nullptr)) {
        done(std::move(problem));
    }
}

}  // namespace warifu
