// Files of the source tree, as they are shipped.
#pragma once

#include <string>

namespace warifu::integration {

// The text of a file, by its path from the tree's root; throws std::runtime_error if there is none.
std::string source_file(const std::string& path);

}  // namespace warifu::integration
