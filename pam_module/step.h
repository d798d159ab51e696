// One step of a conversation, as warifud's reply says it.
#pragma once

#include <cstddef>
#include <string_view>

#include "pam_module/outcome.h"

namespace warifu::pam {

struct Step {
    enum class Kind { prompt, info, error, wait, done } kind = Kind::wait;
    const char* text = "";  // what is shown, in the buffer given to read_step
    bool echo = false;
    char tails[64] = {};  // single field: "8 7 6"
    Outcome verdict = Outcome::unavailable;
    char reason[64] = {};  // for the log
    long long tail = 0;    // single field: characters of the answer that were the code
    bool refused = false;  // a varlink error: `verdict` follows from it, `text` is its one line for the log
};

// Reads `message` into *step; `text`, of `capacity` bytes, takes what is shown. False: not a step.
bool read_step(std::string_view message, char* text, std::size_t capacity, Step* step) noexcept;

}  // namespace warifu::pam
