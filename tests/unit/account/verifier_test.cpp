#include "core/verifier/verifier.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/account/sample_account.h"

namespace warifu {
namespace {

OtpParameters totp(int digits = 6, int period = 30) {
    OtpParameters otp;
    otp.digits = digits;
    otp.period = period;
    return otp;
}

OtpParameters hotp_token(int digits = 6) {
    OtpParameters otp;
    otp.kind = OtpKind::hotp;
    otp.digits = digits;
    return otp;
}

// Of all steps around now, exactly those of the window are accepted.
void only_the_window(const OtpParameters& otp, int window, std::int64_t now) {
    SampleAccount sample;
    sample.add(otp);
    sample.window = window;
    const State fresh = sample.state;
    const std::int64_t middle = sample.step(now);
    for (std::int64_t off = -window - 8; off <= window + 8; ++off) {
        if (middle + off < 0) {
            continue;
        }
        sample.state = fresh;
        const bool inside = off >= -window && off <= window;
        const Outcome outcome = sample.type(sample.code(middle + off), now);
        // Seven digits and more: no two of these codes are equal.
        ASSERT_EQ(outcome.verdict == Verdict::success, inside) << off << " at " << now;
        if (inside) {
            ASSERT_EQ(sample.mark().last, middle + off);
        }
    }
}

TEST(Verifier, X20_TheStepsInTheWindowAndNoOthers) {
    constexpr std::int64_t year_2038 = std::int64_t{1} << 31, year_2106 = std::int64_t{1} << 32;
    for (const std::int64_t around : {std::int64_t{59}, new_year, year_2038, year_2106, 10 * year_2106}) {
        for (const int period : {15, 30, 60, 120}) {
            const std::int64_t start = around / period * period;
            for (const int window : {0, 1, 3}) {
                for (const std::int64_t now : {start, start + 1, start + period - 1}) {
                    only_the_window(totp(8, period), window, now);
                }
            }
        }
        only_the_window(totp(7, 30), 1, around);
        only_the_window(totp(8, 77), 10, around);
    }
}

TEST(Verifier, X20_EveryAlgorithm) {
    for (const Algorithm algorithm : {Algorithm::sha1, Algorithm::sha256, Algorithm::sha512}) {
        OtpParameters otp = totp(8);
        otp.algorithm = algorithm;
        only_the_window(otp, 1, new_year);
    }
}

TEST(Verifier, X20_StepsBelowZeroHaveNoCode) {
    SampleAccount sample;
    sample.add(totp(8));
    for (const std::int64_t now :
         {std::int64_t{0}, std::int64_t{29}, std::int64_t{-1}, std::int64_t{-1'000'000}}) {
        sample.state = {};
        EXPECT_EQ(sample.type(sample.code(0), now).verdict, now >= -30 ? Verdict::success : Verdict::denied)
            << now;
        sample.state = {};
        EXPECT_EQ(sample.type(sample.wrong_code(60), now).verdict, Verdict::denied);
    }
}

TEST(Verifier, X20_StepZeroFromT0) {
    SampleAccount sample;
    OtpParameters otp = totp(8);
    otp.t0 = new_year;
    sample.add(otp);
    EXPECT_EQ(sample.type(sample.code(0), new_year).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().last, 0);
}

TEST(Verifier, S12_ACodeWorksOnce) {
    SampleAccount sample;
    sample.add();
    const std::string code = sample.code_now(new_year);
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::success);
    for (const std::int64_t later : {0, 1, 29, 30, 59}) {
        const Outcome outcome = sample.type(code, new_year + later, stranger());
        EXPECT_EQ(outcome.verdict, Verdict::denied);
        EXPECT_EQ(outcome.reason, Reason::replayed);
    }
    EXPECT_EQ(sample.type(code, new_year + 60, stranger()).reason, Reason::bad_code);
}

// Once in a million codes two steps of one window have the same digits: the newer one counts though the older
// one is spent.
TEST(Verifier, S12_ASpentStepHidesNoFreshOneWithItsDigits) {
    SampleAccount sample;
    sample.add();
    sample.window = 10;
    std::int64_t step = sample.step(new_year);
    std::int64_t twin = 0;
    for (; twin == 0; ++step) {
        for (std::int64_t at = step + 1; at <= step + 10 && twin == 0; ++at) {
            twin = sample.code(step) == sample.code(at) ? at : 0;
        }
    }
    --step;
    ASSERT_EQ(sample.type(sample.code(step), step * 30).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().last, step);
    EXPECT_EQ(sample.type(sample.code(twin), twin * 30).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().last, twin);
    EXPECT_EQ(sample.type(sample.code(twin), twin * 30).verdict, Verdict::denied);
}

TEST(Verifier, X18_ANewerCodeRetiresOlderOnes) {
    SampleAccount sample;
    sample.add();
    const std::int64_t step = sample.step(new_year);
    EXPECT_EQ(sample.type(sample.code(step + 1), new_year).verdict, Verdict::success);
    EXPECT_EQ(sample.type(sample.code(step), new_year).reason, Reason::replayed);
    EXPECT_EQ(sample.type(sample.code(step - 1), new_year).reason, Reason::replayed);
    EXPECT_EQ(sample.type(sample.code(step + 2), new_year + 30).verdict, Verdict::success);
}

TEST(Verifier, X18_ClockBackADay) {
    SampleAccount sample;
    sample.add();
    for (std::int64_t now = new_year - 300; now <= new_year; now += 30) {
        ASSERT_EQ(sample.type(sample.code_now(now), now).verdict, Verdict::success);
    }
    for (std::int64_t now = new_year - day - 300; now <= new_year; now += 2'000) {
        sample.state.budgets.clear();
        sample.state.known.clear();
        const Outcome outcome = sample.type(sample.code_now(now), now);
        ASSERT_EQ(outcome.verdict, Verdict::denied) << now;
    }
    EXPECT_EQ(sample.type(sample.code_now(new_year + 60), new_year + 60).verdict, Verdict::success);
}

TEST(Verifier, X18_ClockAYearAheadAndBack) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    const std::int64_t ahead = new_year + 365 * day;
    ASSERT_EQ(sample.type(sample.code_now(ahead), ahead).verdict, Verdict::success);
    const Outcome refused = sample.type(sample.code_now(new_year), new_year);
    EXPECT_EQ(refused.verdict, Verdict::denied);
    EXPECT_EQ(refused.reason, Reason::mark_ahead);
    EXPECT_EQ(refused.mark_ahead, 365 * day / 30 - 1);
    EXPECT_EQ(sample.type(sample.wrong_code(new_year), new_year).reason, Reason::bad_code);
    EXPECT_EQ(sample.use_recovery(0, new_year).verdict, Verdict::success);
}

