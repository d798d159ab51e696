// Keys that many people share, as sign-ins meet them.
#include <gmock/gmock.h>
#include <syslog.h>

#include "core/engine/shared_keyring.h"
#include "core/error/error.h"
#include "core/limits/common_budget.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Subject subject(const std::string& name) {
    return {"host", name};
}

class Shared : public testing::Test {
  protected:
    Shared() : engine(world.config, &world.key, world), keyring(engine) {
        world.groups["staff"] = {"alice", "bob"};
        world.add_person("carol", 1003);
    }
    static SharedKeyChange staff() {
        SharedKeyChange change;
        change.groups = std::vector<std::string>{"staff"};
        return change;
    }
    Phone add(const SharedKeyChange& change = staff(), const std::string& name = "office") {
        return Phone(finish(keyring.add("host", name, change, administrator())).generation);
    }
    Phone rotate(bool at_once = false) {
        return Phone(finish(keyring.rotate("host", "office", at_once, administrator())).generation);
    }
    AttemptResult sign_in(const Phone& phone, const std::string& name,
                          const std::string& address = "203.0.113.7") {
        return attempt(engine, phone.code(world.clock), from(address), subject(name));
    }
    Step begun(const std::string& user, std::vector<std::string> options) {
        Conversation conversation(engine);
        return finish(conversation.start(door(std::move(options), user)));
    }
    World world;
    Engine engine;
    SharedKeyring keyring;
};

TEST_F(Shared, S17_OneCodeSignsInEachPersonOnceAndNobodyElse) {
    const Phone phone = add();
    EXPECT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    EXPECT_EQ(sign_in(phone, "alice").reason, Reason::replayed);
    EXPECT_EQ(sign_in(phone, "bob").verdict, Verdict::success) << "one person's use shuts nobody out";
    EXPECT_EQ(sign_in(phone, "bob").reason, Reason::replayed);
    EXPECT_EQ(sign_in(phone, "carol").reason, Reason::not_enrolled) << "not of the group";
    EXPECT_TRUE(world.logged("user=alice service=sshd"));
    EXPECT_TRUE(world.logged("authenticator=shared:office"));
}

TEST_F(Shared, S17_WhoHasAKeyOfTheirOwnUsesThatAlone) {
    const Phone phone = add();
    const Enrolment own = enrol(world, engine);
    EXPECT_EQ(sign_in(phone, "alice").reason, Reason::bad_code);
    EXPECT_EQ(attempt(engine, own.phone.code(world.clock)).verdict, Verdict::success);
    // Nor are they content with the shared one when theirs is gone without a reset.
    world.record(RecordKind::credentials, "alice").version = 0;
    world.clock += 30;
    EXPECT_EQ(sign_in(phone, "alice").verdict, Verdict::unavailable);
    (void)finish(engine.reset(alice, administrator()));
    EXPECT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
}

TEST_F(Shared, S17_WhoSharesAKeyIsEnrolled) {
    (void)add();
    EXPECT_EQ(begun("alice", {"nullok"}).kind, Step::Kind::prompt) << "nobody passes without a code";
    EXPECT_EQ(begun("carol", {"nullok"}).reason, Reason::unenrolled_pass);
    const Status status = finish(engine.status(alice));
    EXPECT_EQ(status.state, "active");
    EXPECT_EQ(status.source, "shared");
    EXPECT_EQ(status.shared_key, "office");
    EXPECT_THAT(status.notes, ElementsAre(HasSubstr("weaker")));
}

TEST_F(Shared, S17_AGroupThatCannotBeToldLetsNobodyPass) {
    (void)add();
    world.groups["staff"].insert("?");
    EXPECT_EQ(begun("carol", {"nullok"}).kind, Step::Kind::prompt);
    EXPECT_EQ(attempt(engine, "123456", at_home(), subject("carol")).verdict, Verdict::unavailable);
    const Enrolment own = enrol(world, engine);
    EXPECT_EQ(attempt(engine, own.phone.code(world.clock)).verdict, Verdict::success)
        << "their own key needs no group";
}

