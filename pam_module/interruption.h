// The signals that end what somebody is waiting for: Ctrl-C, a hang-up, a kill. sudo catches them and only
// takes note, so a wait would go on; held back, they can be waited for together with the socket.
#pragma once

#include <csignal>

namespace warifu::sudo {

class Interruption {
  public:
    // Holds back those of SIGHUP, SIGINT, SIGQUIT and SIGTERM that the process does not ignore.
    Interruption() noexcept;
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    // Lets them through to whom they were for: sudo then does not run the command either.
    ~Interruption();

    // Can be read once one of them has come, and is never to be read. -1: the kernel gave none.
    int descriptor() const noexcept { return descriptor_; }

  private:
    sigset_t before_;
    int descriptor_;
};

}  // namespace warifu::sudo
