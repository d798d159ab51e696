// Clients at warifud's socket: what one uid may do once root let it verify for others, and that it is nothing
// more.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <list>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::Not;

json start_of(const std::string& user, std::vector<std::string> options = {}) {
    return {{"protocol", 2},
            {"user", user},
            {"service", "web"},
            {"rhost", "203.0.113.9"},
            {"tty", "pts/99"},
            {"ruser", "root"},
            {"uid", 0},
            {"flags", 0},
            {"options", options},
            {"has_authtok", false},
            {"single_field", false},
            {"auth_info", ""}};
}

class Clients : public ::testing::Test {
  protected:
    Clients()
        : alice(sandbox.add_user("alice", "alice's password")),
          web(sandbox.add_user("web", "web's password")),
          other(sandbox.add_user("other", "other's password")),
          daemon(sandbox) {
        sandbox.write("/etc/pam.d/web", "auth required pam_warifu.so\n");
        sandbox.write("/etc/pam.d/loose", "auth required pam_warifu.so nullok\n");
    }

    int add(const std::string& account) {
        return warifu(sandbox, {"client", "add", account, "--scope", "verify"}).status;
    }
    // "" where a conversation begins.
    std::string start(const Account& peer, const json& request) {
        return error_of(VarlinkPeer(sandbox, peer.uid).call("io.warifu.Start", request));
    }
    std::string status_of_alice() { return warifu(sandbox, {"status", "--user", "alice"}).object.dump(); }

    Sandbox sandbox;
    const Account& alice;
    const Account& web;
    const Account& other;
    Warifud daemon;
};

TEST_F(Clients, X32_VerifyForOthersFromTheNextConversationOnUntilTheyAreRemoved) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), web.uid), PAM_AUTH_ERR);
    EXPECT_EQ(add("web"), 0);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.wrong_code(), web.uid), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), web.uid), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.recovery_codes()[0], web.uid), PAM_SUCCESS);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), other.uid), PAM_AUTH_ERR) << "another uid";
    EXPECT_EQ(warifu(sandbox, {"client", "remove", "web"}).status, 0);
    const std::string code = phone.code();
    EXPECT_EQ(sign_in(sandbox, "web", "alice", code, web.uid), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", code), PAM_SUCCESS) << "the code was spent for nothing";
}

TEST_F(Clients, X32_EverythingElseIsRefused) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(add("web"), 0);
    const std::string code = phone.code(), before = status_of_alice();
    const std::vector<std::pair<const char*, json>> calls = {
        {"Prove", {{"user", "alice"}, {"code", code}}},
        {"Enroll", {{"user", "alice"}}},
        {"Confirm", {{"user", "alice"}, {"code", code}}},
        {"Status", {{"user", "alice"}}},
        {"Verify", {{"user", "alice"}, {"code", code}}},
        {"Codes", {{"user", "alice"}, {"regenerate", false}}},
        {"Codes", {{"user", "alice"}, {"regenerate", true}}},
        {"Show", {{"user", "alice"}}},
        {"Rename", {{"user", "alice"}, {"authenticator", "1"}, {"label", "mine"}}},
        {"Remove", {{"user", "alice"}, {"authenticator", "1"}}},
        {"Resync", {{"user", "alice"}, {"first", code}, {"second", code}}},
        {"Forget", {{"user", "alice"}}},
        {"List", {{"limit", 10}}},
        {"Reset", {{"user", "alice"}, {"replay", false}}},
        {"Unlock", {{"user", "alice"}}},
        {"Suspend", {{"user", "alice"}}},
        {"Resume", {{"user", "alice"}}},
        {"Require", {{"user", "alice"}}},
        {"Explain", {{"user", "alice"}, {"service", "sshd"}}},
        {"AddClient", {{"client", "other"}, {"scopes", {"verify"}}}},
        {"RemoveClient", {{"client", "web"}}},
        {"ListClients", json::object()},
    };
    VarlinkPeer peer(sandbox, web.uid);
    for (const auto& [method, parameters] : calls) {
        EXPECT_EQ(error_of(peer.call(std::string("io.warifu.") + method, parameters)), "NotPermitted")
            << method;
    }
    EXPECT_EQ(error_of(peer.call("io.warifu.Health", json::object())), "");
    for (const char* option :
         {"nullok", "noskewadj", "grace_period=60", "secret=/etc/shadow", "user=alice"}) {
        EXPECT_EQ(start(web, start_of("alice", {option})), "NotPermitted") << option;
    }
    EXPECT_EQ(sign_in(sandbox, "loose", "other", "123456", web.uid), PAM_AUTH_ERR);
    EXPECT_EQ(status_of_alice(), before);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", code), PAM_SUCCESS) << "the code was spent for nothing";
}