TEST_F(Shared, S17_ARecordThatIsGoneOrDamagedIsNoKeyTakenAway) {
    const Phone phone = add();
    ASSERT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    Record& record = world.record(RecordKind::shared_keys, "all");
    const Record good = record;
    for (const char* document : {"", "{", "{\"version\":9,\"keys\":[]}", "{\"version\":1,\"keys\":[{}]}"}) {
        record = good;
        record.document = document;
        record.version = *document == '\0' ? 0 : good.version;
        EXPECT_EQ(begun("alice", {"nullok"}).kind, Step::Kind::prompt) << document;
        world.clock += 30;
        EXPECT_EQ(sign_in(phone, "alice").verdict, Verdict::unavailable) << document;
    }
    record = good;
    (void)finish(keyring.remove("host", "office", administrator()));
    EXPECT_EQ(begun("alice", {"nullok"}).reason, Reason::unenrolled_pass) << "an administrator took it away";
}

TEST_F(Shared, S17_InTheOverlapOldAndNewWorkAndWhoHasTheOldIsTold) {
    SharedKeyChange change = staff();
    change.overlap_seconds = 3 * day;
    const Phone old = add(change);
    const Phone next = rotate();
    EXPECT_EQ(sign_in(old, "alice").verdict, Verdict::success);
    EXPECT_EQ(sign_in(next, "bob").verdict, Verdict::success);
    EXPECT_THROW(rotate(), Conflict) << "some have only the older one";

    world.clock += 30;
    StartRequest start = door({}, "alice");
    EXPECT_THAT(converse(engine, start, old.code(world.clock)).text, HasSubstr("end in 3 days"));
    world.clock += 30;
    EXPECT_EQ(converse(engine, start, next.code(world.clock)).text, "");

    world.clock += 3 * day;
    EXPECT_EQ(sign_in(old, "alice").reason, Reason::bad_code);
    EXPECT_EQ(sign_in(next, "alice").verdict, Verdict::success);
}

TEST_F(Shared, S17_ReplacedAtOnceTheOldOneEndsAtOnce) {
    const Phone old = add();
    (void)rotate();
    const Phone next = rotate(true);
    EXPECT_EQ(sign_in(old, "alice").reason, Reason::bad_code);
    EXPECT_EQ(sign_in(next, "alice").verdict, Verdict::success);
}

TEST_F(Shared, S17_TheScheduleReplacesOnceItIsDueAndNeverWithoutASuccessor) {
    SharedKeyChange change = staff();
    change.rotate_seconds = 30 * day;
    change.overlap_seconds = 2 * day;
    const Phone first = add(change);
    world.clock += 30 * day - 1;
    EXPECT_THAT(finish(keyring.rotate_due("host", administrator())), testing::IsEmpty());
    world.clock += 20 * day;
    EXPECT_EQ(sign_in(first, "alice").verdict, Verdict::success) << "nothing ends by itself";
    EXPECT_THAT(finish(keyring.rotate_due("host", administrator())), ElementsAre("office"));
    EXPECT_THAT(finish(keyring.rotate_due("host", administrator())), testing::IsEmpty());
    const Phone second(finish(keyring.show("host", "office", administrator())).generation);
    EXPECT_EQ(sign_in(first, "bob").verdict, Verdict::success);
    world.clock += 2 * day;
    EXPECT_EQ(sign_in(first, "bob").reason, Reason::bad_code);
    EXPECT_EQ(sign_in(second, "bob").verdict, Verdict::success);
    // A clock that was ahead replaced it: by the right one that has not happened, and nobody is shut out.
    world.clock -= 40 * day;
    EXPECT_THAT(finish(keyring.rotate_due("host", administrator())), testing::IsEmpty());
    EXPECT_NE(sign_in(first, "carol").verdict, Verdict::success);
    world.groups["staff"].insert("carol");
    EXPECT_EQ(sign_in(first, "carol").verdict, Verdict::success);
}

