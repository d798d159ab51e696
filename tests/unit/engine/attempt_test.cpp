#include <gtest/gtest.h>

#include <algorithm>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

class Attempts : public testing::Test {
  protected:
    World world;
    Engine engine{world.config, &world.key, world};
    Enrolment enrolment = enrol(world, engine);
    const Caller elsewhere = from("198.51.100.9");

    std::string right() const { return enrolment.phone.code(world.clock); }
    std::string wrong() const { return enrolment.phone.wrong(world.clock); }

    AttemptResult decoyed(std::string_view typed, Reason reason) {
        AttemptRequest request;
        request.subject = alice;
        request.caller = at_home();
        request.answer = parse_answer(typed);
        request.decoy_reason = reason;
        return finish(engine.attempt(std::move(request)));
    }
};

TEST_F(Attempts, S12_ACodeWorksOnce) {
    const AttemptResult first = attempt(engine, right());
    EXPECT_EQ(first.verdict, Verdict::success);
    EXPECT_EQ(first.reason, Reason::ok);
    EXPECT_EQ(first.authenticator, enrolment.confirmed.authenticator);
    EXPECT_EQ(first.label, "phone");
    Engine restarted(world.config, &world.key, world);
    const AttemptResult second = attempt(restarted, right());
    EXPECT_EQ(second.verdict, Verdict::denied);
    EXPECT_EQ(second.reason, Reason::replayed);
    world.clock -= day;
    EXPECT_NE(attempt(engine, right()).verdict, Verdict::success);
}

TEST_F(Attempts, S09_ARecoveryCodeWorksOnceAndTellsHowManyAreLeft) {
    const AttemptResult first = attempt(engine, enrolment.recovery(7), elsewhere);
    EXPECT_EQ(first.verdict, Verdict::success);
    EXPECT_EQ(first.recovery_left, 9U);
    EXPECT_EQ(attempt(engine, enrolment.recovery(7), elsewhere).reason, Reason::replayed);
    EXPECT_EQ(attempt(engine, "ABCD-EFGH-IJKL-MNOP").verdict, Verdict::denied);
}

TEST_F(Attempts, X22_UnderAttackTheOwnerStillSignsIn) {
    ASSERT_EQ(attempt(engine, right()).verdict, Verdict::success);
    for (int i = 0; i < 40; ++i) {
        (void)attempt(engine, wrong(), from("198.51.100." + std::to_string(i)));
    }
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock + 30), elsewhere).verdict, Verdict::limited);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock + 30)).verdict, Verdict::success);
    EXPECT_EQ(attempt(engine, enrolment.recovery(0), elsewhere).verdict, Verdict::success);
}

// ---- without the key

TEST_F(Attempts, X35_WithoutTheKeyCodesAreUnavailableAndRecoveryCodesWork) {
    ASSERT_EQ(attempt(engine, wrong()).verdict, Verdict::denied);
    Engine keyless(world.config, nullptr, world);
    const State before = world.state("alice");
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(attempt(keyless, right(), elsewhere).verdict, Verdict::unavailable);
        EXPECT_EQ(attempt(keyless, wrong(), elsewhere).verdict, Verdict::unavailable);
    }
    // Nothing could be compared, so nothing was counted.
    EXPECT_EQ(world.state("alice"), before);
    EXPECT_TRUE(world.logged("secret.key"));
    EXPECT_EQ(attempt(keyless, enrolment.recovery(0), elsewhere).verdict, Verdict::success);
    EXPECT_EQ(attempt(keyless, enrolment.recovery(0), elsewhere).verdict, Verdict::denied);
    EXPECT_EQ(attempt(keyless, "ABCD-EFGH-IJKL-MNOP", elsewhere).verdict, Verdict::denied);
    // With the key again everything is as it was, and the spent one stays spent.
    EXPECT_EQ(attempt(engine, enrolment.recovery(0)).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::success);
}

