#include "enroll_tool/moment.h"

#include <array>
#include <ctime>

#include "enroll_tool/count.h"

namespace warifu {

std::string moment(std::int64_t unix_seconds) {
    const std::time_t time = unix_seconds;
    std::tm local{};
    std::array<char, 32> text{};
    if (localtime_r(&time, &local) == nullptr) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local)};
}

std::string span_of_time(std::int64_t seconds) {
    constexpr std::int64_t minute = 60, hour = 60 * minute;
    if (seconds < 2 * minute) return counted(seconds, "second");
    if (seconds < 2 * hour) return counted((seconds + minute - 1) / minute, "minute");
    return counted((seconds + hour - 1) / hour, "hour");
}

}  // namespace warifu
