// Each command: what goes over the wire, what a script gets, what a person reads.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/client/fake_warifud.h"
#include "tests/unit/client/tool.h"

namespace warifu::test {
namespace {

using nlohmann::json;

const json offer{{"user", "alice"},
                 {"authenticator", "k1"},
                 {"label", "phone"},
                 {"state", "pending"},
                 {"secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"},
                 {"uri",
                  "otpauth://totp/Example%20Inc:alice%40host?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                  "&issuer=Example%20Inc&algorithm=SHA1&digits=6&period=30"},
                 {"expires", 1'767'225'600},
                 {"others", json::array()}};
const json confirmed{
    {"user", "alice"},
    {"authenticator", "k1"},
    {"label", "phone"},
    {"state", "active"},
    {"recovery_codes", {"AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH", "IIII-JJJJ-KKKK-LLLL"}}};

struct RunResult {
    std::vector<std::string> sent;
    Ended ended;
};

// One run against a warifud that gives these replies.
RunResult run(std::vector<std::string> arguments, std::vector<std::string> replies,
              const std::string& input = "") {
    FakeWarifud fake(std::move(replies));
    arguments.insert(arguments.end(), {"--socket", fake.socket()});
    Surroundings surroundings;
    surroundings.input = input;
    const Ended ended = run_tool(std::move(arguments), surroundings);
    return {fake.raw_requests(), ended};
}

struct Case {
    std::vector<std::string> arguments;
    std::string sent;
    json answer;
};

// What every command sends, byte for byte, and that --json hands on what was answered.
const std::vector<Case> cases{
    {{"enroll"}, R"({"method":"io.warifu.Enroll","parameters":{"user":""}})", offer},
    {{"enroll", "--user", "alice", "--label", "my phone", "--kind", "HOTP", "--algorithm", "sha256",
      "--digits", "8", "--period", "60", "--issuer", "Example", "--code", "123456"},
     R"({"method":"io.warifu.Enroll","parameters":{"user":"alice","label":"my phone","kind":"hotp",)"
     R"("algorithm":"SHA256","digits":8,"period":60,"issuer":"Example","code":"123456"}})",
     confirmed},
    {{"confirm", "123456"},
     R"({"method":"io.warifu.Confirm","parameters":{"user":"","code":"123456"}})",
     confirmed},
    {{"confirm", "--user", "alice", "--authenticator", "k1", "123 456"},
     R"({"method":"io.warifu.Confirm","parameters":{"user":"alice","authenticator":"k1","code":"123 456"}})",
     confirmed},
    {{"status"}, R"({"method":"io.warifu.Status","parameters":{"user":""}})", {{"user", "alice"}}},
    {{"verify", "１２３４５６"},
     R"({"method":"io.warifu.Verify","parameters":{"user":"","code":"１２３４５６"}})",
     {{"verdict", "success"}, {"reason", "ok"}}},
    {{"codes"}, R"({"method":"io.warifu.Codes","parameters":{"user":"","regenerate":false}})", {{"left", 7}}},
    {{"codes", "--regenerate"},
     R"({"method":"io.warifu.Codes","parameters":{"user":"","regenerate":true}})",
     {{"left", 1}, {"recovery_codes", {"AAAA-BBBB-CCCC-DDDD"}}}},
    {{"show"}, R"({"method":"io.warifu.Show","parameters":{"user":""}})", offer},
    {{"show", "k1"}, R"({"method":"io.warifu.Show","parameters":{"user":"","authenticator":"k1"}})", offer},
    {{"show", "--authenticator", "k1"},
     R"({"method":"io.warifu.Show","parameters":{"user":"","authenticator":"k1"}})",
     offer},
    {{"rename", "k1", "status"},
     R"({"method":"io.warifu.Rename","parameters":{"user":"","authenticator":"k1","label":"status"}})",
     {{"authenticator", "k1"}, {"label", "status"}}},
    {{"rename", "--authenticator", "k1", "tablet"},
     R"({"method":"io.warifu.Rename","parameters":{"user":"","authenticator":"k1","label":"tablet"}})",
     {{"authenticator", "k1"}, {"label", "tablet"}}},
    {{"remove", "k1"},
     R"({"method":"io.warifu.Remove","parameters":{"user":"","authenticator":"k1"}})",
     {{"authenticator", "k1"}, {"left", 1}}},
    {{"resync", "111111", "222222"},
     R"({"method":"io.warifu.Resync","parameters":{"user":"","first":"111111","second":"222222"}})",
     {{"authenticator", "k1"}, {"drift", -12}}},
    {{"resync", "--authenticator", "k1", "111111", "222222"},
     R"({"method":"io.warifu.Resync","parameters":)"
     R"({"user":"","authenticator":"k1","first":"111111","second":"222222"}})",
     {{"authenticator", "k1"}, {"drift", -12}}},
    {{"forget"}, R"({"method":"io.warifu.Forget","parameters":{"user":""}})", {{"forgotten", 2}}},
    {{"list"}, R"({"method":"io.warifu.List","parameters":{"limit":100}})", {{"accounts", json::array()}}},
    {{"list", "--search", "al", "--state", "Active", "--unused-for", "90d", "--limit", "5", "--cursor",
      "bob"},
     R"({"method":"io.warifu.List","parameters":)"
     R"({"search":"al","state":"active","unused_for":7776000,"limit":5,"cursor":"bob"}})",
     {{"accounts", json::array()}, {"cursor", "carol"}}},
    {{"reset", "--user", "alice"},
     R"({"method":"io.warifu.Reset","parameters":{"user":"alice","replay":false}})",
     {{"user", "alice"}, {"removed", 2}}},
    {{"reset", "--user", "alice", "--replay"},
     R"({"method":"io.warifu.Reset","parameters":{"user":"alice","replay":true}})",
     {{"user", "alice"}, {"removed", 1}}},
    {{"unlock", "--user", "alice"},
     R"({"method":"io.warifu.Unlock","parameters":{"user":"alice"}})",
     {{"user", "alice"}}},
    {{"suspend", "--user", "alice"},
     R"({"method":"io.warifu.Suspend","parameters":{"user":"alice"}})",
     {{"user", "alice"}, {"state", "suspended"}, {"required", false}}},
    {{"resume", "--user", "alice"},
     R"({"method":"io.warifu.Resume","parameters":{"user":"alice"}})",
     {{"user", "alice"}, {"state", "active"}, {"required", false}}},
    {{"require", "--user", "alice"},
     R"({"method":"io.warifu.Require","parameters":{"user":"alice"}})",
     {{"user", "alice"}, {"state", "none"}, {"required", true}}},
    {{"require", "--user", "alice", "--off"},
     R"({"method":"io.warifu.Require","parameters":{"off":true,"user":"alice"}})",
     {{"user", "alice"}, {"state", "none"}, {"required", false}}},
    {{"policy", "explain", "--user", "alice", "--service", "sshd", "--rhost", "10.0.0.7"},
     R"({"method":"io.warifu.Explain","parameters":{"user":"alice","service":"sshd","rhost":"10.0.0.7"}})",
     {{"user", "alice"}, {"service", "sshd"}, {"outcome", "refuse"}, {"rule_line", 0}}},
    {{"client", "add", "www-data", "--scope", "verify"},
     R"({"method":"io.warifu.AddClient","parameters":{"client":"www-data","scopes":["verify"]}})",
     {{"client", "uid:33"}, {"uid", 33}, {"account", "www-data"}}},
    {{"client", "add", "33", "--scope", "Verify", "--realm", "host"},
     R"({"method":"io.warifu.AddClient","parameters":{"client":"33","realm":"host","scopes":["verify"]}})",
     {{"client", "uid:33"}, {"uid", 33}, {"account", "www-data"}}},
    {{"client", "list"},
     R"({"method":"io.warifu.ListClients","parameters":{}})",
     {{"clients", json::array()}}},
    {{"client", "remove", "www-data"},
     R"({"method":"io.warifu.RemoveClient","parameters":{"client":"www-data"}})",
     {{"client", "uid:33"}, {"account", "www-data"}}},
};

TEST(Commands, E06_EachSendsItsRequestAndGivesTheReplyAsOneObject) {
    for (const Case& one : cases) {
        SCOPED_TRACE(one.sent);
        std::vector<std::string> arguments{"--json"};
        arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
        const RunResult ran = run(arguments, {reply(one.answer)});
        EXPECT_EQ(ran.sent, std::vector<std::string>{one.sent});
        EXPECT_EQ(ran.ended.exit, 0);
        EXPECT_EQ(ran.ended.err, "");
        ASSERT_TRUE(ran.ended.out.ends_with("}\n"));
        EXPECT_EQ(json::parse(ran.ended.out), one.answer);
    }
}

// What needs none spends none.
TEST(Commands, E06_ProofIsGivenWhereItIsWantedOnTheSameConnection) {
    for (Case one : cases) {
        SCOPED_TRACE(one.sent);
        FakeWarifud fake({proof_wanted(), reply({{"authenticator", "k0"}}), reply(one.answer)});
        one.arguments.insert(one.arguments.end(), {"--json", "--proof", "654321", "--socket", fake.socket()});
        EXPECT_EQ(run_tool(one.arguments).exit, 0);
        const auto sent = fake.requests();
        ASSERT_EQ(sent.size(), 3U);
        EXPECT_EQ(fake.raw_requests()[0], one.sent);
        EXPECT_EQ(sent[1]["method"], "io.warifu.Prove");
        EXPECT_EQ(sent[1]["parameters"]["code"], "654321");
        EXPECT_EQ(sent[1]["parameters"]["user"], sent[0]["parameters"].value("user", ""));
        EXPECT_EQ(fake.raw_requests()[2], one.sent);
        EXPECT_EQ(fake.connections(), 1U);
    }
}

TEST(Commands, RefusedProofStopsTheCommand) {
    const RunResult ran =
        run({"remove", "k1", "--proof", "000000"},
            {proof_wanted(), error("Denied", {{"reason", "bad_code"}, {"message", "the code is wrong"}})});
    EXPECT_EQ(ran.ended.exit, 1);
    EXPECT_EQ(ran.ended.err, "warifu: the code is wrong (bad_code)\n");
    EXPECT_EQ(ran.sent.size(), 2U);
}

TEST(Commands, JsonLeavesOutWhatIsNullAndIsAscii) {
    const RunResult ran =
        run({"status", "--json"}, {reply({{"user", "アリス\x1b\x7f"}, {"limited_until", nullptr}})});
    EXPECT_EQ(ran.ended.out, "{\"user\":\"\\u30a2\\u30ea\\u30b9\\u001b\\u007f\"}\n");
}

TEST(Commands, EnrollWithoutATerminalShowsTheKeyAndWhatToDoNext) {
    const RunResult ran = run({"enroll", "--user", "alice"}, {reply(offer)});
    EXPECT_EQ(ran.ended.exit, 0);
    EXPECT_EQ(ran.ended.out,
              "Type this key into an authenticator app.\n"
              "\n"
              "  Issuer     Example Inc\n"
              "  Account    alice@host\n"
              "  Key        JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP\n"
              "  Type       TOTP, 6 digits, every 30 seconds, SHA1\n"
              "  Label      phone\n"
              "\n"
              "The key counts once a code from the app confirms it, until 2026-01-01 00:00:\n"
              "  warifu confirm --user alice CODE\n");
    const RunResult proved = run({"enroll", "--proof", "111111"}, {proof_wanted(), reply({}), reply(offer)});
    EXPECT_TRUE(proved.ended.out.ends_with("\n  warifu confirm --proof CODE CODE\n"));
}

TEST(Commands, EnrollWarnsOfOffersMadeElsewhere) {
    json elsewhere = offer;
    elsewhere["others"] = {{{"source", "192.0.2.7\x1b[2J"}, {"made", 1'767'225'000}}};
    const RunResult ran = run({"enroll"}, {reply(elsewhere)});
    EXPECT_TRUE(ran.ended.out.starts_with(
        "Warning: in the last 24 hours a key was offered for this account from elsewhere:\n"
        "  2025-12-31 23:50  192.0.2.7\\x1b[2J\n"
        "If that was not you, somebody else knows your password: change it.\n"))
        << ran.ended.out;
}

TEST(Commands, CounterBasedKeyShowsItsCounter) {
    json token = offer;
    token["uri"] = "otpauth://hotp/alice?secret=JBSWY3DPEHPK3PXP&algorithm=SHA512&digits=8&counter=5";
    const RunResult ran = run({"enroll"}, {reply(token)});
    EXPECT_NE(ran.ended.out.find("  Account    alice\n"), std::string::npos) << ran.ended.out;
    EXPECT_NE(ran.ended.out.find("  Type       HOTP, 8 digits, counter 5, SHA512\n"), std::string::npos);
}

TEST(Commands, LongestKeyIsBrokenIntoLines) {
    json longest = offer;
    longest["secret"] = std::string(103, 'A');
    const RunResult ran = run({"enroll"}, {reply(longest)});
    const std::string twelve = " AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA\n";
    EXPECT_NE(
        ran.ended.out.find("  Key       " + twelve + "            " + twelve + "             AAAA AAA\n"),
        std::string::npos)
        << ran.ended.out;
}

const std::string recovery_codes =
    "Recovery codes: each of them signs you in once when the app is not at hand.\n"
    "Print them or write them down, and keep them apart from the phone. They are\n"
    "not shown again; `warifu codes --regenerate` makes new ones.\n"
    "\n"
    "   1  AAAA-BBBB-CCCC-DDDD          3  IIII-JJJJ-KKKK-LLLL\n"
    "   2  EEEE-FFFF-GGGG-HHHH\n"
    "\n";

TEST(Commands, E05_ConfirmShowsTheRecoveryCodesOnce) {
    const RunResult ran = run({"confirm", "123456"}, {reply(confirmed)});
    EXPECT_EQ(ran.ended.out, "phone (k1) is active: from now on its codes count.\n\n" + recovery_codes);
}

TEST(Commands, ConfirmTellsOfAWrongClock) {
    json late = confirmed;
    late.erase("recovery_codes");
    late["clock_off"] = -45;
    const RunResult ran = run({"confirm", "123456"}, {reply(late)});
    EXPECT_EQ(ran.ended.out,
              "phone (k1) is active: from now on its codes count.\n"
              "Its clock is off by about 45 seconds; let the phone set it by itself.\n\n");
}

TEST(Commands, EnrollWithACodeConfirmsAtOnce) {
    json active = offer;
    active["state"] = "active";
    active["recovery_codes"] = confirmed["recovery_codes"];
    const RunResult ran = run({"enroll", "--code", "123456"}, {reply(active)});
    EXPECT_TRUE(ran.ended.out.ends_with("is active: from now on its codes count.\n\n" + recovery_codes));
    EXPECT_EQ(ran.ended.out.find("warifu confirm"), std::string::npos);
}

TEST(Commands, E05_RecoveryCodesAreCountedAndMadeAnew) {
    EXPECT_EQ(run({"codes"}, {reply({{"left", 1}})}).ended.out, "1 recovery code left.\n");
    const json fresh{{"left", 3}, {"recovery_codes", confirmed["recovery_codes"]}};
    EXPECT_EQ(run({"codes", "--regenerate"}, {reply(fresh)}).ended.out,
              recovery_codes + "3 recovery codes left.\n");
}

TEST(Commands, StatusIsAPageOf80Columns) {
    const json status{{"user", "alice"},
                      {"state", "active"},
                      {"source", "central"},
                      {"recovery_codes_left", 9},
                      {"failures", 2},
                      {"limited_until", 1'767'225'600},
                      {"remembered", 1},
                      {"notes",
                       {"spent marks are ahead of the clock by an hour: it was set back, and `warifu reset "
                        "--replay` mends it"}},
                      {"authenticators",
                       {{{"id", "k1"},
                         {"label", "phone"},
                         {"kind", "totp"},
                         {"algorithm", "SHA1"},
                         {"digits", 6},
                         {"period", 30},
                         {"state", "active"},
                         {"created", 1},
                         {"last_used", 1'767'225'600}},
                        {{"id", "key-2"},
                         {"label", std::string(40, 'x') + "アリス"},
                         {"kind", "hotp"},
                         {"algorithm", "SHA256"},
                         {"digits", 8},
                         {"period", 0},
                         {"state", "active"},
                         {"created", 1}}}}};
    EXPECT_EQ(run({"status"}, {reply(status)}).ended.out,
              "alice: the second factor is on.\n"
              "  Kept in         central\n"
              "  Recovery codes  9 left\n"
              "  Failures        2\n"
              "  Limited until   2026-01-01 00:00\n"
              "  Remembered      1 sign-in\n"
              "\n"
              "  ID     TYPE             STATE   LAST USED         LABEL\n"
              "  k1     totp SHA1 6 30s  active  2026-01-01 00:00  phone\n"
              "  key-2  hotp SHA256 8    active  never             xxxxxxxxxxxxxxxxxxxxxxxxx...\n"
              "\n"
              "  Note: spent marks are ahead of the clock by an hour: it was set back, and\n"
              "  `warifu reset --replay` mends it\n");
}

TEST(Commands, VerifySaysTheVerdictAndExitsByIt) {
    const auto verify = [](const json& verdict) { return run({"verify", "123456"}, {reply(verdict)}).ended; };
    Ended ended = verify({{"verdict", "success"}, {"reason", "ok"}, {"authenticator", "k1"}});
    EXPECT_EQ(ended.exit, 0);
    EXPECT_EQ(ended.out, "Right (k1).\n");
    ended = verify({{"verdict", "success"}, {"reason", "ok"}, {"recovery_codes_left", 4}});
    EXPECT_EQ(ended.out, "Right. That was a recovery code: 4 recovery codes left.\n");
    ended = verify({{"verdict", "denied"}, {"reason", "bad_code"}});
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(ended.out, "Denied: the code is wrong.\n");
    ended = verify({{"verdict", "denied"}, {"reason", "some\nthing new"}});
    EXPECT_EQ(ended.out, "Denied: some\\x0athing new.\n");
    ended = verify({{"verdict", "limited"}, {"reason", "limited"}, {"retry_after", 600}});
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(ended.out, "Limited: too many wrong codes. Try again in 10 minutes.\n");
    ended = verify({{"verdict", "ignored"}, {"reason", "not_enrolled"}});
    EXPECT_EQ(ended.exit, 1);
    EXPECT_EQ(ended.out, "Not checked: the account has no second factor.\n");
    ended = verify({{"verdict", "unavailable"}, {"reason", "unavailable"}});
    EXPECT_EQ(ended.exit, 4);
    ended = verify({{"verdict", "splendid"}, {"reason", "ok"}});
    EXPECT_EQ(ended.exit, 4);
}

TEST(Commands, E06_VerifyGivesScriptsTheVerdictWithTheSameExitCodes) {
    const auto verify = [](const char* verdict) {
        return run({"verify", "123456", "--json"}, {reply({{"verdict", verdict}, {"reason", "r"}})}).ended;
    };
    EXPECT_EQ(verify("success").exit, 0);
    EXPECT_EQ(verify("denied").exit, 1);
    EXPECT_EQ(verify("limited").exit, 1);
    EXPECT_EQ(verify("unavailable").exit, 4);
    EXPECT_EQ(verify("denied").out, "{\"reason\":\"r\",\"verdict\":\"denied\"}\n");
}

TEST(Commands, ListIsATableWithTheNameLast) {
    const json list{{"accounts",
                     {{{"user", "alice"},
                       {"state", "active"},
                       {"authenticators", 2},
                       {"recovery_codes_left", 10},
                       {"last_used", 1'767'225'600}},
                      {{"user", "EXAMPLE\\bob\x1b"},
                       {"state", "pending"},
                       {"authenticators", 0},
                       {"recovery_codes_left", 0}}}},
                    {"cursor", "EXAMPLE\\bob"}};
    EXPECT_EQ(run({"list"}, {reply(list)}).ended.out,
              "STATE      KEYS  CODES  LAST USED         USER\n"
              "active     2     10     2026-01-01 00:00  alice\n"
              "pending    0     0      never             EXAMPLE\\bob\\x1b\n"
              "There are more: the same with --cursor EXAMPLE\\bob\n");
}

TEST(Commands, ClientsAreATableWithTheNameLast) {
    const json list{{"clients",
                     {{{"client", "uid:33"},
                       {"uid", 33},
                       {"account", "www-data\x1b"},
                       {"realm", "host"},
                       {"scopes", {"verify"}},
                       {"created", 1'767'225'600},
                       {"by", 0}}}}};
    EXPECT_EQ(run({"client", "list"}, {reply(list)}).ended.out,
              "UID           REALM     SCOPES      SINCE             ACCOUNT\n"
              "33            host      verify      2026-01-01 00:00  www-data\\x1b\n");
}

TEST(Commands, ChangesSayWhatWasDone) {
    const auto says = [](std::vector<std::string> arguments, const json& answer) {
        return run(std::move(arguments), {reply(answer)}).ended.out;
    };
    EXPECT_EQ(says({"rename", "k1", "x"}, {{"authenticator", "k1"}, {"label", "tablet\u202e"}}),
              "k1 is now called tablet\\u{202e}.\n");
    EXPECT_EQ(says({"remove", "k1"}, {{"authenticator", "k1"}, {"left", 1}}),
              "k1 is removed. 1 authenticator left.\n");
    EXPECT_EQ(says({"remove", "k1"}, {{"authenticator", "k1"}, {"left", 0}}),
              "k1 is removed. It was the last one: the account has no second factor now.\n");
    EXPECT_EQ(says({"resync", "1", "2"}, {{"authenticator", "k1"}, {"drift", -12}}),
              "k1 is in step again (off by -12 steps).\n");
    EXPECT_EQ(says({"resync", "1", "2"}, {{"authenticator", ""}, {"drift", 1}}),
              "The authenticator is in step again (off by 1 step).\n");
    EXPECT_EQ(says({"forget"}, {{"forgotten", 1}}), "1 remembered sign-in forgotten.\n");
    EXPECT_EQ(says({"reset", "--user", "alice"}, {{"user", "alice"}, {"removed", 2}}),
              "alice: 2 authenticators removed; the second factor is off.\n");
    EXPECT_EQ(run({"reset", "--user", "alice"},
                  {reply({{"user", "alice"}, {"removed", 1}, {"shared_key", "office"}})})
                  .ended.out,
              "alice: 1 authenticator removed; the shared key office counts now.\n");
    EXPECT_EQ(says({"reset", "--user", "alice", "--replay"}, {{"user", "alice"}, {"removed", 1}}),
              "alice: 1 mark set to the clock.\n");
    EXPECT_EQ(says({"unlock", "--user", "alice"}, {{"user", "alice"}}), "alice: the limits are off.\n");
    EXPECT_EQ(says({"client", "add", "33", "--scope", "verify"}, {{"account", "www-data"}, {"uid", 33}}),
              "What runs as www-data (uid 33) may verify anybody's code from now on, and do\n"
              "nothing else for others.\n");
    EXPECT_EQ(says({"client", "remove", "33"}, {{"account", "www-data"}}),
              "www-data verifies nobody's code but its own any more.\n");
    EXPECT_EQ(says({"require", "--user", "alice", "--off"}, {{"user", "alice"}}),
              "alice is as policy says again.\n");
}

TEST(Commands, ForeignTextIsAsciiWhereTheLocaleIs) {
    FakeWarifud fake({reply({{"authenticator", "k1"}, {"label", "アリス"}})});
    Surroundings surroundings;
    surroundings.environment = {"LC_ALL=C"};
    EXPECT_EQ(run_tool({"rename", "k1", "x", "--socket", fake.socket()}, surroundings).out,
              "k1 is now called \\u{30a2}\\u{30ea}\\u{30b9}.\n");
}

}  // namespace
}  // namespace warifu::test
