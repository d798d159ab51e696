#include "pam_module/interruption.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace warifu::sudo {
namespace {

constexpr int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

// A signal that is ignored is dropped, but not while it is held back.
bool ignored(int signal) noexcept {
    struct sigaction action{};
    return sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN;
}

}  // namespace

Interruption::Interruption() noexcept {
    sigset_t held;
    sigemptyset(&held);
    for (int const signal : ending) {
        if (!ignored(signal)) sigaddset(&held, signal);
    }
    sigprocmask(SIG_BLOCK, &held, &before_);
    descriptor_ = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
}

Interruption::~Interruption() {
    if (descriptor_ >= 0) close(descriptor_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace warifu::sudo
