#include <gtest/gtest.h>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

// alice at sudo, in one of her sessions.
Caller at_terminal(std::string session) {
    Caller caller = at_home();
    caller.uid = 1000;
    caller.source = SourceId::local(1000);
    caller.service = "sudo";
    caller.rhost.clear();
    caller.place = std::move(session);
    return caller;
}

class Conversations : public testing::Test {
  protected:
    World world;
    Engine engine{world.config, &world.key, world};

    Step start(const StartRequest& request) {
        Conversation conversation(engine);
        return finish(conversation.start(request));
    }
    Step passes(std::vector<std::string> options = {"nullok"}, std::string user = "bob") {
        return start(door(std::move(options), std::move(user)));
    }
};

TEST_F(Conversations, APromptThenAVerdict) {
    const Enrolment enrolment = enrol(world, engine);
    Conversation conversation(engine);
    EXPECT_THROW((void)finish(conversation.answer(ReplyKind::text, "123456")), Conflict);
    const Step prompt = finish(conversation.start(door()));
    EXPECT_EQ(prompt.kind, Step::Kind::prompt);
    EXPECT_EQ(prompt.text, "One-time code: ");
    EXPECT_FALSE(prompt.echo);
    EXPECT_LT(prompt.text.size(), 512U);
    const Step done = finish(conversation.answer(ReplyKind::text, enrolment.phone.code(world.clock) + "\n"));
    EXPECT_EQ(done.kind, Step::Kind::done);
    EXPECT_EQ(done.verdict, Verdict::success);
    EXPECT_THROW((void)finish(conversation.answer(ReplyKind::text, "123456")), Conflict);
}

// What is asked depends on the door alone.
TEST_F(Conversations, X13_ThePromptIsTheSameForEverybody) {
    (void)enrol(world, engine);
    std::vector<StartRequest> requests;
    for (const char* user :
         {"alice", "bob", "nobody-here", "", "../x", "a/b", "-rf", "two\nlines", "\xff\xfe"}) {
        requests.push_back(door({}, user));
        requests.push_back(door({"first_factor_failed"}, user));
    }
    requests.push_back(door({}, std::string(300, 'x')));
    requests.push_back(door({"nullok"}, "alice"));
    requests.push_back(door({"nullok", "first_factor_failed"}, "bob"));
    for (const auto& request : requests) {
        const Step step = start(request);
        EXPECT_EQ(step.kind, Step::Kind::prompt) << request.user;
        EXPECT_EQ(step.text, "One-time code: ");
        EXPECT_EQ(step.tails, "");
    }
    StartRequest single = door();
    single.single_field = true;
    EXPECT_EQ(start(single).tails, "8 7 6");
}

TEST_F(Conversations, X05_NamesThatAreNoneAreAskedAndDenied) {
    for (const std::string& user :
         {std::string("../x"), std::string("a/b"), std::string(), std::string(300, 'x'), std::string("a\nb"),
          std::string("-x"), std::string("\x01"), std::string("\xff"), std::string("a\0b", 3)}) {
        world.forget_what_was_seen();
        const Step step = converse(engine, door({"nullok"}, user), "123456");
        EXPECT_EQ(step.verdict, Verdict::denied);
        ASSERT_EQ(world.committed.size(), 1U);
        EXPECT_EQ(world.committed[0].kind, RecordKind::decoy_state);
        EXPECT_EQ(world.people_asked, 0);
        for (const auto& key : world.loaded) {
            EXPECT_NE(key.name, user);
        }
    }
}

TEST_F(Conversations, S09_ARecoveryCodeSaysHowManyAreLeft) {
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_NE(converse(engine, door(), enrolment.recovery(0)).text.find("9 are left"), std::string::npos);
    for (std::size_t i = 1; i < 8; ++i) {
        (void)converse(engine, door(), enrolment.recovery(i));
    }
    EXPECT_NE(converse(engine, door(), enrolment.recovery(8)).text.find("one is left"), std::string::npos);
    EXPECT_NE(converse(engine, door(), enrolment.recovery(9)).text.find("the last one"), std::string::npos);
}

