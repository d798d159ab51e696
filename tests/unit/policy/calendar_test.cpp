#include "core/policy/calendar.h"

#include <gtest/gtest.h>

namespace warifu {
namespace {

constexpr int monday = 0, friday = 4, saturday = 5, sunday = 6;

bool open(const char* hours, int weekday, int hour, int minute) {
    return Hours::parse(hours).value().contain({.weekday = weekday, .minute = hour * 60 + minute});
}

TEST(Calendar, S07_HoursBeginWithTheirMinuteAndEndBeforeTheirLast) {
    EXPECT_FALSE(open("Mo-Fr 08:00-18:00", monday, 7, 59));
    EXPECT_TRUE(open("Mo-Fr 08:00-18:00", monday, 8, 0));
    EXPECT_TRUE(open("Mo-Fr 08:00-18:00", friday, 17, 59));
    EXPECT_FALSE(open("Mo-Fr 08:00-18:00", friday, 18, 0));
    EXPECT_FALSE(open("Mo-Fr 08:00-18:00", saturday, 12, 0));
    EXPECT_TRUE(open("09:00-24:00", sunday, 23, 59));
}

TEST(Calendar, S07_HoursOverMidnightBelongToTheDayOnWhichTheyBegan) {
    EXPECT_TRUE(open("Fr 22:00-06:00", friday, 23, 0));
    EXPECT_TRUE(open("Fr 22:00-06:00", saturday, 5, 59));
    EXPECT_FALSE(open("Fr 22:00-06:00", saturday, 6, 0));
    EXPECT_FALSE(open("Fr 22:00-06:00", friday, 5, 0));
    EXPECT_TRUE(open("Su 22:00-06:00", monday, 1, 0));
}

TEST(Calendar, S07_DaysRunOverTheEndOfTheWeek) {
    EXPECT_TRUE(open("Sa-Mo 10:00-11:00", sunday, 10, 0));
    EXPECT_TRUE(open("Sa-Mo 10:00-11:00", monday, 10, 0));
    EXPECT_FALSE(open("Sa-Mo 10:00-11:00", friday, 10, 0));
}

TEST(Calendar, S07_DatesAreTheCalendars) {
    EXPECT_EQ(parse_date("2028-02-29"), (Date{2028, 2, 29}));
    EXPECT_EQ(parse_date("2100-02-29"), std::nullopt);
    EXPECT_EQ(parse_date("2027-04-31"), std::nullopt);
    EXPECT_LT(parse_date("2026-12-31").value(), parse_date("2027-01-01").value());
    EXPECT_EQ(text_of({2027, 1, 2}), "2027-01-02");
}

}  // namespace
}  // namespace warifu
