// Approvals at real doors: a message goes out to an ntfy server of the test, its buttons speak to
// warifu-gateway, and the real sshd, su and Cockpit's PAM host let in, or do not.
#include <gmock/gmock.h>

#include "tests/integration/cockpit.h"
#include "tests/integration/gateway.h"
#include "tests/integration/ntfy_server.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char question[] = " (number ";

class ApprovalDoor : public ::testing::Test {
  protected:
    explicit ApprovalDoor(const std::string& settings = "", const std::string& sshd_settings = "")
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          phone_server(sandbox),
          daemon(configured(settings)),
          gateway(sandbox),
          phone(sandbox, alice, PhoneKind::hotp),
          sshd(sandbox, sshd_settings) {}

    const Sandbox& configured(const std::string& settings) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/warifu/warifu.conf",
                      std::string("[approval]\nurl = \"") + Gateway::url + "\"\nnotify = [\"phone\"]\n" +
                          settings +
                          "[[approval.rule]]\nservice = [\"sshd\", \"su\", \"cockpit\"]\nask = [\"self\"]\n"
                          "[notify.phone]\ntype = \"ntfy\"\nurl = \"" +
                          phone_server.url() + "\"\ntopic = \"warifu-{user}\"\n");
        return sandbox;
    }

    // To the question, with the right password. Returns the number that it shows.
    std::string to_the_question(Terminal& terminal) {
        terminal.expect("assword");
        terminal.type_line(alice.password);
        terminal.expect(question);
        return terminal.expect(")").substr(0, 2);
    }
    static bool let_in(Terminal& terminal) {
        return terminal.expect_any({"let in as ", "Permission denied", "Authentication failure"}) == 0;
    }
    Command call(const std::vector<std::string>& options = {}) {
        return ssh("alice", "echo let in as $(id -un)", options);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    NtfyServer phone_server;
    Warifud daemon;
    Gateway gateway;
    Phone phone;
    Sshd sshd;
};

// The password alone, from the very next sign-in on, and not longer than the switch is turned.
TEST_F(ApprovalDoor, A10_RootTurnsTheSecondFactorOffAtOneDoorAndOnAgain) {
    EXPECT_EQ(warifu(sandbox, {"switch", "turn", "second-factor", "off", "--service", "sshd"}).status, 0);
    Terminal off(sandbox, call());
    off.expect("assword");
    off.type_line(alice.password);
    EXPECT_TRUE(let_in(off)) << off.transcript() << sandbox.log();
    sandbox.wait_for_log("verdict=ignored reason=switched_off");
    EXPECT_THAT(sandbox.log(), HasSubstr("realm=host service=sshd second_factor=off turned_by=uid:0"));
    EXPECT_THAT(output_of(sandbox, as_root({"sh", "-c", "warifu doctor || true"})),
                HasSubstr("the second factor is switched off"));
    EXPECT_THAT(
        output_of(sandbox, as_root({"warifu", "policy", "explain", "--user", "alice", "--service", "sshd"})),
        HasSubstr("A switch that an administrator turned says so"));
    EXPECT_EQ(warifu(sandbox, alice, {"switch", "turn", "second-factor", "off"}).status, 3);

    warifu(sandbox, {"switch", "turn", "second-factor", "default", "--service", "sshd"});
    Terminal on(sandbox, call());
    to_the_question(on);
    EXPECT_EQ(phone_server.press(phone_server.next(), "Not now").status, 200);
    on.type_line("");
    EXPECT_FALSE(let_in(on)) << "on this host a no is a no";
}

TEST_F(ApprovalDoor, A01_TheButtonOnThePhoneLetsTheWaitingLoginIn) {
    Terminal terminal(sandbox, call());
    const std::string number = to_the_question(terminal);
    const Post post = phone_server.next();
    EXPECT_EQ(post.json.at("topic"), "warifu-alice");
    EXPECT_THAT(post.json.at("message").get<std::string>(), HasSubstr(number));
    EXPECT_THAT(post.json.at("message").get<std::string>(), HasSubstr("127.0.0.1"));
    terminal.type_line("");
    EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
    sandbox.wait_for_log("reason=approved");
    EXPECT_NE(phone_server.press(post, "Approve").status, 200) << "the button works once";
}

