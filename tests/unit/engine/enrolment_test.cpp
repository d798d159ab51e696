#include <gtest/gtest.h>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

class Enrolling : public testing::Test {
  protected:
    World world;
    Engine engine{world.config, &world.key, world};

    Enrolled offer(const Caller& caller) { return finish(engine.enroll(enrol_request(caller))); }
    Caller self(const std::string& address) {
        Caller caller = from(address);
        caller.admin = false;
        caller.uid = 1000;
        return caller;
    }
    Confirmed confirm(std::string_view code, const std::string& id = "") {
        return finish(engine.confirm(alice, at_home(), id, parse_answer(code), Addition::permitted));
    }
    std::string denied(std::string_view code) {
        try {
            (void)confirm(code);
        } catch (const Denied& error) {
            return error.reason + ": " + error.what();
        }
        return "";
    }
    std::size_t held() {
        const auto* record = world.find_record(RecordKind::credentials, "alice");
        return record == nullptr
                   ? 0
                   : from_sealed_json(record->document, alice, &world.key).authenticators.size();
    }
};

TEST_F(Enrolling, E03_NothingCountsUntilACodeConfirmsIt) {
    const Enrolled offered = offer(self("203.0.113.7"));
    const Phone phone(offered);
    EXPECT_EQ(held(), 0U);
    EXPECT_EQ(finish(engine.status(alice)).state, "pending");
    EXPECT_EQ(attempt(engine, phone.code(world.clock)).verdict, Verdict::denied);
    EXPECT_EQ(finish(engine.surely_not_enrolled(alice, {Found::yes, world.people["alice"], ""})), true);

    const Confirmed confirmed = confirm(phone.code(world.clock), offered.authenticator);
    EXPECT_EQ(confirmed.authenticator, offered.authenticator);
    EXPECT_EQ(confirmed.recovery_codes.size(), recovery_codes_in_a_set);
    EXPECT_EQ(held(), 1U);
    EXPECT_EQ(finish(engine.status(alice)).state, "active");
    EXPECT_EQ(attempt(engine, phone.code(world.clock + 30)).verdict, Verdict::success);
    EXPECT_FALSE(finish(engine.surely_not_enrolled(alice, {Found::yes, world.people["alice"], ""})));
}

TEST_F(Enrolling, E03_TheKeyWaitsWhereItWasOffered) {
    const Enrolled first = offer(self("203.0.113.7"));
    world.clock += 599;
    Engine restarted(world.config, &world.key, world);
    const Enrolled again = finish(restarted.enroll(enrol_request(self("203.0.113.7"))));
    EXPECT_EQ(again.secret.text(), first.secret.text());
    EXPECT_EQ(again.authenticator, first.authenticator);
    EXPECT_EQ(again.expires, first.expires);
    EXPECT_TRUE(again.others.empty());
    world.clock += 1;
    EXPECT_NE(offer(self("203.0.113.7")).secret.text(), first.secret.text());
}

TEST_F(Enrolling, E03_LocallyItWaitsAnHourAndForAnotherAMonth) {
    Caller local = self("x");
    local.source = SourceId::local(1000);
    EXPECT_EQ(offer(local).expires, world.clock + 3'600);
    EXPECT_EQ(offer(self("203.0.113.7")).expires, world.clock + 600);
    EXPECT_EQ(offer(administrator()).expires, world.clock + 30 * day);
}

TEST_F(Enrolling, E03_AnExpiredKeyIsNoLongerConfirmed) {
    const Phone phone(offer(self("203.0.113.7")));
    world.clock += 600;
    EXPECT_THROW((void)confirm(phone.code(world.clock)), NotFound);
    EXPECT_EQ(held(), 0U);
    EXPECT_EQ(finish(engine.status(alice)).state, "none");
}

TEST_F(Enrolling, E03_AKeyOfferedUnderAClockThatWasAheadIsNone) {
    const Phone phone(offer(administrator()));
    world.clock -= day;
    EXPECT_THROW((void)confirm(phone.code(world.clock)), NotFound);
}

// Somebody with only the password reads the QR on offer and leaves.
TEST_F(Enrolling, X36_FromElsewhereTheOwnerGetsAnotherKeyAndIsTold) {
    const Enrolled thiefs = offer(self("198.51.100.66"));
    world.clock += 60;
    const Enrolled owners = offer(self("203.0.113.7"));
    EXPECT_NE(owners.secret.text(), thiefs.secret.text());
    EXPECT_NE(owners.authenticator, thiefs.authenticator);
    ASSERT_EQ(owners.others.size(), 1U);
    EXPECT_EQ(owners.others[0].source, "198.51.100.66");
    EXPECT_EQ(owners.others[0].made, world.clock - 60);
    // The key that was read is worth nothing now.
    const Phone stolen(thiefs), phone(owners);
    EXPECT_NE(denied(stolen.code(world.clock)), "");
    EXPECT_THROW((void)confirm(stolen.code(world.clock), thiefs.authenticator), NotFound);
    (void)confirm(phone.code(world.clock), owners.authenticator);
    world.clock += 60;
    EXPECT_EQ(attempt(engine, stolen.code(world.clock), from("198.51.100.66")).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, phone.code(world.clock)).verdict, Verdict::success);
}

