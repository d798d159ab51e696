// How deep JSON text nests, told before anything parses it: the recursion of whoever parses a message, or
// walks what came of it, is never the other side's to choose. No C++ runtime, no allocation.
#pragma once

#include <string_view>

namespace warifu::wire {

inline constexpr int max_nesting = 8;  // objects and lists within each other; io.warifu needs five

// Any bytes. Brackets in strings count for nothing, so that none of them can make room for others.
bool nests_too_deep(std::string_view text) noexcept;

}  // namespace warifu::wire
