// Runs part of a test in a process of its own, which may change its uids, limits, mounts and signals.
#pragma once

#include <functional>
#include <string>

namespace warifu::testing_support {

// Forks, runs `part`, and returns what it returned. What ends in any other way (a signal, an exception, a
// minute of silence) fails the test, and the process is killed.
std::string in_other_process(const std::function<std::string()>& part);

// Inside such a process: an own mount namespace with a fresh /run.
void make_own_run();

}  // namespace warifu::testing_support
