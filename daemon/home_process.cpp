#include "daemon/home_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "daemon/pipe.h"

namespace warifu {

namespace {

// A letter, the content or the reason, and one byte more that shows what is too long.
constexpr std::size_t most_content_bytes = Secret::max_size;

std::string error_text(int error) {
    return std::system_category().message(error);
}

}  // namespace

struct HomeProcesses::Job {
    explicit Job(asio::io_context& io) : from_child(io), to_child(io), deadline(io) {}

    Person person;
    std::string key;   // so many at once of each
    std::string mode;  // the child's
    std::string home, file, must_exist;
    bool writes = false;
    Secret document;
    std::function<void(Answer)> done;

    pid_t child = -1;
    bool answered = false;
    asio::posix::stream_descriptor from_child, to_child;
    asio::steady_timer deadline;
    char letter = 0, beyond = 0;
    Secret content{most_content_bytes};
};

std::shared_ptr<HomeProcesses::Job> HomeProcesses::job_in_home(const Person& person) {
    auto job = std::make_shared<Job>(io_);
    job->person = person;
    job->key = person.name;
    job->home = person.home;
    job->file = file_;
    return job;
}

void HomeProcesses::read(const Person& person, std::function<void(Answer)> done) {
    auto job = job_in_home(person);
    job->mode = "--read-home";
    job->done = std::move(done);
    add(std::move(job));
}

void HomeProcesses::read_key_file(const std::string& subject, const Person& owner, const KeyFilePath& path,
                                  std::function<void(Answer)> done) {
    auto job = job_in_home(owner);
    job->key = subject;
    job->mode = "--read-key-file";
    job->home = path.in_home ? owner.home : std::string();
    job->file = path.relative;
    job->must_exist = std::to_string(path.must_exist);
    job->done = std::move(done);
    add(std::move(job));
}

void HomeProcesses::write(const Person& person, Secret document, std::function<void(Answer)> done) {
    auto job = job_in_home(person);
    job->mode = "--write-home";
    job->writes = true;
    job->document = std::move(document);
    job->done = std::move(done);
    add(std::move(job));
}

void HomeProcesses::add(std::shared_ptr<Job> job) {
    job->deadline.expires_after(std::chrono::seconds(most_seconds));
    job->deadline.async_wait([this, job](error_code error) {
        if (error) {
            return;
        }
        if (job->child > 0) {
            // What hangs in the kernel is abandoned: nobody waits for it, and SIGCHLD is set to reap by
            // itself. It keeps its place until it is gone, or such processes would pile up.
            kill(job->child, SIGKILL);
        }
        settle(job, {Found::unavailable, {}, "the home of this account did not answer within 2 s"});
    });
    waiting_.push_back(std::move(job));
    start_what_can_run();
}

void HomeProcesses::start_what_can_run() {
    for (auto job = waiting_.begin(); job != waiting_.end();) {
        const auto running = running_.find((*job)->key);
        const bool room =
            running_in_all_ < most_in_all && (running == running_.end() || running->second < most_for_one);
        if (!room) {
            ++job;
            continue;
        }
        const auto chosen = *job;
        job = waiting_.erase(job);
        start(chosen);
    }
}

void HomeProcesses::start(const std::shared_ptr<Job>& job) {
    ++running_in_all_;
    ++running_[job->key];

    Pipe answer, document;
    if (answer.read_end < 0 || document.read_end < 0) {
        fail(job, "no descriptor is left for reading a home");
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, document.read_end, 0);
    posix_spawn_file_actions_adddup2(&actions, answer.write_end, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::string program = "warifud";
    std::string name = job->person.name, uid = std::to_string(job->person.uid),
                gid = std::to_string(job->person.gid);
    std::array<char*, 9> argv = {program.data(),   job->mode.data(),
                                 name.data(),      uid.data(),
                                 gid.data(),       job->home.data(),
                                 job->file.data(), job->must_exist.empty() ? nullptr : job->must_exist.data(),
                                 nullptr};
    std::array<char*, 1> environment = {nullptr};
    const int error =
        posix_spawn(&job->child, "/proc/self/exe", &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        job->child = -1;
        fail(job, "no process could be started for reading a home: " + error_text(error));
        return;
    }
    job->from_child.assign(Pipe::release(answer.read_end));
    if (job->writes) {
        job->to_child.assign(Pipe::release(document.write_end));
        asio::async_write(job->to_child, asio::buffer(job->document.bytes().data(), job->document.size()),
                          [job](error_code, std::size_t) {
                              error_code ignored;
                              job->to_child.close(ignored);
                          });
    }
    const std::array<asio::mutable_buffer, 3> buffers = {
        asio::buffer(&job->letter, 1),
        asio::buffer(job->content.writable().data(), job->content.size()),
        asio::buffer(&job->beyond, 1),
    };
    asio::async_read(job->from_child, buffers, [this, job](error_code end, std::size_t size) {
        Answer result;
        if (end != asio::error::eof) {
            result.reason = "the process that reads homes answered too much or broke off";
        } else if (size == 0) {
            result.reason = "the process that reads homes died";
        } else if (job->letter == home_content) {
            result.found = Found::yes;
            job->content.truncate(size - 1);
            result.content = std::move(job->content);
        } else if (job->letter == home_none) {
            result.found = Found::no;
        } else {
            job->content.truncate(size - 1);
            result.reason = std::string(job->content.text());
        }
        if (end != asio::error::eof && job->child > 0) {
            kill(job->child, SIGKILL);
        }
        job->child = -1;  // it has ended, or will: from now on its number may be somebody else's
        settle(job, std::move(result));
        free_place(job);
    });
}

// Not at once: who starts jobs is in the middle of the list.
void HomeProcesses::fail(const std::shared_ptr<Job>& job, std::string reason) {
    asio::post(io_, [this, job, reason = std::move(reason)] {
        settle(job, {Found::unavailable, {}, reason});
        free_place(job);
    });
}

void HomeProcesses::settle(const std::shared_ptr<Job>& job, Answer answer) {
    if (job->answered) {
        return;
    }
    job->answered = true;
    error_code ignored;
    job->to_child.close(ignored);
    job->deadline.cancel();
    waiting_.remove(job);
    job->done(std::move(answer));
    job->done = nullptr;
}

void HomeProcesses::free_place(const std::shared_ptr<Job>& job) {
    error_code ignored;
    job->from_child.close(ignored);
    --running_in_all_;
    const auto running = running_.find(job->key);
    if (--running->second == 0) {
        running_.erase(running);
    }
    start_what_can_run();
}

}  // namespace warifu
