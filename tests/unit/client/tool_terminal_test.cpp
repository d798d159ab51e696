// The person at the terminal.
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

const json terminal_offer{
    {"user", "alice"},
    {"authenticator", "k1"},
    {"label", "phone"},
    {"state", "pending"},
    {"secret", "JBSWY3DPEHPK3PXP"},
    {"uri", "otpauth://totp/alice?secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30"},
    {"expires", 1'767'225'600},
    {"others", json::array()}};
const json terminal_confirmed{{"user", "alice"},
                              {"authenticator", "k1"},
                              {"label", "phone"},
                              {"state", "active"},
                              {"recovery_codes", {"AAAA-BBBB-CCCC-DDDD"}}};
const std::string denial = error("Denied", {{"reason", "bad_code"}, {"message", "the code is wrong"}});
const std::string acceptance = reply({{"verdict", "success"}, {"reason", "ok"}});
const std::string next_step = "until 2026-01-01 00:00:\n  warifu confirm CODE\n";

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(AtTerminal, CodeIsAskedForAndShownAsItIsTyped) {
    FakeWarifud fake({acceptance});
    ToolAtTerminal tool({"verify", "--socket", fake.socket()});
    tool.await("Code: ");
    tool.type("123456\n");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(ended.out, "Code: 123456\nRight.\n");
    EXPECT_EQ(fake.requests().at(0)["parameters"]["code"], "123456");
}

TEST(AtTerminal, DashAsksToo) {
    FakeWarifud fake({proof_wanted(), reply({}), acceptance});
    ToolAtTerminal tool({"verify", "-", "--proof", "-", "--socket", fake.socket(), "--json"});
    tool.await("Code or recovery code, as proof: ");
    tool.type("111111\n");
    tool.await("Code: ");
    tool.type("222222\n");
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_EQ(fake.requests().at(1)["parameters"]["code"], "111111");
    EXPECT_EQ(fake.requests().at(2)["parameters"]["code"], "222222");
}

// Where warifud wants one, and once.
TEST(AtTerminal, E06_AProofThatIsWantedIsAskedFor) {
    FakeWarifud fake({proof_wanted(), reply({}), reply({{"authenticator", "k1"}, {"left", 1}})});
    ToolAtTerminal tool({"remove", "k1", "--socket", fake.socket()});
    tool.await("This wants a code of yours first. Code or recovery code: ");
    tool.type("111111\n");
    EXPECT_EQ(tool.wait().exit, 0);
    const auto sent = fake.requests();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[1]["method"], "io.warifu.Prove");
    EXPECT_EQ(sent[1]["parameters"]["code"], "111111");
    EXPECT_EQ(sent[2], sent[0]);
    EXPECT_EQ(fake.connections(), 1U);

    FakeWarifud other({proof_wanted()});
    ToolAtTerminal declining({"remove", "k1", "--socket", other.socket()});
    declining.await("recovery code: ");
    declining.type("\n");
    EXPECT_EQ(declining.wait().exit, 3);
    FakeWarifud third({proof_wanted()});
    ToolAtTerminal for_a_program({"remove", "k1", "--json", "--socket", third.socket()});
    EXPECT_EQ(for_a_program.wait().exit, 3) << "nobody is asked";
}

TEST(AtTerminal, KeyIsNotShownAsItIsTyped) {
    FakeWarifud fake({reply({{"state", "active"}})});
    ToolAtTerminal tool({"enroll", "--secret", "-", "--json", "--socket", fake.socket()});
    tool.await("Key (base32, not shown): ");
    EXPECT_EQ(tool.settings().c_lflag & ECHO, 0U);
    tool.type("GEZDGNBVGY3TQOJQ\n");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(ended.out, "Key (base32, not shown): \n{\"state\":\"active\"}\n");
    EXPECT_EQ(fake.requests().at(0)["parameters"]["secret"], "GEZDGNBVGY3TQOJQ");
    EXPECT_NE(tool.settings().c_lflag & ECHO, 0U);
}

TEST(AtTerminal, InterruptPutsTheTerminalBackAndEndsBySignal) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        ToolAtTerminal tool({"enroll", "--secret", "-"});
        tool.await("not shown): ");
        tool.type("GEZDG");
        if (number == SIGINT)
            tool.type("\x03");
        else
            kill(tool.process(), number);
        const Ended ended = tool.wait();
        EXPECT_EQ(ended.signal, number);
        EXPECT_EQ(ended.out.find("GEZDG"), std::string::npos);
        EXPECT_NE(tool.settings().c_lflag & ECHO, 0U);
    }
}

TEST(AtTerminal, StoppedAndContinuedAsksAgain) {
    FakeWarifud fake({reply({{"state", "active"}})});
    ToolAtTerminal tool({"enroll", "--secret", "-", "--json", "--socket", fake.socket()});
    tool.await("not shown): ");
    // The terminal's own group is an orphan's, which Ctrl-Z does not stop; it asks again all the same.
    kill(tool.process(), SIGTSTP);
    tool.await("not shown): ");
    EXPECT_EQ(tool.settings().c_lflag & ECHO, 0U);
    tool.type("GEZDGNBVGY3TQOJQ\n");
    EXPECT_EQ(tool.wait().exit, 0);
    EXPECT_EQ(fake.requests().at(0)["parameters"]["secret"], "GEZDGNBVGY3TQOJQ");
}

