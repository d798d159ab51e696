// A sign-in without a password at the real sshd: docs/approvals.md's line before pam_unix, a window that
// `warifu window` opens, and the button on a phone.
#include <gmock/gmock.h>

#include <regex>

#include "tests/integration/gateway.h"
#include "tests/integration/ntfy_server.h"
#include "tests/integration/phone.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char no_window[] = "no window for signing in without a password is open";
constexpr std::chrono::seconds waits_for{15};  // `seconds` below

class PasswordlessDoor : public ::testing::Test {
  protected:
    PasswordlessDoor()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          phone_server(sandbox),
          daemon(configured()),
          gateway(sandbox),
          phone(sandbox, alice, PhoneKind::hotp),
          sshd(sandbox) {}

    const Sandbox& configured() {
        sandbox.write("/etc/pam.d/sshd",
                      "auth [success=done default=ignore] pam_warifu.so passwordless\n" + sample("pam/sshd"));
        sandbox.write("/etc/warifu/warifu.conf",
                      std::string("[approval]\nurl = \"") + Gateway::url +
                          "\"\nnotify = [\"phone\"]\nseconds = " + std::to_string(waits_for.count()) +
                          "\n[[approval.rule]]\nservice = [\"sshd\"]\nask = [\"self\"]\n"
                          "[notify.phone]\ntype = \"ntfy\"\nurl = \"" +
                          phone_server.url() + "\"\ntopic = \"warifu-{user}\"\n");
        sandbox.set_clock(ahead);  // warifud hears of every later one
        return sandbox;
    }

    int window(int minutes) {
        return warifu(sandbox, alice, {"window", std::to_string(minutes), "--proof", phone.code()}).status;
    }
    void pass(std::chrono::seconds time) {
        ahead += time;
        sandbox.set_clock(ahead);
    }
    static Command call(const std::string& user = "alice", const std::vector<std::string>& options = {}) {
        return ssh(user, "echo let in as $(id -un)", options);
    }
    static std::string to_the_question(Terminal& terminal) {
        std::string before = terminal.expect("Approve on your phone (number ");
        (void)terminal.expect_any({"press Enter: ", "or type a code: "});
        return before;
    }
    static bool let_in(Terminal& terminal) {
        return terminal.expect_any({"let in as ", "Permission denied"}) == 0;
    }
    // Whether it goes on to the password, which is the next line's.
    static bool refused_there(Terminal& terminal) {
        return terminal.expect_any({"let in as ", "assword: "}) == 1;
    }
    bool asked_for_nothing() const {
        return !phone_server.has_next() && warifu(sandbox, {"requests"}).object.at("requests").empty();
    }

    Sandbox sandbox;
    std::chrono::seconds ahead{0};
    const Account& alice;
    const Account& bob;
    NtfyServer phone_server;
    Warifud daemon;
    Gateway gateway;
    Phone phone;
    Sshd sshd;
};

TEST_F(PasswordlessDoor, A08_WithinTheWindowAYesAloneLetsInAndTheFirstSuccessClosesIt) {
    ASSERT_EQ(window(10), 0);
    {
        Terminal terminal(sandbox, call());
        EXPECT_THAT(to_the_question(terminal), Not(HasSubstr("assword")));
        const Post post = phone_server.next();
        EXPECT_EQ(post.json.at("topic"), "warifu-alice");
        terminal.type_line("");
        EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
        EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("assword")));
        sandbox.wait_for_log("reason=approved");
    }
    Terminal again(sandbox, call());
    (void)to_the_question(again);
    EXPECT_TRUE(asked_for_nothing());
    sandbox.wait_for_log(no_window);
}

TEST_F(PasswordlessDoor, A08_ANoLeadsToThePasswordAndNotPastIt) {
    ASSERT_EQ(window(10), 0);
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    const Post post = phone_server.next();
    terminal.type_line("");
    EXPECT_EQ(phone_server.press(post, "Not now").status, 200);
    ASSERT_TRUE(refused_there(terminal)) << terminal.transcript();
    terminal.type_line(alice.password);
    EXPECT_FALSE(let_in(terminal)) << "the same origin, a moment after the no";
    EXPECT_FALSE(phone_server.has_next());
}

TEST_F(PasswordlessDoor, A08_ACodeCountsForNothingThereAndAfterThePasswordItDoes) {
    ASSERT_EQ(window(10), 0);
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    terminal.type_line(phone.code());
    ASSERT_TRUE(refused_there(terminal)) << terminal.transcript();
    terminal.type_line(alice.password);
    (void)to_the_question(terminal);
    terminal.type_line(phone.code());
    EXPECT_TRUE(let_in(terminal)) << terminal.transcript() << sandbox.log();
}

