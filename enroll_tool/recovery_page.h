// Recovery codes, shown once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/output.h"

namespace warifu {

void show_recovery_codes(const std::vector<std::string_view>& codes, Output& page);

// A sentence: "1 recovery code left.", "10 recovery codes left."
std::string recovery_codes_left(std::int64_t number);

}  // namespace warifu
