// The program's arguments, taken over so that nobody else on the host goes on seeing what they hold.
#pragma once

#include <string>
#include <vector>

namespace warifu {

// Copies all but the first, and overwrites in place every one that is no word of the table of commands: a
// code is never left in /proc/PID/cmdline, wherever on the line it was put.
std::vector<std::string> take_arguments(int argc, char** argv);

}  // namespace warifu
