// Enrolment at the first sign-in, over Debian's sshd and at sudo: the QR code in the client's terminal, the
// confirming code, the recovery codes, and in.
#include <gmock/gmock.h>

#include <sstream>
#include <string>

#include "tests/integration/one_time_code.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/tmux_screen.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int rows = 70, columns = 100;
constexpr int refused = 255;

class EnrolDoor : public ::testing::Test {
  protected:
    EnrolDoor()
        : alice(sandbox.add_user("alice", "alice's password")),
          daemon((sandbox.write("/etc/warifu/warifu.conf",
                                "[policy]\nunenrolled = \"enrol\"\n[texts]\nsupport = \"Call 555-0100\"\n"),
                  sandbox)),
          sshd((install_pam_samples(sandbox), sandbox), sample("sshd_config.d/warifu.conf")) {}

    // Up to the confirming prompt; what was shown.
    std::string begin(Terminal& terminal) const {
        terminal.expect("Password: ");
        terminal.type_line(alice.password);
        return terminal.expect("Code from the app");
    }
    static std::vector<std::string> lines_of(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) {
            if (line.ends_with('\r')) line.pop_back();
            lines.push_back(line);
        }
        return lines;
    }
    static std::string key_in(const std::string& shown) {
        const auto at = shown.find("Key:  ") + 6;
        std::string key = shown.substr(at, shown.find_first_of("\r\n", at) - at);
        std::erase(key, ' ');
        return key;
    }
    // The first recovery code of the prompt that shows them.
    static std::string first_code(const std::string& shown) {
        const auto dash = shown.find('-', shown.find("Write them down"));
        return shown.substr(dash - 4, 19);
    }
    Terminal from(const std::string& address) const {
        return Terminal(sandbox, ssh("alice", "id -un", {"-o", "BindAddress=" + address}), rows, columns);
    }
    std::string state() const {
        return warifu(sandbox, {"status", "--user", "alice"}).object.at("state").get<std::string>();
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Sshd sshd;
};

TEST_F(EnrolDoor, S08_TheFirstSshSignInEnrolsAndLetsIn) {
    Terminal terminal = from("127.0.0.1");
    const std::string shown = begin(terminal);
    const std::string uri = qr_code_on(sandbox, lines_of(shown));
    EXPECT_THAT(uri, HasSubstr("secret=" + key_in(shown)));
    EXPECT_THAT(uri, HasSubstr("otpauth://totp/"));
    EXPECT_THAT(shown, HasSubstr("Call 555-0100"));
    const std::string code = totp(key_in(shown), sandbox.now());
    terminal.type_line(code);
    const std::string codes = terminal.expect("first four characters of one: ");
    terminal.type_line(first_code(codes).substr(0, 4));
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
    EXPECT_THAT(terminal.transcript(), HasSubstr("alice\r\n"));
    EXPECT_EQ(state(), "active");
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(code)));
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(key_in(shown))));

    // From now on a code is asked for, and the recovery codes that were shown are good.
    Terminal next = from("127.0.0.1");
    next.expect("Password: ");
    next.type_line(alice.password);
    next.expect("One-time code: ");
    next.type_line(first_code(codes));
    EXPECT_EQ(next.wait(), 0) << next.transcript();
}

TEST_F(EnrolDoor, S08_AfterAWrongPasswordNothingIsShown) {
    Terminal terminal = from("127.0.0.1");
    terminal.expect("Password: ");
    terminal.type_line("no password");
    terminal.expect("One-time code: ");
    terminal.type_line("123456");
    EXPECT_EQ(terminal.wait(), refused);
    EXPECT_EQ(state(), "none");
}

TEST_F(EnrolDoor, E03_CutOffAndTakenUpAgainItIsTheSameKeyAndElsewhereAnotherOne) {
    std::string first;
    {
        Terminal cut = from("127.0.0.1");
        first = key_in(begin(cut));
    }
    Terminal again = from("127.0.0.1");
    EXPECT_EQ(key_in(begin(again)), first);
    Terminal elsewhere = from("127.0.0.2");
    const std::string shown = begin(elsewhere);
    EXPECT_NE(key_in(shown), first);
    EXPECT_THAT(shown, HasSubstr("127.0.0.1"));
    EXPECT_THAT(shown, HasSubstr("change it"));
    // The key that was replaced confirms nothing any more.
    again.type_line(totp(first, sandbox.now()));
    EXPECT_EQ(again.wait(), refused);
    EXPECT_EQ(state(), "pending");
}

TEST_F(EnrolDoor, S08_SuEnrolsAtTheConsoleWithoutADaemonToo) {
    const Account& bob = sandbox.add_user("bob", "bob's password");
    daemon.stop();
    Terminal terminal(sandbox, as_user(bob, {"su", "alice", "-c", "id -un"}), rows, columns);
    const std::string shown = begin(terminal);
    EXPECT_THAT(qr_code_on(sandbox, lines_of(shown)), HasSubstr("secret=" + key_in(shown)));
    terminal.type_line(totp(key_in(shown), sandbox.now()));
    const std::string codes = terminal.expect("first four characters of one: ");
    terminal.type_line(first_code(codes).substr(0, 4));
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
    EXPECT_THAT(terminal.transcript(), HasSubstr("alice\r\n"));
}

