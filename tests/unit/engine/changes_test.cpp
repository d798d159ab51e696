#include <gtest/gtest.h>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

class Changes : public testing::Test {
  protected:
    World world;
    Engine engine{world.config, &world.key, world};

    Caller self() {
        Caller caller = at_home();
        caller.admin = false;
        caller.uid = 1000;
        return caller;
    }
};

TEST_F(Changes, E05_RegeneratingKillsTheOldCodes) {
    const Enrolment enrolment = enrol(world, engine);
    const auto fresh = finish(engine.regenerate_codes(alice, self()));
    ASSERT_EQ(fresh.size(), recovery_codes_in_a_set);
    EXPECT_EQ(finish(engine.status(alice)).recovery_codes_left, recovery_codes_in_a_set);
    for (std::size_t i = 0; i < recovery_codes_in_a_set; ++i) {
        EXPECT_EQ(attempt(engine, enrolment.recovery(i)).verdict, Verdict::denied);
    }
    EXPECT_EQ(attempt(engine, fresh[0].text()).verdict, Verdict::success);
    EXPECT_EQ(attempt(engine, fresh[0].text()).reason, Reason::replayed);
    EXPECT_EQ(finish(engine.status(alice)).recovery_codes_left, 9U);
}

TEST_F(Changes, S10_TheLastIsRemovedByAnAdministratorAlone) {
    const Enrolment first = enrol(world, engine), second = enrol(world, engine);
    EXPECT_THROW((void)finish(engine.remove(alice, self(), "")), Invalid);
    EXPECT_THROW((void)finish(engine.remove(alice, self(), "0123456789abcdef")), NotFound);
    const Status left = finish(engine.remove(alice, self(), first.confirmed.authenticator));
    EXPECT_EQ(left.authenticators.size(), 1U);
    EXPECT_EQ(attempt(engine, first.phone.code(world.clock)).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, second.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_THROW((void)finish(engine.remove(alice, self(), "")), NotPermitted);
    EXPECT_EQ(finish(engine.remove(alice, administrator(), "")).state, "none");
    EXPECT_EQ(attempt(engine, second.phone.code(world.clock + 30)).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, first.recovery(0)).verdict, Verdict::denied);
    // It was said that it is meant.
    EXPECT_TRUE(finish(engine.surely_not_enrolled(alice, {Found::yes, world.people["alice"], ""})));
}

TEST_F(Changes, ARemovedKeyComesBackWithItsMark) {
    const Enrolment first = enrol(world, engine);
    (void)enrol(world, engine);
    const std::string used = first.phone.code(world.clock);
    ASSERT_EQ(attempt(engine, used).verdict, Verdict::success);
    (void)finish(engine.remove(alice, self(), first.confirmed.authenticator));
    EnrolRequest again = enrol_request(self());
    again.secret = Secret::copy_of(first.phone.secret.bytes());
    (void)finish(engine.enroll(std::move(again)));
    EXPECT_THROW((void)finish(engine.confirm(alice, self(), "", parse_answer(used), Addition::permitted)),
                 Denied);
    (void)finish(engine.confirm(alice, self(), "", parse_answer(first.phone.code(world.clock + 30)),
                                Addition::permitted));
    EXPECT_EQ(attempt(engine, used).verdict, Verdict::denied);
}

TEST_F(Changes, ResetLeavesSpentMarks) {
    const Enrolment first = enrol(world, engine);
    const std::string used = first.phone.code(world.clock);
    ASSERT_EQ(attempt(engine, used).verdict, Verdict::success);
    EXPECT_EQ(finish(engine.reset(alice, administrator())), 1U);
    EXPECT_EQ(finish(engine.status(alice)).state, "none");
    EXPECT_EQ(attempt(engine, first.phone.code(world.clock + 30)).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, first.recovery(0)).verdict, Verdict::denied);
    EXPECT_TRUE(world.state("alice").known.empty());

    EnrolRequest again = enrol_request(self());
    again.secret = Secret::copy_of(first.phone.secret.bytes());
    (void)finish(engine.enroll(std::move(again)));
    EXPECT_THROW((void)finish(engine.confirm(alice, self(), "", parse_answer(used), Addition::permitted)),
                 Denied);
    (void)finish(engine.confirm(alice, self(), "", parse_answer(first.phone.code(world.clock + 30)),
                                Addition::permitted));
    EXPECT_EQ(attempt(engine, used).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, first.phone.code(world.clock + 30)).verdict, Verdict::denied);
}

TEST_F(Changes, ResetEndsTheOfferTooAndWhatCannotBeRead) {
    (void)finish(engine.enroll(enrol_request(self())));
    EXPECT_EQ(finish(engine.reset(alice, administrator())), 0U);
    EXPECT_EQ(world.find_record(RecordKind::offer, "alice"), nullptr);

    (void)enrol(world, engine);
    world.record(RecordKind::credentials, "alice").document = "damaged";
    EXPECT_EQ(attempt(engine, "123456").verdict, Verdict::unavailable);
    EXPECT_EQ(finish(engine.reset(alice, administrator())), 1U);
    EXPECT_EQ(finish(engine.status(alice)).state, "none");
}