TEST(AtTerminal, EndOfInputIsAUsageError) {
    ToolAtTerminal tool({"verify"});
    tool.await("Code: ");
    tool.type("\x04");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 2);
    EXPECT_EQ(ended.out, "Code: \nwarifu: CODE: nothing was given\n");
}

TEST(AtTerminal, EnrollShowsTheQrCodeAndConfirmsRightThere) {
    FakeWarifud fake({reply(terminal_offer), denial, reply(terminal_confirmed)});
    ToolAtTerminal tool({"enroll", "--socket", fake.socket()});
    tool.await("Scan the QR code with an authenticator app, or type the key into it.\n");
    tool.await("  Key        JBSW Y3DP EHPK 3PXP\n");
    tool.await("█");
    tool.await("\n\nCode from the app (Enter: later): ");
    tool.type("000000\n");
    tool.await("warifu: the code is wrong (bad_code)\n");
    tool.await("Code from the app (Enter: later): ");
    tool.type("123456\n");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(count(ended.out, "AAAA-BBBB-CCCC-DDDD"), 1U);
    EXPECT_EQ(ended.out.find("warifu confirm"), std::string::npos);
    const auto sent = fake.requests();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[2], (json{{"method", "io.warifu.Confirm"},
                             {"parameters", {{"user", ""}, {"authenticator", "k1"}, {"code", "123456"}}}}));
    EXPECT_EQ(fake.connections(), 1U);
}

TEST(AtTerminal, ThreeWrongCodesLeaveTheOffer) {
    FakeWarifud fake({reply(terminal_offer), denial, denial, denial, reply(terminal_confirmed)});
    ToolAtTerminal tool({"enroll", "--qr", "none", "--socket", fake.socket()});
    for (int i = 0; i < 3; ++i) {
        tool.await("(Enter: later): ");
        tool.type("000000\n");
    }
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(count(ended.out, "(Enter: later)"), 3U);
    EXPECT_TRUE(ended.out.ends_with(next_step)) << ended.out;
}

TEST(AtTerminal, LimitEndsTheQuestions) {
    FakeWarifud fake(
        {reply(terminal_offer),
         error("Denied", {{"reason", "limited"}, {"message", "too many"}, {"retry_after", 60}})});
    ToolAtTerminal tool({"enroll", "--qr", "none", "--socket", fake.socket()});
    tool.await("(Enter: later): ");
    tool.type("000000\n");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(count(ended.out, "(Enter: later)"), 1U);
}

TEST(AtTerminal, EnterOrCtrlDLeavesTheOfferForLater) {
    for (const char* answer : {"\n", "\x04"}) {
        FakeWarifud fake({reply(terminal_offer)});
        ToolAtTerminal tool({"enroll", "--qr", "none", "--socket", fake.socket()});
        tool.await("(Enter: later): ");
        tool.type(answer);
        const Ended ended = tool.wait();
        EXPECT_EQ(ended.exit, 0);
        EXPECT_TRUE(ended.out.ends_with(next_step)) << ended.out;
    }
}

TEST(AtTerminal, WarifudThatEndsInBetweenIsUnavailable) {
    FakeWarifud fake({reply(terminal_offer)});
    ToolAtTerminal tool({"enroll", "--qr", "none", "--socket", fake.socket()});
    tool.await("(Enter: later): ");
    tool.type("123456\n");
    EXPECT_EQ(tool.wait().exit, 4);
}

// The terminal that is opened for questions never takes the place of the output.
TEST(AtTerminal, ClosedOutputIsNoSuccess) {
    FakeWarifud fake({reply(terminal_offer)});
    ToolAtTerminal tool({"enroll", "--socket", fake.socket()}, Surroundings().environment, {1});
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 4);
    EXPECT_EQ(ended.out, "warifu: the output could not be written: Bad file descriptor\n");
}

TEST(AtTerminal, JsonAsksNothingAfterwards) {
    FakeWarifud fake({reply(terminal_offer)});
    ToolAtTerminal tool({"enroll", "--json", "--socket", fake.socket()});
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(json::parse(ended.out), terminal_offer);
}

TEST(AtTerminal, QrCodeIsAsciiWhereTheLocaleIs) {
    FakeWarifud fake({reply(terminal_offer)});
    ToolAtTerminal tool({"enroll", "--socket", fake.socket()}, {"LC_ALL=C"});
    tool.await("####");
    tool.await("(Enter: later): ");
    tool.type("\n");
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.exit, 0);
    for (const char byte : ended.out) EXPECT_GT(byte, 0);
}

TEST(AtTerminal, ImageIsRefusedBeforeAnythingIsOffered) {
    for (const char* form : {"png", "svg"}) {
        FakeWarifud fake({reply(terminal_offer)});
        ToolAtTerminal tool({"enroll", "--qr", form, "--socket", fake.socket()});
        EXPECT_EQ(tool.wait().exit, 2);
        EXPECT_EQ(fake.connections(), 0U);
    }
}

}  // namespace
}  // namespace warifu::test
