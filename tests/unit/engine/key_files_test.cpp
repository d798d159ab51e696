// Another module's file of keys, where the configuration or a PAM line names it.
#include <gmock/gmock.h>

#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

using testing::HasSubstr;

constexpr const char* alices_file = "2SH3V3GDW7ZNMGYE\n\" TOTP_AUTH\n12345678\n23456789\n";
const Subject filed{"host", "bob"};

class KeyFiles : public testing::Test {
  protected:
    KeyFiles() : engine(world.config, &world.key, world) {
        world.config.sources = {SourceKind::central, SourceKind::google_authenticator};
        world.key_files["alice /home/alice/.google_authenticator"] = alices_file;
    }
    std::string code() const { return phone.code(world.clock); }
    static StartRequest at(std::vector<std::string> options, const std::string& user = "alice") {
        return door(std::move(options), user);
    }
    Step sign_in(const std::vector<std::string>& options, std::string_view typed,
                 const std::string& user = "alice") {
        return converse(engine, at(options, user), typed);
    }
    Step begun(const std::vector<std::string>& options, const std::string& user = "alice") {
        Conversation conversation(engine);
        return finish(conversation.start(at(options, user)));
    }
    const std::vector<std::string> line = {"secret=~/.google_authenticator"};
    static Enrolled in_the_file() {
        Enrolled enrolled;
        enrolled.secret = Secret::copy_of(std::string_view("2SH3V3GDW7ZNMGYE"));
        return enrolled;
    }
    World world;
    Engine engine;
    Phone phone{in_the_file()};
};

TEST_F(KeyFiles, S19_ItSignsInEachCodeOnce) {
    const std::string now = code();
    EXPECT_EQ(sign_in({}, now).verdict, Verdict::success);
    EXPECT_TRUE(world.logged("authenticator=google-authenticator"));
    EXPECT_EQ(sign_in({}, now).reason, Reason::replayed);
    EXPECT_EQ(sign_in(line, "12345678").verdict, Verdict::success);
    EXPECT_EQ(sign_in(line, "12345678").reason, Reason::replayed);
    EXPECT_EQ(sign_in({}, "12345678").reason, Reason::replayed);
    EXPECT_THAT(sign_in(line, "23456789").text, HasSubstr("last"));
    EXPECT_EQ(sign_in({}, code(), "bob").verdict, Verdict::denied) << "has no such file";
}

// The configuration knows nothing of it: neither do the commands, nor other lines.
TEST_F(KeyFiles, S19_AFileThatALineAloneNamesCountsThere) {
    world.config.sources = {SourceKind::central};
    const auto signs_in = [&](const std::vector<std::string>& options) {
        world.clock += 30;
        return sign_in(options, code()).verdict == Verdict::success;
    };
    EXPECT_FALSE(signs_in({}));
    EXPECT_TRUE(signs_in({"secret=${HOME}/.google_authenticator"}));
    world.key_files.clear();
    world.key_files["root /home/alice/.google_authenticator"] = alices_file;
    EXPECT_TRUE(signs_in({"user=root"})) << "at the usual place";
    EXPECT_FALSE(signs_in({"secret=~/.google_authenticator"})) << "is root's";
    world.key_files["root /etc/ga/alice"] = alices_file;
    EXPECT_TRUE(signs_in({"secret=/etc/ga/${USER}", "user=root"}));
    EXPECT_FALSE(signs_in({"secret=/etc/ga/${USER}"})) << "would have to be alice's";
    EXPECT_FALSE(signs_in({}));
    world.config.sources = {SourceKind::central, SourceKind::google_authenticator};
    EXPECT_TRUE(signs_in({"secret=/etc/ga/${USER}", "user=root"})) << "where the configuration has another";
}

