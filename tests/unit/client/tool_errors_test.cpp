// What goes wrong: each error has its exit code, a line for people and an object for scripts.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

struct ErrorCase {
    std::string name;
    json parameters;
    int exit;
    json object;
    std::string line;
};

const std::vector<ErrorCase> error_cases{
    {"Denied",
     {{"reason", "limited"}, {"message", "too many wrong codes"}, {"retry_after", 90}},
     1,
     {{"error", "denied"}, {"message", "too many wrong codes"}, {"reason", "limited"}, {"retry_after", 90}},
     "warifu: too many wrong codes (limited); try again in 90 seconds\n"},
    {"NotFound",
     {{"message", "no user alice\x1b"}},
     1,
     {{"error", "not_found"}, {"message", "no user alice\x1b"}},
     "warifu: no user alice\\x1b\n"},
    {"Invalid",
     {{"field", "label"}, {"message", "too long"}},
     2,
     {{"error", "usage"}, {"message", "too long"}},
     "warifu: too long\n"},
    {"NotPermitted",
     {{"message", "give a code with --proof"}},
     3,
     {{"error", "not_permitted"}, {"message", "give a code with --proof"}},
     "warifu: give a code with --proof\n"},
    {"Conflict",
     {{"message", "confirmed already"}},
     4,
     {{"error", "conflict"}, {"message", "confirmed already"}},
     "warifu: confirmed already\n"},
    {"Unavailable",
     {{"message", "the store cannot be read"}},
     4,
     {{"error", "unavailable"}, {"message", "the store cannot be read"}},
     "warifu: the store cannot be read\n"},
};