// sudo asks PAM to be silent (its setting pam_silent): nothing can be shown there.
TEST_F(EnrolDoor, S08_ADoorThatIsSilentRefusesAndSaysSo) {
    sandbox.write("/etc/sudoers.d/alice", "alice ALL=(ALL) ALL\nDefaults passwd_tries=1\n", 0440);
    Terminal terminal(sandbox, as_user(alice, {"sudo", "id", "-un"}), rows, columns);
    terminal.expect("assword");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line("123456");
    sandbox.wait_for_log("cannot enrol over this door");
    sandbox.wait_for_log("source=local:" + std::to_string(alice.uid) + " verdict=denied reason=cannot_enrol");
}

// Suspended, the right password and the right code do not let in; required, the next sign-in enrols though
// policy would let pass; after a reset it does, too.
TEST_F(EnrolDoor, E07_SuspendRequireAndResetAtARealDoor) {
    sandbox.write("/etc/warifu/warifu.conf", "[policy]\nunenrolled = \"pass\"\n");
    daemon.restart();
    const auto administer = [&](const std::string& act) {
        ASSERT_EQ(warifu(sandbox, {act, "--user", "alice"}).status, 0) << act;
    };
    const auto passes = [&] {
        Terminal terminal = from("127.0.0.1");
        terminal.expect("Password: ");
        terminal.type_line(alice.password);
        const std::size_t asked = terminal.expect_any({"alice\r\n", "Code from the app", "One-time code: "});
        return asked;
    };
    EXPECT_EQ(passes(), 0U);
    administer("require");
    EXPECT_EQ(passes(), 1U);
    ASSERT_EQ(warifu(sandbox, {"require", "--user", "alice", "--off"}).status, 0);
    EXPECT_EQ(passes(), 0U);

    Phone phone(sandbox, alice, PhoneKind::hotp);
    const auto status_with_code = [&] {
        Terminal terminal = from("127.0.0.1");
        terminal.expect("Password: ");
        terminal.type_line(alice.password);
        terminal.expect("One-time code: ");
        terminal.type_line(phone.code());
        return terminal.wait();
    };
    EXPECT_EQ(status_with_code(), 0);
    administer("suspend");
    EXPECT_EQ(status_with_code(), refused);
    sandbox.wait_for_log("reason=suspended");
    administer("resume");
    EXPECT_EQ(status_with_code(), 0);

    sandbox.write("/etc/warifu/warifu.conf", "[policy]\nunenrolled = \"refuse\"\n");
    daemon.restart();
    administer("reset");
    EXPECT_EQ(passes(), 1U);
}

// A name that was mistyped is nobody's, not somebody without a key; who left can be reset all the same.
TEST_F(EnrolDoor, E07_ANameThatNobodyHasIsSaid) {
    for (const char* act : {"status", "reset", "unlock", "suspend", "require"}) {
        const Answer answer = warifu(sandbox, {act, "--user", "alcie"});
        EXPECT_EQ(answer.status, 1) << act;
        EXPECT_THAT(answer.object.value("message", ""), HasSubstr("nobody has this login name")) << act;
    }
    const Phone phone(sandbox, alice);
    output_of(sandbox, as_root({"sed", "-i", "/^alice:/d", "/etc/passwd"}));
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.value("state", ""), "active");
    EXPECT_EQ(warifu(sandbox, {"reset", "--user", "alice"}).status, 0);
}

// The door's language is the configuration's, whatever locales the host has; full-width digits are digits.
TEST_F(EnrolDoor, S16_TheDoorSpeaksJapanese) {
    sandbox.write(
        "/etc/warifu/warifu.conf",
        "[policy]\nunenrolled = \"enrol\"\n[texts]\nlanguage = \"ja\"\n[service.su]\nlanguage = \"en\"\n");
    daemon.restart();
    Terminal terminal = from("127.0.0.1");
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    const std::string shown = terminal.expect("アプリのコード");
    const std::string uri = qr_code_on(sandbox, lines_of(shown));
    const auto secret = uri.find("secret=") + 7;
    const std::string code = totp(uri.substr(secret, uri.find('&', secret) - secret), sandbox.now());
    std::string typed;
    for (const char digit : code) typed += std::string("\xef\xbc") + static_cast<char>(0x90 + digit - '0');
    terminal.type_line(typed);
    terminal.expect("控えてください");
    const std::string listed = terminal.expect("入力: ");
    terminal.type_line(listed.substr(listed.find('-') - 4, 4));
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();

    Terminal next = from("127.0.0.1");
    next.expect("Password: ");
    next.type_line(alice.password);
    next.expect("ワンタイムコード: ");
    const Account& bob = sandbox.add_user("bob", "bob's password");
    Terminal english(sandbox, as_user(bob, {"su", "alice", "-c", "id -un"}), rows, columns);
    english.expect("Password: ");
    english.type_line(alice.password);
    english.expect("One-time code: ");
}

}  // namespace
}  // namespace warifu::integration
