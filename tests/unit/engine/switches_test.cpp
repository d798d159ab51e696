// Switches that are turned at run time, as sign-ins meet them.
#include <gmock/gmock.h>

#include "core/engine/approvals.h"
#include "core/engine/switchboard.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

class Switched : public testing::Test {
  protected:
    Switched() : engine(world.config, &world.key, world), switchboard(engine) {}
    void turn(const std::string& name, const std::string& value, const std::string& service = "") {
        (void)finish(switchboard.turn("host", service, name, value, "uid:0", administrator()));
    }
    Step begun(const std::string& user = "alice", std::vector<std::string> options = {}) {
        Conversation conversation(engine);
        return finish(conversation.start(door(std::move(options), user)));
    }
    World world;
    Engine engine;
    Switchboard switchboard;
};

TEST_F(Switched, A10_OffNobodyIsAskedFromTheNextSignInOnUntilItIsTurnedBack) {
    (void)enrol(world, engine);
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
    turn("second_factor", "off");
    const Step passed = begun();
    ASSERT_EQ(passed.kind, Step::Kind::done);
    EXPECT_EQ(passed.verdict, Verdict::ignored) << "never success";
    EXPECT_EQ(passed.reason, Reason::switched_off);
    EXPECT_TRUE(world.logged("reason=switched_off"));
    turn("second_factor", "default");
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
}

TEST_F(Switched, A10_OffForOneServiceIsOffThereAlone) {
    (void)enrol(world, engine);
    turn("second_factor", "off", "login");
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
    turn("second_factor", "off", "sshd");
    EXPECT_EQ(begun().reason, Reason::switched_off);
    turn("second_factor", "off");
    turn("second_factor", "on", "sshd");
    EXPECT_EQ(begun().kind, Step::Kind::prompt) << "the nearer one";
}

TEST_F(Switched, A10_OffLetsNoSuspendedOrUnknownAccountPass) {
    (void)enrol(world, engine);
    turn("second_factor", "off");
    EXPECT_EQ(begun("nobody-here").kind, Step::Kind::prompt);
    (void)finish(engine.suspend(alice, administrator(), true));
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
}

TEST_F(Switched, A10_OffAsksNobodyToApprove) {
    ApprovalRule rule;
    rule.where.services = {"sshd"};
    rule.ask = {"user:bob"};
    world.config.approval_rules = {rule};
    turn("second_factor", "off");
    EXPECT_EQ(begun().reason, Reason::switched_off);
    EXPECT_TRUE(world.notices.empty());
}

TEST_F(Switched, A10_TheUnregisteredPassOrAreRefusedAsTheSwitchSays) {
    world.config.unenrolled = PolicyOutcome::refuse;
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
    turn("unregistered", "allow");
    EXPECT_EQ(begun().reason, Reason::unenrolled_pass);
    world.config.unenrolled = PolicyOutcome::pass;
    turn("unregistered", "deny");
    EXPECT_EQ(begun("alice", {"nullok"}).kind, Step::Kind::prompt);
    (void)enrol(world, engine);
    turn("unregistered", "allow");
    EXPECT_EQ(begun().kind, Step::Kind::prompt) << "the registered are asked";
}

TEST_F(Switched, A10_ARuleOfTheConfigurationGoesBeforeUnregistered) {
    PolicyRule rule;
    rule.users = {"alice"};
    rule.outcome = PolicyOutcome::refuse;
    world.config.rules = {rule};
    turn("unregistered", "allow");
    EXPECT_EQ(begun().kind, Step::Kind::prompt);
}

TEST_F(Switched, A10_WhoTurnedItStandsInTheAuditLog) {
    turn("second_factor", "off", "sshd");
    EXPECT_TRUE(world.logged("audit: switch user=switches"));
    EXPECT_TRUE(world.logged("realm=host service=sshd second_factor=off turned_by=uid:0"));
    EXPECT_THROW(turn("not_now", "allow"), Invalid);
    EXPECT_EQ(switchboard.of("host").at("sshd").by, "uid:0");
}

TEST_F(Switched, A10_ADamagedRecordRefusesEverybodyAndTurningOneMendsIt) {
    (void)enrol(world, engine);
    Record& record = world.record(RecordKind::switches, "all");
    record.document = "{";
    record.version = 1;
    const Step asked = begun();
    EXPECT_EQ(asked.kind, Step::Kind::prompt) << "asked as ever, in vain";
    EXPECT_EQ(converse(engine, door(), "123456").verdict, Verdict::unavailable);
    turn("second_factor", "on");
    EXPECT_EQ(switchboard.of("host").size(), 1U);
}

TEST_F(Switched, A10_NotNowLetsInAtASiteThatWantsItAndSealsNothing) {
    (void)finish(switchboard.turn("shop", "", "not_now", "allow", "key:a", administrator()));
    Approvals approvals(engine);
    Wish wish;
    wish.subject = {"shop", "customer-7"};
    wish.caller = administrator();
    wish.asker = "key a";
    wish.seconds = 60;
    wish.needs = {{"people", {"user:bob"}, 1}};
    wish.kind = RequestKind::sign_in;
    Act no;
    no.verb = Verb::not_now;
    no.by = "user:bob";
    const Request let_in = finish(approvals.make(wish)).request;
    EXPECT_EQ(finish(approvals.act(let_in.id, no, administrator(), false)).request.state,
              RequestState::approved);
    wish.kind = RequestKind::action;
    const Request sealed = finish(approvals.make(wish)).request;
    EXPECT_EQ(finish(approvals.act(sealed.id, no, administrator(), false)).request.state,
              RequestState::denied);
    wish.kind = RequestKind::sign_in;
    wish.subject.realm = "host";
    const Request on_the_host = finish(approvals.make(wish)).request;
    EXPECT_EQ(finish(approvals.act(on_the_host.id, no, administrator(), false)).request.state,
              RequestState::denied);
}

}  // namespace
}  // namespace warifu
