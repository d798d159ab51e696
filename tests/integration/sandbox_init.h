// The first process of a sandbox: it makes the machine, then keeps its log and buries its dead.
#pragma once

#include <cstdint>

namespace warifu::integration {

struct InitDescriptors {
    int ready;       // one byte when the machine stands, or the error's text; closed then
    int log_text;    // memfd, appended to
    int log_events;  // eventfd, one event a record
};

// Runs in a new process in new namespaces of every kind; never returns.
[[noreturn]] void run_init(const InitDescriptors& descriptors) noexcept;

}  // namespace warifu::integration