TEST_F(ApprovalDoor, A01_NotNowRefusesAtOnce) {
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    const Post post = phone_server.next();
    terminal.type_line("");
    EXPECT_EQ(phone_server.press(post, "Not now").status, 200);
    EXPECT_FALSE(let_in(terminal)) << terminal.transcript();
}

TEST_F(ApprovalDoor, A01_ACodeDoesInsteadAndAWrongPasswordRingsNothing) {
    {
        Terminal stranger(sandbox, call());
        stranger.expect("assword");
        stranger.type_line("a wrong password");
        stranger.expect(question);  // the same question
        stranger.expect("code: ");
        stranger.type_line("123456");
        EXPECT_FALSE(let_in(stranger));
    }
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    terminal.type_line(phone.code());
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
    (void)phone_server.next();
    EXPECT_FALSE(phone_server.has_next()) << "one message, for the right password";
}

TEST_F(ApprovalDoor, A04_NotMeIsAnAlarmAndThePhoneIsLeftInPeace) {
    {
        Terminal thief(sandbox, call());
        (void)to_the_question(thief);
        const Post post = phone_server.next();
        thief.type_line("");
        const std::string link = post.json.at("click").get<std::string>();
        const HttpAnswer said = http(sandbox, 8442,
                                     {"POST",
                                      link.substr(std::string(Gateway::url).size()),
                                      {{"Content-Type", "application/json"}},
                                      "{\"decision\":\"not_me\"}"});
        EXPECT_EQ(said.status, 200) << said.body;
        EXPECT_FALSE(let_in(thief));
        sandbox.wait_for_log("verb=not_me");
    }
    Terminal again(sandbox, call());
    (void)to_the_question(again);
    again.type_line(phone.code());
    EXPECT_TRUE(let_in(again)) << "codes are untouched";
    EXPECT_FALSE(phone_server.has_next());
    sandbox.wait_for_log("said");
}

TEST_F(ApprovalDoor, A06_AGetDecidesNothing) {
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    const Post post = phone_server.next();
    terminal.type_line("");
    const std::string path =
        post.json.at("click").get<std::string>().substr(std::string(Gateway::url).size());
    for (int i = 0; i < 3; ++i) {
        const HttpAnswer page = http(sandbox, 8442, {"GET", path, {}, ""});
        EXPECT_EQ(page.status, 200);
        EXPECT_THAT(page.body, HasSubstr("alice"));
    }
    EXPECT_EQ(http(sandbox, 8442, {"POST", path, {{"Content-Type", "application/x-www-form-urlencoded"}}, ""})
                  .status,
              400)
        << "mail scanners submit forms";
    const auto waiting = warifu(sandbox, {"requests"}).object;
    ASSERT_EQ(waiting.at("requests").size(), 1U);
    EXPECT_EQ(waiting.at("requests")[0].at("state"), "pending");
    EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript();
}

TEST_F(ApprovalDoor, A01_AClientThatGoesAwayTakesItsRequestAlong) {
    {
        Terminal terminal(sandbox, as_user(bob, {"su", "alice", "-c", "echo let in as $(id -un)"}));
        (void)to_the_question(terminal);
        (void)phone_server.next();
        terminal.type("\x03");
    }
    sandbox.wait_for_log("state=cancelled");
    EXPECT_TRUE(warifu(sandbox, {"requests"}).object.at("requests").empty());
}

TEST_F(ApprovalDoor, A06_AnAccountApprovesByNameWithACodeOfItsOwnAndNobodyElse) {
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    (void)phone_server.next();
    terminal.type_line("");
    const auto mine = warifu(sandbox, alice, {"requests"}).object.at("requests");
    ASSERT_EQ(mine.size(), 1U);
    const std::string id = mine[0].at("auth_req_id");
    EXPECT_TRUE(warifu(sandbox, bob, {"requests"}).object.at("requests").empty());
    EXPECT_EQ(warifu(sandbox, bob, {"approve", id}).status, 1) << "as if there were none";
    EXPECT_EQ(warifu(sandbox, bob, {"deny", id}).status, 1);
    EXPECT_EQ(warifu(sandbox, alice, {"approve", id}).status, 3) << "without a proof";
    EXPECT_EQ(warifu(sandbox, alice, {"approve", "--proof", phone.code(), id}).status, 0);
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript();
}

