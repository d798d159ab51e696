// Requests made and decided by whoever has the right half, and by nobody else; buttons and API keys.
#include "core/engine/approvals.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <nlohmann/json.hpp>

#include "core/engine/action_approval.h"
#include "core/engine/api_key.h"
#include "core/engine/device.h"
#include "core/error/error.h"
#include "core/otp/hmac.h"
#include "core/seal/signing_key.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::HasSubstr;

Act by(std::string holder, Verb verb = Verb::approve) {
    Act act;
    act.verb = verb;
    act.by = std::move(holder);
    return act;
}

Wish action(std::vector<std::string> approvers = {"user:bob"}) {
    Wish wish;
    wish.subject = alice;
    wish.caller = at_home();
    wish.asker = "uid 1000";
    wish.facts.message = "seal the contract";
    wish.facts.digest = "sha256:00";
    wish.seconds = 600;
    Need need;
    need.label = "people";
    for (auto& one : approvers) {
        need.holders.push_back(std::move(one));
    }
    wish.needs = {need};
    return wish;
}

std::string press_mac(const Secret& key, const Press& press) {
    std::array<std::uint8_t, 32> mac{};
    const std::string text = signed_text(press);
    hmac(Algorithm::sha256, key.bytes(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
         mac);
    return hex_of(mac);
}

class ApprovalsInAWorld : public testing::Test {
  protected:
    ApprovalsInAWorld() : engine(world.config, &world.key, world), approvals(engine), devices(engine) {
        world.add_person("carol", 1'002);
    }
    Press pressed(const Device& device, std::uint64_t counter, std::string body = "approve") {
        Press press;
        press.device = device.id;
        press.counter = counter;
        press.body = std::move(body);
        press.mac = press_mac(device.key, press);
        return press;
    }
    World world;
    Engine engine;
    Approvals approvals;
    Devices devices;
};

TEST_F(ApprovalsInAWorld, X15_ARequestIsDecidedOnceHoweverTheCommitsFall) {
    for (int round = 0; round < 50; ++round) {
        world.clock += 3'600;
        (void)finish(approvals.change_desk(alice, lift));
        const Request request = finish(approvals.make_action(action({"user:bob", "user:carol"}))).request;
        world.deferred = true;
        std::mt19937_64 random(static_cast<std::uint64_t>(round));
        int done = 0, finished = 0;
        for (const auto& act : {by("user:bob"), by("user:carol", Verb::not_now), by("user:bob"),
                                by("user:carol", Verb::not_me)}) {
            run<Acted>(approvals.act(request.id, act, administrator(), false),
                       [&](std::optional<Acted> acted, std::exception_ptr) {
                           ++finished;
                           done += acted && acted->result == ActResult::done ? 1 : 0;
                       });
        }
        while (world.turn(random)) {
        }
        world.deferred = false;
        EXPECT_EQ(finished, 4);
        // A yes may still be taken back by "not me" before it is redeemed, and by nothing else.
        const auto state = approvals.find(request.id).state;
        EXPECT_TRUE(state == RequestState::revoked ? done == 2 : done == 1) << name(state);
    }
}

// Budgets and "not me" rest on it: of two that change a desk at once none is lost.
TEST_F(ApprovalsInAWorld, X15_OfTwoChangesOfADeskNoneIsLost) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        (void)finish(approvals.change_desk(alice, [](Desk& desk) { desk = Desk(); }));
        world.deferred = true;
        std::mt19937_64 random(seed);
        int finished = 0;
        for (std::int64_t which = 1; which <= 4; ++which) {
            run<Desk>(approvals.change_desk(alice, [which](Desk& desk) { desk.actions.push_back(which); }),
                      [&](std::optional<Desk> desk, std::exception_ptr) { finished += desk ? 1 : 0; });
        }
        while (world.turn(random)) {
        }
        world.deferred = false;
        EXPECT_EQ(finished, 4);
        EXPECT_THAT(approvals.desk(alice).actions, testing::UnorderedElementsAre(1, 2, 3, 4));
    }
}

