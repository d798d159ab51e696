#include "gateway/pages/moment.h"

#include <array>
#include <ctime>

#include "gateway/pages/words.h"

namespace warifu::gateway {

namespace {

constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;

// With the date, where it is not today.
std::string clock_time(std::int64_t moment, std::int64_t now) {
    const std::time_t then = moment, at = now;
    std::tm local{}, today{};
    localtime_r(&then, &local);
    localtime_r(&at, &today);
    const bool same_day = local.tm_yday == today.tm_yday && local.tm_year == today.tm_year;
    std::array<char, 64> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), same_day ? "%H:%M:%S %Z" : "%Y-%m-%d %H:%M %Z", &local);
    return {text.data(), size};
}

}  // namespace

std::string until(std::int64_t moment, std::int64_t now, Language language) {
    if (moment <= now) return std::string(words(Word::is_over, language));
    const std::int64_t left = moment - now;
    const std::string at = clock_time(moment, now);
    // Rounded down, so that nobody relies on more than there is.
    if (left < 2 * minute) return words(Word::in_seconds, language, {std::to_string(left), at});
    if (left < 2 * hour) return words(Word::in_minutes, language, {std::to_string(left / minute), at});
    if (left < 2 * day) return words(Word::in_hours, language, {std::to_string(left / hour), at});
    return words(Word::in_days, language, {std::to_string(left / day), at});
}

}  // namespace warifu::gateway
