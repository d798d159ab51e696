// A command of the administrator's that takes the message: no shell, the message's JSON on standard input, an
// environment of PATH and LANG alone, and none of its output kept.
#pragma once

#include <string>
#include <vector>

namespace warifu::notifier {

// Returns when the command has ended with status 0; else throws Problem. The program ends with this process.
void run_hook(const std::vector<std::string>& argv, const std::string& input);

// Ends the command that runs, if one does. May be called in a signal handler.
void end_hook() noexcept;

}  // namespace warifu::notifier