TEST_F(Attempts, X35_WithoutTheKeyAHomesSecretCountsForNothingEither) {
    const auto sealed = world.record(RecordKind::credentials, "alice").document;
    world.homes["alice"] = std::string(to_plain_json(from_sealed_json(sealed, alice, &world.key)).text());
    world.config.sources = {SourceKind::home};
    const State before = world.state("alice");
    Engine keyless(world.config, nullptr, world);
    EXPECT_EQ(attempt(keyless, right()).verdict, Verdict::unavailable);
    EXPECT_EQ(world.state("alice"), before);
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::success);
}

TEST_F(Attempts, X35_AnotherStoresKeyIsUnavailable) {
    const StoreKey other = StoreKey::generate();
    Engine wrong_key(world.config, &other, world);
    EXPECT_EQ(attempt(wrong_key, right()).verdict, Verdict::unavailable);
    EXPECT_EQ(attempt(wrong_key, wrong()).verdict, Verdict::unavailable);
}

// ---- absence

TEST_F(Attempts, X10_SeenAndGoneIsUnavailable) {
    world.record(RecordKind::credentials, "alice") = {};
    const AttemptResult gone = attempt(engine, right());
    EXPECT_EQ(gone.verdict, Verdict::unavailable);
    EXPECT_TRUE(world.logged("were seen and are gone"));
    EXPECT_EQ(finish(engine.status(alice)).state, "missing");
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::denied);
}

// A home that was read once, if only by a wrong answer, was seen.
TEST_F(Attempts, X11_AHomeThatWasReadIsMissed) {
    const auto sealed = world.record(RecordKind::credentials, "alice").document;
    const Subject bob{"host", "bob"};
    Credentials credentials = from_sealed_json(sealed, alice, &world.key);
    credentials.subject = bob;
    credentials.uid = 1001;
    world.homes["bob"] = std::string(to_plain_json(credentials).text());
    world.config.sources = {SourceKind::home};
    EXPECT_EQ(attempt(engine, wrong(), at_home(), bob).verdict, Verdict::denied);
    world.homes.clear();
    EXPECT_EQ(attempt(engine, wrong(), at_home(), bob).verdict, Verdict::unavailable);
    EXPECT_FALSE(finish(engine.surely_not_enrolled(bob, {Found::yes, world.people["bob"], ""})));
}

TEST_F(Attempts, S20_ASourceThatCannotAnswerIsNeverSkipped) {
    world.config.sources = {SourceKind::home, SourceKind::central};
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::success);  // no file there: the next one serves
    world.home_broken = true;
    world.clock += 30;
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::unavailable);
    EXPECT_EQ(attempt(engine, enrolment.recovery(0)).verdict, Verdict::unavailable);
    world.home_broken = false;
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::success);
}

// ---- equal work

struct Work {
    int loads = 0, calls = 0, digests = 0;
    std::vector<RecordKind> loaded;
    std::size_t commits = 0;
    bool operator==(const Work&) const = default;
};

class EqualWork : public Attempts {
  protected:
    Work work_of(const std::function<AttemptResult()>& act, Verdict verdict, Reason reason, bool on_decoy) {
        const std::string before =
            world.everything_of("alice") + world.everything_of("bob") + world.everything_of("nobody-here");
        world.forget_what_was_seen();
        const AttemptResult result = act();
        EXPECT_EQ(result.verdict, verdict) << name(reason);
        EXPECT_EQ(result.reason, reason) << name(reason);
        Work work{world.loads, world.calls, world.digests, {}, world.committed.size()};
        for (const auto& key : world.loaded) {
            work.loaded.push_back(key.kind);
        }
        EXPECT_EQ(work.commits, 1U);
        if (on_decoy) {
            EXPECT_EQ(world.committed.at(0).kind, RecordKind::decoy_state) << name(reason);
            const std::string after = world.everything_of("alice") + world.everything_of("bob") +
                                      world.everything_of("nobody-here");
            EXPECT_EQ(before, after) << name(reason);
        } else {
            EXPECT_EQ(world.committed.at(0).kind, RecordKind::state) << name(reason);
        }
        return work;
    }
};