TEST(Errors, E06_EachHasItsExitCodeAndItsObject) {
    for (const ErrorCase& one : error_cases) {
        SCOPED_TRACE(one.name);
        FakeWarifud fake({error(one.name, one.parameters)});
        const Ended ended = run_tool({"status", "--json", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, one.exit);
        EXPECT_EQ(json::parse(ended.out), one.object);
        EXPECT_EQ(std::ranges::count(ended.out, '\n'), 1);
        EXPECT_EQ(ended.err, "");
    }
}

TEST(Errors, EachHasALineForPeople) {
    for (const ErrorCase& one : error_cases) {
        SCOPED_TRACE(one.name);
        FakeWarifud fake({error(one.name, one.parameters)});
        const Ended ended = run_tool({"status", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, one.exit);
        EXPECT_EQ(ended.out, "");
        EXPECT_EQ(ended.err, one.line);
    }
}

TEST(Errors, WarifudThatHangsUpOrSpeaksSomethingElseIsUnavailable) {
    for (const char* said :
         {FakeWarifud::hang_up, "hello", "{\"parameters\":[]}", "{\"parameters\":{\"user\":7}}"}) {
        FakeWarifud fake({said});
        const Ended ended = run_tool({"status", "--socket", fake.socket()});
        EXPECT_EQ(ended.exit, 4) << said;
        EXPECT_EQ(ended.out, "") << said;
        EXPECT_TRUE(ended.err.starts_with("warifu: warifud")) << ended.err;
    }
}

// A wrong command line is refused before anybody is asked anything, and says nothing that may be a code.
TEST(Errors, E06_WrongCommandLinesAreUsageErrors) {
    const std::vector<std::vector<std::string>> wrong{
        {"frobnicate"},
        {"config"},
        {"config", "chekc"},
        {"verify", "999111", "999222"},
        {"status", "999111"},
        {"status", "--cod=999111"},
        {"status", "--user"},
        {"status", "--user", ""},
        {"status", "--user", "a\xff"},
        {"status", "--user", "a", "--user", "b"},
        {"status", "--json=no"},
        {"verify", ""},
        {"enroll", "--secret", "999111"},
        {"enroll", "--secret=999111"},
        {"enroll", "--digits", "9"},
        {"enroll", "--digits", "6x"},
        {"enroll", "--period", "14"},
        {"enroll", "--kind", "sms"},
        {"enroll", "--qr", "gif"},
        {"list", "--user", "alice"},
        {"list", "--limit", "0"},
        {"list", "--unused-for", "3 fortnights"},
        {"remove"},
        {"rename", "k1"},
        {"rename", "--authenticator", "k1", "a", "b"},
        {"reset"},
        {"unlock"},
        {"client"},
        {"client", "add", "www-data"},
        {"client", "add", "--scope", "verify"},
        {"client", "add", "www-data", "--scope", "admin"},
        {"client", "add", "www-data", "--scope", "verify", "--realm", "shop"},
        {"client", "remove"},
    };
    for (auto arguments : wrong) {
        SCOPED_TRACE(json(arguments).dump(-1, ' ', false, json::error_handler_t::replace));
        FakeWarifud fake({});
        arguments.insert(arguments.end(), {"--socket", fake.socket()});
        const Ended plain = run_tool(arguments);
        EXPECT_EQ(plain.exit, 2);
        EXPECT_TRUE(plain.err.starts_with("warifu: ")) << plain.err;
        EXPECT_EQ(plain.err.find("999"), std::string::npos) << plain.err;
        arguments.push_back("--json");
        const Ended scripted = run_tool(arguments);
        EXPECT_EQ(scripted.exit, 2);
        EXPECT_EQ(json::parse(scripted.out)["error"], "usage");
        EXPECT_EQ(fake.connections(), 0U);
    }
}

TEST(Errors, E06_ACommandWithoutItsSecondWordNamesThem) {
    const Ended ended = run_tool({"rule"});
    EXPECT_EQ(ended.exit, 2);
    EXPECT_EQ(ended.err, "warifu: this command wants a second word: one of add, list, remove\n");
}

TEST(Errors, SecretAmongTheArgumentsIsRefusedWithTheReason) {
    const Ended ended = run_tool({"enroll", "--secret", "JBSWY3DP"});
    EXPECT_EQ(ended.exit, 2);
    EXPECT_NE(ended.err.find("seen by everybody on this host"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("JBSWY3DP"), std::string::npos) << ended.err;
}

TEST(Errors, FullDiskOnStandardOutputIsNoSuccess) {
    for (const bool scripted : {false, true}) {
        FakeWarifud fake({reply({{"forgotten", 1}})});
        Surroundings surroundings;
        surroundings.output = "/dev/full";
        std::vector<std::string> arguments{"forget", "--socket", fake.socket()};
        if (scripted) arguments.push_back("--json");
        const Ended ended = run_tool(arguments, surroundings);
        EXPECT_EQ(ended.exit, 4);
        EXPECT_EQ(ended.err, "warifu: the output could not be written: No space left on device\n");
    }
}

TEST(Errors, FullDiskHidesNoErrorBehindItsExitCode) {
    FakeWarifud fake({error("Denied", {{"reason", "bad_code"}, {"message", "m"}})});
    Surroundings surroundings;
    surroundings.output = "/dev/full";
    EXPECT_EQ(run_tool({"status", "--json", "--socket", fake.socket()}, surroundings).exit, 4);
    EXPECT_EQ(run_tool({"--help"}, surroundings).exit, 4);
    EXPECT_EQ(run_tool({"--version"}, surroundings).exit, 4);
}

TEST(Errors, OutputThatNobodyReadsIsNoSuccessAndNoSignal) {
    FakeWarifud fake({reply({{"forgotten", 1}})});
    Surroundings surroundings;
    surroundings.output_is_read = false;
    const Ended ended = run_tool({"forget", "--socket", fake.socket()}, surroundings);
    EXPECT_EQ(ended.exit, 4);
    EXPECT_EQ(ended.err, "warifu: the output could not be written: Broken pipe\n");
}

TEST(Errors, ClosedOutputIsNoSuccessAndNeverTheSocket) {
    FakeWarifud fake({reply({{"forgotten", 1}})});
    Surroundings surroundings;
    surroundings.closed = {0, 1, 2};
    EXPECT_EQ(run_tool({"forget", "--socket", fake.socket()}, surroundings).exit, 4);
    EXPECT_EQ(fake.raw_requests().size(), 1U);
}

}  // namespace
}  // namespace warifu::test