TEST_F(ApprovalsInAWorld, A06_AButtonApprovesWhatWaitsForItOnce) {
    const Device button = finish(devices.add("door", "the door", false, administrator()));
    Request request = finish(approvals.make_action(action({"device:door"}))).request;
    EXPECT_EQ(finish(devices.press(pressed(button, 7), at_home())).result, ActResult::done);
    EXPECT_EQ(approvals.find(request.id).state, RequestState::approved);
    request = finish(approvals.make_action(action({"device:door"}))).request;
    EXPECT_THROW(finish(devices.press(pressed(button, 7), at_home())), NotFound) << "replayed";
    EXPECT_THROW(finish(devices.press(pressed(button, 6), at_home())), NotFound) << "older";
    Press forged = pressed(button, 8);
    forged.mac[0] = forged.mac[0] == '0' ? '1' : '0';
    EXPECT_THROW(finish(devices.press(forged, at_home())), NotFound);
    Press raised = pressed(button, 7);
    raised.counter = 8;
    EXPECT_THROW(finish(devices.press(raised, at_home())), NotFound) << "its counter is signed";
    Press altered = pressed(button, 8, "deny");
    altered.body = "approve";
    EXPECT_THROW(finish(devices.press(altered, at_home())), NotFound);
    EXPECT_EQ(approvals.find(request.id).state, RequestState::pending);
    EXPECT_EQ(finish(devices.press(pressed(button, 9, "deny"), at_home())).result, ActResult::done);
    EXPECT_EQ(approvals.find(request.id).state, RequestState::denied);
}

TEST_F(ApprovalsInAWorld, A06_APressWhileTwoRequestsWaitDecidesNeither) {
    const Device button = finish(devices.add("door", "", false, administrator()));
    EXPECT_THROW(finish(devices.press(pressed(button, 1), at_home())), Conflict) << "nothing waits";
    const Request one = finish(approvals.make_action(action({"device:door"}))).request;
    const Request two = finish(approvals.make_action(action({"device:door"}))).request;
    EXPECT_THROW(finish(devices.press(pressed(button, 2), at_home())), Conflict);
    EXPECT_EQ(approvals.find(one.id).state, RequestState::pending);
    EXPECT_EQ(approvals.find(two.id).state, RequestState::pending);
    EXPECT_THROW(finish(devices.press(pressed(button, 2), at_home())), NotFound) << "and it is spent";
}

TEST_F(ApprovalsInAWorld, A06_ARelaySignsForAButtonUnderItsOwnKey) {
    EXPECT_THROW(finish(devices.add("door", "", false, administrator(), "network")), Invalid)
        << "no such relay";
    const Device relay = finish(devices.add("network", "", true, administrator()));
    const Device other = finish(devices.add("elsewhere", "", true, administrator()));
    const Device button = finish(devices.add("door", "", false, administrator(), "network"));
    const Request request = finish(approvals.make_action(action({"device:door"}))).request;
    Press press;
    press.device = "door";
    press.counter = 1;
    press.relay = "network";
    press.mac = press_mac(button.key, press);
    EXPECT_THROW(finish(devices.press(press, at_home())), NotFound) << "the button's key is not the relay's";
    press.mac = press_mac(relay.key, press);
    Press of_another = press;
    of_another.relay = "elsewhere";
    of_another.mac = press_mac(other.key, of_another);
    EXPECT_THROW(finish(devices.press(of_another, at_home())), NotFound) << "not its relay";
    EXPECT_THROW(finish(devices.press(pressed(button, 1), at_home())), NotFound) << "its relay alone";
    EXPECT_EQ(finish(devices.press(press, at_home())).result, ActResult::done);
    EXPECT_EQ(approvals.find(request.id).state, RequestState::approved);
    const Device free = finish(devices.add("free", "", false, administrator()));
    Press relayed = press;
    relayed.device = "free";
    relayed.mac = press_mac(relay.key, relayed);
    EXPECT_THROW(finish(devices.press(relayed, at_home())), NotFound) << "nobody relays for this one";
    Press own;
    own.device = "network";
    own.counter = 1;
    own.mac = press_mac(relay.key, own);
    EXPECT_THROW(finish(devices.press(own, at_home())), NotFound) << "a relay approves nothing itself";
    own.device = "door";
    own.counter = 2;
    own.relay = "door";
    own.mac = press_mac(button.key, own);
    EXPECT_THROW(finish(devices.press(own, at_home())), NotFound) << "a button relays nothing";
}