// Whoever is asked for: enrolled, not enrolled, unknown, no name at all.
TEST_F(Clients, X32_LearnNothingOfNames) {
    const Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(add("web"), 0);
    json first;
    for (const char* user : {"alice", "other", "root", "nosuch", "../x"}) {
        VarlinkPeer peer(sandbox, web.uid);
        json replies = json::array();
        replies.push_back(peer.call("io.warifu.Start", start_of(user)));
        replies.push_back(peer.call("io.warifu.Answer", {{"kind", "text"}, {"text", "000000"}}));
        replies[1]["parameters"].erase("reason");  // for the log of whoever asked
        if (first.is_null()) first = replies;
        EXPECT_EQ(replies, first) << user;
    }
}

TEST_F(Clients, X08_GuessesThroughOneLimitThatOneAlone) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(add("web"), 0);
    for (int i = 0; i < 30; ++i) {
        EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.wrong_code(), web.uid), PAM_AUTH_ERR);
    }
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), web.uid), PAM_AUTH_ERR);
    sandbox.wait_for_log("verdict=limited");
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code()), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.recovery_codes()[0], web.uid), PAM_SUCCESS);
}

// As many as a web server has workers; everybody else has eight.
TEST_F(Clients, X08_HoldMoreConnectionsThanOthers) {
    ASSERT_EQ(add("web"), 0);
    std::list<VarlinkPeer> held, of_another;
    for (int i = 0; i < 64; ++i) {
        held.emplace_back(sandbox, web.uid);
        ASSERT_EQ(error_of(held.back().call("io.warifu.Start", start_of("alice"))), "") << i;
    }
    EXPECT_TRUE(VarlinkPeer(sandbox, web.uid).call("io.warifu.Start", start_of("alice")).is_null());
    for (int i = 0; i < 8; ++i) {
        of_another.emplace_back(sandbox, other.uid);
        ASSERT_EQ(error_of(of_another.back().call("io.warifu.Start", start_of("other"))), "") << i;
    }
    EXPECT_TRUE(VarlinkPeer(sandbox, other.uid).call("io.warifu.Start", start_of("other")).is_null());
}

TEST_F(Clients, X32_WhatTheySayIsTheirsInTheLogAndTheRestIsNotBelieved) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(add("web"), 0);
    VarlinkPeer peer(sandbox, web.uid);
    EXPECT_EQ(error_of(peer.call("io.warifu.Start", start_of("alice"))), "");
    const json done = peer.call("io.warifu.Answer", {{"kind", "text"}, {"text", phone.code()}});
    EXPECT_EQ(done.at("parameters").at("verdict"), "success") << done;
    const std::string source = "source=client:" + std::to_string(web.uid) + ":203.0.113.9";
    sandbox.wait_for_log("rhost=203.0.113.9 tty= " + source + " verdict=success");
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.at("sign_ins").at(0).at("source"),
              source.substr(std::string("source=").size()));
}

TEST_F(Clients, X32_AUidThatAnotherAccountHasMeanwhileIsNoClient) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(add("web"), 0);
    std::string passwd = sandbox.read("/etc/passwd");
    const auto at = passwd.find("\nweb:");
    ASSERT_NE(at, passwd.npos);
    sandbox.write("/etc/passwd", passwd.replace(at, 5, "\nshop:"));
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), web.uid), PAM_AUTH_ERR);
    sandbox.wait_for_log("was added as web, and the uid has another name now");
    // By its uid it can be removed, and added anew.
    EXPECT_EQ(warifu(sandbox, {"client", "remove", std::to_string(web.uid)}).status, 0);
    EXPECT_EQ(add("shop"), 0);
    EXPECT_EQ(sign_in(sandbox, "web", "alice", phone.code(), web.uid), PAM_SUCCESS);
}

TEST_F(Clients, X32_AreRootsToAddListAndRemove) {
    EXPECT_EQ(add("nosuch"), 1);
    EXPECT_EQ(add("root"), 2);
    EXPECT_EQ(add("nobody"), 2);
    EXPECT_EQ(warifu(sandbox, {"client", "remove", "web"}).status, 1);
    const Answer added = warifu(sandbox, {"client", "add", std::to_string(web.uid), "--scope", "verify"});
    EXPECT_EQ(added.status, 0);
    EXPECT_EQ(added.object.at("account"), "web");
    EXPECT_EQ(warifu(sandbox, web, {"client", "list"}).status, 3);
    EXPECT_EQ(warifu(sandbox, web, {"client", "add", "other", "--scope", "verify"}).status, 3);
    EXPECT_EQ(warifu(sandbox, web, {"client", "remove", "web"}).status, 3);
    const json clients = warifu(sandbox, {"client", "list"}).object.at("clients");
    ASSERT_EQ(clients.size(), 1U);
    EXPECT_EQ(clients[0].at("uid"), web.uid);
    EXPECT_EQ(clients[0].at("scopes"), json({"verify"}));
    sandbox.wait_for_log("audit: client-add user=web by=uid:0");
}

}  // namespace
}  // namespace warifu::integration
