// A stranger who has the password guesses for months; the owner signs in meanwhile.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/unit/account/sample_account.h"

namespace warifu {
namespace {

constexpr int months = 3;

// Times at which somebody's guess was evaluated, with its weight in thirds.
class Evaluated {
  public:
    void note(std::int64_t at, std::uint32_t weight) { events_.emplace_back(at, weight); }

    // The most in any window of that length, wherever it begins.
    std::uint64_t most_within(std::int64_t window) const {
        std::uint64_t most = 0, sum = 0;
        std::size_t from = 0;
        for (std::size_t to = 0; to < events_.size(); ++to) {
            sum += events_[to].second;
            while (events_[from].first <= events_[to].first - window) {
                sum -= events_[from++].second;
            }
            most = std::max(most, sum);
        }
        return most;
    }
    std::size_t size() const { return events_.size(); }

  private:
    std::vector<std::pair<std::int64_t, std::uint32_t>> events_;
};

void within_bounds(const Evaluated& guesses) {
    EXPECT_LE(guesses.most_within(hour), 3U * 30);
    EXPECT_LE(guesses.most_within(day), 3U * 60);
    EXPECT_LE(guesses.most_within(30 * day), 3U * 300);
    EXPECT_GT(guesses.size(), 0U);
}

// Guesses from many sources at every `apart`-th second on average; the state goes through its row each time,
// as it would through a restart.
void attack(SampleAccount& sample, double apart, int sources, std::uint32_t seed) {
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> pause(1.0 / apart);
    Evaluated guesses;
    double now = static_cast<double>(new_year);
    const double end = now + static_cast<double>(months * 30 * day);
    while (now < end) {
        now += pause(random);
        const auto at = static_cast<std::int64_t>(now);
        const auto from = stranger(static_cast<int>(random() % static_cast<std::uint64_t>(sources)));
        const std::string guess = sample.wrong_code(at, 2);
        const Answer typed = parse_answer(guess);
        const std::uint32_t before = sample.state.failures;
        const Outcome outcome = sample.type(guess, at, from);
        ASSERT_NE(outcome.verdict, Verdict::success);
        ASSERT_EQ(outcome.verdict == Verdict::denied, sample.state.failures == before + 1);
        if (outcome.verdict == Verdict::denied) {
            const Account account{sample.credentials, sample.tags};
            const Attempt as_was{.answer = typed, .origin = {}, .digest = std::nullopt, .limits = {}};
            guesses.note(at, attempt_weight(codes_compared(account, as_was)));
            sample.state = decode_state(encode(sample.state));
        }
    }
    within_bounds(guesses);
}

TEST(Attack, X21_NeverMoreEvaluatedThanTheBoundInAnyWindow) {
    for (const int sources : {1, 1'000}) {
        for (const double apart : {90.0, 400.0, 1'400.0, 8'000.0}) {
            SampleAccount sample;
            sample.add();
            attack(sample, apart, sources, static_cast<std::uint32_t>(apart));
        }
    }
}

TEST(Attack, X21_WhateverTheAuthenticators) {
    SampleAccount sample;
    sample.add();
    sample.add({}, 2);
    OtpParameters token;
    token.kind = OtpKind::hotp;
    sample.add(token, 3);
    attack(sample, 120.0, 100, 9);
}

// In bursts, as fast as can be, at every moment when the limit lets go.
TEST(Attack, X21_AsSoonAsItIsAllowed) {
    SampleAccount sample;
    sample.add();
    Evaluated guesses;
    std::int64_t now = new_year + 17;
    while (now < new_year + months * 30 * day) {
        const Outcome outcome =
            sample.type(sample.wrong_code(now, 2), now, stranger(static_cast<int>(now % 4'000)));
        if (outcome.verdict == Verdict::limited) {
            ASSERT_GT(outcome.retry_at, now);
            now = outcome.retry_at;
        } else {
            guesses.note(now, 3);
        }
    }
    within_bounds(guesses);
    // And no fewer than the policy lets through: the limit is no tighter than it says, but for a bucket.
    EXPECT_GE(guesses.size(), static_cast<std::size_t>(months) * 270);
}

// The clock is set back and forth meanwhile: at no clock does the account give more than the bound.
TEST(Attack, X21_ClockThatJumps) {
    SampleAccount sample;
    sample.add();
    std::mt19937_64 random(5);
    int evaluated = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto now = new_year + static_cast<std::int64_t>(random() % 3'600);
        evaluated +=
            sample.type(sample.wrong_code(now, 2), now, stranger(i)).verdict == Verdict::denied ? 1 : 0;
    }
    EXPECT_LE(evaluated, 30);
}

TEST(Attack, X22_TheOwnerSignsInAtTheFirstTry) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    std::int64_t now = new_year;
    ASSERT_EQ(sample.type(sample.code_now(now), now, home()).verdict, Verdict::success);
    std::size_t recovery = 0;
    for (int hours = 1; hours < 24 * 60; ++hours) {
        for (int guess = 0; guess < 70; ++guess) {
            now = new_year + hours * hour + guess * 50;
            (void)sample.type(sample.wrong_code(now, 2), now, stranger(guess + hours));
            if (guess % 20 == 0) {
                (void)sample.guess_recovery(now, stranger(guess));
            }
        }
        if (hours % 8 == 0) {  // from home, with a code
            const Outcome outcome = sample.type(sample.code_now(now), now, home());
            ASSERT_EQ(outcome.verdict, Verdict::success) << hours;
        }
        if (hours % 150 == 0) {  // from anywhere, with a recovery code
            const Outcome outcome = sample.use_recovery(recovery++, now, stranger(60'000 % (hours + 1)));
            ASSERT_EQ(outcome.verdict, Verdict::success) << hours;
        }
    }
    EXPECT_GE(recovery, 9U);
}

// Once every 29 days is enough to stay known.
TEST(Attack, X22_TheOwnerWhoComesOnceAMonth) {
    SampleAccount sample;
    sample.add();
    std::int64_t now = new_year;
    ASSERT_EQ(sample.type(sample.code_now(now), now, home()).verdict, Verdict::success);
    for (int month = 1; month < 12; ++month) {
        for (int guess = 0; guess < 3'000; ++guess) {
            now = new_year + (month - 1) * 29 * day + guess * 800;
            (void)sample.type(sample.wrong_code(now, 2), now, stranger(guess));
        }
        now = new_year + month * 29 * day;
        ASSERT_EQ(sample.type(sample.code_now(now), now, home()).verdict, Verdict::success);
    }
}

TEST(Attack, X23_AStrangersGuessDoesNotSpoilTheOwnersCode) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    const std::string code = sample.code_now(new_year);
    (void)sample.type(sample.wrong_code(new_year), new_year, stranger());
    (void)sample.guess_recovery(new_year, stranger());
    (void)sample.two_codes(0, new_year, stranger());
    EXPECT_EQ(sample.type(code, new_year, home()).verdict, Verdict::success);
}

// Somebody behind the owner's own address: their guesses are bounded too, and a recovery code passes.
TEST(Attack, X21_FromTheOwnersAddress) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    ASSERT_EQ(sample.type(sample.code_now(new_year), new_year, home()).verdict, Verdict::success);
    Evaluated guesses;
    for (std::int64_t now = new_year + 60; now < new_year + 30 * day; now += 20) {
        if (sample.type(sample.wrong_code(now, 2), now, home()).verdict == Verdict::denied) {
            guesses.note(now, 3);
        }
    }
    EXPECT_LE(guesses.most_within(day), 3U * 20);
    EXPECT_LE(guesses.most_within(30 * day), 3U * 100);
    EXPECT_EQ(sample.use_recovery(0, new_year + 30 * day, home()).verdict, Verdict::success);
}

}  // namespace
}  // namespace warifu