// Unknown, unenrolled, enrolled, limited, suspended, junk, after a wrong password: as many loads of the same
// kinds, one commit, as many digests; and on the decoy path nothing of the subject is written.
TEST_F(EqualWork, X13_WhateverTheAccountTheWorkIsTheSame) {
    const Subject bob{"host", "bob"}, nobody{"host", "nobody-here"};
    const auto wrong_answer = [&] { return attempt(engine, wrong(), elsewhere); };
    const Work enrolled = work_of(wrong_answer, Verdict::denied, Reason::bad_code, false);
    EXPECT_EQ(work_of([&] { return attempt(engine, right()); }, Verdict::success, Reason::ok, false),
              enrolled);
    EXPECT_EQ(work_of([&] { return attempt(engine, right()); }, Verdict::denied, Reason::replayed, false),
              enrolled);
    for (const Subject& subject : {bob, nobody}) {
        EXPECT_EQ(work_of([&] { return attempt(engine, wrong(), elsewhere, subject); }, Verdict::denied,
                          Reason::not_enrolled, true),
                  enrolled);
    }
    for (const Reason reason : {Reason::first_factor_failed, Reason::password_typed}) {
        for (const std::string& typed :
             {wrong(), enrolment.phone.code(world.clock + 30), std::string("junk")}) {
            EXPECT_EQ(work_of([&] { return decoyed(typed, reason); }, Verdict::denied, reason, true),
                      enrolled);
        }
    }
    for (const char* typed : {"", "+12345", "\b\n\r\177INCORRECT", "12345", "not a code at all"}) {
        EXPECT_EQ(work_of([&] { return attempt(engine, typed); }, Verdict::denied, Reason::junk, true),
                  enrolled);
    }
    for (int i = 0; i < 29; ++i) {
        (void)wrong_answer();
    }
    EXPECT_EQ(work_of(wrong_answer, Verdict::limited, Reason::limited, true), enrolled);
    EXPECT_EQ(work_of([&] { return attempt(engine, enrolment.phone.code(world.clock + 30), elsewhere); },
                      Verdict::limited, Reason::limited, true),
              enrolled);
    State suspended = world.state("alice");
    suspended.suspended = true;
    world.record(RecordKind::state, "alice").document = encode(suspended);
    EXPECT_EQ(work_of([&] { return attempt(engine, enrolment.phone.code(world.clock + 30)); },
                      Verdict::denied, Reason::suspended, true),
              enrolled);
}

// A name that nobody has looks for a home as well.
TEST_F(EqualWork, X13_WithHomesToo) {
    world.config.sources = {SourceKind::home, SourceKind::central};
    for (const char* user : {"alice", "bob", "nobody-here"}) {
        world.forget_what_was_seen();
        (void)attempt(engine, wrong(), elsewhere, {"host", user});
        EXPECT_EQ(world.homes_read, 1) << user;
    }
}

TEST_F(EqualWork, X13_ForRecoveryCodesToo) {
    const Subject bob{"host", "bob"}, nobody{"host", "nobody-here"};
    const std::string wrong_one = "ABCD-EFGH-IJKL-MNOP";
    const Work enrolled =
        work_of([&] { return attempt(engine, wrong_one); }, Verdict::denied, Reason::bad_code, false);
    EXPECT_EQ(enrolled.digests, 1);
    EXPECT_EQ(
        work_of([&] { return attempt(engine, enrolment.recovery(0)); }, Verdict::success, Reason::ok, false),
        enrolled);
    for (const Subject& subject : {bob, nobody}) {
        EXPECT_EQ(work_of([&] { return attempt(engine, wrong_one, at_home(), subject); }, Verdict::denied,
                          Reason::not_enrolled, true),
                  enrolled);
    }
    EXPECT_EQ(work_of([&] { return decoyed(enrolment.recovery(1), Reason::first_factor_failed); },
                      Verdict::denied, Reason::first_factor_failed, true),
              enrolled);
    EXPECT_EQ(attempt(engine, enrolment.recovery(1)).verdict, Verdict::success);
}

