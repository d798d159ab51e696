// Lists as one argument: "user:bob,group:legal".
#pragma once

#include <string_view>
#include <vector>

namespace warifu {

// The words between the commas, without empty ones. They are parts of `list`, and live as long.
std::vector<std::string_view> comma_list(std::string_view list);

}  // namespace warifu