TEST_F(Enrolling, X36_OtherOffersAreToldForADay) {
    (void)offer(self("198.51.100.66"));
    world.clock += day;
    EXPECT_EQ(offer(self("203.0.113.7")).others.size(), 1U);
    world.clock += day + 1;
    EXPECT_TRUE(offer(self("203.0.113.8")).others.empty());
}

TEST_F(Enrolling, X36_AfterAConfirmationToo) {
    const Phone phone(offer(self("198.51.100.66")));
    (void)confirm(phone.code(world.clock));
    EXPECT_EQ(offer(self("203.0.113.7")).others.size(), 1U);
}

TEST_F(Enrolling, E03_WrongConfirmationsAreBoundedAndShowNothing) {
    const Phone phone(offer(self("203.0.113.7")));
    const std::string wrong = phone.wrong(world.clock);
    for (int i = 0; i < offer_most_wrong; ++i) {
        const std::string said = denied(wrong);
        ASSERT_TRUE(said.starts_with("bad_code")) << said;
        for (int step = -2; step <= 2; ++step) {
            ASSERT_EQ(said.find(phone.code(world.clock + step * 30)), std::string::npos);
        }
    }
    EXPECT_TRUE(denied(phone.code(world.clock)).starts_with("limited"));
    EXPECT_EQ(held(), 0U);
    // Nothing of it fell to the account itself.
    EXPECT_EQ(world.state("alice").failures, 0U);
    // From the same place the spent offer is the one that waits; from elsewhere a new key begins afresh.
    const Phone other(offer(self("203.0.113.8")));
    (void)confirm(other.code(world.clock));
    EXPECT_EQ(held(), 1U);
}

TEST_F(Enrolling, E03_TheConfirmingStepIsSpent) {
    const Phone phone(offer(self("203.0.113.7")));
    const std::string code = phone.code(world.clock);
    (void)confirm(code);
    const AttemptResult again = attempt(engine, code);
    EXPECT_EQ(again.verdict, Verdict::denied);
    EXPECT_EQ(again.reason, Reason::replayed);
    EXPECT_EQ(attempt(engine, phone.code(world.clock - 30)).verdict, Verdict::denied);
    EXPECT_EQ(attempt(engine, phone.code(world.clock + 30)).verdict, Verdict::success);
    EXPECT_THROW((void)confirm(phone.code(world.clock + 30)), NotFound);
}

