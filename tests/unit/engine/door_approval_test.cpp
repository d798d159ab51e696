// Approvals at a door, in a world of the test's own: who is asked, what the door says, and that whoever is
// not asked meets the same.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/approval/request_json.h"
#include "core/engine/approvals.h"
#include "core/engine/conversation.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A conversation that may still be waiting.
class Sitting {
  public:
    Sitting(Engine& engine, StartRequest request) : conversation_(engine) {
        take(conversation_.start(std::move(request)));
    }
    void type(const std::string& text, ReplyKind kind = ReplyKind::text) {
        take(conversation_.answer(kind, text));
    }
    bool waits() const { return !step; }
    bool done() const { return step && step->kind == Step::Kind::done; }
    void leave() { conversation_.abandon(); }
    std::optional<Step> step;

  private:
    void take(Task<Step> task) {
        step.reset();
        run<Step>(std::move(task), [this](std::optional<Step> value, std::exception_ptr error) {
            if (error) {
                std::rethrow_exception(error);
            }
            step = std::move(value);
        });
    }
    Conversation conversation_;
};

class DoorApproval : public testing::Test {
  protected:
    DoorApproval() : engine(world.config, &world.key, world) {
        world.config.approval_url = "https://login.example.org";
        world.config.notify["phone"] = {
            "ntfy", "https://ntfy.example.org", "warifu-{user}", "", "", "", "", {}, false};
        world.config.notify_order = {"phone"};
        std::uint32_t uid = 3'000;
        for (const char* name : {"carol", "dave", "erin", "mother", "father", "guardian"}) {
            world.add_person(name, uid++);
        }
        ApprovalRule rule;
        rule.where.services = {"sshd"};
        rule.ask = {"self"};
        world.config.approval_rules = {rule};
    }
    ApprovalRule& rule() { return world.config.approval_rules[0]; }
    StartRequest at_the_door(std::string origin = "ssh 1") {
        StartRequest request = door();
        request.has_authtok = true;
        request.caller.origin = std::move(origin);
        return request;
    }
    // The tokens in the newest message.
    std::string token(const std::string& which) {
        const auto message = nlohmann::json::parse(world.notices.back().forms.at(0).document.text());
        const std::string link = message.at(which).get<std::string>();
        return link.substr(link.rfind('/') + 1);
    }
    Acted decide(Verb verb, std::string number = {}) {
        Approvals approvals(engine);
        const auto [request, held] = approvals.find_by_token(token(verb == Verb::not_now ? "deny" : "link"));
        Act act;
        act.verb = verb;
        act.by = held.holder;
        act.number = std::move(number);
        return finish(
            approvals.act(request.id, act, administrator(), held.holder == "user:" + request.subject.name));
    }
    Request newest() {
        Approvals approvals(engine);
        return approvals.find(world.notices.back().about);
    }

    World world;
    Engine engine;
};

TEST_F(DoorApproval, A01_TheDoorWaitsAndAYesLetsIn) {
    Sitting sitting(engine, at_the_door());
    ASSERT_EQ(sitting.step->kind, Step::Kind::prompt);
    EXPECT_THAT(world.notices, SizeIs(1));
    EXPECT_THAT(sitting.step->text, HasSubstr("number " + newest().number));
    sitting.type("");
    EXPECT_TRUE(sitting.waits());
    EXPECT_EQ(decide(Verb::approve).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
    EXPECT_EQ(newest().state, RequestState::consumed);
    EXPECT_TRUE(world.logged("reason=approved"));
}

TEST_F(DoorApproval, A03_EachLinkOfAMessageIsForItsPurposeAlone) {
    const Sitting sitting(engine, at_the_door());
    Approvals approvals(engine);
    EXPECT_EQ(approvals.find_by_token(token("link")).second.purpose, Verb::approve);
    EXPECT_EQ(approvals.find_by_token(token("deny")).second.purpose, Verb::not_now);
    EXPECT_EQ(approvals.find_by_token(token("deny")).second.holder, "user:alice");
}

TEST_F(DoorApproval, A01_ANoRefusesAtOnceAndTheSameOriginForAMinute) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    EXPECT_EQ(decide(Verb::not_now).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    Sitting again(engine, at_the_door());
    ASSERT_TRUE(again.done()) << "sudo runs its stack three times";
    EXPECT_EQ(again.step->verdict, Verdict::denied);
    EXPECT_THAT(world.notices, SizeIs(1));
}

// The minute is counted from the no, also where that came late.
TEST_F(DoorApproval, A01_ALateNoRefusesTheSameOriginForAMinuteToo) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    world.pass(50);
    (void)decide(Verb::not_now);
    world.pass(refused_seconds - 1);
    Sitting again(engine, at_the_door());
    ASSERT_TRUE(again.done());
    EXPECT_EQ(again.step->verdict, Verdict::denied);
    EXPECT_THAT(world.notices, SizeIs(1));
}

TEST_F(DoorApproval, A01_AMinutesSilenceRefuses) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    for (int second = 0; second < 59; ++second) {
        world.pass(1);
        ASSERT_TRUE(sitting.waits()) << second;
    }
    world.pass(1);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    EXPECT_EQ(sitting.step->reason, Reason::approval_expired);
    EXPECT_EQ(newest().state, RequestState::expired);
}

