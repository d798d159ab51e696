// The first process of a sandbox: it makes the machine, then keeps its log and buries its dead.
#pragma once

#include <string>

namespace warifu::integration {

struct InitDescriptors {
    int ready;       // one byte when the machine stands, or the error's text; closed then
    int log_text;    // memfd, appended to
    int log_events;  // eventfd, one event a record
};

// Runs in a new process in new namespaces of every kind; never returns. `lower` is the root directory that
// the machine borrows: only on the host's own, "/", is the Warifu just built put in place.
[[noreturn]] void run_init(const InitDescriptors& descriptors, const std::string& lower) noexcept;

}  // namespace warifu::integration
