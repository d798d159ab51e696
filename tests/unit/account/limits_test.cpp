#include "core/limits/limits.h"

#include <gtest/gtest.h>

#include "tests/unit/account/sample_account.h"

namespace warifu {
namespace {

constexpr std::uint32_t one = 3;  // an attempt, in thirds

// Charges `origin` every `apart` seconds for as long as it is let through; returns how often it was.
int spend(State& state, const Origin& origin, std::int64_t& now, std::int64_t until, std::int64_t apart,
          std::uint32_t weight = one, const Limits& limits = {}) {
    int evaluated = 0;
    for (; now < until; now += apart) {
        if (!limited_until(state, origin, weight, now, limits)) {
            charge(state, origin, weight, now, limits);
            ++evaluated;
        }
    }
    return evaluated;
}

TEST(Limits, WeightIsAThirdOfTheCodes) {
    EXPECT_EQ(attempt_weight(0), 3U);
    EXPECT_EQ(attempt_weight(1), 3U);
    EXPECT_EQ(attempt_weight(3), 3U);
    EXPECT_EQ(attempt_weight(4), 4U);
    EXPECT_EQ(attempt_weight(21), 21U);
}

TEST(Limits, S14_StrangersShareThirtyInAnHourSixtyInADayThreeHundredInThirtyDays) {
    State state;
    const Limits limits;
    std::int64_t now = new_year;
    int n = 0;
    while (!limited_until(state, {stranger(n), 0}, one, now, limits)) {
        charge(state, {stranger(n), 0}, one, now, limits);
        ++n;
    }
    EXPECT_EQ(n, 30);
    EXPECT_EQ(limited_until(state, {stranger(77), 0}, one, now, limits), now + hour + 300);

    State quiet;
    now = new_year;
    EXPECT_EQ(spend(quiet, {stranger(), 0}, now, new_year + day, 60), 60);
    now = new_year + day;
    const int in_month = 60 + spend(quiet, {stranger(), 0}, now, new_year + 30 * day, 60);
    EXPECT_EQ(in_month, 300);
    EXPECT_GE(limited_until(quiet, {stranger(), 0}, one, now, limits).value_or(0), new_year + 30 * day);
}

TEST(Limits, S14_RefusedAttemptsExtendNothing) {
    State state;
    const Limits limits;
    std::int64_t now = new_year;
    EXPECT_EQ(spend(state, {stranger(), 0}, now, new_year + 30, 1), 30);
    const State full = state;
    const auto opens = limited_until(state, {stranger(), 0}, one, now, limits);
    ASSERT_TRUE(opens);
    for (; now < *opens; ++now) {
        ASSERT_EQ(limited_until(state, {stranger(), 0}, one, now, limits), opens);
    }
    EXPECT_EQ(state, full);
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, *opens, limits));
}

TEST(Limits, S14_KnownSourceHasTwentyADayAndAHundredInThirtyDays) {
    State state;
    const Limits limits;
    record_success(state, home(), new_year);
    std::int64_t now = new_year;
    EXPECT_EQ(spend(state, {home(), 0}, now, new_year + day, 10), 20);
    now = new_year + day;
    EXPECT_EQ(20 + spend(state, {home(), 0}, now, new_year + 30 * day, 600), 100);
    // Nothing of it fell to the strangers.
    EXPECT_TRUE(state.budgets.empty());
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, now, limits));
}

TEST(Limits, S14_StrangersDoNotLimitAKnownSource) {
    State state;
    record_success(state, home(), new_year);
    std::int64_t now = new_year;
    spend(state, {stranger(), 0}, now, new_year + day, 1);
    EXPECT_FALSE(limited_until(state, {home(), 0}, one, now, {}));
    EXPECT_TRUE(limited_until(state, {stranger(), 0}, one, new_year + 100, {}));
}