TEST_F(Shared, S17_TheNearestKeyIsMeant) {
    const Phone for_all = [&] {
        SharedKeyChange change;
        change.everyone = true;
        return add(change, "all");
    }();
    const Phone for_staff = add();
    const Phone for_bob = [&] {
        SharedKeyChange change;
        change.users = std::vector<std::string>{"bob"};
        return add(change, "z");
    }();
    EXPECT_EQ(sign_in(for_all, "carol").verdict, Verdict::success);
    EXPECT_EQ(sign_in(for_staff, "alice").verdict, Verdict::success);
    EXPECT_EQ(sign_in(for_bob, "bob").verdict, Verdict::success);
    EXPECT_EQ(sign_in(for_all, "bob").reason, Reason::bad_code);
}

TEST_F(Shared, S17_WhatNoKeyMayBeIsRefusedByName) {
    const auto refused = [&](const std::string& name, const SharedKeyChange& change) {
        try {
            (void)finish(keyring.add("host", name, change, administrator()));
        } catch (const Invalid& error) {
            return error.field;
        }
        return std::string();
    };
    EXPECT_EQ(refused("Office", staff()), "name");
    EXPECT_EQ(refused("", staff()), "name");
    EXPECT_EQ(refused("office", {}), "groups") << "for nobody";
    SharedKeyChange change = staff();
    change.rotate_seconds = 5 * day;
    EXPECT_EQ(refused("office", change), "rotate") << "within the overlap";
    change.rotate_seconds = most_rotate_seconds + 1;
    EXPECT_EQ(refused("office", change), "rotate");
    change = staff();
    change.overlap_seconds = most_overlap_seconds + 1;
    EXPECT_EQ(refused("office", change), "overlap");
    (void)add();
    EXPECT_THROW(add(), Conflict);
    EXPECT_THROW(finish(keyring.rotate("host", "other", false, administrator())), NotFound);
    EXPECT_THROW(finish(keyring.remove("host", "other", administrator())), NotFound);
}