TEST_F(ApprovalsInAWorld, A06_APressIsForWhatWaitsForThatButtonAlone) {
    const Device relay = finish(devices.add("network", "", true, administrator()));
    (void)finish(devices.add("door", "", false, administrator(), "network"));
    (void)finish(devices.add("gate", "", false, administrator(), "network"));
    Press early;
    early.device = "door";
    early.counter = 1;
    early.relay = "network";
    early.mac = press_mac(relay.key, early);
    const Request at_the_gate = finish(approvals.make_action(action({"device:gate"}))).request;
    const Request of_bob = finish(approvals.make_action(action({"user:bob"}))).request;
    EXPECT_THROW(finish(devices.press(early, at_home())), Conflict) << "nothing waits for this one";
    const Request at_the_door = finish(approvals.make_action(action({"device:door"}))).request;
    Press press;
    press.device = "door";
    press.counter = 2;
    press.relay = "network";
    press.mac = press_mac(relay.key, press);
    Press elsewhere = press;
    elsewhere.device = "gate";
    EXPECT_THROW(finish(devices.press(elsewhere, at_home())), NotFound) << "signed for another button";
    EXPECT_EQ(finish(devices.press(press, at_home())).result, ActResult::done);
    EXPECT_EQ(approvals.find(at_the_door.id).state, RequestState::approved);
    EXPECT_EQ(approvals.find(at_the_gate.id).state, RequestState::pending);
    EXPECT_EQ(approvals.find(of_bob.id).state, RequestState::pending);
}

TEST_F(ApprovalsInAWorld, A04_ActionsAreBoundedForEachSubject) {
    for (std::size_t i = 0; i < world.config.approval_limits.actions_an_hour; ++i) {
        (void)finish(approvals.make_action(action()));
    }
    EXPECT_THROW(finish(approvals.make_action(action())), Denied);
    Wish other = action();
    other.subject.name = "carol";
    EXPECT_NO_THROW(finish(approvals.make_action(std::move(other))));
}

TEST_F(ApprovalsInAWorld, A11_AnAssertionSaysWhoApprovedWhatAndIsSigned) {
    const Request request = finish(approvals.make_action(action())).request;
    const Request approved =
        finish(approvals.act(request.id, by("user:bob"), administrator(), false)).request;
    const std::string jws = assertion_of(approved, world.key, "host.example", world.clock);
    EXPECT_EQ(std::count(jws.begin(), jws.end(), '.'), 2);
    EXPECT_EQ(jws, assertion_of(approved, world.key, "host.example", world.clock));
    EXPECT_NE(jws, assertion_of(approved, StoreKey::generate(), "host.example", world.clock));
    const SigningKey key(world.key);
    EXPECT_THAT(key.public_pem(), HasSubstr("BEGIN PUBLIC KEY"));
    const std::string signed_part = jws.substr(0, jws.rfind('.'));
    EXPECT_EQ(jws.substr(jws.rfind('.') + 1), base64url(key.sign(signed_part)));
}

TEST_F(ApprovalsInAWorld, X32_AnAPIKeyIsKnownByItsWholeText) {
    ApiKeys keys(engine);
    auto [key, secret] = finish(keys.add("shop", "shop.example", {"ask"}, administrator()));
    const std::string text(secret.text());
    EXPECT_EQ(keys.find(text).realm, "shop.example");
    std::string wrong = text;
    wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
    for (const std::string& one : {wrong, text.substr(1), std::string(), text + "a"}) {
        EXPECT_THROW(keys.find(one), NotPermitted);
    }
    EXPECT_THROW(finish(keys.add("Shop!", "shop", {"ask"}, administrator())), Invalid);
    EXPECT_THROW(finish(keys.add("shop", "shop", {"everything"}, administrator())), Invalid);
    EXPECT_EQ(keys.all().size(), 1U);
    (void)finish(keys.remove(key.id, administrator()));
    EXPECT_THROW(keys.find(text), NotPermitted);
}

