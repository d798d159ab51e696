#include "tests/integration/source_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace warifu::integration {

std::string source_file(const std::string& path) {
    std::ostringstream text;
    const std::ifstream file(std::filesystem::path(WARIFU_SOURCE_DIR) / path);
    if (!file) throw std::runtime_error("there is no " + path + " in the source tree");
    text << file.rdbuf();
    return text.str();
}

}  // namespace warifu::integration
