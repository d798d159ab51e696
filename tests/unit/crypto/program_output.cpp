#include "tests/unit/crypto/program_output.h"

#include <array>
#include <cstdio>
#include <stdexcept>

namespace warifu {

std::string program_output(const std::string& command) {
    FILE* const pipe = popen(command.c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error("cannot start: " + command);
    std::string output;
    std::array<char, 4096> piece;
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe))
        output.append(piece.data(), size);
    if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
    return output;
}

}  // namespace warifu
