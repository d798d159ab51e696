// Spans of time as people write them on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace warifu {

// Seconds: a whole number with s, m, h, d or w, or without a unit, which means days. nullopt for anything
// else and for more than 100 years.
std::optional<std::int64_t> parse_duration(std::string_view text) noexcept;

}  // namespace warifu
