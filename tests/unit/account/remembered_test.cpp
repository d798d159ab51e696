#include "core/account/remembered.h"

#include <gtest/gtest.h>

#include <limits>

namespace warifu {
namespace {

constexpr std::int64_t now = 1'767'225'600;
constexpr std::uint32_t hour = 3'600;

TEST(Remembered, S15_ASignInStandsAtItsDoorForItsTime) {
    State state;
    EXPECT_FALSE(is_remembered(state, 7, now, hour));
    remember(state, 7, now, hour);
    EXPECT_TRUE(is_remembered(state, 7, now, hour));
    EXPECT_TRUE(is_remembered(state, 7, now + hour - 1, hour));
    EXPECT_FALSE(is_remembered(state, 7, now + hour, hour));
    EXPECT_FALSE(is_remembered(state, 8, now, hour));
    EXPECT_FALSE(is_remembered(state, 0, now, hour));
}

// A setting that was lowered counts at once; one that was raised, from the next code on.
TEST(Remembered, S15_TheShorterTimeCounts) {
    State state;
    remember(state, 7, now, hour);
    EXPECT_FALSE(is_remembered(state, 7, now + 60, 60));
    EXPECT_TRUE(is_remembered(state, 7, now + 59, 60));
    EXPECT_FALSE(is_remembered(state, 7, now + hour, 10 * hour));
    EXPECT_FALSE(is_remembered(state, 7, now, 0));
}

TEST(Remembered, S15_ATimeThatLiesAheadIsNever) {
    State state;
    remember(state, 7, now, hour);
    EXPECT_FALSE(is_remembered(state, 7, now - 1, hour));
    EXPECT_FALSE(is_remembered(state, 7, std::numeric_limits<std::int64_t>::min(), hour));
    EXPECT_EQ(count_remembered(state, now - 1), 0U);
    remember(state, 8, now - 10, hour);
    EXPECT_EQ(state.remembered.size(), 1U) << "and it takes no place";
}

TEST(Remembered, S15_TheOldestLeavesAFullList) {
    State state;
    for (std::uint64_t door = 1; door <= max_remembered + 1; ++door) {
        remember(state, door, now + static_cast<std::int64_t>(door), hour);
    }
    const std::int64_t later = now + 100;
    EXPECT_EQ(count_remembered(state, later), max_remembered);
    EXPECT_FALSE(is_remembered(state, 1, later, hour));
    EXPECT_TRUE(is_remembered(state, 2, later, hour));
    EXPECT_TRUE(is_remembered(state, max_remembered + 1, later, hour));
    remember(state, 2, later, hour);  // again at the same door: one entry
    EXPECT_EQ(count_remembered(state, later), max_remembered);
    EXPECT_TRUE(is_remembered(state, 2, later + hour - 1, hour));
}

}  // namespace
}  // namespace warifu
