// Words that approvers gave beforehand, as a door meets them.
#include "core/engine/approver_rules.h"

#include <gmock/gmock.h>

#include "core/engine/approvals.h"
#include "core/engine/conversation.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::SizeIs;

const Subject bob{"host", "bob"}, carol{"host", "carol"};

class Beforehand : public testing::Test {
  protected:
    Beforehand() : engine(world.config, &world.key, world), rules(engine) {
        world.config.approval_url = "https://login.example.org";
        world.config.notify["phone"] = {
            "ntfy", "https://ntfy.example.org", "warifu-{user}", "", "", "", "", {}, false};
        world.config.notify_order = {"phone"};
        for (const auto& subject : {bob, carol}) {
            if (!world.people.contains(subject.name)) {
                const auto uid = static_cast<std::uint32_t>(3'000 + world.people.size());
                world.people[subject.name] = {subject.name, uid, uid, "/home/" + subject.name};
            }
            (void)enrol(world, engine, subject);
        }
        ApprovalRule rule;
        rule.where.services = {"sshd"};
        rule.ask = {"user:bob", "user:carol"};
        world.config.approval_rules = {rule};
    }
    ApprovalRule& policy() { return world.config.approval_rules[0]; }
    std::string says(const Subject& owner, bool yes = true, std::vector<std::string> users = {"alice"}) {
        ApproverRule rule;
        rule.approve = yes;
        rule.users = std::move(users);
        rule.until = world.clock + day;
        return finish(rules.add(owner, rule, at_home())).id;
    }
    Step at_the_door(std::vector<std::string> options = {}) {
        Conversation conversation(engine);
        StartRequest request = door(std::move(options));
        request.has_authtok = true;
        request.caller.origin = "ssh " + std::to_string(++sittings);
        Step step = finish(conversation.start(std::move(request)));
        conversation.abandon();
        return step;
    }

    World world;
    Engine engine;
    ApproverRules rules;
    int sittings = 0;
};

TEST_F(Beforehand, A07_AYesByRuleLetsInAndRingsNoPhoneAndIsLoggedAsThat) {
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    EXPECT_THAT(world.notices, SizeIs(2));
    const std::string id = says(bob);
    world.clock += 600;
    const Step step = at_the_door();
    ASSERT_EQ(step.kind, Step::Kind::done);
    EXPECT_EQ(step.verdict, Verdict::success);
    EXPECT_EQ(step.reason, Reason::approved);
    EXPECT_THAT(world.notices, SizeIs(2)) << "nobody is disturbed";
    EXPECT_TRUE(world.logged("by=user:bob rule=" + id));
    EXPECT_TRUE(world.logged("audit: request-approve user=alice"));
}

TEST_F(Beforehand, A07_ANoByRuleRefusesAtOnce) {
    says(bob, false);
    const Step step = at_the_door();
    ASSERT_EQ(step.kind, Step::Kind::done);
    EXPECT_EQ(step.verdict, Verdict::denied);
    EXPECT_TRUE(world.notices.empty());
}

TEST_F(Beforehand, A07_OfTwoOneByRuleAndTheOtherIsAsked) {
    policy().count = 2;
    says(bob);
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    ASSERT_THAT(world.notices, SizeIs(1));
    EXPECT_EQ(world.notices[0].person, "carol");
    Approvals approvals(engine);
    const Request request = approvals.find(world.notices[0].about);
    EXPECT_EQ(request.approvals(), 1U);
}

TEST_F(Beforehand, A07_NobodySaysYesToThemselvesBeforehand) {
    (void)enrol(world, engine);
    policy().ask = {"self"};
    says(alice);
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    EXPECT_THAT(world.notices, SizeIs(1));
}

TEST_F(Beforehand, A07_WhoIsSuspendedOrResetHasNoWord) {
    says(bob);
    (void)finish(engine.suspend(bob, administrator(), true));
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    (void)finish(engine.suspend(bob, administrator(), false));
    world.clock += 600;
    EXPECT_EQ(at_the_door().kind, Step::Kind::done);
    (void)finish(engine.reset(bob, administrator()));
    world.clock += 600;
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
}

TEST_F(Beforehand, A07_WithoutAPasswordAPersonHasToLook) {
    says(bob);
    Approvals approvals(engine);
    (void)finish(approvals.change_desk(alice, [&](Desk& desk) { open_window(desk, world.clock, 600); }));
    EXPECT_EQ(at_the_door({"passwordless"}).kind, Step::Kind::prompt);
}

TEST_F(Beforehand, A07_RulesAreCountedListedAndRemoved) {
    const std::string id = says(bob);
    EXPECT_EQ(rules.of(bob).at(0).id, id);
    EXPECT_THROW(finish(rules.remove(bob, "other", at_home())), NotFound);
    EXPECT_TRUE(finish(rules.remove(bob, id, at_home())));
    EXPECT_TRUE(rules.of(bob).empty());
    EXPECT_THROW(says(bob, true, {}), Invalid);
    for (std::size_t i = 0; i < most_approver_rules; ++i) {
        says(bob);
    }
    EXPECT_THROW(says(bob), Conflict);
    world.clock += 2 * day;
    EXPECT_NO_THROW(says(bob)) << "those whose time is over make room";
}

TEST_F(Beforehand, A07_AnUnreadableRecordIsNoWord) {
    says(bob);
    world.record(RecordKind::approver_rules, "bob").document = "{";
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    EXPECT_THAT(world.notices, SizeIs(2));
    EXPECT_TRUE(world.logged("approval: rules of user:bob"));
}

TEST_F(Beforehand, A09_OutsideTheHoursOfTheRuleOfPolicyNobodysYesCounts) {
    policy().armed = {*Hours::parse("08:00-18:00")};  // the year begins at midnight
    says(bob);
    EXPECT_EQ(at_the_door().kind, Step::Kind::prompt);
    ASSERT_THAT(world.notices, SizeIs(2));
    world.clock += 9 * 3'600;
    EXPECT_EQ(at_the_door().verdict, Verdict::success) << "within them";
}

TEST_F(Beforehand, A09_ATokenOutsideTheHoursIsNotSpent) {
    policy().armed = {*Hours::parse("08:00-18:00")};
    Conversation conversation(engine);
    StartRequest request = door();
    request.has_authtok = true;
    request.caller.origin = "ssh 1";
    world.clock += 8 * 3'600 - 30;
    EXPECT_EQ(finish(conversation.start(std::move(request))).kind, Step::Kind::prompt);
    Approvals approvals(engine);
    Act yes;
    yes.by = "user:bob";
    const std::string id = world.notices.at(0).about;
    EXPECT_EQ(finish(approvals.act(id, yes, administrator(), false)).result, ActResult::not_yet);
    world.clock += 30;
    EXPECT_EQ(finish(approvals.act(id, yes, administrator(), false)).result, ActResult::done);
}

}  // namespace
}  // namespace warifu
