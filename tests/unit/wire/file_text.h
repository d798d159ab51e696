// The whole of a file, or nothing where it cannot be read.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace warifu::testing_support {

inline std::string file_text(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace warifu::testing_support