TEST(Verifier, X19_DigitsMustMatchTheAuthenticators) {
    SampleAccount sample;
    sample.add(totp(8));
    const std::string eight = sample.code_now(new_year);
    EXPECT_EQ(sample.type(eight.substr(2), new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.type(eight.substr(1), new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.mark().last, -1);
    EXPECT_EQ(sample.type(eight, new_year).verdict, Verdict::success);

    SampleAccount short_codes;
    short_codes.add(totp(6));
    const std::string six = short_codes.code_now(new_year);
    EXPECT_EQ(short_codes.type("00" + six, new_year).verdict, Verdict::denied);
    EXPECT_EQ(short_codes.type(six + "0", new_year).verdict, Verdict::denied);
    EXPECT_EQ(short_codes.type(" " + six.substr(0, 3) + " " + six.substr(3) + "\n", new_year).verdict,
              Verdict::success);
}

TEST(Verifier, S13_DriftFollowsTwoSuccessesOnOneSide) {
    SampleAccount sample;
    sample.add();
    std::int64_t now = new_year;
    const auto sign_in = [&](std::int64_t off) {
        now += 3'000;
        return sample.type(sample.code(sample.step(now) + off), now).verdict == Verdict::success;
    };
    ASSERT_TRUE(sign_in(1));
    EXPECT_EQ(sample.mark().drift, 0);
    ASSERT_TRUE(sign_in(0));  // in the middle: not in a row
    ASSERT_TRUE(sign_in(1));
    EXPECT_EQ(sample.mark().drift, 0);
    ASSERT_TRUE(sign_in(-1));
    ASSERT_TRUE(sign_in(1));
    EXPECT_EQ(sample.mark().drift, 0);
    ASSERT_TRUE(sign_in(1));
    EXPECT_EQ(sample.mark().drift, 1);
    // The window has moved: two steps ahead is right now, one behind is not.
    EXPECT_FALSE(sign_in(-1));
    ASSERT_TRUE(sign_in(2));
    ASSERT_TRUE(sign_in(2));
    EXPECT_EQ(sample.mark().drift, 2);
}

TEST(Verifier, S13_DriftIsLearntWithinFourSteps) {
    for (const int side : {1, -1}) {
        SampleAccount sample;
        sample.add();
        std::int64_t now = new_year;
        for (int i = 0; i < 40; ++i) {
            now += 3'000;
            const auto at = sample.step(now) + sample.mark().drift + side;
            ASSERT_EQ(sample.type(sample.code(at), now).verdict, Verdict::success);
            ASSERT_LE(std::abs(int{sample.mark().drift}), 4);
        }
        EXPECT_EQ(sample.mark().drift, 4 * side);
    }
}

TEST(Verifier, S13_DriftFailuresTeachNothing) {
    SampleAccount sample;
    sample.add();
    const std::int64_t step = sample.step(new_year);
    (void)sample.type(sample.code(step + 1), new_year);
    (void)sample.type(sample.code(step + 1), new_year);  // a replay
    EXPECT_EQ(sample.mark().drift, 0);
}

TEST(Verifier, S19_NoskewadjLearnsNoDrift) {
    SampleAccount sample;
    sample.add();
    sample.learn_drift = false;
    for (std::int64_t now = new_year; now < new_year + 30'000; now += 3'000) {
        ASSERT_EQ(sample.type(sample.code(sample.step(now) + 1), now).verdict, Verdict::success);
    }
    EXPECT_EQ(sample.mark().drift, 0);
}

TEST(Verifier, S13_ClockIsSaidToBeOffAfterASuccessAlone) {
    SampleAccount sample;
    sample.add();
    EXPECT_EQ(sample.type(sample.code(sample.step(new_year) + 1), new_year).clock_off, 0);
    ASSERT_EQ(sample.two_codes(sample.step(new_year) + 39, new_year + 30).clock_off, 39);
    const std::int64_t now = new_year + 3'000;
    EXPECT_EQ(sample.type(sample.code(sample.step(now) + 39), now).clock_off, 39);
    EXPECT_EQ(sample.type(sample.wrong_code(now), now).clock_off, 0);
}

TEST(Verifier, S13_ResyncFindsAPhoneWithinAnHourAndSpendsBoth) {
    for (const std::int64_t off : {-120, -119, -60, -5, 0, 5, 60, 118, 119}) {
        SampleAccount sample;
        sample.add(totp(8));
        const std::int64_t first = sample.step(new_year) + off;
        const Outcome outcome = sample.two_codes(first, new_year);
        ASSERT_EQ(outcome.verdict, Verdict::success) << off;
        EXPECT_EQ(sample.mark().last, first + 1);
        EXPECT_EQ(sample.mark().drift, off + 1);
        EXPECT_NE(sample.type(sample.code(first), new_year).verdict, Verdict::success);
        EXPECT_NE(sample.type(sample.code(first + 1), new_year).verdict, Verdict::success);
        EXPECT_EQ(sample.type(sample.code(first + 2), new_year + 30).verdict, Verdict::success);
    }
    for (const std::int64_t off : {-122, -121, 120, 121, 500}) {
        SampleAccount sample;
        sample.add(totp(8));
        EXPECT_EQ(sample.two_codes(sample.step(new_year) + off, new_year).verdict, Verdict::denied) << off;
        EXPECT_EQ(sample.mark().last, -1);
    }
}

TEST(Verifier, S13_ResyncWantsTwoCodesInARow) {
    SampleAccount sample;
    sample.add(totp(8));
    const std::int64_t step = sample.step(new_year);
    const Answer first = parse_answer(sample.code(step)), after_next = parse_answer(sample.code(step + 2));
    const Attempt attempt{.answer = first,
                          .origin = {home(), 0},
                          .digest = std::nullopt,
                          .now = new_year,
                          .limits = sample.limits};
    const Account account{sample.credentials, sample.tags};
    EXPECT_EQ(resync(account, sample.state, attempt, after_next, 0).verdict, Verdict::denied);
    EXPECT_EQ(resync(account, sample.state, attempt, first, 0).verdict, Verdict::denied);
    EXPECT_EQ(sample.mark().last, -1);
    EXPECT_EQ(sample.state.failures, 2U);
}

TEST(Verifier, S13_ResyncTakesNoSpentCode) {
    SampleAccount sample;
    sample.add(totp(8));
    const std::int64_t step = sample.step(new_year);
    ASSERT_EQ(sample.type(sample.code(step), new_year).verdict, Verdict::success);
    EXPECT_EQ(sample.two_codes(step, new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.two_codes(step - 2, new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.two_codes(step + 1, new_year).verdict, Verdict::success);
}

TEST(Verifier, S14_ResyncIsOneAttempt) {
    SampleAccount sample;
    sample.add(totp(8));
    sample.add(totp(8), 2);
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(sample.two_codes(sample.step(new_year) + 1'000 + i, new_year, stranger()).verdict,
                  Verdict::denied);
    }
    const State full = sample.state;
    const Outcome refused = sample.two_codes(sample.step(new_year) + 5, new_year, stranger());
    EXPECT_EQ(refused.verdict, Verdict::limited);
    EXPECT_GT(refused.retry_at, new_year);
    sample.state.serial = full.serial;
    EXPECT_EQ(sample.state, full);
}

TEST(Verifier, S13_DriftSetByAResyncComesBackAndGoesNoFurther) {
    SampleAccount sample;
    sample.add(totp(8));
    ASSERT_EQ(sample.two_codes(sample.step(new_year) + 49, new_year).verdict, Verdict::success);
    ASSERT_EQ(sample.mark().drift, 50);
    std::int64_t now = new_year;
    for (int i = 0; i < 6; ++i) {
        now += 3'000;
        const auto at = sample.step(now) + sample.mark().drift + 1;
        ASSERT_EQ(sample.type(sample.code(at), now).verdict, Verdict::success);
    }
    EXPECT_EQ(sample.mark().drift, 50);
    for (int i = 0; i < 4; ++i) {
        now += 3'000;
        const auto at = sample.step(now) + sample.mark().drift - 1;
        ASSERT_EQ(sample.type(sample.code(at), now).verdict, Verdict::success);
    }
    EXPECT_EQ(sample.mark().drift, 48);
}

TEST(Verifier, X18_ACodeAcceptedThroughDriftIsSpent) {
    SampleAccount sample;
    sample.add(totp(8));
    sample.state.authenticators.push_back({.tag = sample.tags[0], .drift = 3});
    const std::int64_t step = sample.step(new_year) + 4;
    EXPECT_EQ(sample.type(sample.code(step), new_year).verdict, Verdict::success);
    for (std::int64_t now = new_year; now < new_year + 300; now += 30) {
        EXPECT_NE(sample.type(sample.code(step), now).verdict, Verdict::success);
    }
}

TEST(Verifier, X23_WrongHotpCodesLeaveTheCounterAlone) {
    SampleAccount sample;
    sample.add(hotp_token());
    sample.limits.hour = sample.limits.day = sample.limits.month = 65'000;
    ASSERT_EQ(sample.type(sample.code(3), new_year, SourceId::local(0)).verdict, Verdict::success);
    const AuthenticatorState before = sample.mark();
    int denied = 0;
    for (int i = 0; i < 1'000; ++i) {
        const auto verdict =
            sample.type(sample.wrong_code(new_year), new_year + i * 7'200, SourceId::local(0)).verdict;
        denied += verdict == Verdict::denied ? 1 : 0;
    }
    EXPECT_EQ(denied, 1'000);
    EXPECT_EQ(sample.mark(), before);
    EXPECT_EQ(sample.type(sample.code(4), new_year + 7'200'000, SourceId::local(0)).verdict,
              Verdict::success);
}

TEST(Verifier, S11_HotpLooksAheadAndNeverBack) {
    for (const std::int64_t ahead : {0, 1, 19, 20}) {
        SampleAccount sample;
        sample.add(hotp_token(8));
        sample.credentials.authenticators[0].counter = 100;
        ASSERT_EQ(sample.type(sample.code(100 + ahead), new_year).verdict, Verdict::success) << ahead;
        EXPECT_EQ(sample.mark().last, 100 + ahead);
        // Spent, and everything before it.
        EXPECT_EQ(sample.type(sample.code(100 + ahead), new_year, stranger()).verdict, Verdict::denied);
        EXPECT_EQ(sample.type(sample.code(100 + ahead - 1), new_year, stranger()).verdict, Verdict::denied);
        EXPECT_EQ(sample.type(sample.code(100 + ahead + 21), new_year).verdict, Verdict::success);
    }
    for (const std::int64_t counter : {99, 121, 500}) {
        SampleAccount sample;
        sample.add(hotp_token(8));
        sample.credentials.authenticators[0].counter = 100;
        EXPECT_EQ(sample.type(sample.code(counter), new_year).verdict, Verdict::denied) << counter;
    }
}

TEST(Verifier, S13_ResyncOfAToken) {
    SampleAccount sample;
    sample.add(hotp_token(8));
    ASSERT_EQ(sample.two_codes(119, new_year).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().last, 120);
    EXPECT_EQ(sample.mark().drift, 0);
    EXPECT_EQ(sample.two_codes(120, new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.two_codes(121 + 120, new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.two_codes(121 + 119, new_year).verdict, Verdict::success);
}

// A counter may be as large as a key URI can say; sums with it must not go round.
TEST(Verifier, HotpAtTheEndOfItsCounters) {
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t counter : {last, last - 1, last - 5, last - 20, last - 125}) {
        SampleAccount sample;
        sample.add(hotp_token(8));
        sample.credentials.authenticators[0].counter = static_cast<std::uint64_t>(counter);
        EXPECT_EQ(sample.type(sample.wrong_code(new_year), new_year).verdict, Verdict::denied);
        EXPECT_EQ(sample.two_codes(0, new_year).verdict, Verdict::denied);
        if (counter < last) {
            EXPECT_EQ(sample.type(sample.code(counter), new_year).verdict, Verdict::success);
        }
        sample.state.authenticators.clear();
        sample.state.authenticators.push_back({.tag = sample.tags[0], .last = last});
        EXPECT_EQ(sample.type(sample.code(0), new_year).verdict, Verdict::denied);
        EXPECT_EQ(sample.two_codes(0, new_year).verdict, Verdict::denied);
    }
}

TEST(Verifier, S10_SeveralAuthenticatorsEachWithItsOwnMark) {
    SampleAccount sample;
    sample.add(totp(6), 1);
    sample.add(totp(8), 2);
    sample.add(hotp_token(7), 3);
    EXPECT_EQ(sample.type(sample.code_now(new_year, 1), new_year).authenticator, 1U);
    EXPECT_EQ(sample.type(sample.code(2, 2), new_year).authenticator, 2U);
    EXPECT_EQ(sample.type(sample.code_now(new_year, 0), new_year).authenticator, 0U);
    EXPECT_EQ(sample.mark(2).last, 2);
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string code = i == 2 ? sample.code(2, 2) : sample.code_now(new_year, i);
        EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::denied) << i;
    }
}

TEST(Verifier, E04_TwoPhonesWithOneKeySpendACodeOnce) {
    SampleAccount sample;
    sample.add(totp(), 1);
    sample.add(totp(), 1);
    ASSERT_EQ(sample.tags[0], sample.tags[1]);
    const std::string code = sample.code_now(new_year);
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::success);
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::denied);
    EXPECT_EQ(sample.state.authenticators.size(), 1U);
}

// One's use of a shared key never shuts out the next: the marks are each person's own.
TEST(Verifier, S17_OnePersonsUseNeverShutsOutTheNext) {
    SampleAccount sample;
    sample.add();
    State alices, bobs;
    const std::string code = sample.code_now(new_year);
    std::swap(sample.state, alices);
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::success);
    std::swap(sample.state, bobs);
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::success);
}

// WINDOW_SIZE n of that module: offsets -(n-1)/2 to n/2, around where its TIME_SKEW puts the phone.
TEST(Verifier, S19_AnotherModulesWindowAndSkewCount) {
    for (const int codes : {1, 2, 3, 4, 17}) {
        for (const std::int64_t skew : {0, -5, 7}) {
            SampleAccount sample;
            sample.add(totp(8));
            sample.credentials.authenticators[0].window_codes = codes;
            sample.credentials.authenticators[0].skew = skew;
            sample.learn_drift = false;
            const State fresh = sample.state;
            const std::int64_t middle = sample.step(new_year) + skew;
            for (std::int64_t off = -12; off <= 12; ++off) {
                sample.state = fresh;
                const bool inside = off >= -((codes - 1) / 2) && off <= codes / 2;
                EXPECT_EQ(sample.type(sample.code(middle + off), new_year).verdict == Verdict::success,
                          inside)
                    << codes << " codes, skew " << skew << ", " << off;
            }
            EXPECT_EQ(newest_step(sample.credentials.authenticators[0], 0, new_year, 1), middle + codes / 2);
        }
    }
    SampleAccount token;
    token.add(hotp_token());
    token.credentials.authenticators[0].window_codes = 3;
    EXPECT_NE(token.type(token.code(3), new_year).verdict, Verdict::success);
    EXPECT_EQ(token.type(token.code(2), new_year).verdict, Verdict::success);
}

// Wrong codes in a wide window weigh much: they end it, not the sign-ins of who has the right code.
TEST(Verifier, S19_WrongCodesUseUpAWideWindowAndLeaveTheUsualOne) {
    SampleAccount sample;
    sample.add();
    sample.credentials.authenticators[0].window_codes = 17;
    sample.learn_drift = false;
    const auto late = [&](std::int64_t now) { return sample.code(sample.step(now) - 8); };
    const auto guess = [&](int times, std::int64_t now, const SourceId& from) {
        std::pair<int, int> wide_and_usual;
        for (int i = 0; i < times; ++i) {
            const Outcome wrong = sample.type(sample.wrong_code(now), now, from);
            if (wrong.reason == Reason::bad_code)
                ++(wrong.usual_window ? wide_and_usual.second : wide_and_usual.first);
        }
        return wide_and_usual;
    };
    ASSERT_EQ(sample.type(late(new_year), new_year).verdict, Verdict::success);
    // 17 thirds each in the wide one, up to 20 of 30 attempts an hour, and three each in the usual one.
    EXPECT_EQ(guess(50, new_year, stranger()), std::pair(3, 13));
    std::int64_t now = new_year + 10 * minute;
    ASSERT_EQ(guess(3, now, home()), std::pair(2, 1)) << "13 of the 20 a day of a known place";
    EXPECT_EQ(sample.type(late(now), now).verdict, Verdict::denied);
    EXPECT_EQ(sample.type(sample.code_now(now), now).verdict, Verdict::success);
    now += 2 * day;
    EXPECT_EQ(sample.type(late(now), now).verdict, Verdict::success) << "the wide one is back";
}

TEST(Verifier, S19_DriftIsLearntAroundTheSkew) {
    SampleAccount sample;
    sample.add();
    sample.credentials.authenticators[0].skew = 10;
    std::int64_t now = new_year;
    for (int i = 0; i < 2; ++i, now += 60)
        ASSERT_EQ(sample.type(sample.code(sample.step(now) + 10), now).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().drift, 0) << "where the file says that the phone is";
    for (int i = 0; i < 2; ++i, now += 60)
        ASSERT_EQ(sample.type(sample.code(sample.step(now) + 11), now).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().drift, 1);
    ASSERT_EQ(sample.two_codes(sample.step(now) + 12, now + 30).verdict, Verdict::success);
    EXPECT_EQ(sample.mark().drift, 2) << "beside the skew, not with it";
}

TEST(Verifier, S19_AScratchCodeCountsOnceAndIsAGuessLikeAnyOther) {
    SampleAccount sample;
    sample.add();
    sample.add_scratch_codes({"12345678", "87654321", "11112222"});
    const Outcome first = sample.type("87654321", new_year);
    EXPECT_EQ(first.verdict, Verdict::success);
    EXPECT_EQ(first.recovery_left, 2U);
    EXPECT_EQ(first.candidate, 0U);
    EXPECT_FALSE(first.authenticator);
    EXPECT_EQ(sample.type("87654321", new_year).reason, Reason::replayed);
    EXPECT_EQ(sample.type("87654320", new_year).reason, Reason::bad_code);
    // The file may lose a line, or the others, and get them back: what was used stays so.
    std::swap(sample.credentials.scratch[0], sample.credentials.scratch[1]);
    std::swap(sample.tags[1], sample.tags[2]);
    EXPECT_EQ(sample.type("87654321", new_year).reason, Reason::replayed);
    EXPECT_EQ(sample.type("12345678", new_year).recovery_left, 1U);
    EXPECT_EQ(sample.type(sample.code_now(new_year), new_year).verdict, Verdict::success);

    const Answer eight = parse_answer("00000000"), six = parse_answer("000000");
    const Account account{sample.credentials, sample.tags};
    Attempt attempt{.answer = eight, .origin = {}, .digest = {}, .now = new_year, .limits = {}};
    EXPECT_EQ(codes_compared(account, attempt), 3U);
    Attempt short_one{.answer = six, .origin = {}, .digest = {}, .now = new_year, .limits = {}};
    EXPECT_EQ(codes_compared(account, short_one), 3U) << "the authenticator's alone";
    // Guesses at it are bounded as guesses at codes are.
    int evaluated = 0;
    for (int i = 0; i < 200; ++i)
        evaluated += sample.type("99999999", new_year, stranger()).reason == Reason::bad_code ? 1 : 0;
    EXPECT_EQ(evaluated, sample.limits.hour);
    EXPECT_EQ(sample.type("11112222", new_year, stranger()).verdict, Verdict::limited);
    EXPECT_EQ(sample.type("87654321", new_year + 400 * day).reason, Reason::replayed) << "for good";
}

TEST(Verifier, S19_TailsAreOneAttempt) {
    SampleAccount sample;
    sample.add(totp(6));
    const std::string code = sample.code_now(new_year);
    const Outcome outcome =
        sample.answer(parse_tails("12" + code + " 2" + code + " " + code), new_year, home());
    EXPECT_EQ(outcome.verdict, Verdict::success);
    EXPECT_EQ(outcome.candidate, 2U);
    const std::string wrong = sample.wrong_code(new_year);
    (void)sample.answer(parse_tails("12" + wrong + " 2" + wrong + " " + wrong), new_year, stranger());
    EXPECT_EQ(sample.state.failures, 1U);
    EXPECT_EQ(sample.state.budgets.at(0).hour.sum(new_year), 3U);
}

TEST(Verifier, S14_AnAttemptWeighsWhatItCompares) {
    SampleAccount sample;
    sample.add(totp(6), 1);
    sample.add(totp(6), 2);
    sample.add(totp(8), 3);
    sample.add(hotp_token(6), 4);
    (void)sample.type(sample.wrong_code(new_year), new_year, stranger());
    EXPECT_EQ(sample.state.budgets.at(0).hour.sum(new_year), 3U + 3U + 21U);
    sample.state = {};
    (void)sample.type("00000000", new_year, stranger());
    EXPECT_EQ(sample.state.budgets.at(0).hour.sum(new_year), 3U);
    sample.state = {};
    (void)sample.type("0000000", new_year, stranger());  // fits none: an attempt all the same
    EXPECT_EQ(sample.state.budgets.at(0).hour.sum(new_year), 3U);
    sample.state = {};
    sample.window = 10;
    (void)sample.type("00000000", new_year, stranger());
    EXPECT_EQ(sample.state.budgets.at(0).hour.sum(new_year), 21U);
}

TEST(Verifier, S09_RecoveryCodesWorkOnceAndTellHowManyAreLeft) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    for (std::size_t i = 0; i < recovery_codes_in_a_set; ++i) {
        const Outcome outcome = sample.use_recovery(i, new_year);
        ASSERT_EQ(outcome.verdict, Verdict::success);
        EXPECT_EQ(outcome.recovery_left, recovery_codes_in_a_set - 1 - i);
        EXPECT_EQ(sample.use_recovery(i, new_year).reason, Reason::replayed);
    }
}

