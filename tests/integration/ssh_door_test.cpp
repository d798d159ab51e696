// The SSH door: Debian's sshd with the samples of conf/, and its client on a terminal.
#include <gmock/gmock.h>

#include <string>

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

constexpr int refused = 255;  // ssh's own status, when it could not sign in

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

struct SignIn {
    int status = 0;
    std::string shown;  // the whole terminal, with the user's name as "USER"
};

class SshDoor : public ::testing::Test {
  protected:
    explicit SshDoor(const std::string& pam = sample("pam/sshd"), const std::string& settings = "")
        : alice(sandbox.add_user("alice", "alice's password")),
          daemon(sandbox),
          sshd((sandbox.write("/etc/pam.d/sshd", pam), sandbox),
               settings + sample("sshd_config.d/warifu.conf")) {}

    SignIn sign_in(const std::string& user, const std::string& password, const std::string& code) const {
        Terminal terminal(sandbox, ssh(user, "id -un"));
        terminal.expect("Password: ");
        terminal.type_line(password);
        terminal.expect("One-time code: ");
        terminal.type_line(code);
        SignIn result;
        result.status = terminal.wait();
        result.shown = replace_all(terminal.transcript(), user, "USER");
        return result;
    }

    nlohmann::json status_of_alice() const { return warifu(sandbox, {"status", "--user", "alice"}).object; }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Sshd sshd;
};

TEST_F(SshDoor, S01_SignsInByPasswordAndThenCode) {
    Phone phone(sandbox, alice);
    const SignIn signed_in = sign_in("alice", alice.password, phone.code());
    EXPECT_EQ(signed_in.status, 0) << signed_in.shown << sandbox.log();
    EXPECT_THAT(signed_in.shown, HasSubstr("USER\r\n"));
}

TEST_F(SshDoor, S01_RefusesAWrongCodeAWrongPasswordAndAnUnknownUserAlike) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const SignIn wrong_code = sign_in("alice", alice.password, phone.wrong_code());
    const SignIn wrong_password = sign_in("alice", "no password", phone.code());
    const SignIn unknown_user = sign_in("nobody-here", "no password", phone.wrong_code());
    EXPECT_EQ(wrong_code.status, refused);
    EXPECT_EQ(wrong_password.status, refused);
    EXPECT_EQ(unknown_user.status, refused);
    EXPECT_EQ(wrong_code.shown, wrong_password.shown);
    EXPECT_EQ(wrong_code.shown, unknown_user.shown);
    EXPECT_THAT(wrong_code.shown, Not(HasSubstr("USER\r\n")));
}

TEST_F(SshDoor, S01_EvaluatesNothingAfterAWrongPassword) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const nlohmann::json before = status_of_alice();
    const std::string code = phone.code();
    EXPECT_EQ(sign_in("alice", "no password", phone.wrong_code()).status, refused);
    EXPECT_EQ(sign_in("alice", "no password", code).status, refused);
    EXPECT_EQ(status_of_alice(), before);
    EXPECT_EQ(sign_in("alice", alice.password, code).status, 0) << "the code was spent by a wrong password";
}

TEST_F(SshDoor, S01_CountsAWrongCodeAfterTheRightPassword) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(sign_in("alice", alice.password, phone.wrong_code()).status, refused);
    EXPECT_EQ(status_of_alice().at("failures"), 1);
}

TEST_F(SshDoor, S09_ARecoveryCodeSignsInOnceAndTellsHowManyAreLeft) {
    const Phone phone(sandbox, alice);
    ASSERT_EQ(phone.recovery_codes().size(), 10U);
    const std::string& code = phone.recovery_codes().front();
    // A shell: with a command to run, sshd shows nothing of what PAM told after the last question.
    Terminal terminal(sandbox, ssh("alice", ""));
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line(code);
    terminal.expect("9 are left");
    terminal.expect("$ ");
    terminal.type_line("exit");
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript();
    EXPECT_EQ(status_of_alice().at("recovery_codes_left"), 9);
    EXPECT_EQ(sign_in("alice", alice.password, code).status, refused);
    EXPECT_EQ(status_of_alice().at("recovery_codes_left"), 9);
}

TEST_F(SshDoor, X06_TheLogNamesNoSecret) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string right = phone.code(), wrong = phone.wrong_code(),
                      recovery = phone.recovery_codes().back();
    for (const std::string& code : {right, right, wrong, recovery, recovery})
        sign_in("alice", alice.password, code);
    sign_in("alice", "mistyped word", wrong);
    const std::string log = sandbox.log();
    for (const std::string& secret : {right, wrong, recovery, replace_all(recovery, "-", ""), phone.secret(),
                                      alice.password, std::string("mistyped word")}) {
        EXPECT_THAT(log, Not(HasSubstr(secret)));
    }
    EXPECT_THAT(log, HasSubstr("alice")) << "this is not the log";
}

// Everybody is asked here, also who has not enrolled; carol is one whom sshd itself turns away, and for whom
// it answers PAM's questions with junk.
class StrictSshDoor : public SshDoor {
  protected:
    StrictSshDoor() : SshDoor(replace_all(sample("pam/sshd"), " nullok", ""), "DenyUsers carol\n") {}
};

TEST_F(StrictSshDoor, X13_EverybodyIsAskedTheSame) {
    const Account& bob = sandbox.add_user("bob", "bob's password");
    const Account& carol = sandbox.add_user("carol", "carol's password");
    const Account& dave = sandbox.add_user("dave", "dave's password");
    Phone phone(sandbox, alice, PhoneKind::hotp);
    Phone of_carol(sandbox, carol, PhoneKind::hotp);
    Phone of_dave(sandbox, dave, PhoneKind::hotp);
    while (warifu(sandbox, {"verify", "--user", "dave", of_dave.wrong_code()}).object.at("verdict") !=
           "limited") {
    }
    const SignIn enrolled = sign_in("alice", alice.password, phone.wrong_code());
    const SignIn not_enrolled = sign_in("bob", bob.password, "123456");
    const SignIn turned_away = sign_in("carol", carol.password, of_carol.code());
    const SignIn limited = sign_in("dave", dave.password, of_dave.code());
    const SignIn unknown = sign_in("nobody-here", "no password", "123456");
    for (const SignIn& other : {enrolled, not_enrolled, turned_away, limited, unknown}) {
        EXPECT_EQ(other.status, refused);
        EXPECT_EQ(other.shown, enrolled.shown);
    }
}

}  // namespace
}  // namespace warifu::integration
