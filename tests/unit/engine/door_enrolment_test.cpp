// Enrolment at a sign-in: whom policy wants enrolled, and who surely is not, is shown a key.
#include "core/engine/door_enrolment.h"

#include <gmock/gmock.h>

#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class DoorEnrolments : public testing::Test {
  protected:
    DoorEnrolments() { world.config.unenrolled = PolicyOutcome::enrol; }

    World world;
    Engine engine{world.config, &world.key, world};

    static StartRequest at_the_office(std::vector<std::string> options = {}) {
        StartRequest request = door(std::move(options));
        request.caller = from("10.0.0.7");
        return request;
    }
    static Step say(Conversation& conversation, std::string text, ReplyKind kind = ReplyKind::text) {
        return finish(conversation.answer(kind, std::move(text)));
    }
    static Step go_on(Conversation& conversation) { return say(conversation, "", ReplyKind::none); }

    // The key as the door shows it, in groups of four behind "Key:".
    static Secret key_in(const Step& shown) {
        const auto begin = shown.text.find("Key:  ") + 6;
        std::string key = shown.text.substr(begin, shown.text.find('\n', begin) - begin);
        std::erase(key, ' ');
        return base32_decode(key).value();
    }
    std::string code_of(const Secret& secret, int steps = 0) const {
        const OtpParameters otp;
        return std::string(code_at(secret, otp, time_step(otp, world.clock) + steps).value().text());
    }
    std::string wrong_code_of(const Secret& secret) const {
        std::string code = code_of(secret, 5);
        while (code == code_of(secret, -1) || code == code_of(secret) || code == code_of(secret, 1)) {
            code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
        }
        return code;
    }
    // Start, the key shown, the code typed: the prompt that shows the recovery codes.
    Step confirmed(Conversation& conversation, const StartRequest& request) {
        const Step shown = finish(conversation.start(request));
        EXPECT_EQ(shown.kind, Step::Kind::info) << shown.text;
        EXPECT_EQ(go_on(conversation).kind, Step::Kind::prompt);
        return say(conversation, code_of(key_in(shown)));
    }
    static std::string first_code(const Step& codes) {
        const auto begin = codes.text.find('\n') + 1;
        return codes.text.substr(begin, codes.text.find("  ", begin) - begin);
    }
};

TEST_F(DoorEnrolments, S08_TheKeyIsShownACodeConfirmsItAndThePersonIsIn) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    ASSERT_EQ(shown.kind, Step::Kind::info);
    // ssh puts "(user@host) " before the first line.
    EXPECT_THAT(shown.text, StartsWith("\n"));
    EXPECT_THAT(shown.text, HasSubstr("█"));
    EXPECT_THAT(shown.text, HasSubstr("TOTP, 6 digits, every 30 seconds, SHA1"));
    EXPECT_LT(shown.text.size(), 12U * 1024);
    const Step asked = go_on(conversation);
    EXPECT_EQ(asked.kind, Step::Kind::prompt);
    const Step codes = say(conversation, code_of(key_in(shown)));
    ASSERT_EQ(codes.kind, Step::Kind::prompt);
    EXPECT_LT(codes.text.size(), 512U);
    EXPECT_EQ(std::count(codes.text.begin(), codes.text.end(), '\n'), 6);  // five lines of two codes
    const Step done = say(conversation, first_code(codes).substr(0, 4));
    EXPECT_EQ(done.kind, Step::Kind::done);
    EXPECT_EQ(done.verdict, Verdict::success);
    EXPECT_EQ(done.reason, Reason::enrolled);
    EXPECT_THROW((void)say(conversation, "123456"), Conflict);

    // Enrolled: the next sign-in asks for a code, and a recovery code that was shown is one.
    Conversation next(engine);
    EXPECT_EQ(finish(next.start(at_the_office())).kind, Step::Kind::prompt);
    EXPECT_EQ(say(next, first_code(codes)).verdict, Verdict::success);
    EXPECT_TRUE(world.logged("reason=enrolled authenticator=phone"));
    EXPECT_EQ(finish(engine.status(alice)).authenticators.size(), 1U);
}

TEST_F(DoorEnrolments, S08_TheConfirmingCodeIsSpent) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    (void)go_on(conversation);
    const std::string code = code_of(key_in(shown));
    ASSERT_EQ(say(conversation, code).kind, Step::Kind::prompt);
    EXPECT_EQ(converse(engine, at_the_office(), code).verdict, Verdict::denied);
}