TEST_F(Changes, ResetSaysWhatItLeavesAlone) {
    world.config.sources = {SourceKind::home};
    (void)enrol(world, engine);
    EXPECT_THROW((void)finish(engine.reset(alice, administrator())), Conflict);
    EXPECT_EQ(world.homes.size(), 1U);
}

TEST_F(Changes, X18_ResetReplaySetsTheMarkToTheCurrentStep) {
    const Enrolment enrolment = enrol(world, engine);
    world.clock += 365 * day;
    ASSERT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    world.clock -= 365 * day;
    world.clock += 300;
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).reason, Reason::mark_ahead);
    EXPECT_TRUE(world.logged("steps ahead of the clock"));
    ASSERT_EQ(finish(engine.status(alice)).notes.size(), 1U);
    EXPECT_EQ(attempt(engine, enrolment.recovery(0)).verdict, Verdict::success);

    EXPECT_EQ(finish(engine.reset_replay(alice, administrator())), 1U);
    // To the current step, never to nothing.
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock), from("203.0.113.99")).verdict,
              Verdict::denied);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock - 30), from("203.0.113.99")).verdict,
              Verdict::denied);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock + 30)).verdict, Verdict::success);
    // A mark a step ahead lies inside the window: it is a code that was used, and stays used.
    EXPECT_EQ(finish(engine.reset_replay(alice, administrator())), 0U);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock + 30)).verdict, Verdict::denied);
    EXPECT_TRUE(finish(engine.status(alice)).notes.empty());
}

TEST_F(Changes, UnlockStartsAfresh) {
    const Enrolment enrolment = enrol(world, engine);
    const Caller elsewhere = from("198.51.100.9");
    for (int i = 0; i < 30; ++i) {
        ASSERT_EQ(attempt(engine, enrolment.phone.wrong(world.clock), elsewhere).verdict, Verdict::denied);
    }
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock), elsewhere).verdict, Verdict::limited);
    EXPECT_GT(finish(engine.status(alice)).limited_until, world.clock);
    EXPECT_EQ(finish(engine.unlock(alice, administrator())).limited_until, 0);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock), elsewhere).verdict, Verdict::success);
}

TEST_F(Changes, S13_ResyncMendsAndSpends) {
    const Enrolment enrolment = enrol(world, engine);
    const auto code = [&](int step) { return enrolment.phone.code(world.clock + step * 30); };
    EXPECT_THROW((void)finish(engine.resync(alice, self(), "", parse_answer("junk"), parse_answer(code(1)))),
                 Invalid);
    EXPECT_THROW(
        (void)finish(engine.resync(alice, self(), "", parse_answer(code(50)), parse_answer(code(52)))),
        Denied);
    EXPECT_EQ(finish(engine.resync(alice, self(), "", parse_answer(code(50)), parse_answer(code(51)))), 51);
    EXPECT_EQ(attempt(engine, code(51)).verdict, Verdict::denied);
    const AttemptResult result = attempt(engine, code(52));
    EXPECT_EQ(result.verdict, Verdict::success);
    EXPECT_EQ(result.clock_off_seconds, 52 * 30);
}

TEST_F(Changes, ShowRenameAndForget) {
    const Enrolment enrolment = enrol(world, engine);
    const Enrolled shown = finish(engine.show(alice, self(), ""));
    EXPECT_EQ(base32_decode(shown.secret.text()).value().text(), enrolment.phone.secret.text());
    EXPECT_EQ(finish(engine.rename(alice, self(), "", "work phone")).authenticators.at(0).label,
              "work phone");
    EXPECT_THROW((void)finish(engine.rename(alice, self(), "", "")), Invalid);
    AttemptRequest request;
    request.subject = alice;
    request.caller = at_home();
    request.answer = parse_answer(enrolment.phone.code(world.clock));
    request.remember_seconds = 60;
    ASSERT_EQ(finish(engine.attempt(std::move(request))).verdict, Verdict::success);
    EXPECT_EQ(finish(engine.status(alice)).remembered, 1U);
    EXPECT_TRUE(finish(engine.remembered(alice, at_home(), 60)));
    EXPECT_EQ(finish(engine.forget(alice, self())), 1U);
    EXPECT_FALSE(finish(engine.remembered(alice, at_home(), 60)));
    EXPECT_EQ(finish(engine.status(alice)).remembered, 0U);
    for (const char* action : {"enroll", "confirm", "show", "rename", "forget"}) {
        EXPECT_TRUE(world.logged(std::string("audit: ") + action + " user=alice")) << action;
    }
}