TEST_F(Conversations, S13_TheClockIsMentionedAfterASuccessAlone) {
    const Enrolment enrolment = enrol(world, engine);
    (void)finish(engine.resync(alice, administrator(), "",
                               parse_answer(enrolment.phone.code(world.clock + 1'500)),
                               parse_answer(enrolment.phone.code(world.clock + 1'530))));
    const Step right = converse(engine, door(), enrolment.phone.code(world.clock + 1'560));
    EXPECT_EQ(right.verdict, Verdict::success);
    EXPECT_NE(right.text.find("1560 seconds fast"), std::string::npos) << right.text;
    const Step wrong = converse(engine, door(), enrolment.phone.code(world.clock + 1'560));
    EXPECT_EQ(wrong.verdict, Verdict::denied);
    EXPECT_EQ(wrong.text, "");
}

TEST_F(Conversations, S19_TailsSayWhichWasTheCode) {
    const Enrolment enrolment = enrol(world, engine);
    StartRequest request = door();
    request.single_field = true;
    const std::string code = enrolment.phone.code(world.clock);
    const Step step = converse(engine, request, "21" + code + " 1" + code + " " + code, ReplyKind::tails);
    EXPECT_EQ(step.verdict, Verdict::success);
    EXPECT_EQ(step.tail, 6);
    const Step recovery = converse(engine, request, enrolment.recovery(0), ReplyKind::recovery);
    EXPECT_EQ(recovery.verdict, Verdict::success);
    EXPECT_EQ(recovery.tail, 0);
    world.clock += 30;
    const std::string next = enrolment.phone.code(world.clock);
    EXPECT_EQ(converse(engine, request, "x" + next, ReplyKind::tails).verdict, Verdict::denied);
    EXPECT_EQ(converse(engine, request, next, ReplyKind::tails).verdict, Verdict::success);
}

// The password, what sshd makes up for refused users, and no answer at all burn nothing.
TEST_F(Conversations, X14_WhatIsNoAnswerIsNoAttempt) {
    const Enrolment enrolment = enrol(world, engine);
    const std::string before = world.everything_of("alice");
    const std::string code = enrolment.phone.code(world.clock);
    for (const ReplyKind kind : {ReplyKind::password, ReplyKind::invalid, ReplyKind::none}) {
        EXPECT_EQ(converse(engine, door(), "", kind).verdict, Verdict::denied);
        EXPECT_EQ(converse(engine, door(), code, kind).verdict, Verdict::denied);
    }
    EXPECT_EQ(converse(engine, door(), "\b\n\r\177INCORRECT").verdict, Verdict::denied);
    EXPECT_EQ(converse(engine, door(), "").verdict, Verdict::denied);
    EXPECT_EQ(converse(engine, door(), std::string(100'000, '1')).verdict, Verdict::denied);
    EXPECT_EQ(converse(engine, door(), "\xff\xfe\xfd").verdict, Verdict::denied);
    EXPECT_EQ(world.everything_of("alice"), before);
    EXPECT_EQ(converse(engine, door(), code).verdict, Verdict::success);
}

TEST_F(Conversations, X12_AnUnknownOptionDeniesWithItsNameInTheLog) {
    const Enrolment enrolment = enrol(world, engine);
    for (const char* option : {"nulok", "grace_period=x", "secret=etc/shadow", "user=", "no_strict_owner"}) {
        world.forget_what_was_seen();
        const Step step = converse(engine, door({option}), enrolment.phone.code(world.clock));
        EXPECT_EQ(step.kind, Step::Kind::done);
        EXPECT_EQ(step.verdict, Verdict::denied);
        EXPECT_EQ(step.reason, Reason::bad_option);
        EXPECT_TRUE(world.logged(std::string(option).substr(0, std::string(option).find('=')))) << option;
        EXPECT_TRUE(world.committed.empty());
    }
    EXPECT_EQ(passes({"nullok", "nulok"}).verdict, Verdict::denied);
    EXPECT_EQ(passes({"listed", "nulok"}).verdict, Verdict::denied);
    (void)passes({"evil\nsign-in: verdict=success"});
    EXPECT_EQ(world.lines.back().find('\n'), std::string::npos);
}

TEST_F(Conversations, ListedDoorsAloneCountOnAListedLine) {
    StartRequest request = door({"listed"});
    request.caller.service = "cron";
    Step step = start(request);
    EXPECT_EQ(step.verdict, Verdict::ignored);
    EXPECT_EQ(step.reason, Reason::not_listed);
    request.caller.service = "sshd";
    EXPECT_EQ(start(request).kind, Step::Kind::prompt);
    request.options.clear();
    request.caller.service = "cron";
    EXPECT_EQ(start(request).kind, Step::Kind::prompt);
}

// ---- nullok

TEST_F(Conversations, X10_NullokPassesWhoIsSurelyNotEnrolled) {
    const Step step = passes();
    EXPECT_EQ(step.kind, Step::Kind::done);
    EXPECT_EQ(step.verdict, Verdict::ignored);
    EXPECT_EQ(step.reason, Reason::unenrolled_pass);
    EXPECT_TRUE(world.logged("reason=unenrolled_pass"));
}

// Each of the conditions broken in turn: asked, and denied or unavailable.
TEST_F(Conversations, X10_EachConditionBrokenInTurn) {
    const auto refused = [&](const char* what, std::vector<std::string> options = {"nullok"},
                             const std::string& user = "bob") {
        const Step step = converse(engine, door(std::move(options), user), "123456");
        EXPECT_TRUE(step.verdict == Verdict::denied || step.verdict == Verdict::unavailable) << what;
    };
    refused("no nullok on the line", {});
    world.config.unenrolled = PolicyOutcome::refuse;
    refused("policy refuses");
    world.config.unenrolled = PolicyOutcome::enrol;
    refused("policy enrols");
    world.config.unenrolled = PolicyOutcome::by_line;
    refused("after a wrong password", {"nullok", "first_factor_failed"});
    refused("no such name", {"nullok"}, "nobody-here");
    world.directory = Found::unavailable;
    refused("the directory does not answer");
    world.directory = Found::yes;

    world.config.sources = {SourceKind::home, SourceKind::central};
    world.home_broken = true;
    refused("the home cannot be read");
    world.home_broken = false;
    for (const char* content : {"", "{", "{}", "[]", "not JSON", "{\"version\":99}"}) {
        world.homes["bob"] = content;
        refused("a corrupt file in the home");
    }
    world.homes.clear();
    world.config.sources = {SourceKind::central, SourceKind::text};
    world.text_broken = true;
    refused("the text file cannot be read");
    world.text_broken = false;
    world.config.sources = {SourceKind::central};

    world.record(RecordKind::credentials, "bob") = {"damaged", 1};
    refused("a damaged record");
    world.record(RecordKind::credentials, "bob") = {};
    world.record(RecordKind::state, "bob") = {"damaged", 1};
    refused("a damaged state");
    State seen;
    seen.seen = true;
    world.record(RecordKind::state, "bob") = {encode(seen), 1};
    refused("seen before and gone");
    world.record(RecordKind::state, "bob") = {};

    world.people["bob"].uid = 1000;
    (void)enrol(world, engine);
    refused("somebody enrolled has the uid");
    world.people["bob"].uid = 1001;
    EXPECT_EQ(passes().verdict, Verdict::ignored);  // and nothing else was in the way
    refused("enrolled", {"nullok"}, "alice");
}

TEST_F(Conversations, X10_TheNameIsTheOneThatNssGives) {
    (void)enrol(world, engine);
    world.people["ALICE"] = world.people["alice"];
    EXPECT_EQ(start(door({"nullok"}, "ALICE")).kind, Step::Kind::prompt);
}

// ---- remembered sign-ins: grace_period= and remember_minutes

TEST_F(Conversations, S19_GracePeriodStandsForTheSameAddress) {
    const Enrolment enrolment = enrol(world, engine);
    world.clock += 1;
    EXPECT_EQ(start(door({"grace_period=60"})).kind, Step::Kind::prompt);
    ASSERT_EQ(converse(engine, door({"grace_period=60"}), enrolment.phone.code(world.clock)).verdict,
              Verdict::success);
    world.clock += 59;
    const Step step = start(door({"grace_period=60"}));
    EXPECT_EQ(step.verdict, Verdict::ignored);  // an exemption is never success
    EXPECT_EQ(step.reason, Reason::remembered);
    StartRequest another_service = door({"grace_period=60"});
    another_service.caller.service = "cockpit";
    EXPECT_EQ(start(another_service).kind, Step::Kind::prompt);
    StartRequest elsewhere = door({"grace_period=60"});
    elsewhere.caller = from("198.51.100.9");
    EXPECT_EQ(start(elsewhere).kind, Step::Kind::prompt);
    StartRequest local = door({"grace_period=60"});
    local.caller = at_terminal("session 1");
    EXPECT_EQ(start(local).kind, Step::Kind::prompt);
    EXPECT_EQ(start(door({"grace_period=60", "first_factor_failed"})).kind, Step::Kind::prompt);
    EXPECT_EQ(start(door({"grace_period=59"})).kind, Step::Kind::prompt);
    world.clock -= 600;  // a success that lies ahead is no permission
    EXPECT_EQ(start(door({"grace_period=60"})).kind, Step::Kind::prompt);
    world.clock += 601;
    EXPECT_EQ(start(door({"grace_period=60"})).kind, Step::Kind::prompt);
}

TEST_F(Conversations, S15_GraceEndsWithAnyChange) {
    const auto graced = [&](const std::function<void(const Enrolment&)>& change) {
        (void)finish(engine.reset(alice, administrator()));
        const Enrolment one = enrol(world, engine);
        (void)enrol(world, engine);
        world.clock += 60;
        EXPECT_EQ(converse(engine, door({"grace_period=600"}), one.phone.code(world.clock)).verdict,
                  Verdict::success);
        EXPECT_EQ(start(door({"grace_period=600"})).verdict, Verdict::ignored);
        change(one);
        const Step step = start(door({"grace_period=600"}));
        EXPECT_EQ(step.kind, Step::Kind::prompt);
    };
    graced([&](const Enrolment& one) {
        (void)finish(engine.remove(alice, at_home(), one.confirmed.authenticator));
    });
    graced([&](const Enrolment&) { (void)finish(engine.regenerate_codes(alice, at_home())); });
    graced([&](const Enrolment&) { (void)finish(engine.forget(alice, at_home())); });
    graced([&](const Enrolment&) { (void)finish(engine.reset(alice, administrator())); });
    graced([&](const Enrolment&) { (void)enrol(world, engine); });
}

TEST_F(Conversations, S15_ADoorThatRemembersAsksOnceAPlaceAndTime) {
    world.config.service["sudo"].remember_minutes = 10;
    const Enrolment enrolment = enrol(world, engine);
    const auto begin = [&](const Caller& caller) {
        StartRequest request = door();
        request.caller = caller;
        return start(request);
    };
    StartRequest first = door();
    first.caller = at_terminal("session 1");
    ASSERT_EQ(converse(engine, first, enrolment.phone.wrong(world.clock)).verdict, Verdict::denied);
    EXPECT_EQ(begin(first.caller).kind, Step::Kind::prompt) << "a wrong code is no sign-in";
    ASSERT_EQ(converse(engine, first, enrolment.phone.code(world.clock)).verdict, Verdict::success);

    EXPECT_EQ(begin(first.caller).reason, Reason::remembered);
    EXPECT_TRUE(world.logged("verdict=ignored reason=remembered"));
    EXPECT_EQ(begin(at_terminal("session 2")).kind, Step::Kind::prompt);
    EXPECT_EQ(begin(at_terminal("")).kind, Step::Kind::prompt) << "no terminal, nothing to be known by";
    Caller elsewhere = at_terminal("session 1");
    elsewhere.service = "su";
    EXPECT_EQ(begin(elsewhere).kind, Step::Kind::prompt) << "another door";
    world.config.service["su"].remember_minutes = 10;
    EXPECT_EQ(begin(elsewhere).kind, Step::Kind::prompt);
    Caller not_believed = at_terminal("session 1");
    not_believed.admin = false;
    EXPECT_EQ(begin(not_believed).kind, Step::Kind::prompt);
    StartRequest single = first;
    single.single_field = true;
    EXPECT_EQ(start(single).reason, Reason::remembered) << "the module asks for the password alone then";
    StartRequest after_wrong_password = first;
    after_wrong_password.options = {"first_factor_failed"};
    EXPECT_EQ(start(after_wrong_password).kind, Step::Kind::prompt);
    StartRequest somebody_else = first;
    somebody_else.user = "bob";
    EXPECT_EQ(start(somebody_else).kind, Step::Kind::prompt);

    world.clock += 599;
    EXPECT_EQ(begin(first.caller).reason, Reason::remembered);
    world.clock -= 600;
    EXPECT_EQ(begin(first.caller).kind, Step::Kind::prompt) << "the clock was set back";
    world.clock += 601;
    EXPECT_EQ(begin(first.caller).kind, Step::Kind::prompt) << "it is over, and was not prolonged";
}

TEST_F(Conversations, S15_ItIsOffByDefaultAndEndsWithItsSetting) {
    const Enrolment enrolment = enrol(world, engine);
    StartRequest request = door();
    request.caller = at_terminal("session 1");
    ASSERT_EQ(converse(engine, request, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    world.config.service["sudo"].remember_minutes = 10;
    EXPECT_EQ(start(request).kind, Step::Kind::prompt) << "that sign-in was at a door that remembers nothing";
    world.clock += 60;
    ASSERT_EQ(converse(engine, request, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_EQ(start(request).reason, Reason::remembered);
    world.config.service["sudo"].remember_minutes = 0;
    EXPECT_EQ(start(request).kind, Step::Kind::prompt);
}

TEST_F(Conversations, S15_ARecoveryCodeIsRememberedAndTheStoresKeyIsNeeded) {
    world.config.service["sudo"].remember_minutes = 10;
    const Enrolment enrolment = enrol(world, engine);
    StartRequest request = door();
    request.caller = at_terminal("session 1");
    ASSERT_EQ(converse(engine, request, enrolment.recovery(0)).verdict, Verdict::success);
    EXPECT_EQ(start(request).reason, Reason::remembered);
    Engine without_key(world.config, nullptr, world);
    Conversation conversation(without_key);
    EXPECT_EQ(finish(conversation.start(request)).kind, Step::Kind::prompt);
}

// Keys in a home change without a word to warifud.
TEST_F(Conversations, S15_KeysThatChangedInTheirFileEndIt) {
    world.config.sources = {SourceKind::home};
    world.config.service["sudo"].remember_minutes = 10;
    const Enrolment enrolment = enrol(world, engine);
    const std::string before = world.homes.at("alice");
    StartRequest request = door();
    request.caller = at_terminal("session 1");
    ASSERT_EQ(converse(engine, request, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_EQ(start(request).reason, Reason::remembered);
    (void)enrol(world, engine, Subject{"host", "bob"});
    world.homes["alice"] = world.homes.at("bob");
    EXPECT_EQ(start(request).kind, Step::Kind::prompt) << "another key";
    world.homes.erase("alice");
    EXPECT_EQ(start(request).kind, Step::Kind::prompt) << "no key";
    world.homes["alice"] = before;
    world.home_broken = true;
    EXPECT_EQ(converse(engine, request, enrolment.phone.code(world.clock + 30)).verdict,
              Verdict::unavailable);
}

TEST_F(Conversations, KindsOfReply) {
    EXPECT_EQ(parse_reply_kind("text"), ReplyKind::text);
    EXPECT_EQ(parse_reply_kind("none"), ReplyKind::none);
    EXPECT_EQ(parse_reply_kind("TEXT"), std::nullopt);
    EXPECT_EQ(parse_reply_kind(""), std::nullopt);
    EXPECT_EQ(name(Step::Kind::prompt), "prompt");
    EXPECT_EQ(name(Step::Kind::done), "done");
}

}  // namespace
}  // namespace warifu