TEST_F(DoorEnrolments, S08_AWrongCodeIsToldAndTheThirdEndsIt) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    (void)go_on(conversation);
    const std::string wrong = wrong_code_of(key_in(shown));
    for (int i = 0; i < 2; ++i) {
        const Step again = say(conversation, wrong);
        ASSERT_EQ(again.kind, Step::Kind::prompt);
        EXPECT_THAT(again.text, HasSubstr("not the code"));
        EXPECT_THAT(again.text, Not(HasSubstr(code_of(key_in(shown)))));
        EXPECT_LT(again.text.size(), 512U);
    }
    const Step done = say(conversation, wrong);
    EXPECT_EQ(done.kind, Step::Kind::done);
    EXPECT_EQ(done.verdict, Verdict::denied);
    EXPECT_EQ(finish(engine.status(alice)).state, "pending");
}

// What is no code at all (the password, nothing, sshd's junk) confirms nothing, and does not count at the
// key.
TEST_F(DoorEnrolments, S08_WhatIsNoCodeConfirmsNothing) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    (void)go_on(conversation);
    const std::string right = code_of(key_in(shown));
    EXPECT_EQ(say(conversation, right, ReplyKind::password).kind, Step::Kind::prompt);
    EXPECT_EQ(say(conversation, "", ReplyKind::invalid).kind, Step::Kind::prompt);
    EXPECT_EQ(say(conversation, "\b\n\r\177IN").verdict, Verdict::denied);
    EXPECT_EQ(finish(engine.status(alice)).state, "pending");
}

TEST_F(DoorEnrolments, S08_AnAsciiCodeIsShownOnDemand) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    for (const char* wish : {"a", "A", " a ", "ａ"}) {
        (void)go_on(conversation);
        const Step drawn = say(conversation, wish);
        ASSERT_EQ(drawn.kind, Step::Kind::info) << wish;
        EXPECT_THAT(drawn.text, HasSubstr("##"));
        EXPECT_THAT(drawn.text, Not(HasSubstr("█")));
        EXPECT_EQ(key_in(drawn).bytes().size(), key_in(shown).bytes().size());
    }
}

TEST_F(DoorEnrolments, S08_WhereLinesCollapseTheKeyIsTypedIn) {
    StartRequest page = at_the_office();
    page.caller.service = "cockpit";
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(page));
    ASSERT_EQ(shown.kind, Step::Kind::info);
    EXPECT_THAT(shown.text, Not(HasSubstr("█")));
    EXPECT_EQ(key_in(shown).size(), 20U);
    EXPECT_THAT(go_on(conversation).text, Not(HasSubstr("(a:")));
    // "a" is no wish here.
    EXPECT_EQ(say(conversation, "a").kind, Step::Kind::prompt);
}

TEST_F(DoorEnrolments, S08_TheRecoveryCodesAreShownUntilOneIsBegun) {
    Conversation conversation(engine);
    const Step codes = confirmed(conversation, at_the_office());
    for (const char* typed : {"", "ZZZ", "0000"}) {
        const Step again = say(conversation, typed);
        ASSERT_EQ(again.kind, Step::Kind::prompt) << typed;
        EXPECT_THAT(again.text, HasSubstr(first_code(codes)));
        EXPECT_LT(again.text.size(), 512U);
    }
    std::string beginning = first_code(codes).substr(0, 4);
    std::transform(beginning.begin(), beginning.end(), beginning.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    EXPECT_EQ(say(conversation, beginning).verdict, Verdict::success);
}

TEST_F(DoorEnrolments, S08_WhoNeverBeginsOneIsNotInButEnrolled) {
    Conversation conversation(engine);
    (void)confirmed(conversation, at_the_office());
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(say(conversation, "0000").kind, Step::Kind::prompt);
    }
    EXPECT_EQ(say(conversation, "0000").verdict, Verdict::denied);
    EXPECT_EQ(finish(engine.status(alice)).state, "active");
}