TEST_F(Changes, AuditRowsAreABoundedRing) {
    world.record(RecordKind::audit, "head", "") = {"9999", 3};
    (void)enrol(world, engine);
    EXPECT_NE(world.find_record(RecordKind::audit, "9999", ""), nullptr);
    EXPECT_NE(world.find_record(RecordKind::audit, "0", ""), nullptr);
    EXPECT_EQ(world.find_record(RecordKind::audit, "10000", ""), nullptr);
}

// What is done is done: a row that cannot be kept is said, and withholds no recovery codes.
TEST_F(Changes, AnAuditRowThatCannotBeKeptTakesNothingBack) {
    world.record(RecordKind::audit, "head", "") = {"no number", 3};
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_EQ(enrolment.confirmed.recovery_codes.size(), recovery_codes_in_a_set);
    EXPECT_TRUE(world.logged("audit: the row could not be kept"));
}

TEST_F(Changes, ListPagesThroughAccounts) {
    for (int i = 0; i < 25; ++i) {
        const std::string name = "user" + std::to_string(100 + i);
        world.people[name] = {name, static_cast<std::uint32_t>(2000 + i), 100, "/home/" + name};
        (void)enrol(world, engine, {"host", name});
    }
    std::vector<std::string> seen;
    ListRequest request;
    request.limit = 10;
    do {
        const Page page = finish(engine.list(request));
        for (const auto& account : page.accounts) {
            seen.push_back(account.user);
        }
        request.cursor = page.cursor;
    } while (!request.cursor.empty());
    EXPECT_EQ(seen.size(), 25U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    ListRequest search;
    search.search = "user11";
    EXPECT_EQ(finish(engine.list(search)).accounts.size(), 10U);
    ListRequest none;
    none.limit = 0;
    EXPECT_THROW((void)finish(engine.list(none)), Invalid);
    ListRequest unused;
    unused.unused_for = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(finish(engine.list(unused)).accounts.empty());
}

TEST_F(Changes, OneDamagedAccountHidesNoOther) {
    (void)enrol(world, engine);
    (void)enrol(world, engine, {"host", "bob"});
    world.record(RecordKind::credentials, "alice").document = "damaged";
    const Page page = finish(engine.list({}));
    ASSERT_EQ(page.accounts.size(), 2U);
    EXPECT_EQ(page.accounts[0].user, "alice");
    EXPECT_EQ(page.accounts[0].state, "unavailable");
    EXPECT_FALSE(page.accounts[0].notes.empty());
    EXPECT_EQ(page.accounts[1].state, "active");
}

// The power goes after every commit in turn: what was spent stays spent, and a second try ends what was
// begun.
TEST_F(Changes, X17_CutOffAtEveryCommitOfAChange) {
    using Act = std::function<void(World&, Engine&)>;
    const std::vector<std::pair<std::string, Act>> acts = {
        {"reset", [](World&, Engine& there) { (void)finish(there.reset(alice, administrator())); }},
        {"remove", [](World&, Engine& there) { (void)finish(there.remove(alice, administrator(), "")); }},
        {"codes",
         [](World&, Engine& there) { (void)finish(there.regenerate_codes(alice, administrator())); }},
        {"unlock", [](World&, Engine& there) { (void)finish(there.unlock(alice, administrator())); }},
        {"rename",
         [](World&, Engine& there) { (void)finish(there.rename(alice, administrator(), "", "x")); }},
    };
    for (const auto& [name, act] : acts) {
        for (int cut = 1;; ++cut) {
            World there;
            Engine before(there.config, &there.key, there);
            const Enrolment enrolment = enrol(there, before);
            const std::string used = enrolment.phone.code(there.clock);
            ASSERT_EQ(attempt(before, used).verdict, Verdict::success);
            ASSERT_EQ(attempt(before, enrolment.recovery(0)).verdict, Verdict::success);
            there.cut_after = cut;
            bool whole = true;
            try {
                act(there, before);
            } catch (const PowerCut&) {
                whole = false;
            }
            there.cut_after = 0;
            Engine after(there.config, &there.key, there);
            ASSERT_NE(attempt(after, used).verdict, Verdict::success) << name << cut;
            ASSERT_NE(attempt(after, enrolment.recovery(0)).verdict, Verdict::success) << name << cut;
            const bool enrolled = there.find_record(RecordKind::credentials, "alice") != nullptr;
            // Never taken for somebody who was never enrolled before it is said that this is meant.
            const bool passes =
                finish(after.surely_not_enrolled(alice, {Found::yes, there.people["alice"], ""}));
            ASSERT_FALSE(passes && (enrolled || there.state("alice").seen)) << name << cut;
            (void)finish(after.reset(alice, administrator()));
            ASSERT_EQ(finish(after.status(alice)).state, "none") << name << cut;
            if (whole) {
                break;
            }
        }
    }
}

}  // namespace
}  // namespace warifu