TEST_F(ApprovalsInAWorld, X32_AnAPIKeyMayWhatItsScopesSayAndIsNotKept) {
    ApiKeys keys(engine);
    for (const char* realm : {"decoy", "", "Shop", "a/b"}) {
        EXPECT_THROW(finish(keys.add("shop", realm, {"ask"}, administrator())), Invalid) << realm;
    }
    auto [key, secret] = finish(keys.add("shop", "shop.example", {"ask", "ask"}, administrator()));
    EXPECT_TRUE(key.may("ask"));
    EXPECT_FALSE(key.may("verify"));
    Record& record = world.record(RecordKind::client, "key:" + key.id, "");
    const std::string text(secret.text()), whole = record.document;
    EXPECT_THAT(whole, testing::Not(HasSubstr(text.substr(key_id_characters))));
    const std::string hash = hex_of(hash_of_token(text));
    std::string short_hash = whole;
    short_hash.replace(short_hash.find(hash), hash.size(), hash.substr(2));
    for (const std::string& document : {std::string("{}"), whole.substr(1), short_hash}) {
        record.document = document;
        EXPECT_THROW((void)keys.find(text), Unavailable) << document;
    }
    record.document = whole;
    EXPECT_EQ(keys.find(text).name, "shop");
    for (int i = 1; i < 256; ++i) {
        (void)finish(keys.add("shop", "shop", {"ask"}, administrator()));
    }
    EXPECT_THROW(finish(keys.add("shop", "shop", {"ask"}, administrator())), Conflict);
}

// What cannot be told, shown or afforded lets no command pass.
TEST_F(ApprovalsInAWorld, A11_AnActionThatCannotBeAskedForDoesNotPass) {
    ApprovalRule rule;
    rule.where.services = {"sudo-approval"};
    rule.ask = {"user:bob"};
    world.config.approval_rules = {rule};
    ActionRequest request;
    request.user = "alice";
    request.caller = at_home();
    request.caller.service = "sudo-approval";
    request.caller.origin = "sudo 1";
    request.run_as = "root";
    request.argv = {"/bin/true"};
    const auto verdict = [&](const ActionRequest& one) {
        ActionApproval action(engine);
        const Step step = finish(action.start(one));
        EXPECT_EQ(step.kind, Step::Kind::done);
        return step.verdict;
    };
    ActionRequest nobody = request;
    nobody.user = "nobody-here";
    EXPECT_EQ(verdict(nobody), Verdict::unavailable);
    ActionRequest endless = request;
    endless.argv.emplace_back(most_fact_bytes, 'x');
    EXPECT_EQ(verdict(endless), Verdict::unavailable);
    world.config.approval_rules[0].ask = {"user:alice"};
    EXPECT_EQ(verdict(request), Verdict::unavailable) << "nobody is left who could";
    world.config.approval_rules[0].ask = {"user:bob"};
    world.config.approval_rules[0].where.groups = {"admins"};
    world.groups["admins"] = {"?"};
    EXPECT_EQ(verdict(request), Verdict::unavailable) << "a group that cannot be told";
    world.config.approval_rules[0].where.groups.clear();
    EXPECT_TRUE(approvals.open_requests().empty());
    ActionApproval asked(engine);
    EXPECT_EQ(finish(asked.start(request)).kind, Step::Kind::info);
    EXPECT_EQ(approvals.open_requests().at(0).asker, "sudo 1 action") << "which no sign-in finds";
    (void)finish(approvals.act(approvals.open_requests().at(0).id, by("user:bob", Verb::not_now),
                               administrator(), false));
    EXPECT_EQ(finish(asked.next()).verdict, Verdict::denied);
    EXPECT_THROW((void)finish(asked.next()), Conflict);
    world.config.approval_limits.actions_an_hour = 1;
    EXPECT_EQ(verdict(request), Verdict::limited);
}