TEST_F(Enrolling, E05_RecoveryCodesComeWithTheFirstAlone) {
    const Enrolment first = enrol(world, engine);
    EXPECT_EQ(first.confirmed.recovery_codes.size(), recovery_codes_in_a_set);
    EXPECT_EQ(first.confirmed.label, "phone");
    const Enrolment second = enrol(world, engine);
    EXPECT_TRUE(second.confirmed.recovery_codes.empty());
    EXPECT_EQ(second.confirmed.label, "phone 2");
    EXPECT_EQ(attempt(engine, first.recovery(0)).recovery_left, 9U);
    EXPECT_EQ(attempt(engine, first.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_EQ(attempt(engine, second.phone.code(world.clock)).verdict, Verdict::success);
}

TEST_F(Enrolling, AKeyThatIsActiveIsRefusedAsASecondOne) {
    const Enrolment first = enrol(world, engine);
    EnrolRequest copy = enrol_request(at_home());
    copy.secret = Secret::copy_of(first.phone.secret.bytes());
    EXPECT_THROW((void)finish(engine.enroll(std::move(copy))), Invalid);
    // Eight digits end with the six of the same key: who saw the one typed could use the other.
    EnrolRequest longer = enrol_request(at_home());
    longer.otp.digits = 8;
    longer.secret = Secret::copy_of(std::string(first.phone.secret.text()) + '\0');
    EXPECT_THROW((void)finish(engine.enroll(std::move(longer))), Invalid);
    // For another subject it is another authenticator.
    EnrolRequest for_bob = enrol_request(at_home(), {"host", "bob"});
    for_bob.secret = Secret::copy_of(first.phone.secret.bytes());
    EXPECT_EQ(finish(engine.enroll(std::move(for_bob))).user, "bob");
}

TEST_F(Enrolling, NoMoreThanTheMost) {
    world.config.most_authenticators = 2;
    (void)enrol(world, engine);
    const Phone third(offer(self("203.0.113.9")));  // on offer while there was room
    (void)finish(engine.enroll(enrol_request(self("203.0.113.9"))));
    world.config.most_authenticators = 1;
    EXPECT_THROW((void)confirm(third.code(world.clock)), Conflict);
    EXPECT_THROW((void)offer(self("203.0.113.7")), Conflict);
    EXPECT_EQ(held(), 1U);
}

TEST_F(Enrolling, WhatIsRefused) {
    EXPECT_THROW((void)finish(engine.enroll(enrol_request(at_home(), {"host", "nobody-here"}))), NotFound);
    world.directory = Found::unavailable;
    EXPECT_THROW((void)offer(at_home()), Unavailable);
    world.directory = Found::yes;
    EnrolRequest nine = enrol_request(at_home());
    nine.otp.digits = 9;
    EXPECT_THROW((void)finish(engine.enroll(std::move(nine))), Invalid);
    EnrolRequest weak = enrol_request(at_home());
    weak.secret = Secret::random(9);
    EXPECT_THROW((void)finish(engine.enroll(std::move(weak))), Invalid);
    EnrolRequest label = enrol_request(at_home());
    label.label = "two\nlines";
    EXPECT_THROW((void)finish(engine.enroll(std::move(label))), Invalid);
    EXPECT_THROW((void)confirm("123456"), NotFound);
    Engine keyless(world.config, nullptr, world);
    EXPECT_THROW((void)finish(keyless.enroll(enrol_request(at_home()))), Unavailable);
    EXPECT_EQ(world.everything_of("alice"), "");
}

TEST_F(Enrolling, S13_AClockThatIsOffIsSaidAtTheConfirmation) {
    world.config.window = 3;
    const Phone phone(offer(self("203.0.113.7")));
    EXPECT_EQ(confirm(phone.code(world.clock + 90)).clock_off_seconds, 90);
}

TEST_F(Enrolling, AnotherKeyIsOfferedForOtherParameters) {
    const Enrolled six = offer(self("203.0.113.7"));
    EnrolRequest request = enrol_request(self("203.0.113.7"));
    request.otp.digits = 8;
    const Enrolled eight = finish(engine.enroll(std::move(request)));
    EXPECT_NE(eight.secret.text(), six.secret.text());
    EXPECT_TRUE(eight.others.empty());  // one's own place is no stranger
}

// ---- the home and the text file

TEST_F(Enrolling, S20_TheFirstSourceThatCanBeWrittenTakesTheKey) {
    world.config.sources = {SourceKind::text, SourceKind::central};
    (void)enrol(world, engine);
    EXPECT_EQ(held(), 1U);
    EXPECT_EQ(finish(engine.status(alice)).source, "central");
}

TEST_F(Enrolling, S20_InAHome) {
    world.config.sources = {SourceKind::home, SourceKind::central};
    const Enrolment enrolment = enrol(world, engine);
    EXPECT_EQ(world.homes.size(), 1U);
    EXPECT_EQ(held(), 0U);
    EXPECT_EQ(finish(engine.status(alice)).source, "home");
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).reason, Reason::replayed);
    EXPECT_EQ(attempt(engine, enrolment.recovery(0)).verdict, Verdict::success);
}

