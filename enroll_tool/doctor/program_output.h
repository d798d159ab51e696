// What another program prints, run without our environment and with a bound on time and text.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace warifu::doctor {

inline constexpr std::chrono::seconds program_patience{20};
inline constexpr std::size_t max_program_output_bytes = 1024 * 1024;  // of each stream; the rest is dropped

struct ProgramOutput {
    int status = 0;  // exit status; 128 and the signal's number where one ended it
    std::string out, err;
};

// words[0] is an absolute path. Standard input is empty. Throws Unavailable where it cannot be started or
// does not end in time (it is killed then).
ProgramOutput output_of(const std::vector<std::string>& words);

}  // namespace warifu::doctor