TEST(Verifier, S09_RecoveryCodesNeedNoBudgetAndSpendNone) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_EQ(sample.guess_recovery(new_year, stranger(i)).verdict, Verdict::denied);
    }
    EXPECT_TRUE(sample.state.budgets.empty());
    for (int i = 0; i < 100; ++i) {
        (void)sample.type(sample.wrong_code(new_year), new_year, stranger(i));
    }
    EXPECT_EQ(sample.type(sample.code_now(new_year), new_year, stranger()).verdict, Verdict::limited);
    EXPECT_EQ(sample.use_recovery(3, new_year, stranger()).verdict, Verdict::success);
}

TEST(Verifier, S09_ARecoveryCodeIsNoOtherAccounts) {
    SampleAccount sample;
    sample.add();
    EXPECT_EQ(sample.credentials.recovery.has_value(), false);
    EXPECT_EQ(sample.guess_recovery(new_year).verdict, Verdict::denied);
    EXPECT_TRUE(sample.state.recovery.empty());
}

TEST(Verifier, EveryAttemptChangesTheStateOnce) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    std::uint64_t serial = 0;
    const auto counted = [&] { return sample.state.serial == ++serial; };
    (void)sample.type(sample.code_now(new_year), new_year);
    EXPECT_TRUE(counted());
    (void)sample.type(sample.wrong_code(new_year), new_year, stranger());
    EXPECT_TRUE(counted());
    (void)sample.guess_recovery(new_year);
    EXPECT_TRUE(counted());
    (void)sample.two_codes(0, new_year, stranger());
    EXPECT_TRUE(counted());
    for (int i = 0; i < 60; ++i) {
        (void)sample.type(sample.wrong_code(new_year), new_year, stranger());
        EXPECT_TRUE(counted());
    }
}