// Approved, and taken back before it was seen: no command passes.
TEST_F(ApprovalsInAWorld, A11_AnApprovalThatWasTakenBackPassesNothing) {
    ApprovalRule rule;
    rule.where.services = {"sudo-approval"};
    rule.ask = {"user:bob"};
    world.config.approval_rules = {rule};
    for (const bool late : {false, true}) {
        ActionRequest request;
        request.user = "alice";
        request.caller = at_home();
        request.caller.service = "sudo-approval";
        request.caller.origin = "sudo 1";
        request.argv = {"/bin/true"};
        (void)finish(approvals.change_desk(alice, lift));
        ActionApproval action(engine);
        (void)finish(action.start(request));
        const std::string id = approvals.open_requests().at(0).id;
        (void)finish(approvals.act(id, by("user:bob"), administrator(), false));
        if (late) {
            world.clock += world.config.approval_action_seconds + redeem_grace_seconds;
        } else {
            (void)finish(approvals.act(id, by("user:bob", Verb::not_me), administrator(), false));
        }
        const Step step = finish(action.next());
        EXPECT_EQ(step.verdict, Verdict::denied);
        EXPECT_EQ(step.reason, late ? Reason::approval_expired : Reason::approval_denied);
    }
}

// However the commits of a redemption and of "not me" fall: a command passes where it was redeemed, and
// nowhere else.
TEST_F(ApprovalsInAWorld, X15_ACommandPassesWhereItsApprovalWasRedeemed) {
    ApprovalRule rule;
    rule.where.services = {"sudo-approval"};
    rule.ask = {"user:bob"};
    world.config.approval_rules = {rule};
    int passed = 0, refused = 0;
    for (int round = 0; round < 60; ++round) {
        world.clock += 3'600;
        (void)finish(approvals.change_desk(alice, lift));
        world.forget_what_was_seen();
        ActionRequest request;
        request.user = "alice";
        request.caller = at_home();
        request.caller.service = "sudo-approval";
        request.caller.origin = "sudo 1";
        request.argv = {"/bin/true"};
        ActionApproval action(engine);
        (void)finish(action.start(request));
        const std::string id = approvals.open_requests().at(0).id;
        (void)finish(approvals.act(id, by("user:bob"), administrator(), false));
        world.deferred = true;
        std::mt19937_64 random(static_cast<std::uint64_t>(round));
        std::optional<Step> step;
        const auto look = [&] {
            run<Step>(action.next(), [&](std::optional<Step> got, std::exception_ptr) { step = got; });
        };
        const auto take_back = [&] {
            run<Acted>(approvals.act(id, by("user:bob", Verb::not_me), administrator(), false),
                       [](std::optional<Acted>, std::exception_ptr) {});
        };
        if (round % 2 == 0) {
            look();
            take_back();
        } else {
            take_back();
            look();
        }
        while (world.turn(random)) {
        }
        world.deferred = false;
        ASSERT_TRUE(step);
        const bool redeemed = world.logged("verb=redeem result=done");
        EXPECT_EQ(step->verdict, redeemed ? Verdict::success : Verdict::denied) << round;
        EXPECT_EQ(approvals.find(id).state, RequestState::revoked);
        ++(redeemed ? passed : refused);
    }
    EXPECT_GT(passed, 0);
    EXPECT_GT(refused, 0);
}

TEST_F(ApprovalsInAWorld, A11_TheDigestAndTheLineNameTheArgumentsAsTheyAre) {
    EXPECT_EQ(shown_command({"/bin/rm", "-rf", "a b", "it's", ""}), "/bin/rm -rf 'a b' 'it'\\''s' ''");
    EXPECT_NE(digest_of({"a", "b"}), digest_of({"a b"}));
    EXPECT_NE(digest_of({"a", "b"}), digest_of({"ab"}));
    EXPECT_EQ(digest_of({}).substr(0, 11), "sha256:e3b0");
}

