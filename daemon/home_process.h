// Homes, and files of keys that other modules left, are read and written by a fresh warifud that becomes the
// user first: a home can hang (NFS), lie in wait (symlinks) or be unreadable to root, and none of that may
// reach this process.
//
// The child is exec'd as `warifud --read-home NAME UID GID HOME FILE` (or --write-home, the document on
// stdin; --read-key-file with HOME empty where FILE is below "/", and behind it how many directories must be
// there) and answers on stdout with one of the letters below, then the content or the reason.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "core/engine/ports.h"
#include "core/policy/key_file_place.h"
#include "daemon/asio.h"

namespace warifu {

inline constexpr char home_content = 'c', home_none = 'n', home_unavailable = 'u';

class HomeProcesses {
  public:
    static constexpr std::size_t most_for_one = 2, most_in_all = 32;
    static constexpr int most_seconds = 2;

    HomeProcesses(asio::io_context& io, std::string file) : io_(io), file_(std::move(file)) {}

    // From now on the file of this name in every home.
    void use(std::string file) { file_ = std::move(file); }

    struct Answer {
        Found found = Found::unavailable;
        Secret content;
        std::string reason;
    };
    // Another module's file at this path, as `owner`; of one `subject` so many at once as of a home.
    void read_key_file(const std::string& subject, const Person& owner, const KeyFilePath& path,
                       std::function<void(Answer)> done);
    // All call back on io's thread, once. Where too many run already the call waits its turn, most_seconds
    // at the longest; a process that hangs in the kernel counts for as long as it is there.
    void read(const Person& person, std::function<void(Answer)> done);
    void write(const Person& person, Secret document, std::function<void(Answer)> done);

  private:
    struct Job;
    std::shared_ptr<Job> job_in_home(const Person& person);
    void add(std::shared_ptr<Job> job);
    void start_what_can_run();
    void start(const std::shared_ptr<Job>& job);
    void settle(const std::shared_ptr<Job>& job, Answer answer);
    // Its process is gone; whoever waits for its place goes on.
    void free_place(const std::shared_ptr<Job>& job);
    void fail(const std::shared_ptr<Job>& job, std::string reason);

    asio::io_context& io_;
    std::string file_;
    std::list<std::shared_ptr<Job>> waiting_;
    std::map<std::string, std::size_t> running_;
    std::size_t running_in_all_ = 0;
};

// The child's side: becomes the user for good, then reads or writes. Returns the exit status.
int run_read_home(int argc, char** argv);
int run_read_key_file(int argc, char** argv);
int run_write_home(int argc, char** argv);

}  // namespace warifu
