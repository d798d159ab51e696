// What NSS is told, and when: after the commit, but for leaving the exempt.
#include "core/engine/standing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

class Standings : public testing::Test {
  protected:
    const Standing& told(const std::string& name = "alice") { return world.told[name]; }
    // Where in the order of things the last of these was.
    std::ptrdiff_t last(const std::string& what) const {
        const auto found = std::find(world.order.rbegin(), world.order.rend(), what);
        return found == world.order.rend() ? -1 : world.order.rend() - found;
    }
    void exempt_alice() {
        PolicyRule rule;
        rule.users = {"alice"};
        rule.services = {"sshd"};
        rule.outcome = PolicyOutcome::exempt;
        world.config.rules = {rule};
    }

    World world;
    Engine engine{world.config, &world.key, world};
};

TEST(Standing, N01_TheTableOfWhoIsWhat) {
    State state;
    const auto of = [&state](bool has_credentials, std::int64_t offered, std::int64_t reset, bool exempt) {
        return standing_of({state, has_credentials, offered, reset, exempt});
    };
    EXPECT_EQ(of(false, 0, 0, false), Standing());
    EXPECT_EQ(of(true, 0, 0, false), (Standing{true, 0, false}));
    EXPECT_EQ(of(true, 100, 200, false), (Standing{true, 0, false})) << "the enrolled are not pending";
    EXPECT_EQ(of(false, 100, 0, false), (Standing{false, 100, false}));
    EXPECT_EQ(of(false, 100, 200, true), (Standing{false, 200, true}));
    state.required = true;
    EXPECT_EQ(of(false, 100, 0, false), (Standing{false, pending_until_further_notice, false}));
    EXPECT_EQ(of(true, 0, 0, false), (Standing{true, 0, false}));
    state.suspended = true;
    EXPECT_EQ(of(true, 0, 0, true), (Standing{true, 0, false})) << "nobody suspended is exempt";
    state = {};
    state.seen = true;
    EXPECT_EQ(of(false, 100, 0, false), (Standing{true, 0, false})) << "a key in the home";
}

TEST_F(Standings, N01_AnOfferMakesPendingAndItsConfirmationEnrolled) {
    Caller self = at_home();
    self.admin = false;
    const Enrolled offered = finish(engine.enroll(enrol_request(self)));
    EXPECT_EQ(told(), (Standing{false, offered.expires, false}));
    const Phone phone(offered);
    Answer wrong = parse_answer(phone.wrong(world.clock));
    EXPECT_THROW((void)finish(engine.confirm(alice, self, "", std::move(wrong), Addition::permitted)),
                 Denied);
    EXPECT_EQ(told(), (Standing{false, offered.expires, false}));
    (void)finish(engine.confirm(alice, self, "", parse_answer(phone.code(world.clock)), Addition::permitted));
    EXPECT_EQ(told(), (Standing{true, 0, false}));
    EXPECT_GT(last("publish alice"), last("commit credentials alice"));
}

