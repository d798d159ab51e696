// Signals that are held back while a terminal is set up in another way, and read from a descriptor instead of
// interrupting: no handler, no global.
#pragma once

#include <csignal>
#include <initializer_list>

#include "ipc/client/descriptor.h"

namespace warifu {

class HeldSignals {
  public:
    // Those that the caller ignores stay ignored.
    explicit HeldSignals(std::initializer_list<int> numbers) noexcept;
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals();

    // Readable when one came.
    int descriptor() const noexcept { return descriptor_.number(); }
    // The number of one that came; 0 where none did.
    int take() const noexcept;
    // Does what `number` does by default. Where that only stops the process, returns once it goes on.
    void pass_on(int number) const noexcept;

  private:
    sigset_t held_{}, before_{};
    ipc::Descriptor descriptor_{-1};
};

}  // namespace warifu
