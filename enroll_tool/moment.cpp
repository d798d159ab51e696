#include "enroll_tool/moment.h"

#include <array>
#include <ctime>

#include "core/phrase/fill.h"
#include "enroll_tool/translation.h"

namespace warifu {

std::int64_t unix_now() noexcept {
    return std::time(nullptr);
}

std::string moment(std::int64_t unix_seconds) {
    const std::time_t time = unix_seconds;
    std::tm local{};
    std::array<char, 32> text{};
    if (localtime_r(&time, &local) == nullptr) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local)};
}

std::string span_of_time(std::int64_t seconds) {
    constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour, week = 7 * day;
    const auto said = [](const char* pattern, std::int64_t number) {
        return fill(pattern, {std::to_string(number)});
    };
    const auto n = static_cast<unsigned long>(seconds);
    if (seconds < 2 * minute) return said(trn("%1 second", "%1 seconds", n), seconds);
    const std::int64_t minutes = (seconds + minute - 1) / minute, hours = (seconds + hour - 1) / hour;
    if (seconds < 2 * hour)
        return said(trn("%1 minute", "%1 minutes", static_cast<unsigned long>(minutes)), minutes);
    const std::int64_t days = (seconds + day - 1) / day;
    if (seconds >= week || (seconds >= 2 * day && seconds % day == 0))
        return said(trn("%1 day", "%1 days", static_cast<unsigned long>(days)), days);
    return said(trn("%1 hour", "%1 hours", static_cast<unsigned long>(hours)), hours);
}

}  // namespace warifu
