#include "enroll_tool/duration.h"

#include <charconv>

namespace warifu {

namespace {

constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour, week = 7 * day;
constexpr std::int64_t longest = 36'525 * day;

std::optional<std::int64_t> seconds_of(std::string_view unit) noexcept {
    if (unit == "s") return 1;
    if (unit == "m") return minute;
    if (unit == "h") return hour;
    if (unit == "d" || unit.empty()) return day;
    if (unit == "w") return week;
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = seconds_of(text.substr(static_cast<std::size_t>(end - text.data())));
    if (error != std::errc() || !unit || number < 0 || number > longest / *unit) return std::nullopt;
    return number * *unit;
}

}  // namespace warifu
