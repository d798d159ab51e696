// The ways to lock oneself out, and the ways back: told before the second factor turns on, on every screen
// and sheet.
#pragma once

#include <span>

namespace warifu {

// Whole sentences in English, marked for the translators.
struct Lockout {
    const char* cause;
    const char* way_back;
};

std::span<const Lockout> lockouts() noexcept;
// What helps whichever happened.
std::span<const char* const> ways_back() noexcept;

}  // namespace warifu
