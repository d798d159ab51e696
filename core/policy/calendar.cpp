#include "core/policy/calendar.h"

#include <array>

namespace warifu {

namespace {

constexpr std::array<std::string_view, 7> weekdays{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
constexpr int minutes_in_a_day = 1440;

std::optional<int> digits(std::string_view text) {
    int value = 0;
    for (const char character : text) {
        if (character < '0' || character > '9') {
            return std::nullopt;
        }
        value = value * 10 + (character - '0');
    }
    return value;
}

int days_of(int year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

std::string padded(int number, std::size_t width) {
    const std::string text = std::to_string(number);
    return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}

std::optional<std::size_t> weekday(std::string_view text) {
    for (std::size_t i = 0; i < weekdays.size(); ++i) {
        if (weekdays[i] == text) {
            return i;
        }
    }
    return std::nullopt;
}

// "Mo" or "Mo-Fr"; "Sa-Mo" runs over Sunday.
std::optional<std::uint8_t> days_from(std::string_view text) {
    const auto first = weekday(text.substr(0, 2));
    const auto last = text.size() == 2                     ? first
                      : text.size() == 5 && text[2] == '-' ? weekday(text.substr(3))
                                                           : std::nullopt;
    if (!first || !last) {
        return std::nullopt;
    }
    unsigned days = 0;
    for (std::size_t day = *first;; day = (day + 1) % weekdays.size()) {
        days |= 1U << day;
        if (day == *last) {
            return static_cast<std::uint8_t>(days);
        }
    }
}

// "08:00", at most 24:00.
std::optional<int> minute_from(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hour = digits(text.substr(0, 2)), minute = digits(text.substr(3));
    if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > minutes_in_a_day) {
        return std::nullopt;
    }
    return *hour * 60 + *minute;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)),
               day = digits(text.substr(8));
    if (!year || !month || !day || *year < 1970 || *month < 1 || *month > 12 || *day < 1 ||
        *day > days_of(*year, *month)) {
        return std::nullopt;
    }
    return Date{*year, *month, *day};
}

std::string text_of(const Date& date) {
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::optional<Hours> Hours::parse(std::string_view text) {
    Hours hours;
    hours.text_ = text;
    if (const auto blank = text.find(' '); blank != std::string_view::npos) {
        const auto days = days_from(text.substr(0, blank));
        if (!days) {
            return std::nullopt;
        }
        hours.days_ = *days;
        text.remove_prefix(blank + 1);
    }
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto begin = minute_from(text.substr(0, dash)), end = minute_from(text.substr(dash + 1));
    if (!begin || !end || *begin == minutes_in_a_day || *begin == *end || *end == 0) {
        return std::nullopt;
    }
    hours.begin_ = *begin;
    hours.end_ = *end;
    return hours;
}

bool Hours::contain(const LocalTime& time) const noexcept {
    const auto on = [this](int day) { return (days_ >> day & 1) != 0; };
    if (begin_ < end_) {
        return on(time.weekday) && time.minute >= begin_ && time.minute < end_;
    }
    return (on(time.weekday) && time.minute >= begin_) || (on((time.weekday + 6) % 7) && time.minute < end_);
}

}  // namespace warifu
