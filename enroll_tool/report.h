// Failures: what scripts and people are told of them, and how the command then ends.
#pragma once

#include <exception>
#include <string_view>

#include "enroll_tool/exit_code.h"
#include "enroll_tool/output.h"

namespace warifu {

// With `json` as {"error", "message"} on `out` (and for a denial "reason" and "retry_after"), otherwise as
// one line on standard error.
ExitCode report(const std::exception_ptr& failure, bool json, Output& out);

// One line on standard error, escaped and with "warifu: " before it.
void complain(std::string_view message);

}  // namespace warifu
