// Dates and hours as rules name them, by the host's own clock and time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace warifu {

// A moment as a clock on the wall shows it.
struct LocalTime {
    int year = 1970, month = 1, day = 1;  // month 1 to 12
    int weekday = 0;                      // 0 is Monday
    int minute = 0;                       // of the day, 0 to 1439
};

struct Date {
    int year = 0, month = 0, day = 0;
    auto operator<=>(const Date&) const = default;
};

// "2027-01-01" (ISO 8601), a date that the calendar has, of the years 1970 to 9999.
std::optional<Date> parse_date(std::string_view text);
std::string text_of(const Date& date);
inline Date date_of(const LocalTime& time) noexcept {
    return {time.year, time.month, time.day};
}

// "Mo-Fr 08:00-18:00", "Sa 09:00-12:00", "22:00-06:00" (every day): from the first minute up to but not
// including the last. Where the end is not after the beginning the span runs over midnight, and belongs to
// the day on which it began.
class Hours {
  public:
    static std::optional<Hours> parse(std::string_view text);
    bool contain(const LocalTime& time) const noexcept;
    const std::string& text() const noexcept { return text_; }  // as it was written
    bool operator==(const Hours&) const = default;

  private:
    std::uint8_t days_ = 0x7f;  // bit 0 is Monday
    int begin_ = 0, end_ = 0;   // minutes of the day; end 1 to 1440
    std::string text_;
};

}  // namespace warifu
