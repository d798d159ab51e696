#include "enroll_tool/held_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace warifu {

HeldSignals::HeldSignals(std::initializer_list<int> numbers) noexcept {
    sigemptyset(&held_);
    for (const int number : numbers) {
        struct sigaction now{};
        if (sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_IGN) sigaddset(&held_, number);
    }
    sigprocmask(SIG_BLOCK, &held_, &before_);
    descriptor_ = ipc::Descriptor(signalfd(-1, &held_, SFD_CLOEXEC | SFD_NONBLOCK));
}

HeldSignals::~HeldSignals() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

int HeldSignals::take() const noexcept {
    signalfd_siginfo caught{};
    if (read(descriptor_.number(), &caught, sizeof caught) != sizeof caught) return 0;
    return static_cast<int>(caught.ssi_signo);
}

void HeldSignals::pass_on(int number) const noexcept {
    kill(getpid(), number);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    sigprocmask(SIG_BLOCK, &held_, nullptr);
}

}  // namespace warifu