TEST_F(DoorApproval, A01_ACodeDoesInsteadAndWithdrawsTheRequest) {
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type(mine.phone.code(world.clock));
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
    EXPECT_EQ(newest().state, RequestState::cancelled);
}

TEST_F(DoorApproval, A01_TwoRunsOfTheStackAreOneRequest) {
    Sitting first(engine, at_the_door());
    first.type("the password", ReplyKind::password);  // sshd's password method answers so
    ASSERT_TRUE(first.waits());
    (void)decide(Verb::approve);
    ASSERT_TRUE(first.done());
    EXPECT_EQ(first.step->verdict, Verdict::success);
    Sitting second(engine, at_the_door());
    ASSERT_TRUE(second.done());
    EXPECT_EQ(second.step->verdict, Verdict::success);
    EXPECT_THAT(world.notices, SizeIs(1));
    world.pass(redeemed_seconds);
    Sitting later(engine, at_the_door());
    EXPECT_FALSE(later.done()) << "and half a minute later it is asked anew";
}

TEST_F(DoorApproval, X29_AStrangerAtTheSameAddressFindsNothing) {
    Sitting owner(engine, at_the_door("ssh 1"));
    Sitting stranger(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1)) << "one open sign-in for each source";
    EXPECT_EQ(stranger.step->kind, Step::Kind::prompt);
    stranger.type("");
    (void)decide(Verb::approve);
    EXPECT_TRUE(stranger.waits()) << "somebody else's yes";
    owner.type("");
    ASSERT_TRUE(owner.done());
    EXPECT_EQ(owner.step->verdict, Verdict::success);
    world.pass(61);
    ASSERT_TRUE(stranger.done());
    EXPECT_EQ(stranger.step->verdict, Verdict::denied);
}

// Of whom it cannot be told who they are nothing is sent: their approval would be everybody's.
TEST_F(DoorApproval, X29_WithoutAnOriginNothingIsSentAndTheCodeIsAskedFor) {
    const Enrolment mine = enrol(world, engine);
    Sitting owner(engine, at_the_door("")), stranger(engine, at_the_door(""));
    EXPECT_THAT(world.notices, IsEmpty());
    EXPECT_EQ(stranger.step->kind, Step::Kind::prompt);
    EXPECT_TRUE(world.logged("who asks cannot be told apart"));
    owner.type(mine.phone.code(world.clock));
    EXPECT_EQ(owner.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A04_WhereACodeAloneDoesNotDoItStillEndsWhatNotMeBegan) {
    const Enrolment mine = enrol(world, engine);
    rule().code = CodeMode::both;
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    (void)decide(Verb::not_me);
    world.clock += 2 * day;
    Sitting silent(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1));
    silent.type(mine.phone.code(world.clock));
    world.clock += 120;
    Sitting again(engine, at_the_door("ssh 3"));
    EXPECT_THAT(world.notices, SizeIs(2)) << "the phone rings again";
}

TEST_F(DoorApproval, X21_AClockThatWasAheadSilencesNobody) {
    world.clock += 4'000 * day;
    {
        Sitting sitting(engine, at_the_door("ssh 1"));
        EXPECT_THAT(world.notices, SizeIs(1));
    }
    world.clock -= 4'000 * day;
    Sitting sitting(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(2));
}

TEST_F(DoorApproval, A04_NotMeDeniesAndSilencesThePhone) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    EXPECT_EQ(decide(Verb::not_me).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    world.clock += 3 * day;
    Sitting later(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1)) << "the owner said so: until a code";
    const Enrolment mine = enrol(world, engine);
    later.type(mine.phone.code(world.clock));
    ASSERT_EQ(later.step->verdict, Verdict::success);
    Sitting again(engine, at_the_door("ssh 3"));
    EXPECT_THAT(world.notices, SizeIs(2));
}

TEST_F(DoorApproval, A04_AnAdministratorsResetForgetsWhatWasSaid) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    (void)decide(Verb::not_me);
    const Enrolment mine = enrol(world, engine);
    world.clock += 3 * day;
    Sitting silent(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1));
    (void)finish(engine.reset(alice, administrator()));
    Sitting again(engine, at_the_door("ssh 3"));
    EXPECT_THAT(world.notices, SizeIs(2));
}

// A group is looked up for whomever the rule fits, whether or not anything may be sent, and whoever is
// silenced costs as many commits.
TEST_F(DoorApproval, X13_WhoIsAskedIsNotToldByTheWork) {
    rule().ask = {"group:admins"};
    world.groups["admins"] = {"bob"};
    StartRequest wrong = at_the_door("ssh 2");
    wrong.options = {"first_factor_failed"};
    std::vector<int> calls;
    for (const StartRequest& request : {at_the_door("ssh 1"), wrong, at_the_door("ssh 3")}) {
        world.forget_what_was_seen();
        Sitting sitting(engine, request);
        EXPECT_EQ(sitting.step->kind, Step::Kind::prompt);
        EXPECT_THAT(world.committed, SizeIs(2));
        calls.push_back(world.groups_asked);
    }
    EXPECT_THAT(calls, testing::Each(1));
    EXPECT_THAT(world.notices, SizeIs(1)) << "the third is silenced by the first";
}

