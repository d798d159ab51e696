// What may ring a phone again, and when: a subject's desk.
#include "core/approval/desk.h"

#include <gtest/gtest.h>

#include "core/error/error.h"

namespace warifu {
namespace {

constexpr std::int64_t now = 1'767'225'600;
const DeskLimits limits;

Admission ask(Desk& desk, const std::string& origin, const std::string& source, std::int64_t at) {
    const Admitted admitted = admit(desk, origin, source, at, limits);
    if (admitted.admission == Admission::ask) {
        note_asked(desk, {"id of " + origin, source, origin, at + 60, false}, at);
    }
    return admitted.admission;
}

TEST(Desk, A04_OneOpenSignInForEachSource) {
    Desk desk;
    EXPECT_EQ(ask(desk, "one", "192.0.2.1", now), Admission::ask);
    EXPECT_EQ(ask(desk, "two", "192.0.2.1", now), Admission::silent);
    EXPECT_EQ(ask(desk, "three", "192.0.2.2", now), Admission::ask);
    EXPECT_EQ(admit(desk, "one", "192.0.2.1", now, limits).id, "id of one")
        << "sshd's second run finds its own";
    note_ended(desk, "id of one");
    EXPECT_NE(admit(desk, "one", "192.0.2.1", now, limits).admission, Admission::found);
}

TEST(Desk, A04_RepeatedRequestsSlowDown) {
    Desk desk;
    std::int64_t at = now;
    int rang = 0;
    // An attacker who has the password tries every ten seconds for an hour; nobody approves.
    for (int i = 0; i < 360; ++i, at += 10) {
        const std::string origin = "try " + std::to_string(i);
        if (ask(desk, origin, "192.0.2.1", at) == Admission::ask) {
            ++rang;
            note_ended(desk, "id of " + origin);
        }
    }
    EXPECT_GE(rang, 4);
    EXPECT_LE(rang, 8);
    // Once one is approved, the pauses are over.
    Desk calm;
    for (int i = 0; i < 9; ++i) {
        const std::string origin = "good " + std::to_string(i);
        EXPECT_EQ(ask(calm, origin, "192.0.2.1", now + i), Admission::ask) << i;
        note_redeemed(calm, "id of " + origin, now + i);
    }
}

TEST(Desk, A04_ABudgetForAnHourFromHoweverManySources) {
    Desk desk;
    int rang = 0;
    for (int i = 0; i < 100; ++i) {
        const std::string origin = std::to_string(i);
        rang += ask(desk, origin, "192.0.2." + origin, now + i) == Admission::ask ? 1 : 0;
        note_redeemed(desk, "id of " + origin, now + i);
    }
    EXPECT_EQ(rang, static_cast<int>(limits.sign_ins_an_hour));
    EXPECT_EQ(ask(desk, "later", "198.51.100.1", now + 99 + budget_seconds), Admission::ask);
}

TEST(Desk, A04_NotMeSilencesThatSourceForADay) {
    Desk desk;
    EXPECT_EQ(ask(desk, "thief", "192.0.2.1", now), Admission::ask);
    note_not_me(desk, "id of thief", "192.0.2.1", false, now);
    EXPECT_EQ(ask(desk, "thief", "192.0.2.1", now + 1), Admission::refused) << "the same origin";
    EXPECT_EQ(ask(desk, "thief again", "192.0.2.1", now + not_me_seconds - 1), Admission::silent);
    EXPECT_EQ(ask(desk, "owner", "198.51.100.1", now + 3'600), Admission::ask) << "nobody else is touched";
    EXPECT_EQ(ask(desk, "much later", "192.0.2.1", now + not_me_seconds + 10), Admission::ask);
}

TEST(Desk, A04_NotMeByTheSubjectSilencesAllUntilACode) {
    Desk desk;
    EXPECT_EQ(ask(desk, "thief", "192.0.2.1", now), Admission::ask);
    note_not_me(desk, "id of thief", "192.0.2.1", true, now);
    EXPECT_EQ(ask(desk, "elsewhere", "198.51.100.1", now + 10 * 86'400), Admission::silent);
    note_code(desk);
    EXPECT_EQ(ask(desk, "elsewhere", "198.51.100.1", now + 10 * 86'400), Admission::ask);
}

TEST(Desk, A01_ARefusedOriginIsRefusedForAMinute) {
    Desk desk;
    EXPECT_EQ(ask(desk, "sudo", "local:1000", now), Admission::ask);
    note_refused(desk, "id of sudo", now + 5);
    EXPECT_EQ(ask(desk, "sudo", "local:1000", now + 5 + refused_seconds - 1), Admission::refused);
    EXPECT_EQ(ask(desk, "sudo", "local:1000", now + 5 + refused_seconds), Admission::ask);
}

TEST(Desk, A01_ARedeemedRequestServesItsOriginForAMoment) {
    Desk desk;
    EXPECT_EQ(ask(desk, "ssh", "192.0.2.1", now), Admission::ask);
    note_redeemed(desk, "id of ssh", now + 5);
    EXPECT_EQ(admit(desk, "ssh", "192.0.2.1", now + 5 + redeemed_seconds - 1, limits).admission,
              Admission::found);
    EXPECT_EQ(ask(desk, "other", "192.0.2.1", now + 6), Admission::ask) << "it does not stand in the way";
    note_ended(desk, "id of other");
    EXPECT_EQ(admit(desk, "ssh", "192.0.2.1", now + 5 + redeemed_seconds, limits).admission, Admission::ask)
        << "afterwards it asks anew";
}

TEST(Desk, A11_ActionsHaveABudgetOfTheirOwn) {
    Desk desk;
    for (std::size_t i = 0; i < limits.actions_an_hour; ++i) {
        EXPECT_TRUE(admit_action(desk, "local:1000", now, now + 60, limits));
    }
    EXPECT_FALSE(admit_action(desk, "local:1000", now, now + 60, limits));
    EXPECT_EQ(ask(desk, "ssh", "192.0.2.1", now), Admission::ask);
    EXPECT_TRUE(admit_action(desk, "local:1000", now + budget_seconds, now + budget_seconds + 60, limits));
}

TEST(Desk, A08_AWindowOpensAndClosesByTheClock) {
    Desk desk;
    EXPECT_FALSE(window_is_open(desk, now));
    open_window(desk, now, 600);
    EXPECT_TRUE(window_is_open(desk, now));
    EXPECT_TRUE(window_is_open(desk, now + 599));
    EXPECT_FALSE(window_is_open(desk, now + 600));
    EXPECT_FALSE(window_is_open(desk, now - 1)) << "one from the future is none";
    open_window(desk, now, 10 * most_window_seconds);
    EXPECT_FALSE(window_is_open(desk, now + most_window_seconds));
    open_window(desk, now, 0);
    EXPECT_FALSE(window_is_open(desk, now));
}

// Set back by a day, the clock loosens no limit: what was counted later than now counts as now.
TEST(Desk, A04_AClockSetBackLoosensNothing) {
    Desk desk;
    EXPECT_EQ(ask(desk, "a", "192.0.2.1", now), Admission::ask);
    note_not_me(desk, "id of a", "192.0.2.1", false, now);
    EXPECT_EQ(ask(desk, "b", "192.0.2.1", now - 86'400), Admission::silent);
    EXPECT_EQ(ask(desk, "b", "192.0.2.1", now - 86'400 + not_me_seconds - 1), Admission::silent);
    for (std::size_t i = 0; i < limits.actions_an_hour; ++i) {
        (void)admit_action(desk, "local:1000", now, now + 60, limits);
    }
    EXPECT_FALSE(admit_action(desk, "local:1000", now - 86'400, now - 86'340, limits));
}

// However high an administrator sets the limits, the record of a subject stays small, and what it keeps is
// the newest.
TEST(Desk, A04_TheRecordIsBounded) {
    const DeskLimits high{1'000, 1'000};
    Desk desk;
    for (std::size_t i = 0; i < 2 * most_open_sign_ins; ++i) {
        const std::string origin = std::to_string(i), source = "192.0.2." + origin;
        const Admission got = admit(desk, origin, source, now, high).admission;
        EXPECT_EQ(got, i < most_open_sign_ins ? Admission::ask : Admission::silent) << i;
        if (got == Admission::ask) {
            note_asked(desk, {"id of " + origin, source, origin, now + 60, false}, now);
            desk.unanswered = 0;
        }
    }
    EXPECT_EQ(desk.open.size(), most_open_sign_ins);
    desk = Desk();
    std::size_t actions = 0;
    while (actions <= most_sent && admit_action(desk, "local:1000", now, now, high)) {
        ++actions;
    }
    EXPECT_EQ(actions, most_sent);
    desk = Desk();
    for (std::size_t i = 0; i <= most_blocks; ++i) {
        const std::string origin = std::to_string(i), source = "192.0.2." + origin;
        note_asked(desk, {"id of " + origin, source, origin, now + 60, false}, now);
        note_not_me(desk, "id of " + origin, source, false, now);
    }
    EXPECT_EQ(desk.refused.size(), most_refused);
    EXPECT_EQ(desk.refused.back().origin, std::to_string(most_blocks));
    EXPECT_EQ(desk.blocks.size(), most_blocks);
    EXPECT_EQ(desk.blocks.front().source, "192.0.2.1");
    EXPECT_EQ(desk.blocks.back().source, "192.0.2." + std::to_string(most_blocks));
}

TEST(Desk, A04_AnHourWithoutARingEndsThePauses) {
    Desk desk;
    for (std::uint32_t i = 0; i < free_unanswered; ++i) {
        const std::string origin = "one " + std::to_string(i);
        EXPECT_EQ(ask(desk, origin, "192.0.2.1", now), Admission::ask);
        note_ended(desk, "id of " + origin);
    }
    EXPECT_EQ(ask(desk, "too soon", "192.0.2.1", now + first_pause_seconds - 1), Admission::silent);
    EXPECT_EQ(ask(desk, "later", "192.0.2.1", now + budget_seconds), Admission::ask);
    note_ended(desk, "id of later");
    EXPECT_EQ(ask(desk, "anew", "192.0.2.1", now + budget_seconds + 1), Admission::ask);
}

TEST(Desk, A04_WhatWasRefusedDoesNotStandInTheWayOfOthersFromThere) {
    Desk desk;
    EXPECT_EQ(ask(desk, "one", "192.0.2.1", now), Admission::ask);
    note_refused(desk, "id of one", now);
    EXPECT_EQ(ask(desk, "two", "192.0.2.1", now), Admission::ask);
    Desk blocked;
    note_not_me(blocked, "none", "192.0.2.1", true, now);
    note_not_me(blocked, "none", "192.0.2.2", false, now);
    EXPECT_TRUE(blocked.blocked) << "a second one by somebody else takes nothing back";
    EXPECT_EQ(ask(desk, "three", "192.0.2.3", now + not_me_seconds), Admission::ask);
    Desk day;
    note_not_me(day, "none", "192.0.2.1", false, now);
    EXPECT_EQ(ask(day, "one", "192.0.2.1", now + not_me_seconds), Admission::ask) << "to the second";
}

TEST(Desk, A08_AWindowLongerThanADayIsNone) {
    Desk desk;
    desk.window_opened = now;
    desk.window_until = now + most_window_seconds + 1;
    EXPECT_FALSE(window_is_open(desk, now));
    desk.window_until = now + most_window_seconds;
    EXPECT_TRUE(window_is_open(desk, now));
}

TEST(Desk, A12_AMailedCodeIsGoodOnceAndForTenMinutes) {
    Desk desk;
    EXPECT_FALSE(redeem_mailed(desk, 0, now)) << "none is out";
    EXPECT_TRUE(admit_mail(desk, 7, now));
    EXPECT_FALSE(redeem_mailed(desk, 8, now));
    EXPECT_FALSE(redeem_mailed(desk, 6, now));
    EXPECT_TRUE(redeem_mailed(desk, 7, now));
    EXPECT_FALSE(redeem_mailed(desk, 7, now)) << "once";
    EXPECT_FALSE(redeem_mailed(desk, 0, now)) << "none is out any more";
    EXPECT_TRUE(admit_mail(desk, 7, now));
    EXPECT_FALSE(redeem_mailed(desk, 7, now + mailed_code_seconds));
    EXPECT_FALSE(redeem_mailed(desk, 7, now)) << "and no clock that is set back brings it again";
    EXPECT_TRUE(admit_mail(desk, 9, now));
    EXPECT_FALSE(redeem_mailed(desk, 9, now - 1)) << "one from the future is none";
}

TEST(Desk, A12_GuessesAndMailsAreBounded) {
    Desk desk;
    EXPECT_TRUE(admit_mail(desk, 7, now));
    for (int i = 0; i < most_mailed_tries; ++i) {
        EXPECT_FALSE(redeem_mailed(desk, 8, now));
    }
    EXPECT_FALSE(redeem_mailed(desk, 7, now)) << "gone after the fifth wrong one";
    EXPECT_TRUE(admit_mail(desk, 7, now));
    for (int i = 1; i < most_mailed_tries; ++i) {
        EXPECT_FALSE(redeem_mailed(desk, 8, now));
    }
    EXPECT_TRUE(redeem_mailed(desk, 7, now)) << "each code has tries of its own";
    desk.mails.pop_back();
    desk.mailed_tries = most_mailed_tries - 1;
    EXPECT_TRUE(admit_mail(desk, 7, now));
    EXPECT_EQ(desk.mailed_tries, 0);
    EXPECT_TRUE(admit_mail(desk, 9, now));
    EXPECT_FALSE(redeem_mailed(desk, 7, now)) << "a later one replaces it";
    EXPECT_FALSE(admit_mail(desk, 7, now)) << "three an hour";
    EXPECT_TRUE(redeem_mailed(desk, 9, now)) << "and the one that is out stays good";
    EXPECT_TRUE(admit_mail(desk, 7, now + budget_seconds));
}

TEST(Desk, A04_ItIsReadAsItWasWritten) {
    Desk desk;
    (void)ask(desk, "one", "192.0.2.1", now);
    (void)ask(desk, "two", "192.0.2.2", now);
    note_not_me(desk, "id of one", "192.0.2.1", true, now);
    (void)admit_action(desk, "local:1000", now, now + 60, limits);
    open_window(desk, now, 60);
    (void)admit_mail(desk, 7, now);
    (void)redeem_mailed(desk, 8, now);
    EXPECT_EQ(decode_desk(encode_desk(desk)), desk);
    EXPECT_EQ(decode_desk(""), Desk());
    EXPECT_THROW(decode_desk("{"), Unavailable);
    EXPECT_THROW(decode_desk("{\"version\":2}"), Unavailable);
}

}  // namespace
}  // namespace warifu
