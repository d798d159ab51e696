// A throw-away machine to sign in to: private mount, network, process, host name and IPC namespaces. Its root
// directory is an overlay over the host's, so the host's programs run in it and nothing that they write
// reaches the host; /run, /dev and the loopback interface are its own; what Warifu the host may have is
// hidden, and the one just built stands at its installed places. All that runs inside ends with the object,
// or with the test program. Wants root and a test program with one thread.
//
// Everything here throws std::runtime_error, with what was seen, when it does not happen within `patience`.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/descriptor.h"

namespace warifu::integration {

// Long enough for a slow machine; an end for what hangs, not a bound on speed.
inline constexpr std::chrono::seconds patience{120};

struct Account {
    std::string name;
    std::string password;
    uid_t uid = 0;
    gid_t gid = 0;
    std::string home;
};

class Sandbox {
  public:
    static constexpr char host_name[] = "tally";

    Sandbox() : Sandbox("/") {}
    // A machine over another root directory than the host's, without the Warifu just built.
    explicit Sandbox(const std::string& lower);
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    // An account with a home (0700) and a group of its own. The reference lives as long as the Sandbox.
    const Account& add_user(const std::string& name, const std::string& password);
    // The same with a uid, gid and home that the caller chose.
    const Account& add_user(Account account);
    // A group with these members.
    void add_group(const std::string& name, const std::vector<std::string>& members);

    // Paths are the sandbox's, symbolic links in them too. write() replaces the whole file and makes the
    // directories above it.
    void write(const std::string& path, std::string_view text, mode_t mode = 0644);
    std::string read(const std::string& path) const;
    // As open(2).
    Descriptor open(const std::string& path, int flags) const;

    // Where this program finds a path of the sandbox that has no symbolic link in it: for sockets.
    std::string outside(const std::string& path) const;

    // A connection to 127.0.0.1 inside.
    Descriptor connect(std::uint16_t port) const;

    // As fork(2), but the child is inside, with root and working directory `/`. Its end is the caller's to
    // wait for.
    pid_t fork() const;
    // Runs `work` inside, in a process of its own; throws what() of what it throws.
    void inside(const std::function<void()>& work) const;

    // Everything that was sent to syslog up to this call, a line each.
    std::string log() const;
    // Waits until the log has `text`, `times` times.
    void wait_for_log(std::string_view text, int times = 1) const;

    // Sets the clock of programs started from now on (not the setuid ones) to the real one and `ahead`.
    void set_clock(std::chrono::seconds ahead);
    // Unix time by the sandbox's clock.
    std::int64_t now() const;

  private:
    std::string raw_log() const;

    pid_t init_ = -1;
    Descriptor namespaces_;      // pidfd of its first process
    Descriptor own_namespaces_;  // pidfd of this program
    Descriptor root_;
    Descriptor log_text_;    // memfd that the first process appends to
    Descriptor log_events_;  // eventfd, one event a record
    std::map<std::string, Account> accounts_;
    int groups_ = 0;
    std::chrono::seconds ahead_{0};
};

}  // namespace warifu::integration
