// The doors of the machine itself, sudo, su and login, with the samples of conf/.
#include <gmock/gmock.h>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LocalDoors : public ::testing::Test {
  protected:
    LocalDoors()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/sudoers", "Defaults lecture=never\nalice ALL=(ALL:ALL) ALL\n", 0440);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
};

TEST_F(LocalDoors, S03_SudoAsksForTheCallersCode) {
    Phone phone(sandbox, alice);
    Terminal terminal(sandbox, as_user(alice, {"sudo", "id", "-un"}));
    terminal.expect("assword");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line(phone.code());
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
    EXPECT_THAT(terminal.transcript(), HasSubstr("root\r\n"));
}

TEST_F(LocalDoors, S03_SudoAsksAgainAndRefusesWrongCodes) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    Terminal terminal(sandbox, as_user(alice, {"sudo", "id", "-un"}));
    for (int i = 0; i < 3; ++i) {
        terminal.expect("assword");
        terminal.type_line(alice.password);
        terminal.expect("One-time code: ");
        terminal.type_line(phone.wrong_code());
    }
    terminal.expect("3 incorrect password attempts");
    EXPECT_EQ(terminal.wait(), 1);
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr("root\r\n")));
}

TEST_F(LocalDoors, S03_SuAsksForTheCodeOfTheAccountItChangesTo) {
    Phone of_alice(sandbox, alice), of_bob(sandbox, bob);
    Terminal right(sandbox, as_user(alice, {"su", "bob", "-c", "id -un"}));
    right.expect("Password: ");
    right.type_line(bob.password);
    right.expect("One-time code: ");
    right.type_line(of_bob.code());
    EXPECT_EQ(right.wait(), 0) << right.transcript() << sandbox.log();
    EXPECT_THAT(right.transcript(), HasSubstr("bob\r\n"));

    Terminal wrong(sandbox, as_user(alice, {"su", "bob", "-c", "id -un"}));
    wrong.expect("Password: ");
    wrong.type_line(bob.password);
    wrong.expect("One-time code: ");
    wrong.type_line(of_alice.code());
    EXPECT_EQ(wrong.wait(), 1);
    EXPECT_THAT(wrong.transcript(), HasSubstr("Authentication failure"));
}

TEST_F(LocalDoors, S03_LoginAsksForTheCode) {
    Phone phone(sandbox, alice);
    Terminal terminal(sandbox, as_root({"login"}));
    terminal.expect("login: ");
    terminal.type_line("alice");
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line(phone.code());
    terminal.expect("$ ");
    terminal.type_line("id -un; exit");
    terminal.expect("alice\r\n");
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript();
}

TEST_F(LocalDoors, S03_LoginRefusesAWrongCode) {
    Phone phone(sandbox, alice);
    Terminal terminal(sandbox, as_root({"login"}));
    terminal.expect("login: ");
    terminal.type_line("alice");
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line(phone.wrong_code());
    terminal.expect("Login incorrect");
}

TEST_F(LocalDoors, S03_SudoWithoutAnybodyToAskFailsAtOnce) {
    const Phone phone(sandbox, alice);
    const Result not_interactive = run(sandbox, as_user(alice, {"sudo", "-n", "id"}));
    EXPECT_EQ(not_interactive.status, 1);
    EXPECT_THAT(not_interactive.err, HasSubstr("a password is required"));
    const Result no_terminal = run(sandbox, as_user(alice, {"sudo", "id"}));
    EXPECT_EQ(no_terminal.status, 1);
    EXPECT_THAT(no_terminal.err, HasSubstr("a terminal is required"));
}

TEST_F(LocalDoors, S03_SuWithoutATerminalFailsAtOnce) {
    const Phone phone(sandbox, bob);
    EXPECT_EQ(run(sandbox, as_user(alice, {"su", "bob", "-c", "id"})).status, 1);
    // The password comes through a pipe, and then nothing does.
    Command piped = as_user(alice, {"su", "bob", "-c", "id"});
    piped.input = bob.password + "\n";
    EXPECT_EQ(run(sandbox, piped).status, 1);
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "bob"}).object.at("failures"), 0)
        << "no answer is no attempt";
}

}  // namespace
}  // namespace warifu::integration
