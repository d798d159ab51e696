// How a call into the module ends, and the one table from that to PAM's codes.
#pragma once

#include <string_view>

namespace warifu::pam {

enum class Outcome {
    success,
    denied,  // also: the PAM line itself is refused
    limited,
    ignored,        // exempt, or not enrolled where that is let pass: never success
    unavailable,    // said by warifud
    module_failed,  // connect, fork, allocate, wait: a local caller can bring it about
    conversation_failed,
};

int pam_code(Outcome outcome) noexcept;

// The outcome of a verdict as the protocol names it; false for any other word.
bool outcome_of_verdict(std::string_view verdict, Outcome* outcome) noexcept;

// The outcome where warifud answered with a varlink error instead of a step.
Outcome outcome_of_error(std::string_view error) noexcept;

}  // namespace warifu::pam
