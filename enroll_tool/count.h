// Numbers with what they count, in English.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace warifu {

// "1 second", "2 seconds".
inline std::string counted(std::int64_t number, std::string_view unit) {
    return std::to_string(number).append(" ").append(unit).append(number == 1 ? "" : "s");
}

}  // namespace warifu
