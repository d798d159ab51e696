#include "core/limits/common_budget.h"

#include <gtest/gtest.h>

#include "core/limits/limits.h"

namespace warifu {
namespace {

constexpr std::int64_t begun = 1'767'225'600;
const std::uint32_t single = attempt_weight(3);

// Charges as often as there is room; how often that was.
int fill_up(CommonBudget& budget, std::int64_t now, std::uint32_t weight = single) {
    int charged = 0;
    for (; !budget.spent_until(weight, now); ++charged) budget.charge(weight, now);
    return charged;
}

TEST(CommonBudget, X30_AHundredAnHourAndThreeHundredADay) {
    CommonBudget budget;
    EXPECT_EQ(fill_up(budget, begun), common_hour);
    EXPECT_EQ(fill_up(budget, begun + 3'599), 0);
    const std::int64_t opens = *budget.spent_until(single, begun);
    EXPECT_GT(opens, begun + 3'599);
    EXPECT_EQ(fill_up(budget, opens), common_hour);
    EXPECT_EQ(fill_up(budget, opens + 2 * 3'600), common_hour);
    EXPECT_EQ(fill_up(budget, begun + 86'399), 0) << "the day's";
    EXPECT_EQ(fill_up(budget, begun + 3 * 86'400), common_hour);
}

TEST(CommonBudget, X30_WhileTwoGenerationsCountAnAttemptWeighsTwo) {
    CommonBudget budget;
    EXPECT_EQ(fill_up(budget, begun, attempt_weight(6)), common_hour / 2);
}

TEST(CommonBudget, X30_WhatIsTakenBackMakesRoomForOne) {
    CommonBudget budget;
    (void)fill_up(budget, begun);
    budget.take_back(single, begun);
    EXPECT_EQ(fill_up(budget, begun + 1), 1);
    CommonBudget fresh;
    fresh.take_back(single, begun);
    EXPECT_EQ(fill_up(fresh, begun), common_hour) << "no more than there ever is";
}

TEST(CommonBudget, X30_TheAlarmIsOnceAnHour) {
    CommonBudget budget;
    EXPECT_TRUE(budget.alarm_due(begun));
    budget.note_alarm(begun);
    EXPECT_FALSE(budget.alarm_due(begun + common_alarm_seconds - 1));
    EXPECT_TRUE(budget.alarm_due(begun + common_alarm_seconds));
    EXPECT_TRUE(budget.alarm_due(begun - 1)) << "an alarm of a clock that was ahead silences none";
}

TEST(CommonBudget, X30_IsKeptWholeInARowLikeEveryOther) {
    CommonBudget budget;
    EXPECT_EQ(budget.encode().size(), state_document_bytes);
    (void)fill_up(budget, begun);
    budget.note_alarm(begun);
    CommonBudget kept = CommonBudget::decode(budget.encode());
    EXPECT_TRUE(kept.spent_until(single, begun));
    EXPECT_FALSE(kept.alarm_due(begun));
    EXPECT_EQ(fill_up(kept, *kept.spent_until(single, begun)), common_hour);
    EXPECT_FALSE(CommonBudget::decode("").spent_until(single, begun));
}

}  // namespace
}  // namespace warifu
