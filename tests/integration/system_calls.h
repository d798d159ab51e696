// What a program and all that it starts ask of the kernel, each call before it happens: counted, made to
// fail, or held. By seccomp's notifications (seccomp_unotify(2)), which a setuid program and a daemon that
// forked twice inherit too, and which give one order of the calls of all of them. futex(2) and the calls that
// end a process or a signal handler are left alone: nobody handles their failing.
//
// The calls are told to a process of this object's own, so that the test may wait for what it watches.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "tests/integration/descriptor.h"

namespace warifu::integration {

// Calls by number, and how each fails (errno).
using Errors = std::map<int, int>;

// The name of a call on this machine, "openat".
std::string name_of_call(int number);
// Every call that is watched, each with an error that the kernel might well give.
Errors every_call();
// Those of them that look up, open or read a name, with ENOENT; calls that reach a peer, with ECONNREFUSED.
Errors every_absence();

class SystemCalls {
  public:
    SystemCalls();
    ~SystemCalls();
    SystemCalls(const SystemCalls&) = delete;
    SystemCalls& operator=(const SystemCalls&) = delete;

    // In the child that is to be watched, as root: from here on it and what it starts are. Once for an
    // object.
    void enter() const noexcept;

    // From now on calls count; the nth of those in `errors` fails with its error. 0: none does.
    void watch(const Errors& errors, int nth = 0) const;
    // The same, and every one of them fails.
    void watch_all(const Errors& errors) const;
    // As watch(), but the nth is held, and with it all that comes after, until release().
    void hold(const Errors& errors, int nth) const;
    // Waits until a call is held. False: whatever was watched ended before.
    bool held() const;
    void release() const;
    // Calls count no more, none fails.
    void rest() const;
    // Waits until all that was watched has ended. What outlives this object sees each call fail.
    void wait_until_over() const;
    // As rest(), from the nth accept(2) on, which does not count.
    void rest_at_accept(int nth) const;

    // Since watch() or hold(): what failed or was held, or -1, and how often each call of `errors` was made.
    int struck() const;
    std::map<int, int> counts() const;

  private:
    struct Orders;
    enum class Then { fail_one, fail_all, hold };
    void order(const Errors& errors, int nth, Then then) const;
    [[noreturn]] void supervise() const noexcept;
    void judge(int listener) const noexcept;

    Orders* orders_ = nullptr;      // shared with the process that is told
    Descriptor sender_, receiver_;  // carries the listener from enter()
    Descriptor held_, released_;    // eventfds
    pid_t supervisor_ = -1;
};

}  // namespace warifu::integration