TEST(Verifier, S14_RefusedIsNotEvaluatedNotCountedAndExtendsNothing) {
    SampleAccount sample;
    sample.add();
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(sample.type(sample.wrong_code(new_year), new_year, stranger()).verdict, Verdict::denied);
    }
    State before = sample.state;
    const Outcome right = sample.type(sample.code_now(new_year), new_year, stranger());
    EXPECT_EQ(right.verdict, Verdict::limited);
    EXPECT_EQ(right.reason, Reason::limited);
    EXPECT_GT(right.retry_at, new_year);
    before.serial = sample.state.serial;
    EXPECT_EQ(sample.state, before);
    // The code that was not evaluated is not spent either.
    EXPECT_EQ(sample.type(sample.code_now(right.retry_at), right.retry_at, stranger()).verdict,
              Verdict::success);
}

// Once credentials were seen, their absence is an error: whether the one who came was right or wrong.
TEST(Verifier, X10_CredentialsAreSeenByAWrongAnswerToo) {
    SampleAccount sample;
    sample.add();
    EXPECT_FALSE(sample.state.seen);
    (void)sample.type(sample.wrong_code(new_year), new_year);
    EXPECT_TRUE(sample.state.seen);
    sample.state = {};
    (void)sample.guess_recovery(new_year);
    EXPECT_TRUE(sample.state.seen);
}