TEST_F(ApprovalsInAWorld, A11_AnActionWaitsForItsRuleAndAnotherNeedsAnother) {
    ApprovalRule rule;
    rule.where.services = {"sudo-approval"};
    rule.ask = {"user:bob", "user:carol"};
    rule.count = 2;
    world.config.approval_rules = {rule};
    const auto sudo = [&](std::vector<std::string> argv) {
        ActionRequest request;
        request.user = "alice";
        request.caller = at_home();
        request.caller.service = "sudo-approval";
        request.caller.origin = "sudo 1";
        request.run_as = "root";
        request.argv = std::move(argv);
        return request;
    };
    ActionApproval first(engine);
    const Step shown = finish(first.start(sudo({"/bin/systemctl", "restart", "nginx"})));
    ASSERT_EQ(shown.kind, Step::Kind::info);
    EXPECT_THAT(shown.text, HasSubstr("0 of 2"));
    const Request request = approvals.open_requests().at(0);
    EXPECT_EQ(request.facts.command, "/bin/systemctl restart nginx");
    (void)finish(approvals.act(request.id, by("user:bob"), administrator(), false));
    EXPECT_THAT(finish(first.next()).text, HasSubstr("1 of 2"));
    (void)finish(approvals.act(request.id, by("user:carol"), administrator(), false));
    const Step done = finish(first.next());
    EXPECT_EQ(done.verdict, Verdict::success);
    ActionApproval second(engine);
    EXPECT_EQ(finish(second.start(sudo({"/bin/systemctl", "stop", "nginx"}))).kind, Step::Kind::info);
    second.abandon();
    EXPECT_TRUE(approvals.open_requests().empty());
    world.config.approval_rules.clear();
    ActionApproval free(engine);
    EXPECT_EQ(finish(free.start(sudo({"/bin/true"}))).verdict, Verdict::ignored);
}

// Who cannot be told apart from others asks for nothing: their yes would be everybody's.
TEST_F(ApprovalsInAWorld, X29_WithoutAnOriginNoActionIsAskedFor) {
    ApprovalRule rule;
    rule.ask = {"user:bob"};
    world.config.approval_rules = {rule};
    ActionRequest request;
    request.user = "alice";
    request.caller = at_home();
    request.argv = {"/bin/true"};
    ActionApproval sudo(engine);
    EXPECT_EQ(finish(sudo.start(std::move(request))).verdict, Verdict::unavailable);
    EXPECT_TRUE(approvals.open_requests().empty());
}

TEST_F(ApprovalsInAWorld, A04_NotMeSilencesActionsToo) {
    const Request request = finish(approvals.make_action(action())).request;
    (void)finish(approvals.act(request.id, by("user:bob", Verb::not_me), administrator(), false));
    EXPECT_THROW(finish(approvals.make_action(action())), Denied);
    (void)finish(approvals.change_desk(alice, lift));
    EXPECT_NO_THROW(finish(approvals.make_action(action()))) << "an administrator lifted it";
}

TEST_F(ApprovalsInAWorld, A04_WhatASiteAsksForIsOnADeskOfItsOwn) {
    Wish wish = action();
    wish.asker = "key abcdefgh";
    const Request request = finish(approvals.make_action(std::move(wish))).request;
    (void)finish(approvals.act(request.id, by("user:bob", Verb::not_me), administrator(), true));
    EXPECT_FALSE(approvals.desk(alice).blocked);
    EXPECT_TRUE(approvals.desk(desk_subject(alice, "key abcdefgh")).blocked);
    EXPECT_NO_THROW(finish(approvals.make_action(action()))) << "the owner's own";
}

// Messages about what a program asks for let those about a door go first.
TEST_F(ApprovalsInAWorld, A05_OnlyWhoStandsAtADoorIsInAHurry) {
    world.config.notify["w"] = {"webhook", "https://n", "", "", "", "", "", {}, false};
    world.config.notify_order = {"w"};
    for (const auto& [asker, urgent] :
         {std::pair("uid 1000", false), std::pair("key abcdefgh", false), std::pair("sudo 1 action", true)}) {
        Wish wish = action();
        wish.asker = asker;
        (void)finish(approvals.make_action(std::move(wish)));
        EXPECT_EQ(world.notices.back().urgent, urgent) << asker;
    }
}

TEST_F(ApprovalsInAWorld, X29_SoManyWaitAtOnceForOnePersonAndNoMore) {
    world.config.approval_limits.actions_an_hour = 60;
    Wish wish = action();
    wish.seconds = 7 * 86'400;
    std::size_t made = 0;
    try {
        for (; made < 1'000; ++made) {
            (void)finish(approvals.make_action(wish));
            world.clock += 120;
        }
    } catch (const Denied&) {
    }
    EXPECT_EQ(made, most_outstanding);
}