TEST_F(Shared, S17_WhateverCanBeAddedCanBeReplaced) {
    SharedKeyChange change;
    change.users.emplace();
    for (int i = 0; i < static_cast<int>(most_sharing); ++i) {
        const std::string name = "u" + std::to_string(i) + std::string(90, 'x');
        world.add_person(name, static_cast<std::uint32_t>(7'000 + i));
        change.users->push_back(name);
    }
    int added = 0;
    while (!change.users->empty()) {
        try {
            (void)add(change, "key-" + std::to_string(added));
            ++added;
        } catch (const Conflict&) {
            change.users->pop_back();  // a smaller one may fit still
        }
        ASSERT_LT(added, static_cast<int>(most_shared_keys)) << "the record was to be full before";
    }
    ASSERT_GT(added, 5);
    for (int i = 0; i < added; ++i)
        EXPECT_NO_THROW(
            (void)finish(keyring.rotate("host", "key-" + std::to_string(i), false, administrator())))
            << i;
}

TEST_F(Shared, S17_WhatIsChangedCountsFromTheNextSignInOn) {
    const Phone phone = add();
    EXPECT_EQ(sign_in(phone, "carol").reason, Reason::not_enrolled);
    SharedKeyChange change;
    change.users = std::vector<std::string>{"carol"};
    change.groups = std::vector<std::string>{};
    (void)finish(keyring.change("host", "office", change, administrator()));
    EXPECT_EQ(sign_in(phone, "carol").verdict, Verdict::success) << "the same QR code";
    EXPECT_EQ(sign_in(phone, "alice").reason, Reason::not_enrolled);
}

TEST_F(Shared, S17_AGroupThatIsNotThereLetsNobodyPass) {
    const Phone phone = add();
    ASSERT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    world.groups.erase("staff");
    EXPECT_EQ(begun("alice", {"nullok"}).kind, Step::Kind::prompt);
    EXPECT_EQ(begun("carol", {"nullok"}).kind, Step::Kind::prompt) << "who may have been of it";
    const AttemptResult refused = attempt(engine, "123456", at_home(), subject("carol"));
    EXPECT_EQ(refused.verdict, Verdict::unavailable);
    EXPECT_THAT(refused.detail, HasSubstr("the group staff"));
    world.groups["shift"] = {"alice"};
    SharedKeyChange change;
    change.groups = std::vector<std::string>{"shift"};
    (void)finish(keyring.change("host", "office", change, administrator()));
    EXPECT_EQ(begun("carol", {"nullok"}).reason, Reason::unenrolled_pass);
}

TEST_F(Shared, S17_AKeyIsForWhomTheHostKnows) {
    SharedKeyChange change;
    change.groups = std::vector<std::string>{"staff", "stuff"};
    try {
        (void)add(change);
        ADD_FAILURE() << "it is nobody's";
    } catch (const NotFound& error) {
        EXPECT_THAT(error.what(), HasSubstr("no group stuff:")) << "which of them";
    }
    change = {};
    change.users = std::vector<std::string>{"alicia"};
    EXPECT_THROW(add(change), NotFound);
    EXPECT_TRUE(keyring.list("host").empty()) << "nothing is half made";
    (void)add();
    EXPECT_THROW(finish(keyring.change("host", "office", change, administrator())), NotFound);
    change.users = std::vector<std::string>{"alice"};
    world.directory = Found::unavailable;
    EXPECT_THROW(finish(keyring.change("host", "office", change, administrator())), Unavailable);
    EXPECT_THAT(keyring.list("host").front().key.users, testing::IsEmpty());
}

// Another login name of the same uid is the same person: nobody passes without a code under it.
TEST_F(Shared, S17_AnotherNameOfASharersUidDoesNotPass) {
    const Phone phone = add();
    world.add_person("alicia", world.people.at("alice").uid);
    world.add_person("al", world.people.at("alice").uid);  // the one that NSS gives for the uid
    ASSERT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    EXPECT_EQ(begun("alicia", {"nullok"}).kind, Step::Kind::prompt);
    EXPECT_EQ(begun("carol", {"nullok"}).reason, Reason::unenrolled_pass);
    // Whom the key names, from then on.
    world.add_person("cc", world.people.at("carol").uid);
    world.add_person("ca", world.people.at("carol").uid);
    SharedKeyChange change;
    change.users = std::vector<std::string>{"carol"};
    (void)finish(keyring.change("host", "office", change, administrator()));
    EXPECT_EQ(begun("cc", {"nullok"}).kind, Step::Kind::prompt);
}

// What was offered while an account had nothing does not go round the proof once it shares a key.
TEST_F(Shared, S17_WhatWasOfferedBeforeIsNotConfirmedWithoutAProof) {
    Enrolled offered = finish(engine.enroll(enrol_request(at_home(), subject("carol"))));
    const Phone phone(offered);
    world.groups["staff"].insert("carol");
    (void)add();
    const auto confirm = [&](Addition addition) {
        return finish(engine.confirm(subject("carol"), at_home(), offered.authenticator,
                                     parse_answer(phone.code(world.clock)), addition));
    };
    EXPECT_THROW(confirm(Addition::refused), Conflict);
    world.groups["staff"].insert("?");
    EXPECT_THROW(confirm(Addition::refused), Unavailable) << "or may share one";
    EXPECT_EQ(confirm(Addition::permitted).label, "phone");
}

TEST_F(Shared, S17_WhatAnAdministratorDidIsDoneThoughAGroupDoesNotAnswer) {
    (void)add();
    world.groups["staff"].insert("?");
    const Status status = finish(engine.suspend(alice, administrator(), true));
    EXPECT_EQ(status.state, "unavailable");
    EXPECT_EQ(status.user, "alice");
    EXPECT_THAT(status.notes, ElementsAre(HasSubstr("the group staff")));
    EXPECT_TRUE(world.state("alice").suspended);
}

// Whoever typed the old code before `rotate --now` and is answered after it does not get in.
TEST_F(Shared, S17_ReplacedAtOnceItEndsSignInsOnTheWay) {
    const Phone old = add();
    world.interrupted = RecordKind::common_budget;  // charged before the code is looked at
    world.interruption = [&] { (void)rotate(true); };
    EXPECT_EQ(sign_in(old, "alice").reason, Reason::bad_code);
    world.interrupted = RecordKind::uid_name;  // with a first success, the last thing before its row
    world.interruption = [&] { (void)rotate(true); };
    const Phone next(finish(keyring.show("host", "office", administrator())).generation);
    EXPECT_EQ(sign_in(next, "bob").reason, Reason::bad_code);
    EXPECT_EQ(world.state("bob").last_success, 0);
}

TEST_F(Shared, S17_OneKeyThatCannotBeReplacedKeepsNoOther) {
    SharedKeyChange change = staff();
    change.rotate_seconds = 30 * day;
    const Phone office = add(change);
    (void)add(change, "a-broken-one");
    auto keys = decode_shared_keys(world.record(RecordKind::shared_keys, "all").document);
    keys.front().sealed = "{}";
    world.record(RecordKind::shared_keys, "all").document = encode_shared_keys(keys);
    world.clock += 30 * day;
    try {
        (void)finish(keyring.rotate_due("host", administrator()));
        ADD_FAILURE() << "nobody was told";
    } catch (const Unavailable& error) {
        EXPECT_THAT(error.what(), HasSubstr("a-broken-one"));
    }
    EXPECT_EQ(keyring.list("host").back().key.made, world.clock) << "office was replaced";
}

TEST_F(Shared, S17_AnOwnKeyIsAddedWithAProof) {
    (void)add();
    EXPECT_EQ(finish(engine.status(subject("bob"))).state, "active")
        << "so that warifud wants a proof, as of everybody who is enrolled";
    const Enrolment own = enrol(world, engine, subject("bob"));
    EXPECT_EQ(attempt(engine, own.phone.code(world.clock), at_home(), subject("bob")).verdict,
              Verdict::success);
}

TEST_F(Shared, X09_ARightCodeSignsInOnceWhateverFailsAndNobodyPasses) {
    for (int nth = 1;; ++nth) {
        World failing;
        failing.groups["staff"] = {"alice"};
        Engine other(failing.config, &failing.key, failing);
        SharedKeyring keys(other);
        const Phone phone(finish(keys.add("host", "office", staff(), administrator())).generation);
        const std::string code = phone.code(failing.clock);
        failing.fail_call = nth;
        const Step step = converse(other, door({"nullok"}), code);
        if (failing.fail_call > 0) {
            ASSERT_GT(nth, 5);
            break;  // it has fewer calls than that
        }
        EXPECT_NE(step.verdict, Verdict::ignored) << nth;
        const Step again = converse(other, door({"nullok"}), code);
        EXPECT_EQ(again.verdict == Verdict::success, step.verdict != Verdict::success) << nth;
    }
}

TEST_F(Shared, X17_CutOffBetweenBudgetAndRowTheCodeIsNotSpent) {
    const Phone phone = add();
    world.cut_after = 1;
    EXPECT_THROW((void)sign_in(phone, "alice"), PowerCut);
    world.cut_after = 0;
    EXPECT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    // Then the uid, with the first success, and the row last.
    world.cut_after = 2;
    EXPECT_THROW((void)sign_in(phone, "bob"), PowerCut);
    world.cut_after = 3;
    EXPECT_THROW((void)sign_in(phone, "bob"), PowerCut) << "the uid is noted already: its row was not";
    world.cut_after = 0;
    EXPECT_EQ(sign_in(phone, "bob").reason, Reason::replayed);
}

TEST_F(Shared, S17_NobodySharesAKeyUnderANameThatNobodyHas) {
    SharedKeyChange change;
    change.everyone = true;
    const Phone phone = add(change);
    EXPECT_EQ(sign_in(phone, "ghost").reason, Reason::not_enrolled);
    EXPECT_EQ(world.find_record(RecordKind::state, "ghost"), nullptr) << "nor is a row kept";
    EXPECT_EQ(sign_in(phone, "carol").verdict, Verdict::success);
}

TEST_F(Shared, X30_AGuesserWhosePlaceCannotBeToldIsNobodyWhoPassed) {
    const Phone phone = add();
    ASSERT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    const auto charged = [&](const std::string& address) {
        const std::string before = world.record(RecordKind::common_budget, "office").document;
        (void)attempt(engine, phone.wrong(world.clock), from(address));
        return world.record(RecordKind::common_budget, "office").document != before;
    };
    EXPECT_TRUE(charged("127.0.0.1"));
    EXPECT_TRUE(charged("a.name.example"));
    EXPECT_TRUE(charged("198.51.100.9"));
    EXPECT_FALSE(charged("203.0.113.7")) << "where alice signed in";
}

// Equal work, whoever somebody is: what is committed and loaded, and what is asked of names.
TEST_F(Shared, X13_AnAttemptCostsTheSameWhoeverSomebodyIs) {
    (void)add();
    const Enrolment own = enrol(world, engine, subject("bob"));
    world.groups["staff"].insert("dave");
    world.add_person("dave", 1004);
    struct Work {
        std::size_t commits;
        int loads, people, groups;
        bool operator==(const Work&) const = default;
    };
    const auto work = [&](const std::string& name) {
        world.forget_what_was_seen();
        EXPECT_NE(attempt(engine, "000000", from("198.51.100.9"), subject(name)).verdict, Verdict::success);
        return Work{world.committed.size(), world.loads, world.people_asked, world.groups_asked};
    };
    const Work newcomer = work("alice");
    EXPECT_EQ(newcomer.commits, 2U) << "the common budget, and a row";
    EXPECT_EQ(work("bob"), newcomer) << "has a key";
    EXPECT_EQ(work("carol"), newcomer) << "is not enrolled";
    EXPECT_EQ(work("nobody-here"), newcomer);
    for (int i = 0; i < common_hour; ++i) (void)work(i % 2 == 0 ? "alice" : "dave");
    EXPECT_EQ(work("dave"), newcomer) << "refused";
}

TEST_F(Shared, X30_WhoHasPassedBeforePassesWhileTheKeyIsGuessedAt) {
    constexpr int sharers = 300, passed = 290, guesses = 10'000;
    const auto name = [](int i) { return "person-" + std::to_string(i); };
    const auto home = [](int i) { return "192.0.2." + std::to_string(i % 250 + 1); };
    for (int i = 0; i < sharers; ++i) {
        world.add_person(name(i), static_cast<std::uint32_t>(5'000 + i));
        world.groups["staff"].insert(name(i));
    }
    const Phone phone = add();
    for (int i = 0; i < passed; ++i) {
        ASSERT_EQ(sign_in(phone, name(i), home(i)).verdict, Verdict::success) << i;
        if (i % 100 == 99) world.clock += 30;
    }
    world.clock += day;
    const std::int64_t minute = world.clock;
    world.forget_what_was_seen();

    int evaluated = 0, refused = 0, newcomers_passed = 0, passes = 0;
    for (int i = 0; i < guesses; ++i) {
        const std::string address = "198.51." + std::to_string(i % 200) + "." + std::to_string(i % 251);
        const auto result =
            attempt(engine, phone.wrong(world.clock), from(address), subject(name(i % sharers)));
        evaluated += result.reason == Reason::bad_code ? 1 : 0;
        refused += result.verdict == Verdict::limited ? 1 : 0;
        if (i * passed / guesses == passes) {
            EXPECT_EQ(sign_in(phone, name(passes), home(passes)).verdict, Verdict::success) << passes;
            ++passes;
        }
        world.clock = minute + i * 60 / guesses;
    }
    EXPECT_EQ(passes, passed);
    EXPECT_EQ(evaluated, common_hour) << "never more than the budget, whoever is guessed at";
    EXPECT_EQ(refused, guesses - common_hour);
    world.clock += 30;
    EXPECT_EQ(sign_in(phone, name(0), "198.51.100.77").verdict, Verdict::limited)
        << "from elsewhere they wait";
    Caller local;
    local.source = SourceId::local(1'000);
    local.service = "sudo";
    EXPECT_EQ(attempt(engine, phone.code(world.clock), local, subject(name(0))).verdict, Verdict::success);
    for (int i = passed; i < sharers; ++i) {
        newcomers_passed += sign_in(phone, name(i), home(i)).verdict == Verdict::success ? 1 : 0;
    }
    EXPECT_EQ(newcomers_passed, 0) << "they wait";
    EXPECT_EQ(std::count_if(world.lines.begin(), world.lines.end(),
                            [](const std::string& line) {
                                return line.find("shared rotate office --now") != std::string::npos;
                            }),
              1)
        << "the operator is told once";

    // A key of one's own does not wait.
    const Enrolment own = enrol(world, engine, subject(name(passed)));
    EXPECT_EQ(attempt(engine, own.phone.code(world.clock), from(home(passed)), subject(name(passed))).verdict,
              Verdict::success);
    // After the flood the others pass.
    world.clock += 3'600 + 300;
    for (int i = passed + 1; i < sharers; ++i) {
        EXPECT_EQ(sign_in(phone, name(i), home(i)).verdict, Verdict::success) << i;
    }
}

TEST_F(Shared, X30_RightCodesOfNewcomersCostTheCommonBudgetNothing) {
    for (int i = 0; i < 2 * common_hour; ++i) {
        world.add_person("new-" + std::to_string(i), static_cast<std::uint32_t>(6'000 + i));
        world.groups["staff"].insert("new-" + std::to_string(i));
    }
    const Phone phone = add();
    for (int i = 0; i < 2 * common_hour; ++i) {
        ASSERT_EQ(sign_in(phone, "new-" + std::to_string(i)).verdict, Verdict::success) << i;
    }
}

TEST_F(Shared, X30_ADayOfGuessesIsThreeHundred) {
    for (int i = 0; i < 40; ++i) {
        world.add_person("new-" + std::to_string(i), static_cast<std::uint32_t>(6'000 + i));
        world.groups["staff"].insert("new-" + std::to_string(i));
    }
    const Phone phone = add();
    int evaluated = 0;
    for (int hour = 0; hour < 24; ++hour) {
        for (int i = 0; i < 800; ++i) {
            const auto result = attempt(engine, phone.wrong(world.clock), from("198.51.100.9"),
                                        subject("new-" + std::to_string(i % 40)));
            evaluated += result.reason == Reason::bad_code ? 1 : 0;
        }
        world.clock += 3'600;
    }
    EXPECT_EQ(evaluated, common_day);
    EXPECT_NE(keyring.list("host").front().newcomers_wait_until, 0);
    (void)rotate(true);
    EXPECT_EQ(keyring.list("host").front().newcomers_wait_until, 0) << "what was guessed at is gone";
}

// What cannot be told wrong is no guess, and what was charged before a replacement is given back to nobody.
TEST_F(Shared, X30_OnlyWrongAnswersStayCounted) {
    const Phone phone = add();
    const auto room = [&] {
        const auto budget = CommonBudget::decode(world.record(RecordKind::common_budget, "office").document);
        constexpr std::uint32_t thirds = 3;
        std::uint32_t left = 0;
        while (left <= common_hour && !budget.spent_until((left + 1) * thirds, world.clock)) ++left;
        return static_cast<int>(left);
    };
    (void)attempt(engine, phone.wrong(world.clock), from("198.51.100.9"));
    ASSERT_EQ(room(), common_hour - 1);
    ASSERT_EQ(sign_in(phone, "alice").verdict, Verdict::success);
    EXPECT_EQ(room(), common_hour - 1);
    EXPECT_EQ(sign_in(phone, "alice", "198.51.100.9").reason, Reason::replayed);
    EXPECT_EQ(room(), common_hour - 2) << "a code that was used is refused like a wrong one";
    // One's own limits refuse before the common budget is looked at.
    for (int i = 0; i < world.config.limits.hour; ++i)
        (void)attempt(engine, phone.wrong(world.clock), from("198.51.100.9"), subject("bob"));
    const int left = room();
    ASSERT_EQ(attempt(engine, phone.wrong(world.clock), from("198.51.100.9"), subject("bob")).verdict,
              Verdict::limited);
    EXPECT_EQ(room(), left);

    // Replaced while a right code is committed: what that paid belongs to what was forgotten.
    world.interrupted = RecordKind::state;
    world.interruption = [&] {
        (void)rotate(true);
        world.groups["staff"].insert("carol");
        (void)attempt(engine, phone.wrong(world.clock), from("198.51.100.9"), subject("carol"));
    };
    world.clock += 30;
    ASSERT_EQ(sign_in(phone, "alice", "198.51.100.9").verdict, Verdict::success);
    EXPECT_EQ(room(), common_hour - 1);
}

// Somebody else is first at the common budget, and spends one's own limits: then one's answer costs nobody.
TEST_F(Shared, X30_WhoWaitedForTheCommonBudgetLooksAtTheirOwnAgain) {
    const Phone phone = add();
    world.interrupted = RecordKind::common_budget;
    world.interruption = [&] {
        for (int i = 0; i < world.config.limits.hour; ++i)
            (void)attempt(engine, phone.wrong(world.clock), from("198.51.100.9"));
    };
    EXPECT_EQ(attempt(engine, phone.wrong(world.clock), from("198.51.100.9")).verdict, Verdict::limited);
    const auto budget = CommonBudget::decode(world.record(RecordKind::common_budget, "office").document);
    constexpr std::uint32_t thirds = 3;
    EXPECT_FALSE(budget.spent_until(
        static_cast<std::uint32_t>(common_hour - world.config.limits.hour) * thirds, world.clock));
}

TEST_F(Shared, X30_TheOperatorIsToldOnceThoughTwoAreRefusedAtOneMoment) {
    const Phone phone = add();
    for (int i = 0; i < 4; ++i) {
        world.add_person("new-" + std::to_string(i), static_cast<std::uint32_t>(6'000 + i));
        world.groups["staff"].insert("new-" + std::to_string(i));
    }
    const auto guess = [&](int i) {
        return attempt(engine, phone.wrong(world.clock), from("198.51.100.9"),
                       subject("new-" + std::to_string(i % 4)));
    };
    for (int i = 0; i < common_hour; ++i) ASSERT_EQ(guess(i).reason, Reason::bad_code) << i;
    world.interrupted = RecordKind::common_budget;  // to note the alarm
    world.interruption = [&] { EXPECT_EQ(guess(1).verdict, Verdict::limited); };
    EXPECT_EQ(guess(0).verdict, Verdict::limited);
    EXPECT_EQ(std::count_if(world.lines.begin(), world.lines.end(),
                            [](const std::string& line) {
                                return line.find("shared rotate office --now") != std::string::npos;
                            }),
              1);
}

// Two attempts of newcomers at one moment, in every order of what they wait for: the budget counts each.
TEST_F(Shared, X30_RacedGuessesAreAllCounted) {
    const Phone phone = add();
    std::mt19937_64 random{7};
    for (int round = 0; round < 30; ++round) {
        const std::string wrong = phone.wrong(world.clock);
        world.deferred = true;
        int done = 0, wrongs = 0;
        for (const char* name : {"alice", "bob", "alice"}) {
            AttemptRequest request;
            request.subject = subject(name);
            request.caller = from("198.51.100.9");
            request.answer = parse_answer(wrong);
            run<AttemptResult>(engine.attempt(std::move(request)),
                               [&](std::optional<AttemptResult> result, const std::exception_ptr&) {
                                   ++done;
                                   wrongs += result && result->reason == Reason::bad_code ? 1 : 0;
                               });
        }
        while (done < 3) ASSERT_TRUE(world.turn(random));
        world.deferred = false;
        const auto budget = CommonBudget::decode(world.record(RecordKind::common_budget, "office").document);
        // So many more fit: the rest was charged.
        constexpr std::uint32_t thirds = 3;
        const auto room = static_cast<std::uint32_t>(common_hour - wrongs);
        EXPECT_FALSE(budget.spent_until(room * thirds, world.clock)) << round;
        EXPECT_TRUE(budget.spent_until((room + 1) * thirds, world.clock)) << round;
        (void)rotate(true);
        (void)finish(engine.unlock(alice, administrator()));
        (void)finish(engine.unlock(subject("bob"), administrator()));
        world.clock += 30;
    }
}

}  // namespace
}  // namespace warifu