// A stranger cannot tell by trying whether a window is open, nor whose account there is.
TEST_F(PasswordlessDoor, A08_OutsideTheWindowNothingIsAskedForAndTheClientSeesWhatAllSee) {
    const auto seen = [&](const std::string& user) {
        Terminal terminal(sandbox, call(user));
        (void)to_the_question(terminal);
        terminal.type_line("");
        pass(waits_for + std::chrono::seconds(1));
        EXPECT_TRUE(refused_there(terminal)) << terminal.transcript();
        terminal.type_line("a wrong password");
        (void)to_the_question(terminal);
        terminal.type_line("123456");
        EXPECT_FALSE(let_in(terminal));
        (void)terminal.wait();
        const std::string text =
            std::regex_replace(terminal.transcript(), std::regex("number [0-9]+"), "number N");
        return std::regex_replace(text, std::regex(user), "USER");
    };
    const std::string outside = seen("alice");
    sandbox.wait_for_log(no_window);
    EXPECT_EQ(seen("nobody-here"), outside);
    EXPECT_EQ(seen("bob"), outside) << "who is not enrolled";
    EXPECT_TRUE(asked_for_nothing());
    ASSERT_EQ(window(10), 0);
    EXPECT_EQ(seen("alice"), outside) << "a window, and nobody who says yes";
    EXPECT_EQ(phone_server.next().json.at("topic"), "warifu-alice");
    EXPECT_FALSE(phone_server.has_next());
}

TEST_F(PasswordlessDoor, A08_ThePersonAndTheClockCloseIt) {
    EXPECT_EQ(warifu(sandbox, alice, {"window", "10"}).status, 3) << "opened without a proof";
    EXPECT_EQ(warifu(sandbox, bob, {"window", "10", "--user", "alice"}).status, 3) << "by somebody else";
    const auto asks = [&] {
        Terminal terminal(sandbox, call());
        (void)to_the_question(terminal);
        return !asked_for_nothing();
    };
    EXPECT_FALSE(asks());
    ASSERT_EQ(window(10), 0);
    ASSERT_EQ(window(0), 0);
    EXPECT_FALSE(asks()) << "closed by the person";
    ASSERT_EQ(window(10), 0);
    pass(std::chrono::minutes(10));
    EXPECT_FALSE(asks()) << "closed by the clock";
    pass(-std::chrono::minutes(30));
    EXPECT_FALSE(asks()) << "a window that lies ahead";
    ASSERT_EQ(window(10), 0);
    pass(std::chrono::minutes(10) - waits_for);
    EXPECT_TRUE(asks());
}

// Who closed the window while somebody waits means that sign-in too.
TEST_F(PasswordlessDoor, A08_AYesAfterTheWindowWasClosedLetsNobodyIn) {
    ASSERT_EQ(window(10), 0);
    Terminal terminal(sandbox, call());
    (void)to_the_question(terminal);
    const Post post = phone_server.next();
    terminal.type_line("");
    ASSERT_EQ(window(0), 0);
    EXPECT_EQ(phone_server.press(post, "Approve").status, 200);
    EXPECT_TRUE(refused_there(terminal)) << terminal.transcript();
}

TEST_F(PasswordlessDoor, A08_OfTwoThatWaitInOneWindowOneIsLetIn) {
    const std::vector<std::string> addresses = {"192.0.2.7", "192.0.2.8"};
    for (const auto& address : addresses) add_address(sandbox, address + "/32");
    ASSERT_EQ(window(10), 0);
    Terminal first(sandbox, call("alice", {"-o", "BindAddress=" + addresses[0]}));
    (void)to_the_question(first);
    const Post of_first = phone_server.next();
    Terminal second(sandbox, call("alice", {"-o", "BindAddress=" + addresses[1]}));
    (void)to_the_question(second);
    const Post of_second = phone_server.next();
    first.type_line("");
    EXPECT_EQ(phone_server.press(of_first, "Approve").status, 200);
    EXPECT_TRUE(let_in(first)) << first.transcript() << sandbox.log();
    second.type_line("");
    EXPECT_EQ(phone_server.press(of_second, "Approve").status, 200);
    EXPECT_TRUE(refused_there(second)) << second.transcript();
}

}  // namespace
}  // namespace warifu::integration