// Otherwise any process of alice's would enrol its way past root's file.
TEST_F(KeyFiles, S19_AFileOfRootsGoesBeforeEveryKeyAtALineThatAloneNamesIt) {
    world.config.sources = {SourceKind::central};
    world.key_files["root /etc/ga/alice"] = alices_file;
    const Enrolment own = enrol(world, engine);
    const std::vector<std::string> of_root = {"secret=/etc/ga/${USER}", "user=root"};
    const std::vector<std::string> own_file = {"secret=~/.google_authenticator"};
    EXPECT_EQ(sign_in(of_root, own.phone.code(world.clock)).reason, Reason::bad_code);
    EXPECT_EQ(sign_in(of_root, code()).verdict, Verdict::success);
    EXPECT_EQ(sign_in(own_file, "12345678").reason, Reason::bad_code) << "alice's to write";
    EXPECT_EQ(sign_in(own_file, own.phone.code(world.clock)).verdict, Verdict::success);
    // Where both are configured their order is the administrator's.
    world.config.sources = {SourceKind::central, SourceKind::google_authenticator};
    world.config.google_authenticator = {"/etc/ga/${USER}", "root"};
    world.clock += 30;
    EXPECT_EQ(sign_in(of_root, own.phone.code(world.clock)).verdict, Verdict::success);
    world.key_files.clear();
    world.config.sources = {SourceKind::central};
    world.clock += 30;
    EXPECT_EQ(sign_in(of_root, own.phone.code(world.clock)).verdict, Verdict::success) << "root took it away";
}

TEST_F(KeyFiles, S19_TheConfigurationSaysWhoseItIs) {
    world.key_files.clear();
    world.key_files["root /etc/ga/alice"] = alices_file;
    world.config.google_authenticator = {"/etc/ga/${USER}", ""};
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::denied) << "is not alice's";
    world.config.google_authenticator.owner = "root";
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::success);
}

TEST_F(KeyFiles, S19_NullokPassesWithoutTheFileUntilItWasSeen) {
    EXPECT_EQ(begun({"nullok"}, "bob").reason, Reason::unenrolled_pass);
    EXPECT_EQ(begun({"nullok"}).kind, Step::Kind::prompt);
    ASSERT_EQ(sign_in({"nullok"}, code()).verdict, Verdict::success);
    world.key_files.clear();
    EXPECT_EQ(begun({"nullok"}).kind, Step::Kind::prompt) << "an unmounted home opens nothing";
    world.clock += 30;
    EXPECT_EQ(sign_in({"nullok"}, code()).verdict, Verdict::unavailable);
    world.home_broken = true;
    EXPECT_EQ(begun({"nullok"}, "bob").kind, Step::Kind::prompt) << "nor one that does not answer";
}

TEST_F(KeyFiles, S19_AnotherNameOfTheUidDoesNotPass) {
    world.add_person("zoe", world.people.at("alice").uid);
    EXPECT_EQ(begun({"nullok"}, "zoe").kind, Step::Kind::prompt);
    // The one that NSS gives for the uid, too, once the other one has signed in.
    world.add_person("al", world.people.at("alice").uid);
    EXPECT_EQ(begun({"nullok"}, "al").reason, Reason::unenrolled_pass) << "nothing tells yet";
    ASSERT_EQ(sign_in({}, code()).verdict, Verdict::success);
    EXPECT_EQ(begun({"nullok"}, "al").kind, Step::Kind::prompt);
}

TEST_F(KeyFiles, S19_AKeyOfOursGoesBeforeTheFile) {
    const Enrolment own = enrol(world, engine);
    EXPECT_EQ(sign_in({}, code()).reason, Reason::bad_code);
    EXPECT_EQ(sign_in({}, own.phone.code(world.clock)).verdict, Verdict::success);
    world.config.sources = {SourceKind::google_authenticator, SourceKind::central};
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::success) << "unless the administrator says otherwise";
}