TEST_F(ApprovalsInAWorld, A07_OnePersonCountsOnceWhateverTheyAreCalled) {
    world.people["BOB"] = world.people["bob"];
    world.people["DOM\\alice"] = {"DOM\\alice", world.people["alice"].uid, 100, "/home/alice"};
    world.groups["admins"] = {"BOB", "bob", "DOM\\alice", "alice", "carol", "gone"};
    const auto needs = finish(approvals.needs(alice, {"group:admins", "user:BOB"}, 2, false));
    EXPECT_EQ(needs.at(0).holders, (std::vector<std::string>{"user:bob", "user:carol"}));
    EXPECT_THROW(finish(approvals.needs(alice, {"user:bob", "user:BOB"}, 2, false)), Invalid);
    world.add_person("bobby", world.people["bob"].uid);  // a second name of his
    EXPECT_THROW(finish(approvals.needs(alice, {"user:bob", "user:bobby"}, 2, false)), Invalid);
    EXPECT_THROW(finish(approvals.needs(alice, {"user:bob+1", "user:bob+2"}, 1, false)), Invalid)
        << "nobody's name";
    world.directory = Found::unavailable;
    EXPECT_THROW(finish(approvals.needs(alice, {"user:bob"}, 1, false)), Unavailable);
}

TEST_F(ApprovalsInAWorld, A07_SeveralKindsTogetherAreAllOfThem) {
    EXPECT_THROW(finish(approvals.needs(alice, {"guardians", "device:door"}, 1, true)), Invalid)
        << "nobody guards her";
    world.config.guardians["alice"] = {"user:bob"};
    EXPECT_EQ(finish(approvals.needs(alice, {"guardians", "device:door"}, 1, true)).size(), 2U);
    world.groups["admins"] = {"alice", "bob"};
    EXPECT_THROW(finish(approvals.needs(alice, {"group:admins", "device:door"}, 2, true)), Invalid)
        << "one is left of two";
    const auto needs = finish(approvals.needs(alice, {"self", "group:admins"}, 1, true));
    EXPECT_EQ(needs.at(0).count + needs.at(1).count, 2U);
}

TEST_F(ApprovalsInAWorld, A07_WhoIsSuspendedApprovesNothing) {
    const Request request = finish(approvals.make_action(action())).request;
    (void)enrol(world, engine, {"host", "bob"});
    (void)finish(engine.suspend({"host", "bob"}, administrator(), true));
    EXPECT_EQ(finish(approvals.act(request.id, by("user:bob"), administrator(), false)).result,
              ActResult::gone);
    EXPECT_THROW(finish(approvals.needs(alice, {"user:bob"}, 1, false)), Invalid);
}

TEST_F(ApprovalsInAWorld, A11_AnAssertionOfASiteNamesNoAccountOfThisHost) {
    Request request = finish(approvals.make_action(action())).request;
    (void)finish(approvals.act(request.id, by("user:bob"), administrator(), false));
    request = approvals.find(request.id);
    const auto claims = [&] {
        const std::string jws = assertion_of(request, world.key, "host.example", world.clock);
        const std::size_t first = jws.find('.'), second = jws.find('.', first + 1);
        std::string text = jws.substr(first + 1, second - first - 1);
        for (char& letter : text) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
        std::string decoded(text.size(), '\0');
        text.resize((text.size() + 3) / 4 * 4, '=');
        decoded.resize(text.size());
        const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                         reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size()));
        decoded.resize(static_cast<std::size_t>(size));
        return decoded;
    };
    EXPECT_THAT(claims(), HasSubstr(R"("prepared_by":"user:alice")"));
    request.subject.realm = "web";
    EXPECT_THAT(claims(), HasSubstr(R"("prepared_by":"web:alice")"));
}

TEST_F(ApprovalsInAWorld, A03_WhatEndedAWhileAgoIsForgotten) {
    const Request old = finish(approvals.make_action(action())).request;
    world.clock += 600 + redeem_grace_seconds + keep_refused_seconds;
    for (int i = 0; i < 3; ++i) {
        (void)finish(approvals.make_action(action()));
    }
    EXPECT_THROW(approvals.find(old.id), NotFound);
}

}  // namespace
}  // namespace warifu
