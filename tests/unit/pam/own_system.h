// The whole test program runs in a mount namespace of its own, as root, with a fresh /run and a /dev/log that
// it reads itself: nothing of it reaches the machine.
#pragma once

#include <string>
#include <vector>

namespace warifu::testing_support {

// The module's lines since the last call, without priority and date: "pam_warifu(sshd:auth): …".
std::vector<std::string> take_log();

}  // namespace warifu::testing_support