// The rows of policy that say who enrols, each against one that does not.
TEST_F(DoorEnrolments, S08_OnlyWhomPolicyWantsAndWhoSurelyIsNotEnrolled) {
    const auto begins = [&](const StartRequest& request) {
        Conversation conversation(engine);
        return finish(conversation.start(request)).kind == Step::Kind::info;
    };
    EXPECT_TRUE(begins(at_the_office()));
    EXPECT_TRUE(begins(at_the_office({"nullok"})));  // policy wins over the line
    EXPECT_FALSE(begins(at_the_office({"first_factor_failed"})));
    EXPECT_FALSE(begins(at_the_office({"nullok", "first_factor_failed"})));
    StartRequest nobody = at_the_office();
    nobody.user = "nobody-here";
    EXPECT_FALSE(begins(nobody));
    world.directory = Found::unavailable;
    EXPECT_FALSE(begins(at_the_office()));
    world.directory = Found::yes;
    world.config.unenrolled = PolicyOutcome::refuse;
    EXPECT_FALSE(begins(at_the_office()));
    world.config.unenrolled = PolicyOutcome::enrol;
    State seen;
    seen.seen = true;
    world.record(RecordKind::state, "alice") = {encode(seen), 1};
    EXPECT_FALSE(begins(at_the_office()));
    world.record(RecordKind::state, "alice") = {};
    (void)enrol(world, engine);
    EXPECT_FALSE(begins(at_the_office()));
}

// Where it cannot be shown or may not be done: asked like everybody, denied, and one line that says why.
TEST_F(DoorEnrolments, S08_WhereItCannotBeDoneItIsRefusedAndSaid) {
    const auto refused = [&](const StartRequest& request, const char* why) {
        world.forget_what_was_seen();
        Conversation conversation(engine);
        const Step asked = finish(conversation.start(request));
        EXPECT_EQ(asked.kind, Step::Kind::prompt) << why;
        EXPECT_EQ(asked.text, "One-time code: ");
        EXPECT_EQ(say(conversation, "123456").verdict, Verdict::denied) << why;
        EXPECT_TRUE(world.logged(why)) << why;
        EXPECT_TRUE(world.logged("reason=cannot_enrol")) << why;
        EXPECT_EQ(finish(engine.status(alice)).state, "none");
    };
    StartRequest silent = at_the_office();
    silent.flags = pam_silent;
    refused(silent, "cannot enrol over this door");
    StartRequest single = at_the_office();
    single.single_field = true;
    refused(single, "cannot enrol over this door");
    StartRequest abroad = at_the_office();
    abroad.caller = from("198.51.100.9");
    refused(abroad, "[enrolment] networks");
    world.config.self_enrolment = false;
    refused(at_the_office(), "[enrolment] self");
}

// A line that stands before the password's: whoever has a name alone must not set up its second factor,
// whether policy wants it enrolled or an administrator.
TEST_F(DoorEnrolments, X32_NobodyEnrolsBeforeAFirstFactor) {
    const auto begins = [&](bool password, const char* methods, const char* service = "sshd") {
        StartRequest request = at_the_office();
        request.caller.service = service;
        request.has_authtok = password;
        request.auth_info = methods;
        Conversation conversation(engine);
        return finish(conversation.start(request)).kind == Step::Kind::info;
    };
    EXPECT_FALSE(begins(false, ""));
    EXPECT_TRUE(begins(true, ""));
    EXPECT_TRUE(begins(false, "publickey"));
    EXPECT_FALSE(begins(false, "publickey", "sudo"));
    world.config.unenrolled = PolicyOutcome::by_line;
    (void)finish(engine.require(alice, administrator(), true));
    EXPECT_FALSE(begins(false, ""));
    StartRequest request = at_the_office();
    request.has_authtok = false;
    EXPECT_EQ(converse(engine, request, "123456").verdict, Verdict::denied);
    EXPECT_TRUE(world.logged("before a password"));
}

// A single field has strangers before it: until they have answered, everybody costs the same.
TEST_F(DoorEnrolments, X21_WhereNobodyCanEnrolNothingOfTheAccountIsLookedAt) {
    StartRequest single = at_the_office();
    single.single_field = true;
    const auto looked_at = [&] {
        world.forget_what_was_seen();
        Conversation conversation(engine);
        (void)finish(conversation.start(single));
        std::vector<RecordKind> kinds;
        for (const auto& key : world.loaded) {
            kinds.push_back(key.kind);
        }
        return std::make_pair(kinds, world.calls);
    };
    const auto unenrolled = looked_at();
    (void)enrol(world, engine);
    EXPECT_EQ(looked_at(), unenrolled);
    single.user = "nobody-here";
    EXPECT_EQ(looked_at(), unenrolled);
}