TEST_F(Enrolling, S20_ATextFileIsOnlyRead) {
    const Enrolment enrolment = enrol(world, engine);
    const auto sealed = world.record(RecordKind::credentials, "alice").document;
    world.texts["alice"] = std::string(to_plain_json(from_sealed_json(sealed, alice, &world.key)).text());
    world.config.sources = {SourceKind::text};
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::success);
    EXPECT_THROW((void)offer(self("203.0.113.7")), Conflict);
    EXPECT_THROW((void)finish(engine.rename(alice, administrator(), "", "old")), Conflict);
    EXPECT_THROW((void)finish(engine.regenerate_codes(alice, administrator())), Conflict);
}

// ---- cut off

// The power goes after every commit in turn. Begun again, the account is as before or enrolled, and the code
// that was used stays used.
TEST_F(Enrolling, X17_CutOffAtEveryCommitOfAConfirmation) {
    for (int cut = 1;; ++cut) {
        World there;
        Engine before(there.config, &there.key, there);
        const Enrolled offered = finish(before.enroll(enrol_request(self("203.0.113.7"))));
        const Phone phone(offered);
        const std::string code = phone.code(there.clock);
        there.cut_after = cut;
        bool whole = true;
        try {
            (void)finish(before.confirm(alice, at_home(), "", parse_answer(code), Addition::permitted));
        } catch (const PowerCut&) {
            whole = false;
        }
        there.cut_after = 0;
        Engine after(there.config, &there.key, there);
        const std::string state = finish(after.status(alice)).state;
        ASSERT_TRUE(state == "active" || state == "pending") << cut << state;
        ASSERT_NE(attempt(after, code).verdict, Verdict::success) << cut;
        // Whatever is left, the next code ends it: by signing in, or by confirming once more.
        there.clock += 60;
        if (!whole) {
            try {
                const Confirmed again = finish(after.confirm(
                    alice, at_home(), "", parse_answer(phone.code(there.clock)), Addition::permitted));
                EXPECT_EQ(again.recovery_codes.size(), recovery_codes_in_a_set) << cut;
                ASSERT_EQ(attempt(after, again.recovery_codes[4].text()).verdict, Verdict::success) << cut;
            } catch (const NotFound&) {
                ASSERT_EQ(state, "active") << cut;
            }
            there.clock += 30;
        }
        const Status status = finish(after.status(alice));
        ASSERT_EQ(status.state, "active") << cut;
        ASSERT_EQ(status.authenticators.size(), 1U) << cut;
        ASSERT_EQ(attempt(after, phone.code(there.clock)).verdict, Verdict::success) << cut;
        ASSERT_TRUE(there.state("alice").seen);
        if (whole) {
            ASSERT_GT(cut, 5);
            break;
        }
    }
}

// ---- one uid, several names

TEST_F(Enrolling, X10_EverybodyWithTheUidIsRemembered) {
    world.people["alias"] = {"alias", 1000, 1000, "/home/alice"};
    world.people["third"] = {"third", 1000, 1000, "/home/alice"};
    const Subject alias{"host", "alias"}, third{"host", "third"};
    const PersonAnswer person{Found::yes, world.people["third"], ""};
    EXPECT_TRUE(finish(engine.surely_not_enrolled(third, person)));
    (void)enrol(world, engine);
    (void)enrol(world, engine, alias);
    EXPECT_FALSE(finish(engine.surely_not_enrolled(third, person)));
    // The last who enrolled is gone; the first still has the uid.
    (void)finish(engine.reset(alias, administrator()));
    EXPECT_FALSE(finish(engine.surely_not_enrolled(third, person)));
    EXPECT_FALSE(finish(engine.surely_not_enrolled(alias, {Found::yes, world.people["alias"], ""})));
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_TRUE(finish(engine.surely_not_enrolled(third, person)));
}