// Root is nobody's phone: it may say no, and yes only where policy names it.
TEST_F(ApprovalDoor, A07_AnAdministratorMayDenyAndApprovesOnlyWhereNamed) {
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    terminal.type_line("");
    const std::string id = warifu(sandbox, {"requests"}).object.at("requests").at(0).at("auth_req_id");
    EXPECT_EQ(warifu(sandbox, {"approve", id}).status, 3);
    EXPECT_EQ(warifu(sandbox, {"deny", id}).status, 0);
    EXPECT_FALSE(let_in(terminal));
}

TEST_F(ApprovalDoor, A01_CockpitsLoginPageShowsTheNumberAndWaits) {
    const Cockpit cockpit(sandbox);
    CockpitLogin login(sandbox);
    const LoginReply question_page = login.begin("alice", alice.password);
    EXPECT_THAT(question_page.prompt, HasSubstr(question)) << question_page.status;
    const Post post = phone_server.next();
    // Approved before Enter is pressed: the wait is over at once.
    EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
    EXPECT_EQ(login.answer("").status, 200);
    CockpitLogin again(sandbox);
    (void)again.begin("alice", alice.password);
    EXPECT_EQ(phone_server.press(phone_server.next(), "Not now").status, 200);
    const LoginReply refused = again.answer("");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.reason, "Authentication failed");
}

class Button : public ApprovalDoor {
  protected:
    Button() : ApprovalDoor("[[approval.rule]]\nservice = [\"sshd\"]\nask = [\"device:door\"]\n") {
        const Answer added = warifu(sandbox, {"device", "add", "door", "--label", "at the door"});
        sandbox.write("/root/button.key", added.object.at("secret").get<std::string>(), 0600);
        // What the button does: it signs its counter and says so, and knows nothing of who waits.
        sandbox.write("/usr/local/bin/button", R"sh(#!/bin/sh
set -eu
key=$(printf %s==== "$(cat /root/button.key)" | base32 -d | od -An -v -tx1 | tr -d ' \n')
mac=$(printf 'door\n%s\napprove' "$1" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r | cut -d' ' -f1)
curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
    -d "{\"counter\":$1,\"body\":\"approve\",\"mac\":\"$mac\"}" http://127.0.0.1:8442/v1/devices/door/press
)sh",
                      0755);
    }
    std::string press(int counter) {
        return output_of(sandbox, as_root({"button", std::to_string(counter)}));
    }
};

TEST_F(Button, A06_APressSignedByTheButtonOpensTheDoorAndAReplayedOneDoesNot) {
    EXPECT_EQ(press(1), "409") << "nothing waits, and the press is spent";
    {
        Terminal terminal(sandbox, call());
        (void)to_the_question(terminal);
        terminal.type_line("");
        EXPECT_EQ(press(1), "404") << "replayed";
        EXPECT_EQ(press(2), "200");
        EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
    }
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    terminal.type_line("");
    EXPECT_EQ(press(2), "404");
    EXPECT_EQ(warifu(sandbox, {"requests"}).object.at("requests").at(0).at("state"), "pending");
    EXPECT_EQ(press(7), "200");
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript();
}

class Ward : public ApprovalDoor {
  protected:
    Ward()
        : ApprovalDoor("[[approval.rule]]\nservice = [\"sshd\"]\nask = [\"user:bob\"]\ncode = \"none\"\n"),
          of_bob(sandbox, bob, PhoneKind::hotp) {}
    Phone of_bob;
};