TEST(Limits, S14_DelayDoublesFromTenSecondsToAnHour) {
    State state;
    Limits limits;
    limits.known_day = limits.known_month = 10'000;
    record_success(state, home(), new_year);
    std::int64_t now = new_year;
    for (int i = 0; i < 4; ++i) {
        charge(state, {home(), 0}, one, now, limits);
        EXPECT_FALSE(limited_until(state, {home(), 0}, one, now, limits)) << i;
    }
    std::int64_t delay = 10;
    for (int i = 0; i < 40; ++i) {
        charge(state, {home(), 0}, one, now, limits);
        ASSERT_EQ(limited_until(state, {home(), 0}, one, now, limits), now + delay) << i;
        ASSERT_TRUE(limited_until(state, {home(), 0}, one, now + delay - 1, limits));
        ASSERT_FALSE(limited_until(state, {home(), 0}, one, now + delay, limits));
        now += delay;
        delay = std::min<std::int64_t>(delay * 2, 3'600);
    }
    record_success(state, home(), now);
    charge(state, {home(), 0}, one, now, limits);
    EXPECT_FALSE(limited_until(state, {home(), 0}, one, now, limits));
}

TEST(Limits, S14_SuccessClearsOnlyItsOwnSourcesDelay) {
    State state;
    const SourceId office = SourceId::remote("192.0.2.9");
    const Limits limits;
    record_success(state, home(), new_year);
    record_success(state, office, new_year);
    for (int i = 0; i < 6; ++i) {
        charge(state, {home(), 0}, one, new_year, limits);
        charge(state, {office, 0}, one, new_year, limits);
    }
    record_success(state, home(), new_year);
    EXPECT_FALSE(limited_until(state, {home(), 0}, one, new_year, limits));
    EXPECT_EQ(limited_until(state, {office, 0}, one, new_year, limits), new_year + 20);
    // Nor does it give anybody's guesses back.
    EXPECT_EQ(state.known[0].day.sum(new_year), 6 * one);
    charge(state, {stranger(), 0}, one, new_year, limits);
    record_success(state, stranger(), new_year);
    EXPECT_EQ(state.budgets.at(0).hour.sum(new_year), one);
}

TEST(Limits, KnownForThirtyDaysAndNotFromTheFuture) {
    State state;
    record_success(state, home(), new_year);
    EXPECT_TRUE(is_known(state, home(), new_year));
    EXPECT_TRUE(is_known(state, home(), new_year + 30 * day));
    EXPECT_FALSE(is_known(state, home(), new_year + 30 * day + 1));
    EXPECT_FALSE(is_known(state, home(), new_year - 1));
    EXPECT_FALSE(is_known(state, stranger(), new_year));
}

TEST(Limits, NamesLoopbackAndLocalDoorsNeverBecomeKnown) {
    for (const SourceId& source : {SourceId::local(1000), SourceId::remote("127.0.0.1"),
                                   SourceId::remote("::1"), SourceId::remote("name"), SourceId()}) {
        State state;
        record_success(state, source, new_year);
        EXPECT_TRUE(state.known.empty()) << source.text();
        EXPECT_FALSE(is_known(state, source, new_year));
        EXPECT_EQ(state.last_success, new_year);
    }
}

TEST(Limits, FailingSourcesNeverPushOutKnownOnes) {
    State state;
    for (int n = 0; n < static_cast<int>(max_sources); ++n) {
        record_success(state, stranger(n), new_year + n);
    }
    Limits loose;
    loose.hour = loose.day = loose.month = 100'000;
    for (int n = 1'000; n < 3'000; ++n) {
        charge(state, {stranger(n), 0}, one, new_year + n, loose);
    }
    EXPECT_EQ(state.known.size(), max_sources);
    EXPECT_EQ(state.failing.size(), max_sources);
    for (int n = 0; n < static_cast<int>(max_sources); ++n) {
        EXPECT_TRUE(is_known(state, stranger(n), new_year + day)) << n;
    }
    EXPECT_EQ(state.failures, 2'000U);
    EXPECT_EQ(decode_state(encode(state)), state);
}

TEST(Limits, SeventeenthKnownSourceReplacesTheOldest) {
    State state;
    for (int n = 0; n < 17; ++n) {
        record_success(state, stranger(n), new_year + n);
    }
    EXPECT_FALSE(is_known(state, stranger(0), new_year + 100));
    EXPECT_TRUE(is_known(state, stranger(1), new_year + 100));
    EXPECT_TRUE(is_known(state, stranger(16), new_year + 100));
}

// Sixteen sign-ins while the clock was ahead must not keep later ones from being remembered.
TEST(Limits, SuccessesFromTheFutureLeaveFirst) {
    State state;
    for (int n = 0; n < 16; ++n) {
        record_success(state, stranger(n), new_year + 400 * day);
    }
    record_success(state, home(), new_year);
    record_success(state, stranger(100), new_year + 1);
    EXPECT_TRUE(is_known(state, home(), new_year + 2));
    EXPECT_TRUE(is_known(state, stranger(100), new_year + 2));
}

// However many addresses a client brings, it displaces one of root's doors at the most.
TEST(Limits, X32_WhatAClientSaysDisplacesItsOwn) {
    State state;
    for (int i = 0; i < static_cast<int>(max_sources); ++i) {
        record_success(state, stranger(i), new_year + i);
    }
    for (int i = 0; i < 100; ++i) {
        record_success(state, stranger(1'000 + i).through(33), new_year + day + i);
    }
    EXPECT_EQ(state.known.size(), max_sources);
    for (int i = 1; i < static_cast<int>(max_sources); ++i) {
        EXPECT_TRUE(is_known(state, stranger(i), new_year + day + 100)) << i;
    }
    EXPECT_TRUE(is_known(state, stranger(1'099).through(33), new_year + day + 100));
    EXPECT_FALSE(is_known(state, stranger(1'099), new_year + day + 100));
    EXPECT_FALSE(is_known(state, stranger(1'099).through(34), new_year + day + 100));
}

TEST(Limits, SingleFieldDoorsHaveTheirOwnBudget) {
    State state;
    const Limits limits;
    std::int64_t now = new_year;
    EXPECT_EQ(spend(state, {stranger(), 5}, now, new_year + 100, 1), 30);
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, now, limits));
    EXPECT_FALSE(limited_until(state, {stranger(), 7}, one, now, limits));
    EXPECT_TRUE(limited_until(state, {stranger(), 5}, one, now, limits));
}

// However many single-field doors there are, they share what is left of the row, never the ordinary doors'.
TEST(Limits, SingleFieldDoorsExhaustNoOtherDoor) {
    State state;
    const Limits limits;
    int evaluated = 0;
    for (std::uint64_t compartment = 1; compartment <= 50; ++compartment) {
        std::int64_t now = new_year;
        evaluated += spend(state, {stranger(), compartment}, now, new_year + 100, 1);
    }
    EXPECT_EQ(evaluated, 3 * 30);
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, new_year + 100, limits));
    std::int64_t now = new_year;
    EXPECT_EQ(spend(state, {stranger(), 0}, now, new_year + 100, 1), 30);
    EXPECT_LE(state.budgets.size(), max_compartments);
}

TEST(Limits, HeavyAttemptsSpendMore) {
    State state;
    std::int64_t now = new_year;
    // 21 codes are seven attempts: four of them fit into thirty.
    EXPECT_EQ(spend(state, {stranger(), 0}, now, new_year + 100, 1, attempt_weight(21)), 4);
    State heavier;
    now = new_year;
    // One that is heavier than all of the budget is let through when nothing was counted yet.
    EXPECT_EQ(spend(heavier, {stranger(), 0}, now, new_year + 100, 1, attempt_weight(1'000)), 1);
}

TEST(Limits, DelayFromTheFutureIsNoLongerThanTheLongest) {
    State state;
    const Limits limits;
    record_success(state, home(), new_year);
    for (int i = 0; i < 20; ++i) {
        charge(state, {home(), 0}, one, new_year + 20 * day, limits);
    }
    record_success(state, SourceId::remote("192.0.2.9"), new_year);
    EXPECT_LE(limited_until(state, {home(), 0}, one, new_year, limits).value_or(0),
              new_year + day + 2 * hour);
}

// Counted a year ahead, then the clock was set right: a sign-in makes it age from now, not from next year.
TEST(Limits, CountsFromTheFutureAgeAfterASuccess) {
    State state;
    const Limits limits;
    std::int64_t now = new_year + 365 * day;
    EXPECT_EQ(spend(state, {stranger(), 0}, now, now + 100, 1), 30);
    EXPECT_TRUE(limited_until(state, {stranger(), 0}, one, new_year, limits));
    record_success(state, home(), new_year);
    EXPECT_TRUE(limited_until(state, {stranger(), 0}, one, new_year, limits));
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, new_year + hour + 300, limits));
}

TEST(Limits, UnlockForgetsGuessesAndKeepsKnownSources) {
    State state;
    std::int64_t now = new_year;
    record_success(state, home(), now);
    spend(state, {stranger(), 0}, now, new_year + 100, 1);
    now = new_year;
    spend(state, {home(), 0}, now, new_year + day, 60);
    clear_limits(state);
    EXPECT_FALSE(limited_until(state, {stranger(), 0}, one, now, {}));
    EXPECT_FALSE(limited_until(state, {home(), 0}, one, now, {}));
    EXPECT_TRUE(is_known(state, home(), now));
    EXPECT_EQ(state.failures, 0U);
}

TEST(Limits, FailuresAreCountedUntilASuccess) {
    State state;
    charge(state, {stranger(), 0}, one, new_year, {});
    charge(state, {stranger(1), 0}, one, new_year + 1, {});
    EXPECT_EQ(state.failures, 2U);
    EXPECT_EQ(state.last_failure, new_year + 1);
    record_success(state, stranger(1), new_year + 2);
    EXPECT_EQ(state.failures, 0U);
    ASSERT_EQ(state.failing.size(), 1U);
    EXPECT_EQ(state.failing[0].source, stranger());
}

}  // namespace
}  // namespace warifu
