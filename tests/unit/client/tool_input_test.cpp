// Codes and keys on standard input, one line each, and no question where nobody can answer.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

struct PipedRun {
    std::vector<json> sent;
    Ended ended;
};

PipedRun run_piped(std::vector<std::string> arguments, std::vector<std::string> replies,
                   const std::string& input) {
    FakeWarifud fake(std::move(replies));
    arguments.insert(arguments.end(), {"--json", "--socket", fake.socket()});
    Surroundings surroundings;
    surroundings.input = input;
    const Ended ended = run_tool(std::move(arguments), surroundings);
    return {fake.requests(), ended};
}

std::string code_of(const PipedRun& run) {
    return run.sent.size() == 1 ? run.sent[0]["parameters"].value("code", "none") : "no request";
}

const std::string right = reply({{"verdict", "success"}, {"reason", "ok"}});

TEST(Input, E06_CodeComesAsOneLine) {
    for (const char* line : {"123456\n", "123456", "123456\r\n", "123456\nmore\n"})
        EXPECT_EQ(code_of(run_piped({"verify", "-"}, {right}, line)), "123456") << line;
    EXPECT_EQ(code_of(run_piped({"verify", "-"}, {right}, " 123 456 \n")), " 123 456 ");
    EXPECT_EQ(code_of(run_piped({"confirm", "-"}, {reply({})}, "123456\n")), "123456");
    EXPECT_EQ(code_of(run_piped({"enroll", "--code", "-"}, {reply({})}, "123456\n")), "123456");
}

TEST(Input, E06_SeveralLinesAreProofThenKeyThenCode) {
    const PipedRun enrolled =
        run_piped({"enroll", "--code", "-", "--secret", "-", "--proof", "-"},
                  {proof_wanted(), reply({}), reply({})}, "111111\nJBSWY3DPEHPK3PXP\n222222\n");
    ASSERT_EQ(enrolled.sent.size(), 3U);
    EXPECT_EQ(enrolled.sent[1]["parameters"]["code"], "111111");
    EXPECT_EQ(enrolled.sent[2]["parameters"]["secret"], "JBSWY3DPEHPK3PXP");
    EXPECT_EQ(enrolled.sent[2]["parameters"]["code"], "222222");

    const PipedRun resynced = run_piped({"resync", "-", "-", "--proof", "-"},
                                        {proof_wanted(), reply({}), reply({})}, "111111\n222222\n333333\n");
    ASSERT_EQ(resynced.sent.size(), 3U);
    EXPECT_EQ(resynced.sent[1]["parameters"]["code"], "111111");
    EXPECT_EQ(resynced.sent[2]["parameters"]["first"], "222222");
    EXPECT_EQ(resynced.sent[2]["parameters"]["second"], "333333");
}

// The lines of standard output.
std::vector<json> answers(const std::string& out) {
    std::istringstream lines(out);
    std::vector<json> all;
    for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
    return all;
}

const std::string wrong =
    error("Denied", {{"reason", "bad_code"}, {"message", "wrong"}, {"retry_after", nullptr}});
const json piped_confirmation{{"authenticator", "k1"}, {"state", "active"}, {"recovery_codes", {"A", "B"}}};

TEST(Input, E06_ConfirmTakesCodesALineOnTheConnectionOfTheProof) {
    const json piped_offer{{"authenticator", "k1"}, {"state", "pending"}};
    FakeWarifud fake({proof_wanted(), reply({}), reply(piped_offer), wrong, reply(piped_confirmation)});
    Surroundings surroundings;
    surroundings.input = "111111\n222222\n333333\n444444\n";
    const Ended ended =
        run_tool({"enroll", "--json", "--confirm", "--proof", "-", "--socket", fake.socket()}, surroundings);
    EXPECT_EQ(ended.exit, 0) << ended.err;
    const std::vector<json> said = answers(ended.out);
    ASSERT_EQ(said.size(), 3U) << ended.out;
    EXPECT_EQ(said[0], piped_offer);
    EXPECT_EQ(said[1].at("reason"), "bad_code");
    EXPECT_EQ(said[2], piped_confirmation);
    const std::vector<json> sent = fake.requests();
    ASSERT_EQ(sent.size(), 5U);
    EXPECT_EQ(sent[3]["parameters"]["authenticator"], "k1");
    EXPECT_EQ(sent[3]["parameters"]["code"], "222222");
    EXPECT_EQ(sent[4]["parameters"]["code"], "333333");
    EXPECT_EQ(fake.connections(), 1U);
}