// Nobody has enrolled through Warifu and nobody has signed in: the keys came with a file.
TEST_F(Enrolling, X10_AnAliasOfAUidWhoseKeyIsInAFileIsEnrolled) {
    world.people["toor"] = {"toor", 1000, 1000, "/home/alice"};
    const Subject toor{"host", "toor"};
    const auto sure = [&](const Subject& subject) {
        return finish(engine.surely_not_enrolled(subject, {Found::yes, world.people[subject.name], ""}));
    };
    Credentials credentials;
    credentials.subject = alice;
    credentials.authenticators.push_back(
        {.id = "0000000000000001", .label = "file", .otp = {}, .secret = Secret::random(20)});
    const std::string document(to_plain_json(credentials).text());

    world.config.sources = {SourceKind::central, SourceKind::text};
    EXPECT_TRUE(sure(toor));
    world.texts["alice"] = document;
    EXPECT_FALSE(sure(toor));
    world.texts.clear();
    credentials.subject = toor;
    world.texts["toor"] = std::string(to_plain_json(credentials).text());
    EXPECT_FALSE(sure(alice)) << "the key is under the name that NSS does not give for the uid";
    world.texts.clear();

    world.config.sources = {SourceKind::home};
    EXPECT_TRUE(sure(toor));
    world.homes["alice"] = document;
    EXPECT_FALSE(sure(toor));
    world.directory = Found::unavailable;
    EXPECT_THROW((void)sure(toor), Unavailable);
}

// An administrator resets while the last step of an enrolment is under way, at every moment of it: the
// account is as new, or enrolled; never one whose credentials are missed.
TEST_F(Enrolling, AResetInTheMiddleLeavesNothingMissing) {
    bool conflicts = false, enrolled = false;
    for (unsigned seed = 0; seed < 3000; ++seed) {
        World turned;
        Engine there(turned.config, &turned.key, turned);
        const Enrolled offered = finish(there.enroll(enrol_request(at_home())));
        turned.deferred = true;
        turned.chance.seed(seed + 1);
        std::mt19937_64 random(seed);
        int running = 2;
        const auto over = [&](auto, const std::exception_ptr& error) {
            --running;
            try {
                if (error) std::rethrow_exception(error);
            } catch (const Conflict&) {
                conflicts = true;
            } catch (const NotFound&) {  // the reset came first and took the offer
            }
        };
        run<Confirmed>(there.confirm(alice, at_home(), "", parse_answer(Phone(offered).code(turned.clock)),
                                     Addition::permitted),
                       over);
        for (int i = static_cast<int>(seed % 14); i > 0; --i) (void)turned.turn(random);
        run<std::size_t>(there.reset(alice, administrator()), over);
        while (turned.turn(random)) {
        }
        turned.deferred = false;
        ASSERT_EQ(running, 0) << seed;
        const Status status = finish(there.status(alice));
        ASSERT_TRUE(status.state == "none" || status.state == "active") << status.state << ' ' << seed;
        enrolled = enrolled || status.state == "active";
    }
    EXPECT_TRUE(conflicts);
    EXPECT_TRUE(enrolled);
}

TEST_F(Enrolling, AnOfferShownAgainIsLoggedAndFillsNoRow) {
    (void)finish(engine.enroll(enrol_request(at_home())));
    const auto committed = world.committed.size();
    world.lines.clear();
    (void)finish(engine.enroll(enrol_request(at_home())));
    EXPECT_EQ(world.committed.size(), committed);
    EXPECT_TRUE(world.logged("offered=again"));
}

TEST_F(Enrolling, X10_TheUidIsRememberedForHomesToo) {
    world.config.sources = {SourceKind::home};
    world.people["alias"] = {"alias", 1000, 1000, "/elsewhere"};
    (void)enrol(world, engine);
    EXPECT_FALSE(
        finish(engine.surely_not_enrolled({"host", "alias"}, {Found::yes, world.people["alias"], ""})));
}

}  // namespace
}  // namespace warifu