TEST_F(Standings, N01_WhoIsResetIsPendingWhileTheWayBackIsOpen) {
    (void)enrol(world, engine);
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_EQ(told(), (Standing{false, world.clock + world.config.after_reset_hours * 3'600, false}));
    EXPECT_GT(last("publish alice"), last("commit credentials alice"));
    EXPECT_GT(last("publish alice"), last("commit state alice"));
}

TEST_F(Standings, N01_WhoseLastAuthenticatorIsRemovedIsNothing) {
    const Enrolment first = enrol(world, engine), second = enrol(world, engine);
    (void)finish(engine.remove(alice, administrator(), first.confirmed.authenticator));
    EXPECT_EQ(told(), (Standing{true, 0, false}));
    (void)finish(engine.remove(alice, administrator(), second.confirmed.authenticator));
    EXPECT_EQ(told(), Standing());
}

TEST_F(Standings, N01_WhoIsRequiredIsPendingUntilEnrolled) {
    (void)finish(engine.require(alice, administrator(), true));
    EXPECT_EQ(told(), (Standing{false, pending_until_further_notice, false}));
    (void)enrol(world, engine);
    EXPECT_EQ(told(), (Standing{true, 0, false}));
}

TEST_F(Standings, N01_TheSuspendedLeaveTheExemptBeforeAndJoinThemAfterTheCommit) {
    exempt_alice();
    EXPECT_TRUE(finish(engine.publish(alice)));
    EXPECT_TRUE(told().exempt);
    world.order.clear();
    (void)finish(engine.suspend(alice, administrator(), true));
    EXPECT_FALSE(told().exempt);
    EXPECT_EQ(world.order[0], "leave alice");
    EXPECT_EQ(world.order[1], "commit state alice");
    world.order.clear();
    (void)finish(engine.suspend(alice, administrator(), false));
    EXPECT_TRUE(told().exempt);
    EXPECT_EQ(world.order[0], "commit state alice");
    EXPECT_GT(last("publish alice"), last("commit state alice"));
}

TEST_F(Standings, N01_NothingFailsWhereNothingCanBePublished) {
    exempt_alice();
    world.nss_broken = true;
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    const Status status = finish(engine.suspend(alice, administrator(), true));
    ASSERT_EQ(status.notes.size(), 1U);
    EXPECT_NE(status.notes[0].find("warifu-exempt"), std::string::npos);
    EXPECT_EQ(finish(engine.status(alice)).state, "suspended");
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_TRUE(world.told.empty());
}

TEST_F(Standings, N01_AStoreThatCannotBeReadChangesNothing) {
    world.fail_call = 1;
    EXPECT_FALSE(finish(engine.publish(alice)));
    EXPECT_TRUE(world.told.empty());
}

TEST_F(Standings, N01_AKeyThatWarifuDidNotEnrolIsToldAtItsFirstUse) {
    const Enrolment enrolment = enrol(world, engine);
    Credentials credentials;
    credentials.subject = {"host", "bob"};
    credentials.authenticators.resize(1);
    credentials.authenticators[0].id = "0123456789abcdef";
    credentials.authenticators[0].label = "phone";
    credentials.authenticators[0].secret = Secret::copy_of(enrolment.phone.secret.bytes());
    world.texts["bob"] = std::string(to_plain_json(credentials).text());
    world.config.sources = {SourceKind::text, SourceKind::central};
    EXPECT_EQ(world.told.count("bob"), 0U);
    const Subject bob{"host", "bob"};
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock), at_home(), bob).verdict, Verdict::success);
    EXPECT_EQ(told("bob"), (Standing{true, 0, false}));
    world.order.clear();
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock + 30), at_home(), bob).verdict,
              Verdict::success);
    EXPECT_EQ(last("publish bob"), -1) << "a sign-in publishes nothing else";
}

TEST_F(Standings, N01_OtherRealmsAreNotTheHosts) {
    EXPECT_TRUE(finish(engine.publish({"site", "root"})));
    EXPECT_TRUE(world.told.empty());
}

// Two that change an account at once publish in any order, and what stands in the end is what the store says.
TEST_F(Standings, N01_WhateverTheOrderNssEndsWithWhatTheStoreSays) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        World raced;
        Engine one(raced.config, &raced.key, raced), other(raced.config, &raced.key, raced);
        (void)enrol(raced, one);
        std::mt19937_64 random(seed);
        raced.chance.seed(seed);
        raced.deferred = true;
        const auto ignore = [](auto, std::exception_ptr) {};
        run<std::size_t>(one.reset(alice, administrator()), ignore);
        Caller self = at_home();
        run<Enrolled>(other.enroll(enrol_request(self)), ignore);
        run<Status>(other.require(alice, administrator(), seed % 2 == 0), ignore);
        while (raced.turn(random)) {
        }
        raced.deferred = false;
        EXPECT_EQ(raced.told["alice"], one.standing(alice)) << seed;
    }
}

}  // namespace
}  // namespace warifu
