// Notifications leave through warifu-notify, which has a user of its own: no token of a receiver's and no
// peer on the network is in reach of this process.
//
// The child is exec'd as `warifud --notify USER PROGRAM`, becomes that user for good and execs the program:
// the document (warifu-notify(8)) on stdin, no environment, no descriptor of ours. What it says is
// "delivered" or one line of reason; a child that dies says nothing, and that is no delivery.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "core/secret/secret.h"
#include "daemon/asio.h"

namespace warifu {

class NotifyProcesses {
  public:
    // Of all; so many of those that are not urgent run at once, and so many of each kind wait.
    static constexpr std::size_t most_running = 8, most_running_later = 6, most_waiting = 256;
    static constexpr std::size_t most_reason_bytes = 400;
    // Of the child; and before it, of waiting for others'.
    static constexpr int most_seconds = 10, most_waiting_seconds = 30;

    // Only tests have others.
    struct Programs {
        std::string warifud = "/proc/self/exe";
        std::string notifier;  // empty: where it is installed
        std::string user = "warifu-notify";
    };
    explicit NotifyProcesses(asio::io_context& io) : NotifyProcesses(io, Programs()) {}
    NotifyProcesses(asio::io_context& io, Programs programs);

    // Calls back on io's thread, once and never before it returns. problem: empty where the other side
    // accepted the message; else one line of printable ASCII for an administrator. A process that hangs in
    // the kernel is abandoned, and counts for as long as it is there.
    // `urgent`: somebody stands at a door meanwhile; it goes before all that is not, and finds room beside
    // it.
    void deliver(Secret document, bool urgent, std::function<void(std::string problem)> done);

  private:
    struct Job;
    void start_what_can_run();
    std::shared_ptr<Job> next();  // null: none waits, or none may run
    // Empty, or why not.
    std::string start(const std::shared_ptr<Job>& job);
    void read_what_it_says(const std::shared_ptr<Job>& job);
    void expire_after(const std::shared_ptr<Job>& job, int seconds, const char* problem);
    void settle(const std::shared_ptr<Job>& job, std::string problem);

    asio::io_context& io_;
    Programs programs_;
    std::list<std::shared_ptr<Job>> urgent_, later_;  // waiting
    std::size_t running_ = 0, running_later_ = 0;
};

// The child's side. Returns only where the program could not be started: the exit status.
int run_notify(int argc, char** argv);

}  // namespace warifu
