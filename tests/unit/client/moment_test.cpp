#include "enroll_tool/moment.h"

#include <gtest/gtest.h>

namespace warifu::test {
namespace {

TEST(SpanOfTime, IsRoundedUpToAUnitThatReadsWell) {
    constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
    const std::pair<std::int64_t, const char*> spans[] = {
        {1, "1 second"},       {119, "119 seconds"},    {120, "2 minutes"},   {121, "3 minutes"},
        {2 * hour, "2 hours"}, {36 * hour, "36 hours"}, {2 * day, "2 days"},  {2 * day + 1, "49 hours"},
        {7 * day, "7 days"},   {7 * day + 1, "8 days"}, {90 * day, "90 days"}};
    for (const auto& [seconds, said] : spans) EXPECT_EQ(span_of_time(seconds), said) << seconds;
}

}  // namespace
}  // namespace warifu::test
