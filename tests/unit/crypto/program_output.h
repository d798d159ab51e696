// What an installed program says: the independent word of oathtool and zbarimg on what we compute.
#pragma once

#include <string>

namespace warifu {

// Standard output of a shell command; throws std::runtime_error, which names it, unless it exits 0.
std::string program_output(const std::string& command);

}  // namespace warifu