TEST_F(KeyFiles, S19_AnotherKeyInTheFileIsAnotherAuthenticator) {
    const std::string before = finish(engine.status(alice)).authenticators[0].id;
    EXPECT_EQ(finish(engine.status(alice)).authenticators[0].id, before);
    world.key_files["alice /home/alice/.google_authenticator"] =
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" TOTP_AUTH\n";
    EXPECT_NE(finish(engine.status(alice)).authenticators[0].id, before) << "what was proved with it ends";
}

// Two enrolments at one moment: whoever is second is told so, and takes nothing from the first.
TEST_F(KeyFiles, S19_WhoMovesAtTheSameMomentOverwritesNothing) {
    const Enrolled offered = finish(engine.enroll(enrol_request(at_home())));
    const Phone next(offered);
    world.interrupted = RecordKind::credentials;
    world.interruption = [&] {
        world.clock += 30;
        (void)finish(engine.confirm(alice, at_home(), offered.authenticator,
                                    parse_answer(next.code(world.clock)), Addition::permitted));
    };
    EXPECT_THROW(finish(engine.confirm(alice, at_home(), offered.authenticator,
                                       parse_answer(next.code(world.clock)), Addition::permitted)),
                 Conflict);
    EXPECT_EQ(finish(engine.status(alice)).authenticators.size(), 1U);
}

TEST_F(KeyFiles, S14_StatusAndLogTellWhatWrongCodesDoToAWideWindow) {
    world.key_files["alice /home/alice/.google_authenticator"] =
        "2SH3V3GDW7ZNMGYE\n\" TOTP_AUTH\n\" WINDOW_SIZE 17\n";
    for (int i = 0; i < 3; ++i) ASSERT_EQ(sign_in({}, "000000").reason, Reason::bad_code);
    EXPECT_FALSE(world.logged("only the usual window"));
    ASSERT_EQ(sign_in({}, "000000").reason, Reason::bad_code);
    EXPECT_TRUE(world.logged("only the usual window"));
    EXPECT_EQ(finish(engine.status(alice)).limited_until, 0) << "the right code still counts";
    for (int i = 0; i < 20; ++i) (void)sign_in({}, "000000");
    EXPECT_GT(finish(engine.status(alice)).limited_until, world.clock);
}

TEST_F(KeyFiles, S19_AFileThatIsNoneIsUnavailableAndNotSkipped) {
    world.key_files["alice /home/alice/.google_authenticator"] = "no key\n";
    EXPECT_EQ(begun({"nullok"}).kind, Step::Kind::prompt);
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::unavailable);
    EXPECT_TRUE(world.logged("/home/alice/.google_authenticator: line 1"));
    world.people.at("alice").home = "";
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::unavailable);
}

TEST_F(KeyFiles, S19_ConfiguredTheFileIsTheAccountsEverywhere) {
    const Status status = finish(engine.status(alice));
    EXPECT_EQ(status.state, "active");
    EXPECT_EQ(status.source, "google-authenticator");
    EXPECT_EQ(status.recovery_codes_left, 2U);
    EXPECT_THAT(status.notes, testing::ElementsAre(HasSubstr("scratch codes")));
    EXPECT_EQ(sign_in({}, code()).verdict, Verdict::success);
    EXPECT_EQ(finish(engine.status(alice)).authenticators[0].last_used, world.clock);
    EXPECT_EQ(sign_in({}, "12345678").verdict, Verdict::success);
    EXPECT_EQ(finish(engine.status(alice)).recovery_codes_left, 1U);
}