// While the person is busy here an administrator suspends or resets the account.
TEST_F(DoorEnrolments, E07_WhoIsSuspendedOrResetWhileEnrollingIsNotIn) {
    for (const bool suspends : {true, false}) {
        world.clock += 60;
        Conversation conversation(engine);
        const Step codes = confirmed(conversation, at_the_office());
        ASSERT_EQ(codes.kind, Step::Kind::prompt);
        if (suspends) {
            (void)finish(engine.suspend(alice, administrator(), true));
        } else {
            (void)finish(engine.reset(alice, administrator()));
        }
        const Step done = say(conversation, first_code(codes));
        EXPECT_EQ(done.kind, Step::Kind::done);
        EXPECT_EQ(done.verdict, Verdict::denied);
        (void)finish(engine.reset(alice, administrator()));
    }
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    (void)go_on(conversation);
    (void)finish(engine.suspend(alice, administrator(), true));
    const Step codes = say(conversation, code_of(key_in(shown)));
    EXPECT_EQ(codes.kind == Step::Kind::done ? codes.verdict : say(conversation, first_code(codes)).verdict,
              Verdict::denied);
}

TEST_F(DoorEnrolments, E03_TheSameSourceIsOfferedTheSameKeyAndAnotherAnotherOne) {
    const auto offered = [&](const char* address) {
        StartRequest request = at_the_office();
        request.caller = from(address);
        Conversation conversation(engine);
        return finish(conversation.start(request));
    };
    const Step first = offered("10.0.0.7"), again = offered("10.0.0.7");
    EXPECT_EQ(first.text, again.text);
    const Step other = offered("10.0.0.8");
    EXPECT_NE(std::string(base32_encode(key_in(other).bytes()).text()),
              std::string(base32_encode(key_in(first).bytes()).text()));
    EXPECT_THAT(other.text, HasSubstr("10.0.0.7"));
    EXPECT_THAT(first.text, Not(HasSubstr("Warning")));
    // Ten minutes later it is another one there, too: the door is root's, and yet nobody's gift for a month.
    world.clock += 599;
    EXPECT_EQ(offered("10.0.0.8").text, other.text);
    world.clock += 1;
    EXPECT_NE(std::string(base32_encode(key_in(offered("10.0.0.8")).bytes()).text()),
              std::string(base32_encode(key_in(other).bytes()).text()));
}

// Somebody with only the password reads the code and leaves.
TEST_F(DoorEnrolments, X36_TheKeyThatSomebodyElseReadIsNotTheOwners) {
    StartRequest thief = at_the_office();
    thief.caller = from("10.9.9.9");
    Conversation left(engine);
    const Step read = finish(left.start(thief));
    (void)go_on(left);
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    EXPECT_THAT(shown.text, HasSubstr("10.9.9.9"));
    EXPECT_THAT(shown.text, HasSubstr("change it"));
    (void)go_on(conversation);
    // The thief's key confirms nothing any more, neither there nor here.
    EXPECT_EQ(say(left, code_of(key_in(read))).verdict, Verdict::denied);
    EXPECT_EQ(say(conversation, code_of(key_in(read))).kind, Step::Kind::prompt);
    EXPECT_EQ(finish(engine.status(alice)).state, "pending");
    const Step codes = say(conversation, code_of(key_in(shown)));
    EXPECT_EQ(say(conversation, first_code(codes)).verdict, Verdict::success);
}

// The owner was first, between the look whether anybody is enrolled and the offer: the password alone adds
// nothing.
TEST_F(DoorEnrolments, X32_WhoBeganBeforeTheOwnerEnrolledAddsNothing) {
    Conversation conversation(engine);
    const Step shown = finish(conversation.start(at_the_office()));
    (void)go_on(conversation);
    const Record offer = world.record(RecordKind::offer, "alice");
    (void)enrol(world, engine);
    world.record(RecordKind::offer, "alice").document = offer.document;
    const Step done = say(conversation, code_of(key_in(shown)));
    EXPECT_EQ(done.kind, Step::Kind::done);
    EXPECT_EQ(done.verdict, Verdict::denied);
    const Status status = finish(engine.status(alice));
    EXPECT_EQ(std::count_if(status.authenticators.begin(), status.authenticators.end(),
                            [](const AuthenticatorStatus& entry) { return entry.active; }),
              1);
}