TEST(Input, E06_ConfirmEndsWithItsInputAndTellsWhatCameOfIt) {
    const json piped_offer{{"authenticator", "k1"}, {"state", "pending"}};
    EXPECT_EQ(run_piped({"enroll", "--confirm"}, {reply(piped_offer)}, "").ended.exit, 0);
    const PipedRun denied = run_piped({"enroll", "--confirm"}, {reply(piped_offer), wrong}, "222222\n");
    EXPECT_EQ(denied.ended.exit, 1);
    EXPECT_EQ(answers(denied.ended.out).size(), 2U);
    EXPECT_EQ(run_piped({"enroll", "--confirm", "--code", "-"}, {}, "222222\n").ended.exit, 2);
    FakeWarifud fake({});
    EXPECT_EQ(run_tool({"enroll", "--confirm", "--socket", fake.socket()}).exit, 2);
    EXPECT_EQ(fake.connections(), 0U);
}

TEST(Input, LineIsAtMost4KiB) {
    const std::string longest(4095, '1');
    EXPECT_EQ(code_of(run_piped({"verify", "-"}, {right}, longest + "\n")), longest);
    const PipedRun longer = run_piped({"verify", "-"}, {right}, longest + "1\n");
    EXPECT_EQ(longer.ended.exit, 2);
    EXPECT_TRUE(longer.sent.empty());
}

TEST(Input, WhatIsMissingOrEmptyIsAUsageError) {
    for (const char* input : {"", "\n", "\r\n"}) {
        const PipedRun empty = run_piped({"verify", "-"}, {right}, input);
        EXPECT_EQ(empty.ended.exit, 2);
        EXPECT_EQ(json::parse(empty.ended.out)["error"], "usage");
        EXPECT_TRUE(empty.sent.empty());
    }
    EXPECT_EQ(run_piped({"resync", "-", "-"}, {reply({})}, "111111\n").ended.exit, 2);
    EXPECT_EQ(run_piped({"verify", "-"}, {right}, "12\xff\n").ended.exit, 2);
}

TEST(Input, ClosedStandardInputIsAUsageErrorToo) {
    Surroundings surroundings;
    surroundings.closed = {0};
    EXPECT_EQ(run_tool({"verify", "-"}, surroundings).exit, 2);
}

// The input stays open and silent here: whoever reads it hangs, and the run is ended by force.
TEST(Input, E06_NothingIsAskedWithoutATerminal) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    Surroundings surroundings;
    surroundings.input_from = ends[0];
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"verify"}, {"confirm"}, {"resync"}, {"resync", "111111"}, {"verify", "--json"}}) {
        const Ended ended = run_tool(arguments, surroundings);
        EXPECT_EQ(ended.exit, 2) << arguments[0];
    }
    FakeWarifud fake({reply({{"user", "alice"},
                             {"authenticator", "k1"},
                             {"label", "phone"},
                             {"state", "pending"},
                             {"secret", "JBSWY3DPEHPK3PXP"},
                             {"uri", "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP"},
                             {"expires", 1},
                             {"others", json::array()}})});
    EXPECT_EQ(run_tool({"enroll", "--socket", fake.socket()}, surroundings).exit, 0);
    close(ends[0]);
    close(ends[1]);
}

}  // namespace
}  // namespace warifu::test