TEST_F(DoorApproval, A04_ATypedNumberIsNotInTheMessage) {
    world.config.approval_number = NumberMode::typed;
    Sitting sitting(engine, at_the_door());
    const std::string number = newest().number;
    EXPECT_THAT(sitting.step->text, HasSubstr(number));
    const auto message = nlohmann::json::parse(world.notices[0].forms[0].document.text());
    // Alone, that is: an address may have its digits.
    EXPECT_THAT(message.at("text").get<std::string>(),
                Not(testing::ContainsRegex("[^0-9.:]" + number + "([^0-9.:]|$)")));
    EXPECT_FALSE(message.contains("approve")) << "a button types no number";
    sitting.type("");
    EXPECT_EQ(decide(Verb::approve, "00").result, ActResult::wrong_number);
    EXPECT_TRUE(sitting.waits());
    EXPECT_EQ(decide(Verb::approve, number).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A04_ThreeWrongNumbersRefuse) {
    world.config.approval_number = NumberMode::typed;
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    for (int i = 0; i < most_wrong_numbers; ++i) {
        EXPECT_EQ(decide(Verb::approve, "00").result, ActResult::wrong_number);
    }
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

// After a wrong password, before any, and for people who are not there: the same question, as many commits,
// the same wait, and no phone rings.
TEST_F(DoorApproval, X13_NothingIsSentWithoutTheFirstFactorAndNothingTells) {
    struct Case {
        const char* what;
        StartRequest request;
    };
    std::vector<Case> cases;
    cases.push_back({"asked", at_the_door()});
    cases.push_back({"wrong password", at_the_door("ssh 2")});
    cases.back().request.options = {"first_factor_failed"};
    cases.push_back({"no password", at_the_door("ssh 3")});
    cases.back().request.has_authtok = false;
    cases.push_back({"nobody", at_the_door("ssh 4")});
    cases.back().request.user = "nobody-here";
    for (auto& one : cases) {
        world.forget_what_was_seen();
        world.notices.clear();
        Sitting sitting(engine, one.request);
        ASSERT_EQ(sitting.step->kind, Step::Kind::prompt) << one.what;
        EXPECT_THAT(sitting.step->text,
                    testing::MatchesRegex("Approve on your phone .number [1-9][0-9]. and press "
                                          "Enter, or type a code: "))
            << one.what;
        EXPECT_THAT(world.committed, SizeIs(2)) << one.what;
        EXPECT_EQ(world.notices.size(), one.what == std::string("asked") ? 1U : 0U) << one.what;
        sitting.type("");
        world.pass(59);
        EXPECT_TRUE(sitting.waits()) << one.what;
        world.pass(1);
        ASSERT_TRUE(sitting.done()) << one.what;
        EXPECT_EQ(sitting.step->verdict, Verdict::denied) << one.what;
        EXPECT_EQ(sitting.step->reason, Reason::approval_expired) << one.what;
    }
}

TEST_F(DoorApproval, A07_ACodeAloneDoesNotDoWhereBothAreWanted) {
    rule().ask = {"user:bob"};
    rule().code = CodeMode::both;
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type(mine.phone.code(world.clock));
    EXPECT_TRUE(sitting.waits());
    (void)decide(Verb::approve);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A07_AnApprovalAloneDoesNotDoWhereBothAreWanted) {
    rule().ask = {"user:bob"};
    rule().code = CodeMode::both;
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    (void)decide(Verb::approve);
    ASSERT_FALSE(sitting.waits());
    ASSERT_EQ(sitting.step->kind, Step::Kind::prompt);
    EXPECT_EQ(sitting.step->text, "One-time code: ");
    sitting.type(mine.phone.code(world.clock));
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A07_WhereACodeDoesNotCountARightOneIsRefused) {
    rule().code = CodeMode::none;
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type(mine.phone.code(world.clock));
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    EXPECT_TRUE(world.logged("reason=approval_needed"));
}

// Where nothing can be waited for, a door that wants both must not be content with one.
TEST_F(DoorApproval, A07_ASingleFieldDoorCannotWait) {
    rule().code = CodeMode::both;
    const Enrolment mine = enrol(world, engine);
    StartRequest request = at_the_door();
    request.single_field = true;
    Sitting sitting(engine, request);
    EXPECT_THAT(world.notices, IsEmpty());
    EXPECT_EQ(sitting.step->text, "One-time code: ");
    sitting.type(mine.phone.code(world.clock), ReplyKind::tails);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

TEST_F(DoorApproval, A07_NobodyPassesForWantOfACodeWhereOthersHaveToApprove) {
    StartRequest request = at_the_door();
    request.options = {"nullok"};
    Sitting sitting(engine, request);
    EXPECT_EQ(sitting.step->kind, Step::Kind::prompt);
}

TEST_F(DoorApproval, A07_TwoOfAGroupAndNeverTheRequester) {
    world.groups["admins"] = {"alice", "bob", "carol"};
    rule().ask = {"group:admins"};
    rule().count = 2;
    Sitting sitting(engine, at_the_door());
    EXPECT_THAT(world.notices, SizeIs(2)) << "not to alice";
    sitting.type("");
    Approvals approvals(engine);
    Act act;
    act.by = "user:alice";
    EXPECT_EQ(finish(approvals.act(newest().id, act, administrator(), false)).result, ActResult::gone);
    act.by = "user:bob";
    EXPECT_EQ(finish(approvals.act(newest().id, act, administrator(), false)).result, ActResult::done);
    EXPECT_TRUE(sitting.waits());
    act.by = "user:carol";
    EXPECT_EQ(finish(approvals.act(newest().id, act, administrator(), false)).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A07_GuardiansOfNamedUsers) {
    rule().ask = {"guardians"};
    world.config.guardians["alice"] = {"user:mother", "user:alice"};
    Sitting sitting(engine, at_the_door());
    ASSERT_THAT(world.notices, SizeIs(1));
    EXPECT_EQ(world.notices[0].person, "mother");
}

// Too few are there: nothing is sent, the log says why, and the code remains.
TEST_F(DoorApproval, A05_WhereTooFewCouldApproveTheCodeRemains) {
    rule().ask = {"group:admins"};
    rule().count = 2;
    world.groups["admins"] = {"alice", "bob"};
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    EXPECT_THAT(world.notices, IsEmpty());
    EXPECT_TRUE(world.logged("too few are left who could approve this"));
    sitting.type(mine.phone.code(world.clock));
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, X10_AGroupThatCannotBeToldIsUnavailable) {
    rule().where.groups = {"admins"};
    world.groups["admins"] = {"?"};
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type(mine.phone.code(world.clock));
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::unavailable);
}

TEST_F(DoorApproval, A08_WithoutAPasswordOnlyWithinAWindowAndOnce) {
    const auto passwordless = [&](const std::string& origin) {
        StartRequest request = at_the_door(origin);
        request.has_authtok = false;
        request.options = {"passwordless"};
        return request;
    };
    Sitting closed(engine, passwordless("ssh 1"));
    EXPECT_EQ(closed.step->kind, Step::Kind::prompt) << "the same question";
    EXPECT_THAT(world.notices, IsEmpty()) << "no phone rings";
    Approvals approvals(engine);
    (void)finish(approvals.change_desk(alice, [&](Desk& desk) { open_window(desk, world.clock, 600); }));
    Sitting open(engine, passwordless("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1));
    open.type("");
    (void)decide(Verb::approve);
    ASSERT_TRUE(open.done());
    EXPECT_EQ(open.step->verdict, Verdict::success);
    Sitting again(engine, passwordless("ssh 3"));
    EXPECT_THAT(world.notices, SizeIs(1)) << "the first success closes it";
}

class Passwordless : public DoorApproval {
  protected:
    StartRequest without_a_password(const std::string& origin, const std::string& address = {}) {
        StartRequest request = at_the_door(origin);
        request.has_authtok = false;
        request.options = {"passwordless"};
        if (!address.empty()) {
            request.caller.source = SourceId::remote(address);
        }
        return request;
    }
    void window(std::int64_t seconds) {
        Approvals approvals(engine);
        (void)finish(
            approvals.change_desk(alice, [&](Desk& desk) { open_window(desk, world.clock, seconds); }));
    }
};

TEST_F(Passwordless, A08_OfTwoThatWaitInOneWindowOneIsLetIn) {
    window(600);
    Sitting first(engine, without_a_password("ssh 1", "192.0.2.7"));
    const std::string of_first = token("link");
    Sitting second(engine, without_a_password("ssh 2", "192.0.2.8"));
    ASSERT_THAT(world.notices, SizeIs(2));
    first.type("");
    second.type("");
    (void)decide(Verb::approve);
    ASSERT_TRUE(second.done());
    EXPECT_EQ(second.step->verdict, Verdict::success);
    Approvals approvals(engine);
    const auto [request, held] = approvals.find_by_token(of_first);
    Act yes;
    yes.by = held.holder;
    EXPECT_EQ(finish(approvals.act(request.id, yes, administrator(), true)).result, ActResult::done);
    ASSERT_TRUE(first.done());
    EXPECT_EQ(first.step->verdict, Verdict::denied);
    Sitting retry(engine, without_a_password("ssh 1", "192.0.2.7"));
    retry.type("");
    EXPECT_TRUE(retry.waits()) << "and what was approved is gone";
}

TEST_F(Passwordless, A08_AYesAfterTheWindowWasClosedLetsNobodyIn) {
    for (const bool by_the_clock : {false, true}) {
        world.clock += day;
        window(30);
        Sitting sitting(engine, without_a_password(by_the_clock ? "ssh 1" : "ssh 2"));
        sitting.type("");
        EXPECT_TRUE(sitting.waits());
        if (by_the_clock) {
            world.clock += 30;
        } else {
            window(0);
        }
        (void)decide(Verb::approve);
        ASSERT_TRUE(sitting.done());
        EXPECT_EQ(sitting.step->verdict, Verdict::denied);
        EXPECT_EQ(newest().state, RequestState::cancelled);
    }
}

TEST_F(DoorApproval, A08_ACodeIsWorthNothingThere) {
    const Enrolment mine = enrol(world, engine);
    StartRequest request = at_the_door();
    request.has_authtok = false;
    request.options = {"passwordless"};
    Sitting sitting(engine, request);
    sitting.type(mine.phone.code(world.clock));
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

TEST_F(DoorApproval, A10_SwitchedOffNobodyIsAsked) {
    world.config.approval = false;
    Sitting sitting(engine, at_the_door());
    EXPECT_EQ(sitting.step->text, "One-time code: ");
    EXPECT_THAT(world.notices, IsEmpty());
}

TEST_F(DoorApproval, A01_WhoeverGoesAwayWithdrawsTheRequest) {
    Sitting sitting(engine, at_the_door());
    sitting.leave();
    EXPECT_EQ(newest().state, RequestState::cancelled);
    Sitting waiting(engine, at_the_door("ssh 2"));
    waiting.type("");
    EXPECT_TRUE(waiting.waits());
    waiting.leave();
    ASSERT_TRUE(waiting.done());
    EXPECT_EQ(waiting.step->verdict, Verdict::denied);
}

TEST_F(DoorApproval, A01_CockpitIsAskedAgainBeforeItLosesPatience) {
    rule().where.services = {"cockpit"};
    StartRequest request = at_the_door();
    request.caller.service = "cockpit";
    Sitting sitting(engine, request);
    sitting.type("");
    world.pass(most_waited_at_cockpit - 1);
    EXPECT_TRUE(sitting.waits());
    world.pass(1);
    ASSERT_FALSE(sitting.waits());
    EXPECT_EQ(sitting.step->kind, Step::Kind::prompt);
    EXPECT_THAT(sitting.step->text, HasSubstr("Nobody has decided yet. Approve on your phone"));
    sitting.type("");
    (void)decide(Verb::approve);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
}

TEST_F(DoorApproval, A01_SuspendedMeanwhileNobodyGetsIn) {
    rule().ask = {"user:carol"};
    Sitting sitting(engine, at_the_door());
    (void)finish(engine.suspend(alice, administrator(), true));
    sitting.type("");
    (void)decide(Verb::approve);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    Sitting again(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, SizeIs(1)) << "and nothing rings";
}

class MailedCodeDoor : public DoorApproval {
  protected:
    MailedCodeDoor() {
        world.config.approval_rules.clear();
        world.config.notify["mail"] = {
            "mail", "smtp://127.0.0.1", "", "{user}@example.org", "w@example.org", "", "", {}, false};
        world.config.notify_order = {"phone", "mail"};
        world.config.service["sshd"].mail_code = true;
    }
    std::string mailed() {
        EXPECT_EQ(world.notices.back().forms.at(0).channel, "mail");
        const auto message = nlohmann::json::parse(world.notices.back().forms.at(0).document.text());
        const std::string text = message.at("text");
        const std::size_t at = text.find(": ");
        return text.substr(at + 2, mailed_code_digits);
    }
};

TEST_F(MailedCodeDoor, A12_ACodeByMailSignsInOnce) {
    Sitting sitting(engine, at_the_door());
    EXPECT_EQ(sitting.step->text, "One-time code (m: have one mailed): ");
    sitting.type("m");
    ASSERT_EQ(sitting.step->kind, Step::Kind::prompt);
    EXPECT_THAT(sitting.step->text, HasSubstr("a code is on its way"));
    ASSERT_THAT(world.notices, SizeIs(1));
    const std::string code = mailed();
    sitting.type(code);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
    EXPECT_TRUE(world.logged("reason=mailed_code"));
    for (const auto& line : world.lines) {
        EXPECT_EQ(line.find(code), std::string::npos);
    }
    Sitting again(engine, at_the_door("ssh 2"));
    again.type(code);
    EXPECT_EQ(again.step->verdict, Verdict::denied);
}

TEST_F(MailedCodeDoor, A12_TheCodeOfAnAppStillWorksAndTheMailedOneEndsAfterTenMinutes) {
    const Enrolment mine = enrol(world, engine);
    Sitting sitting(engine, at_the_door());
    sitting.type("m");
    sitting.type(mine.phone.code(world.clock));
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
    world.clock += mailed_code_seconds;
    Sitting later(engine, at_the_door("ssh 2"));
    later.type(mailed());
    EXPECT_EQ(later.step->verdict, Verdict::denied);
}

// Before the first factor, after a wrong one and for nobody: the same answer, as many commits, and no mail.
TEST_F(MailedCodeDoor, X13_WhoeverMayHaveNoneMailedHearsAndCostsTheSame) {
    std::vector<StartRequest> cases(4, at_the_door());
    cases[1].options = {"first_factor_failed"};
    cases[2].has_authtok = false;
    cases[3].user = "nobody-here";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        world.forget_what_was_seen();
        world.notices.clear();
        Sitting sitting(engine, cases[i]);
        sitting.type("m");
        EXPECT_EQ(
            sitting.step->text,
            "If an address is known for you, a code is on its way. One-time code (m: have one mailed): ")
            << i;
        EXPECT_THAT(world.committed, SizeIs(1)) << i;
        EXPECT_THAT(world.notices, SizeIs(i == 0 ? 1 : 0)) << i;
    }
}

TEST_F(MailedCodeDoor, A12_OneSignInHasThreeMailedAndThenItIsAnOrdinaryAnswer) {
    Sitting sitting(engine, at_the_door());
    for (int i = 0; i < 3; ++i) {
        sitting.type("m");
        ASSERT_EQ(sitting.step->kind, Step::Kind::prompt);
    }
    sitting.type("m");
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

TEST_F(MailedCodeDoor, A12_SomebodyElsesCodeIsNone) {
    Sitting sitting(engine, at_the_door());
    sitting.type("m");
    StartRequest other = at_the_door("ssh 2");
    other.user = "bob";
    world.people["bob"] = {"bob", 1001, 1001, "/home/bob"};
    Sitting theirs(engine, other);
    theirs.type(mailed());
    EXPECT_EQ(theirs.step->verdict, Verdict::denied);
}

TEST_F(MailedCodeDoor, A12_AWrongPasswordNeitherEndsNorRedeemsWhatWasMailed) {
    Sitting owner(engine, at_the_door());
    owner.type("m");
    const std::string code = mailed();
    StartRequest wrong = at_the_door("ssh 2");
    wrong.options = {"first_factor_failed"};
    Sitting thief(engine, wrong);
    thief.type("m");
    thief.type(code);
    EXPECT_EQ(thief.step->verdict, Verdict::denied);
    owner.type(code);
    EXPECT_EQ(owner.step->verdict, Verdict::success);
}

TEST_F(MailedCodeDoor, A12_ThreeMailsAnHourFromHoweverManySignIns) {
    for (std::size_t i = 0; i < mails_an_hour + 2; ++i) {
        Sitting sitting(engine, at_the_door("ssh " + std::to_string(i)));
        sitting.type("m");
        EXPECT_EQ(sitting.step->kind, Step::Kind::prompt);
    }
    EXPECT_THAT(world.notices, SizeIs(mails_an_hour));
}

TEST_F(MailedCodeDoor, A12_WhoIsSuspendedMeanwhileOrNotAtRootsDoorGetsNothingByIt) {
    Sitting sitting(engine, at_the_door());
    sitting.type("m");
    StartRequest own = at_the_door("ssh 2");
    own.caller.admin = false;
    Sitting unbelieved(engine, own);
    EXPECT_EQ(unbelieved.step->text, "One-time code: ");
    unbelieved.type(mailed());
    EXPECT_EQ(unbelieved.step->verdict, Verdict::denied);
    (void)finish(engine.suspend(alice, administrator(), true));
    sitting.type(mailed());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

// Where a rule wants an approval besides, a mailed code is a code like any other.
TEST_F(MailedCodeDoor, A12_ARuleThatWantsAnApprovalHoldsForAMailedCodeToo) {
    ApprovalRule both;
    both.where.services = {"sshd"};
    both.ask = {"user:bob"};
    both.code = CodeMode::both;
    world.config.approval_rules = {both};
    Sitting sitting(engine, at_the_door());
    const std::string id = newest().id;
    sitting.type("m");
    sitting.type(mailed());
    EXPECT_TRUE(sitting.waits());
    Act yes;
    yes.by = "user:bob";
    Approvals approvals(engine);
    EXPECT_EQ(finish(approvals.act(id, yes, administrator(), false)).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::success);
    world.config.approval_rules[0].code = CodeMode::none;
    world.clock += day;
    Sitting alone(engine, at_the_door("ssh 2"));
    alone.type("m");
    alone.type(mailed());
    ASSERT_TRUE(alone.done());
    EXPECT_EQ(alone.step->verdict, Verdict::denied);
}

// What a PAM line of the person's own says is not believed, and what shows nothing asks for nothing.
TEST_F(DoorApproval, X32_OnlyRootsDoorThatShowsTextRingsAPhone) {
    StartRequest own = at_the_door("ssh 1"), quiet = at_the_door("ssh 2"), key = at_the_door("ssh 3");
    own.caller.admin = false;
    quiet.flags = pam_silent;
    for (const auto& request : {own, quiet}) {
        Sitting sitting(engine, request);
        EXPECT_EQ(sitting.step->text, "One-time code: ");
        EXPECT_THAT(world.notices, IsEmpty());
    }
    // sshd alone says what it verified itself.
    key.has_authtok = false;
    key.auth_info = "publickey ssh-ed25519 AAAA";
    Sitting with_key(engine, key);
    EXPECT_THAT(world.notices, SizeIs(1));
    rule().where.services = {"su"};
    key.caller.service = "su";
    key.caller.origin = "su 1";
    world.clock += day;
    Sitting elsewhere(engine, key);
    EXPECT_THAT(world.notices, SizeIs(1));
}

TEST_F(DoorApproval, X29_ARequestIsTakenUpByNobodyButItsAsker) {
    Sitting owner(engine, at_the_door("ssh 1"));
    (void)decide(Verb::approve);
    Approvals approvals(engine);
    (void)finish(approvals.change_desk(alice, [](Desk& desk) { desk.open.at(0).origin = "ssh 2"; }));
    Sitting stranger(engine, at_the_door("ssh 2"));
    EXPECT_FALSE(stranger.done());
    EXPECT_EQ(newest().state, RequestState::approved);
}

TEST_F(DoorApproval, A01_WhatWasRedeemedLongAgoIsNoPermission) {
    Sitting owner(engine, at_the_door("ssh 1"));
    owner.type("");
    (void)decide(Verb::approve);
    ASSERT_EQ(owner.step->verdict, Verdict::success);
    Approvals approvals(engine);
    (void)finish(
        approvals.change_desk(alice, [&](Desk& desk) { desk.open.at(0).until = world.clock + day; }));
    for (const std::int64_t away : {std::int64_t{redeemed_seconds}, std::int64_t{-1}}) {
        world.clock += away;
        Sitting again(engine, at_the_door("ssh 1"));
        EXPECT_FALSE(again.done() && again.step->verdict == Verdict::success) << away;
        world.clock -= away;
    }
}

TEST_F(DoorApproval, A03_AYesThatWasTakenBackLetsNobodyIn) {
    Sitting sitting(engine, at_the_door());
    (void)decide(Verb::approve);
    (void)decide(Verb::not_me);
    sitting.type("");
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    EXPECT_EQ(sitting.step->reason, Reason::approval_denied);
}

TEST_F(DoorApproval, A01_SshdIsAnsweredBeforeItHangsUp) {
    world.config.approval_seconds = 120;
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    world.pass(most_waited_at_sshd - 1);
    EXPECT_TRUE(sitting.waits());
    world.pass(1);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
}

// What is remembered replaces a code, never an approval.
TEST_F(DoorApproval, A07_WhoIsRememberedIsAskedWhereAnApprovalIsWanted) {
    world.config.service["sshd"].remember_minutes = 10;
    const Enrolment mine = enrol(world, engine);
    Sitting first(engine, at_the_door("ssh 1"));
    first.type(mine.phone.code(world.clock));
    ASSERT_EQ(first.step->verdict, Verdict::success);
    Sitting remembered(engine, at_the_door("ssh 2"));
    EXPECT_EQ(remembered.step->verdict, Verdict::ignored);
    for (const auto code : {CodeMode::both, CodeMode::none}) {
        rule().code = code;
        Sitting asked(engine, at_the_door("ssh 3"));
        EXPECT_EQ(asked.step->kind, Step::Kind::prompt);
    }
}

TEST_F(DoorApproval, S15_NotMeEndsWhatIsRemembered) {
    world.config.service["sshd"].remember_minutes = 10;
    const Enrolment mine = enrol(world, engine);
    Sitting first(engine, at_the_door("ssh 1"));
    first.type(mine.phone.code(world.clock));
    ASSERT_EQ(first.step->verdict, Verdict::success);
    StartRequest elsewhere = at_the_door("ssh 2");
    elsewhere.caller.source = SourceId::remote("198.51.100.77");
    elsewhere.caller.place = "198.51.100.77";
    Sitting thief(engine, elsewhere);
    EXPECT_EQ(Sitting(engine, at_the_door("ssh 3")).step->verdict, Verdict::ignored);
    EXPECT_EQ(decide(Verb::not_me).result, ActResult::done);
    EXPECT_EQ(Sitting(engine, at_the_door("ssh 4")).step->kind, Step::Kind::prompt);
}

// The prompt says what rules of that service make of the phone and of a code, to everybody there alike.
TEST_F(DoorApproval, A01_ThePromptSaysWhoApprovesAndWhatACodeDoes) {
    struct Case {
        std::vector<std::string> ask;
        CodeMode code;
        const char* text;
    };
    const Case cases[] = {
        {{"self"}, CodeMode::either, "Approve on your phone and press Enter, or type a code: "},
        {{"self"}, CodeMode::both, "Approve on your phone, and type a code: "},
        {{"self"}, CodeMode::none, "Approve on your phone and press Enter: "},
        {{"user:bob"}, CodeMode::either, "Have it approved and press Enter, or type a code: "},
        {{"self", "user:bob"}, CodeMode::both, "Have it approved, and type a code: "},
        {{"device:door"}, CodeMode::none, "Have it approved and press Enter: "},
    };
    world.config.approval_number = NumberMode::off;
    int origin = 0;
    for (const Case& one : cases) {
        rule().ask = one.ask;
        rule().code = one.code;
        StartRequest request = at_the_door("ssh " + std::to_string(++origin));
        request.caller.source = SourceId::remote("198.51.100." + std::to_string(origin));
        EXPECT_EQ(Sitting(engine, request).step->text, one.text);
        world.pass(4'000);
    }
    // Whom another rule fits sees nothing of that.
    ApprovalRule others;
    others.where.services = {"sshd"};
    others.where.users = {"erin"};
    others.ask = {"group:guards"};
    others.code = CodeMode::both;
    rule().ask = {"self"};
    rule().code = CodeMode::none;
    world.config.approval_rules.push_back(others);
    EXPECT_EQ(Sitting(engine, at_the_door("ssh 100")).step->text,
              "Have it approved and press Enter, or type a code: ");
}

TEST_F(DoorApproval, A12_ThePromptOffersAMailedCodeBesideTheApproval) {
    world.config.service["sshd"].mail_code = true;
    world.config.approval_number = NumberMode::off;
    world.config.notify["mail"] = {"mail", "smtp://127.0.0.1", "", "", "", "", "", {}, false};
    world.config.notify_order = {"mail"};
    EXPECT_EQ(Sitting(engine, at_the_door()).step->text,
              "Approve on your phone and press Enter, or type a code (m: have one mailed): ");
}

// Whoever asked may be gone when the yes comes.
TEST_F(DoorApproval, A01_AYesAfterTheCallerIsGoneLetsNobodyIn) {
    Sitting sitting(engine, at_the_door());
    sitting.type("");
    ASSERT_TRUE(sitting.waits());
    sitting.leave();
    EXPECT_NE(decide(Verb::approve).result, ActResult::done);
    ASSERT_TRUE(sitting.done());
    EXPECT_EQ(sitting.step->verdict, Verdict::denied);
    EXPECT_EQ(sitting.step->reason, Reason::withdrawn);
}

// "Not me" by somebody else than the owner touches that source alone.
TEST_F(DoorApproval, A04_SomebodyElsesNotMeSilencesOneSource) {
    rule().ask = {"user:bob"};
    StartRequest here = at_the_door("ssh 1"), there = at_the_door("ssh 2");
    there.caller.source = SourceId::remote("198.51.100.77");
    Sitting sitting(engine, here);
    EXPECT_EQ(decide(Verb::not_me).result, ActResult::done);
    Sitting elsewhere(engine, there);
    EXPECT_THAT(world.notices, SizeIs(2));
    here.caller.origin = "ssh 3";
    Sitting again(engine, here);
    EXPECT_THAT(world.notices, SizeIs(2));
}

TEST_F(DoorApproval, A07_NobodyIsTwoAndNobodyApprovesTheirOwnUnderTheirName) {
    world.groups["a"] = {"bob"};
    world.groups["b"] = {"bob"};
    for (const auto& ask : std::vector<std::vector<std::string>>{{"group:a", "group:b"}, {"user:alice"}}) {
        rule().ask = ask;
        rule().count = ask.size();
        Sitting sitting(engine, at_the_door("ssh 1"));
        EXPECT_THAT(world.notices, IsEmpty());
        EXPECT_TRUE(world.logged("too few are left who could approve this"));
        world.forget_what_was_seen();
    }
    rule().ask = {"user:bob", "user:alice"};
    rule().count = 1;
    rule().together = true;
    Sitting sitting(engine, at_the_door("ssh 2"));
    EXPECT_THAT(world.notices, IsEmpty());
    EXPECT_TRUE(world.logged("nobody is left of user:alice who could approve this"));
}

// Whatever the store or the directory fails at: never in, never past.
TEST_F(DoorApproval, X09_AFailureAnywhereLetsNobodyIn) {
    int failed = 0;
    for (int nth = 1; nth < 60; ++nth) {
        world.notices.clear();
        world.clock += 3 * day;
        world.fail_call = nth;
        Sitting sitting(engine, at_the_door("ssh " + std::to_string(nth)));
        const bool before = world.fail_call == 0;
        if (!sitting.done()) {
            sitting.type("");
            for (int i = 0; i < 70 && sitting.waits(); ++i) {
                world.pass(1);
            }
        }
        ASSERT_TRUE(sitting.done());
        EXPECT_NE(sitting.step->verdict, Verdict::success) << nth;
        EXPECT_NE(sitting.step->verdict, Verdict::ignored) << nth;
        failed += before ? 1 : 0;
        world.fail_call = 0;
    }
    EXPECT_GT(failed, 3);
}

TEST_F(DoorApproval, X27_HostileNamesAreShownHarmless) {
    StartRequest request = at_the_door();
    request.caller.rhost = "; rm -rf /\x1b[2J\n%s\xE2\x80\xAE";
    Sitting sitting(engine, request);
    const auto message = nlohmann::json::parse(world.notices[0].forms[0].document.text());
    const auto text = message.at("text").get<std::string>();
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
    EXPECT_THAT(text, HasSubstr("; rm -rf /"));
}

TEST_F(DoorApproval, A02_TheMessageSaysWhoWhereAndFromWhereAndABlindOneNothing) {
    world.config.notify["phone"].blind = true;
    world.config.notify["mail"] = {
        "mail", "smtp://127.0.0.1", "", "{user}@example.org", "w@example.org", "", "", {}, false};
    world.config.notify_order = {"phone", "mail"};
    StartRequest request = at_the_door();
    Sitting sitting(engine, request);
    const auto& forms = world.notices[0].forms;
    ASSERT_THAT(forms, SizeIs(2));
    const std::string blind(forms[0].document.text()), open(forms[1].document.text());
    EXPECT_THAT(open, HasSubstr("alice"));
    EXPECT_THAT(open, HasSubstr(request.caller.rhost));
    EXPECT_THAT(blind, Not(HasSubstr("alice")));
    EXPECT_THAT(blind, Not(HasSubstr(request.caller.rhost)));
    EXPECT_THAT(blind, HasSubstr(newest().number));
}

}  // namespace
}  // namespace warifu