TEST_F(DoorEnrolments, E12_TheOperatorsSupportLineIsShownToWhomMayBeStuck) {
    world.config.support = "Call 555-0100";
    Conversation conversation(engine);
    EXPECT_THAT(finish(conversation.start(at_the_office())).text, HasSubstr("Call 555-0100"));
}

TEST_F(DoorEnrolments, X09_AStoreThatFailsAtAnyCallNeverLetsAnybodyIn) {
    for (int failing = 1;; ++failing) {
        World broken;
        broken.config.unenrolled = PolicyOutcome::enrol;
        Engine on_it{broken.config, &broken.key, broken};
        broken.fail_call = failing;
        Conversation conversation(on_it);
        Step step = finish(conversation.start(at_the_office()));
        Secret key;
        if (step.kind == Step::Kind::info) {
            key = key_in(step);
            step = go_on(conversation);
        }
        if (step.kind == Step::Kind::prompt) {
            step = say(conversation, key.empty() ? "123456" : code_of(key));
        }
        if (broken.fail_call > 0) {  // no call was left to fail
            EXPECT_EQ(step.kind, Step::Kind::prompt);
            EXPECT_GT(failing, 5);
            break;
        }
        if (step.kind == Step::Kind::done) {
            EXPECT_NE(step.verdict, Verdict::success) << failing;
            EXPECT_NE(step.verdict, Verdict::ignored) << failing;
        }
    }
}

// ---- policy around it

TEST_F(DoorEnrolments, S07_AnExemptPersonIsNotAskedAndIsNeverSuccess) {
    PolicyRule rule;
    rule.groups = {"warifu-exempt"};
    rule.services = {"sshd"};
    rule.outcome = PolicyOutcome::exempt;
    world.config.rules = {rule};
    world.config.unenrolled = PolicyOutcome::refuse;
    (void)enrol(world, engine);
    const auto begins = [&](const StartRequest& request) {
        Conversation conversation(engine);
        return finish(conversation.start(request));
    };
    EXPECT_EQ(begins(door()).kind, Step::Kind::prompt);
    world.groups["warifu-exempt"] = {"alice"};
    EXPECT_EQ(begins(door()).verdict, Verdict::ignored);
    EXPECT_EQ(begins(door()).reason, Reason::exempt);
    EXPECT_EQ(begins(door({"first_factor_failed"})).kind, Step::Kind::prompt);
    StartRequest elsewhere = door();
    elsewhere.caller.service = "sudo";
    EXPECT_EQ(begins(elsewhere).kind, Step::Kind::prompt);
    (void)finish(engine.suspend(alice, administrator(), true));
    EXPECT_EQ(begins(door()).kind, Step::Kind::prompt) << "suspended";
    (void)finish(engine.suspend(alice, administrator(), false));
    EXPECT_EQ(begins(door()).verdict, Verdict::ignored);
    world.groups["warifu-exempt"] = {"?", "alice"};
    EXPECT_EQ(begins(door()).kind, Step::Kind::prompt);
    world.groups["warifu-exempt"] = {"alice", "nobody-here"};
    EXPECT_EQ(begins(door({}, "nobody-here")).kind, Step::Kind::prompt);
}

TEST_F(DoorEnrolments, S07_WhoPassesIsToldFromWhenOnNot) {
    PolicyRule rule;
    rule.from = Date{2026, 1, 2};
    rule.outcome = PolicyOutcome::enrol;
    world.config.rules = {rule};
    world.config.unenrolled = PolicyOutcome::pass;
    Conversation before(engine);
    const Step passed = finish(before.start(at_the_office()));
    EXPECT_EQ(passed.verdict, Verdict::ignored);
    EXPECT_THAT(passed.text, HasSubstr("2026-01-02"));
    world.clock += day;
    Conversation after(engine);
    EXPECT_EQ(finish(after.start(at_the_office())).kind, Step::Kind::info);
}

TEST_F(DoorEnrolments, E07_ARequiredAccountEnrolsWherePolicyWouldLetItPass) {
    world.config.unenrolled = PolicyOutcome::by_line;
    world.config.self_enrolment = false;
    EXPECT_TRUE(finish(engine.require(alice, administrator(), true)).required);
    Conversation conversation(engine);
    EXPECT_EQ(finish(conversation.start(at_the_office({"nullok"}))).kind, Step::Kind::info);
    StartRequest silent = at_the_office({"nullok"});
    silent.flags = pam_silent;
    EXPECT_EQ(converse(engine, silent, "123456").verdict, Verdict::denied);
    EXPECT_FALSE(finish(engine.require(alice, administrator(), false)).required);
    Conversation again(engine);
    EXPECT_EQ(finish(again.start(at_the_office({"nullok"}))).verdict, Verdict::ignored);
}

