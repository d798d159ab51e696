// What a test must leave on the host as it was.
#pragma once

#include <map>
#include <string>

namespace warifu::integration {

// All of /etc, with types, modes and contents; the names in /dev, /run, /var/lib and /home; mounts, host
// name, the processes that a test could have left. Two of these are equal if nothing changed in between.
std::map<std::string, std::string> host_state();

}  // namespace warifu::integration
