// `warifu whois` over name services that know people by several names, do not answer, crash and hang.
#include <gmock/gmock.h>

#include <string>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class Whois : public ::testing::Test {
  protected:
    Whois() {
        for (const auto& [file, name] :
             {std::pair(IDENTITY_DIRECTORY, "directory"), std::pair(MOODY_NAME_SERVICE, "moody")}) {
            output_of(sandbox,
                      as_root({"cp", file, WARIFU_LIB_DIR "/libnss_" + std::string(name) + ".so.2"}));
        }
        ask("files directory");
    }

    void ask(const std::string& services) {
        sandbox.write("/etc/nsswitch.conf",
                      "passwd: " + services + "\ngroup: files\nshadow: files\nhosts: files\n");
    }
    Result whois(const std::string& name) const { return run(sandbox, as_root({"warifu", "whois", name})); }
    Answer object_of(const std::string& name) const { return warifu(sandbox, {"whois", name}); }
    // What each source said: "files found, directory not_found".
    static std::string said(const json& object) {
        std::string all;
        for (const json& source : object.at("sources")) {
            all += (all.empty() ? "" : ", ") + source.at("source").get<std::string>() + " " +
                   source.at("answer").get<std::string>();
            EXPECT_GE(source.at("microseconds"), 0);
        }
        return all;
    }

    Sandbox sandbox;
};

TEST_F(Whois, N04_SaysWhatNssSaysAndWhichSourceSaidIt) {
    const Account& kimiko = sandbox.add_user("kimiko", "her password");
    sandbox.add_group("wheel", {"kimiko"});
    const Answer answer = object_of("kimiko");
    ASSERT_EQ(answer.status, 0) << answer.object;
    EXPECT_EQ(answer.object.at("user"), "kimiko");
    EXPECT_EQ(answer.object.at("uid"), kimiko.uid);
    EXPECT_EQ(answer.object.at("gid"), kimiko.gid);
    EXPECT_EQ(answer.object.at("home"), "/home/kimiko");
    EXPECT_EQ(answer.object.at("shell"), "/bin/sh");
    EXPECT_EQ(answer.object.at("groups"), (json{"kimiko", "wheel"}));
    EXPECT_EQ(answer.object.at("source"), "files");
    EXPECT_EQ(answer.object.at("user_of_uid"), "kimiko");
    EXPECT_EQ(said(answer.object), "files found, directory not_found");
    EXPECT_GE(answer.object.at("microseconds"), 0);
    EXPECT_GE(answer.object.at("groups_microseconds"), 0);
}

TEST_F(Whois, N04_SpellsANameAsNssDoes) {
    for (const char* name : {"EXAMPLE\\alice", "Alice@Example.ORG", "al", "ALICE"}) {
        const Answer answer = object_of(name);
        ASSERT_EQ(answer.status, 0) << answer.object;
        EXPECT_EQ(answer.object.at("user"), "alice@example.org");
        EXPECT_EQ(answer.object.at("uid"), 3'000'000'000);
        EXPECT_EQ(answer.object.at("home"), "/srv/people/a/alice");
        EXPECT_EQ(answer.object.at("groups"), json{"3000000000"}) << "a group without a name";
        EXPECT_EQ(answer.object.at("source"), "directory");
        EXPECT_EQ(said(answer.object), "files not_found, directory found");
    }
    const std::string shown = whois("Al").out;
    EXPECT_THAT(shown, HasSubstr("Al: NSS knows this login name, and spells it alice@example.org."));
    EXPECT_THAT(shown, HasSubstr("microseconds, by directory\n"));
    EXPECT_THAT(shown, Not(HasSubstr("Note: ")));
}

// Two names of one uid: an account that enrolled under the one is somebody else's under the other.
TEST_F(Whois, N04_TellsOfASecondNameOfTheUid) {
    sandbox.write("/etc/passwd",
                  sandbox.read("/etc/passwd") + "alicia:x:3000000000:3000000000::/home/alicia:/bin/sh\n");
    const Answer answer = object_of("al");
    EXPECT_EQ(answer.object.at("user_of_uid"), "alicia");
    EXPECT_THAT(whois("al").out, HasSubstr("Note: to NSS the uid is alicia's: two names share it"));
}

TEST_F(Whois, N04_WhoIsNobodyIsNotFound) {
    for (const char* name : {"nobody-here", "../x", "a/b", "0", "root:", "line\nbreak", "\x1b[31m"}) {
        SCOPED_TRACE(name);
        const Answer answer = object_of(name);
        EXPECT_EQ(answer.status, 1);
        EXPECT_EQ(answer.object.at("error"), "not_found");
        EXPECT_EQ(said(answer.object), "files not_found, directory not_found");
        const Result shown = whois(name);
        EXPECT_EQ(shown.status, 1);
        EXPECT_THAT(shown.out, HasSubstr("directory"));
        EXPECT_THAT(shown.err, HasSubstr("warifu: NSS knows nobody called "));
        EXPECT_THAT(shown.out + shown.err, Not(HasSubstr("\x1b")));
    }
    EXPECT_EQ(whois("").status, 2);
    EXPECT_EQ(object_of(std::string(5'000, 'n')).status, 1);
}

TEST_F(Whois, N04_ASourceThatDoesNotAnswerIsNamed) {
    ask("files moody gone directory");
    const Answer refused = object_of("refuses");
    EXPECT_EQ(refused.status, 1) << "the last one says that there is nobody";
    EXPECT_EQ(said(refused.object), "files not_found, moody unavailable, gone missing, directory not_found");
    EXPECT_EQ(refused.object.at("sources")[1].at("error"), "Connection refused");
    EXPECT_THAT(whois("refuses").out, HasSubstr("no answer"));
    ask("moody");
    const Answer alone = object_of("refuses");
    EXPECT_EQ(alone.status, 4) << "nobody is not what it said";
    EXPECT_EQ(alone.object.at("error"), "unavailable");
    EXPECT_EQ(alone.object.at("message"), "NSS cannot say who refuses is: Connection refused");
}

// The others are asked all the same.
TEST_F(Whois, N04_ASourceThatCrashesOrHangsKeepsNobodyFromAnswering) {
    sandbox.write("/etc/passwd", sandbox.read("/etc/passwd") +
                                     "crash:x:5001:5001::/:/bin/sh\nhang:x:5002:5002::/:/"
                                     "bin/sh\n");
    ask("files moody directory");
    for (const char* name : {"crash", "hang"}) {
        const Answer answer = object_of(name);
        EXPECT_EQ(answer.status, 0) << answer.object;
        EXPECT_EQ(answer.object.at("source"), "files");
        EXPECT_EQ(said(answer.object), "files found, moody unavailable, directory not_found");
    }
    ask("moody files");
    const Answer first = object_of("crash");
    EXPECT_EQ(first.status, 4);
    EXPECT_EQ(said(first.object), "moody unavailable, files found");
}

TEST_F(Whois, N04_NeedsNoRootAndNoWarifud) {
    const Account& kimiko = sandbox.add_user("kimiko", "her password");
    const Answer answer = warifu(sandbox, kimiko, {"whois", "root"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.object.at("uid"), 0);
}

}  // namespace
}  // namespace warifu::integration