TEST_F(DoorEnrolments, E07_AResetLeavesAWayBackThatClosesByItself) {
    world.config.unenrolled = PolicyOutcome::refuse;
    world.config.self_enrolment = false;
    const auto begins = [&] {
        Conversation conversation(engine);
        return finish(conversation.start(at_the_office())).kind;
    };
    (void)enrol(world, engine);
    EXPECT_EQ(begins(), Step::Kind::prompt);
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_EQ(begins(), Step::Kind::info);
    world.clock += std::int64_t{world.config.after_reset_hours} * 3'600 - 1;
    EXPECT_EQ(begins(), Step::Kind::info);
    world.clock += 1;
    EXPECT_EQ(begins(), Step::Kind::prompt);
    world.clock -= 3 * world.config.after_reset_hours * 3'600;  // a clock that was ahead at the reset
    EXPECT_EQ(begins(), Step::Kind::prompt);
}

TEST_F(DoorEnrolments, E07_SuspendedNobodySignsInOrPasses) {
    world.config.unenrolled = PolicyOutcome::pass;
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_EQ(finish(engine.suspend(alice, administrator(), true)).state, "suspended");
    EXPECT_EQ(converse(engine, door(), enrolment.phone.code(world.clock)).reason, Reason::suspended);
    EXPECT_EQ(converse(engine, door(), enrolment.recovery(0)).reason, Reason::suspended);
    EXPECT_EQ(finish(engine.suspend(alice, administrator(), false)).state, "active");
    EXPECT_EQ(converse(engine, door(), enrolment.phone.code(world.clock)).verdict, Verdict::success);
    // Somebody who never enrolled.
    const Subject bob{"host", "bob"};
    (void)finish(engine.suspend(bob, administrator(), true));
    EXPECT_EQ(converse(engine, door({"nullok"}, "bob"), "123456").verdict, Verdict::denied);
    (void)finish(engine.suspend(bob, administrator(), false));
    Conversation conversation(engine);
    EXPECT_EQ(finish(conversation.start(door({"nullok"}, "bob"))).verdict, Verdict::ignored);
}

// The help desk may reset, and not resume.
TEST_F(DoorEnrolments, E07_AResetByTheHelpDeskLeavesASuspension) {
    Caller helper = administrator();
    helper.uid = 1001;
    helper.admin = false;
    (void)enrol(world, engine);
    (void)finish(engine.suspend(alice, administrator(), true));
    (void)finish(engine.reset(alice, helper));
    EXPECT_EQ(converse(engine, at_the_office({"nullok"}), "123456").verdict, Verdict::denied);
    EXPECT_TRUE(world.state("alice").suspended);
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_FALSE(world.state("alice").suspended);
}

// Where people may not enrol themselves, an administrator's word opens root's doors and not the user's own.
TEST_F(DoorEnrolments, E07_WhatAnAdministratorCalledForIsDoneAtRootsDoors) {
    world.config.self_enrolment = false;
    (void)finish(engine.reset(alice, administrator()));
    const auto begins = [&](bool root) {
        StartRequest request = at_the_office();
        request.caller.admin = root;
        Conversation conversation(engine);
        return finish(conversation.start(request)).kind == Step::Kind::info;
    };
    EXPECT_TRUE(begins(true));
    EXPECT_FALSE(begins(false));
}

TEST_F(DoorEnrolments, S15_ASuspensionEndsWhatWasRemembered) {
    const Enrolment enrolment = enrol(world, engine);
    world.clock += 1;
    ASSERT_EQ(converse(engine, door({"grace_period=600"}), enrolment.phone.code(world.clock)).verdict,
              Verdict::success);
    world.clock += 1;
    const auto remembered = [&] {
        Conversation conversation(engine);
        return finish(conversation.start(door({"grace_period=600"}))).verdict == Verdict::ignored;
    };
    ASSERT_TRUE(remembered());
    (void)finish(engine.suspend(alice, administrator(), true));
    EXPECT_FALSE(remembered());
    (void)finish(engine.suspend(alice, administrator(), false));
    EXPECT_FALSE(remembered());
}

}  // namespace
}  // namespace warifu