TEST(Verifier, X13_ADecoyNeverSaysYes) {
    SampleAccount sample;
    sample.add();
    sample.add_recovery_set();
    sample.decoy = true;
    std::int64_t now = new_year;
    for (int i = 0; i < 200; ++i, now += 30) {
        const Outcome outcome = sample.type(sample.code_now(now), now);
        ASSERT_EQ(outcome.verdict, Verdict::denied);
        ASSERT_EQ(outcome.reason, Reason::bad_code);
        ASSERT_FALSE(outcome.authenticator || outcome.candidate);
    }
    EXPECT_EQ(sample.use_recovery(0, now).verdict, Verdict::denied);
    EXPECT_TRUE(sample.state.known.empty());
}

TEST(Verifier, ASecretThatIsNotHereMatchesNothing) {
    SampleAccount sample;
    sample.add();
    const std::string code = sample.code_now(new_year);
    sample.credentials.authenticators[0].secret = Secret();
    EXPECT_EQ(sample.type(code, new_year).verdict, Verdict::denied);
}

TEST(Verifier, X23_TwentyRightSignInsInAMinuteAreNotLimited) {
    SampleAccount sample;
    sample.add(hotp_token());
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(sample.type(sample.code(i), new_year + i * 3, stranger()).verdict, Verdict::success);
    }
}

}  // namespace
}  // namespace warifu