TEST_F(KeyFiles, S19_WarifuWritesNoneOfIt) {
    const auto refused = [&](auto task) {
        try {
            (void)finish(std::move(task));
        } catch (const Conflict& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const Caller root = administrator();
    EXPECT_THAT(refused(engine.regenerate_codes(alice, root)), HasSubstr("only reads"));
    EXPECT_THAT(refused(engine.rename(alice, root, "", "x")), HasSubstr("only reads"));
    EXPECT_THAT(refused(engine.remove(alice, root, "")), HasSubstr("only reads"));
    EXPECT_THAT(refused(engine.reset(alice, root)), HasSubstr("counts now"));
    EXPECT_EQ(world.key_files.at("alice /home/alice/.google_authenticator"), alices_file);
    world.config.sources = {SourceKind::google_authenticator, SourceKind::central};
    EXPECT_THAT(refused(engine.enroll(enrol_request(at_home()))), HasSubstr("only reads"))
        << "a key of ours would never count";
}

TEST_F(KeyFiles, S19_EnrollingMovesTheAccountToAKeyOfOurs) {
    ASSERT_EQ(sign_in({}, code()).verdict, Verdict::success);
    const Enrolment own = enrol(world, engine);
    EXPECT_EQ(own.confirmed.recovery_codes.size(), recovery_codes_in_a_set);
    EXPECT_EQ(finish(engine.status(alice)).source, "central");
    world.clock += 60;
    EXPECT_EQ(sign_in({}, code()).reason, Reason::bad_code) << "the old file counts no more";
    EXPECT_EQ(sign_in({}, "12345678").reason, Reason::bad_code);
    EXPECT_EQ(sign_in({}, own.phone.code(world.clock)).verdict, Verdict::success);
    // Nobody does it for them without a proof.
    const Enrolled offered = finish(engine.enroll(enrol_request(at_home(), filed)));
    world.key_files["bob /home/bob/.google_authenticator"] = alices_file;
    EXPECT_THROW(finish(engine.confirm(filed, at_home(), offered.authenticator,
                                       parse_answer(Phone(offered).code(world.clock)), Addition::refused)),
                 Conflict);
}

TEST_F(KeyFiles, S13_ResyncAndReplayKnowTheSkew) {
    world.key_files["alice /home/alice/.google_authenticator"] =
        "2SH3V3GDW7ZNMGYE\n\" TOTP_AUTH\n\" TIME_SKEW 8\n";
    const std::int64_t ahead = world.clock + 8 * 30;
    ASSERT_EQ(sign_in({}, phone.code(ahead)).verdict, Verdict::success);
    EXPECT_EQ(finish(engine.reset_replay(alice, administrator())), 0U) << "it is in the window";
    EXPECT_EQ(sign_in({}, phone.code(ahead)).reason, Reason::replayed);
    EXPECT_THAT(finish(engine.status(alice)).notes, testing::IsEmpty());
    world.clock -= 3'600;
    EXPECT_EQ(finish(engine.reset_replay(alice, administrator())), 1U);
    EXPECT_EQ(sign_in({}, phone.code(world.clock + 9 * 30)).verdict, Verdict::success);
}

// What is asked of the world does not tell whose file is there.
TEST_F(KeyFiles, X13_AnAttemptCostsTheSameWhoeverHasAFile) {
    const auto work = [&](const std::vector<std::string>& options, const std::string& user) {
        world.forget_what_was_seen();
        EXPECT_NE(sign_in(options, "000000", user).verdict, Verdict::success);
        return std::vector<int>{static_cast<int>(world.committed.size()), world.loads, world.people_asked,
                                world.homes_read};
    };
    (void)work(line, "alice");  // from now on it is known that there was such a file
    const auto expected = work(line, "alice");
    EXPECT_EQ(expected[3], 1);
    EXPECT_EQ(work(line, "bob"), expected) << "no file";
    EXPECT_EQ(work(line, "nobody-here"), expected);
    EXPECT_EQ(work({"secret=~/.google_authenticator", "first_factor_failed"}, "alice"), expected);
    world.key_files["root /etc/ga/bob"] = alices_file;
    (void)work({"secret=/etc/ga/${USER}", "user=root"}, "bob");
    for (const char* user : {"alice", "bob", "nobody-here"})
        EXPECT_EQ(work({"secret=/etc/ga/${USER}", "user=root"}, user), expected) << user;
}

}  // namespace
}  // namespace warifu
