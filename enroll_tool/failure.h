// What went wrong, taken apart: for scripts as for screens.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "enroll_tool/exit_code.h"

namespace warifu {

struct Failure {
    ExitCode exit = ExitCode::unavailable;
    std::string
        code;  // of --json: "denied", "not_found", "usage", "not_permitted", "conflict", "unavailable"
    std::string message;
    std::string reason;  // denials alone
    std::optional<std::int64_t> retry_after;
};

Failure describe(const std::exception_ptr& failure);

}  // namespace warifu
