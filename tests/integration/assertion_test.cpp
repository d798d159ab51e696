// A program asks for others' approval, and what comes back is checked offline, by the tool and by a few lines
// of shell.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

class Assertion : public ::testing::Test {
  protected:
    Assertion()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          carol(sandbox.add_user("carol", "carol's password")),
          daemon(sandbox),
          bobs_phone(sandbox, bob, PhoneKind::hotp),
          carols_phone(sandbox, carol, PhoneKind::hotp) {}

    const std::string digest = "sha256:" + std::string(60, '0') + "beef";

    std::string pending(const Account& approver) {
        const auto list = warifu(sandbox, approver, {"requests"}).object.at("requests");
        return list.at(0).at("auth_req_id");
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    const Account& carol;
    Warifud daemon;
    Phone bobs_phone, carols_phone;
};

TEST_F(Assertion, A11_TwoPeopleSealWhatOnePreparedAndAnybodyCanCheckIt) {
    Process asks(
        sandbox,
        as_user(alice, {"warifu", "request", "--json", "--message", "stamp the contract", "--digest", digest,
                        "--approver", "user:bob,user:carol,user:alice", "--count", "2", "--for", "10m"}),
        "/tmp/answer");
    sandbox.wait_for_log("approval: user=alice asked=");
    const std::string id = pending(bob);
    EXPECT_EQ(warifu(sandbox, alice, {"approve", id}).status, 1) << "nobody seals what they prepared";
    EXPECT_EQ(warifu(sandbox, bob, {"approve", "--proof", bobs_phone.code(), id}).status, 0);
    EXPECT_EQ(warifu(sandbox, bob, {"approve", "--proof", bobs_phone.code(), id}).status, 4)
        << "twice is once";
    EXPECT_EQ(warifu(sandbox, carol, {"approve", "--proof", carols_phone.code(), id}).status, 0);
    EXPECT_EQ(asks.wait(), 0);

    const auto request = nlohmann::json::parse(sandbox.read("/tmp/answer"));
    EXPECT_EQ(request.at("state"), "consumed");
    const std::string assertion = request.at("assertion");
    sandbox.write("/tmp/key.pem", output_of(sandbox, as_root({"warifu", "assertion", "key"})));
    daemon.stop();  // nobody is asked from here on
    const Answer claims = warifu(sandbox, {"assertion", "verify", "--key", "/tmp/key.pem", assertion});
    ASSERT_EQ(claims.status, 0) << claims.object;
    EXPECT_EQ(claims.object.at("message"), "stamp the contract");
    EXPECT_EQ(claims.object.at("digest"), digest);
    EXPECT_EQ(claims.object.at("prepared_by"), "user:alice");
    ASSERT_EQ(claims.object.at("approved_by").size(), 2U);
    EXPECT_EQ(claims.object.at("approved_by")[0].at("by"), "user:bob");
    EXPECT_EQ(claims.object.at("approved_by")[1].at("by"), "user:carol");

    const std::string script = WARIFU_SOURCE_DIR "/conf/approvals/verify-assertion.sh";
    EXPECT_EQ(nlohmann::json::parse(output_of(sandbox, as_root({"sh", script, "/tmp/key.pem", assertion}))),
              claims.object);
    std::string forged = assertion;
    char& character = forged[forged.rfind('.') + 10];
    character = character == 'A' ? 'B' : 'A';
    EXPECT_EQ(warifu(sandbox, {"assertion", "verify", "--key", "/tmp/key.pem", forged}).status, 1);
    EXPECT_NE(run(sandbox, as_root({"sh", script, "/tmp/key.pem", forged})).status, 0);
}

// What is to be sealed is said in one form, and approvers see it.
TEST_F(Assertion, A11_ADigestOfAnotherFormIsRefused) {
    for (const std::string& other : {std::string("0123"), "sha256:" + std::string(64, 'G'), digest + "0"}) {
        const Answer refused = warifu(sandbox, alice, {"request", "--message", "m", "--digest", other});
        EXPECT_EQ(refused.status, 2) << refused.object;
        EXPECT_THAT(refused.object.at("message").get<std::string>(), HasSubstr("64 lower-case"));
    }
    Process asks(sandbox, as_user(alice, {"warifu", "request", "--message", "m", "--digest", digest,
                                          "--approver", "user:bob"}));
    sandbox.wait_for_log("approval: user=alice asked=");
    EXPECT_THAT(run(sandbox, as_user(bob, {"warifu", "requests"})).out, HasSubstr("    " + digest + "\n"));
}

// Nobody is asked to approve what nobody waits for any more.
TEST_F(Assertion, A11_WhoStopsWaitingWithdrawsTheRequest) {
    int times = 0;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Process asks(
            sandbox,
            as_user(alice, {"sh", "-c", "exec warifu request --message m --approver user:bob 2>/dev/null"}),
            "/tmp/answer");
        sandbox.wait_for_log("approval: user=alice asked=", ++times);
        ASSERT_FALSE(pending(bob).empty());
        asks.kill(signal);
        EXPECT_EQ(asks.wait(), 128 + signal);
        EXPECT_EQ(sandbox.read("/tmp/answer"), "") << "what is said on the way is no answer";
        EXPECT_TRUE(warifu(sandbox, bob, {"requests"}).object.at("requests").empty());
        sandbox.wait_for_log("state=cancelled", times);
    }
}

TEST_F(Assertion, A11_ANoIsAnExitStatusAndNothingIsSigned) {
    Process asks(sandbox,
                 as_user(alice, {"warifu", "request", "--json", "--message", "m", "--approver", "user:bob"}),
                 "/tmp/answer");
    sandbox.wait_for_log("approval: user=alice asked=");
    EXPECT_EQ(warifu(sandbox, bob, {"deny", pending(bob)}).status, 0);
    EXPECT_EQ(asks.wait(), 1);
    const auto request = nlohmann::json::parse(sandbox.read("/tmp/answer"));
    EXPECT_EQ(request.at("state"), "denied");
    EXPECT_FALSE(request.contains("assertion"));
}

}  // namespace
}  // namespace warifu::integration