// After a wrong password nothing of the account is touched: not even by ten thousand answers, right ones too.
TEST_F(EqualWork, X13_AfterAWrongPasswordNoBudgetIsTouched) {
    const std::string before = world.everything_of("alice");
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(decoyed(i % 2 == 0 ? right() : wrong(), Reason::first_factor_failed).verdict,
                  Verdict::denied);
    }
    EXPECT_EQ(world.everything_of("alice"), before);
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::success);
}

// That line says no whatever is broken behind it, and stays silent about it.
TEST_F(EqualWork, X13_AfterAWrongPasswordABrokenHomeIsNotTold) {
    world.config.sources = {SourceKind::home};
    world.home_broken = true;
    EXPECT_EQ(decoyed(right(), Reason::first_factor_failed).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, right()).verdict, Verdict::unavailable);
}

TEST_F(Attempts, DecoysAreNeverLimited) {
    const Subject nobody{"host", "nobody-here"};
    for (int i = 0; i < 500; ++i) {
        ASSERT_EQ(attempt(engine, wrong(), elsewhere, nobody).verdict, Verdict::denied);
    }
    for (int i = 0; i < 30; ++i) {
        (void)attempt(engine, wrong(), elsewhere);
    }
    EXPECT_EQ(attempt(engine, wrong(), elsewhere).verdict, Verdict::limited);
}

TEST_F(Attempts, SingleFieldDoorsHaveBudgetsOfTheirOwn) {
    const auto at_door = [&](const std::string& service, const std::string& typed) {
        AttemptRequest request;
        request.subject = alice;
        request.caller = elsewhere;
        request.caller.service = service;
        request.answer = parse_answer(typed);
        request.single_field = true;
        return finish(engine.attempt(std::move(request))).verdict;
    };
    for (const char* service : {"vsftpd", "a", "b", "c", "d", "e"}) {
        while (at_door(service, wrong()) == Verdict::denied) {
        }
    }
    EXPECT_EQ(attempt(engine, right(), elsewhere).verdict, Verdict::success);
}

TEST_F(Attempts, X06_NoLineHoldsACodeOrASecret) {
    const std::string code = right();
    (void)attempt(engine, code);
    (void)attempt(engine, code);
    (void)attempt(engine, wrong());
    (void)attempt(engine, enrolment.recovery(0));
    (void)decoyed("hunter2hunter2", Reason::password_typed);
    EXPECT_GE(world.lines.size(), 5U);
    const std::string secret(base32_encode(enrolment.phone.secret.bytes()).text());
    for (const std::string& hidden :
         {code, wrong(), enrolment.recovery(0), secret, std::string("hunter2"), secret.substr(0, 8)}) {
        EXPECT_FALSE(world.logged(hidden)) << hidden;
    }
}

TEST_F(Attempts, X27_HostileBytesAreEscapedInTheLog) {
    Caller hostile = elsewhere;
    hostile.rhost = "; x\n\x1b[2Jverdict=success";
    hostile.service = "a b\xff";
    hostile.tty = std::string(300, '%');
    (void)attempt(engine, wrong(), hostile, {"host", "nobody-here"});
    ASSERT_FALSE(world.lines.empty());
    const std::string& line = world.lines.back();
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c != '\x7f'; }))
        << line;
    EXPECT_EQ(line.find("verdict=success"), std::string::npos);
    EXPECT_LT(line.size(), 1'000U);
}

}  // namespace
}  // namespace warifu