// bob is asked for each of alice's sign-ins, and says yes beforehand to those of this host.
TEST_F(Ward, A07_AGuardiansWordGivenBeforehandLetsInAndCanBeTakenBack) {
    EXPECT_EQ(warifu(sandbox, bob, {"rule", "add", "--of", "alice"}).status, 3) << "it wants a code of bob's";
    EXPECT_EQ(warifu(sandbox, {"rule", "add", "--user", "bob", "--of", "alice"}).status, 3)
        << "root is not bob";
    const Answer added = warifu(sandbox, bob,
                                {"rule", "add", "--of", "alice", "--service", "sshd", "--network", "local",
                                 "--for", "1d", "--proof", of_bob.code()});
    ASSERT_EQ(added.status, 0) << added.object;
    const auto id = added.object.at("rule").get<std::string>();
    {
        Terminal terminal(sandbox, call());
        terminal.expect("assword");
        terminal.type_line(alice.password);
        EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
    }
    sandbox.wait_for_log("by=user:bob rule=" + id);
    EXPECT_FALSE(phone_server.has_next());
    EXPECT_EQ(warifu(sandbox, bob, {"rule", "list"}).object.at("rules").at(0).at("rule"), id);
    EXPECT_EQ(warifu(sandbox, bob, {"rule", "remove", id, "--proof", of_bob.code()}).status, 0);
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    EXPECT_EQ(phone_server.next().json.at("topic"), "warifu-bob");
}

class TypedNumber : public ApprovalDoor {
  protected:
    TypedNumber() : ApprovalDoor("number = \"typed\"\nseconds = 15\n") {}
};

TEST_F(TypedNumber, A04_TheNumberIsTypedOnThePhone) {
    Terminal terminal(sandbox, call());
    const std::string number = to_the_question(terminal);
    const Post post = phone_server.next();
    EXPECT_THAT(post.json.dump(), Not(HasSubstr(" " + number + " ")));
    EXPECT_THROW((void)post.button("Approve"), std::exception);
    terminal.type_line("");
    const std::string path =
        post.json.at("click").get<std::string>().substr(std::string(Gateway::url).size());
    const auto say = [&](const std::string& typed) {
        return http(sandbox, 8442,
                    {"POST",
                     path,
                     {{"Content-Type", "application/x-www-form-urlencoded"}},
                     "decision=approve&number=" + typed});
    };
    EXPECT_EQ(say(number == "10" ? "11" : "10").status, 422);
    EXPECT_EQ(say(number).status, 200);
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript();
}

TEST_F(TypedNumber, A01_SilenceRefuses) {
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    terminal.type_line("");
    EXPECT_FALSE(let_in(terminal)) << terminal.transcript();
    sandbox.wait_for_log("reason=approval_expired");
}

class TwoRuns : public ApprovalDoor {
  protected:
    TwoRuns()
        : ApprovalDoor("",
                       "PasswordAuthentication yes\nAuthenticationMethods password,keyboard-interactive\n") {}
};

// The password method cannot ask: it waits. What was approved there serves the second run.
TEST_F(TwoRuns, A01_TwoRunsOfTheStackAreOneRequest) {
    Terminal terminal(sandbox, call({"-o", "PreferredAuthentications=password,keyboard-interactive"}));
    terminal.expect("assword");
    terminal.type_line(alice.password);
    const Post post = phone_server.next();
    EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
    terminal.expect("assword");  // of the second method
    terminal.type_line(alice.password);
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
    EXPECT_FALSE(phone_server.has_next());
}

// Without a daemon the child of the sign-in does it all, and the yes of another process reaches it.
TEST_F(ApprovalDoor, A01_WithoutADaemonTheSignInWaitsAllTheSame) {
    daemon.stop();
    Terminal terminal(sandbox, as_user(bob, {"su", "alice", "-c", "echo let in as $(id -un)"}));
    (void)to_the_question(terminal);
    (void)phone_server.next();
    terminal.type_line("");
    const std::string id = warifu(sandbox, {"requests"}).object.at("requests").at(0).at("auth_req_id");
    EXPECT_EQ(warifu(sandbox, {"approve", id}).status, 3);
    EXPECT_EQ(warifu(sandbox, {"deny", id}).status, 0);
    EXPECT_FALSE(let_in(terminal)) << terminal.transcript();
}

}  // namespace
}  // namespace warifu::integration
