// sshd with keys: key and code beside password and code, and key alone for a group that policy exempts, all
// through the sample of conf/.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <string>

#include "tests/integration/pam_host.h"
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

constexpr int ssh_failed = 255;  // ssh's own status, when it could not sign in

// The sample with the line that an administrator takes the "#" away from.
std::string sample_with_keys() {
    std::string text = sample("pam/sshd");
    const std::string line = "#auth      [success=3 default=ignore]   pam_warifu.so completed=publickey";
    const auto at = text.find(line);
    if (at == text.npos) throw std::runtime_error("the sample has no line for keys");
    return text.erase(at, 1);
}

class SshKeyDoor : public ::testing::Test {
  protected:
    explicit SshKeyDoor(const std::string& policy = "", const std::string& blocks = "")
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon((sandbox.write("/etc/warifu/warifu.conf", policy), sandbox)),
          sshd((sandbox.write("/etc/pam.d/sshd", sample_with_keys()), sandbox),
               sample("sshd_config.d/warifu.conf"), blocks) {}

    // Signs in with a key and types `code` at the one prompt.
    int with_key_and_code(const Account& account, const std::vector<std::string>& key,
                          const std::string& code) const {
        Terminal terminal(sandbox, ssh(account.name, "id -un", key));
        terminal.expect("One-time code: ");
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("assword")));
        terminal.type_line(code);
        return terminal.wait();
    }

    int with_password_and_code(const Account& account, const std::string& code) const {
        Terminal terminal(sandbox, ssh(account.name, "id -un"));
        terminal.expect("Password: ");
        terminal.type_line(account.password);
        terminal.expect("One-time code: ");
        terminal.type_line(code);
        return terminal.wait();
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
    Sshd sshd;
};

TEST_F(SshKeyDoor, S02_WhoeverHasAKeyIsAskedForTheCodeAloneBesidePasswordAndCode) {
    Phone of_alice(sandbox, alice, PhoneKind::hotp), of_bob(sandbox, bob, PhoneKind::hotp);
    const auto key = add_key(sandbox, alice);
    EXPECT_EQ(with_key_and_code(alice, key, of_alice.code()), 0) << sandbox.log();
    EXPECT_EQ(with_password_and_code(bob, of_bob.code()), 0) << sandbox.log();
    EXPECT_EQ(with_password_and_code(alice, of_alice.code()), 0) << "without the key, as everybody";
}

TEST_F(SshKeyDoor, S02_AWrongCodeAfterARightKeyFailsAndCounts) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const auto key = add_key(sandbox, alice);
    EXPECT_EQ(with_key_and_code(alice, key, phone.wrong_code()), ssh_failed);
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.at("failures"), 1);
    EXPECT_EQ(with_key_and_code(alice, key, "junk"), ssh_failed);
}

TEST_F(SshKeyDoor, S02_SomebodyElsesKeyStandsForNoPassword) {
    Phone of_bob(sandbox, bob, PhoneKind::hotp);
    const auto key_of_alice = add_key(sandbox, alice);
    Terminal terminal(sandbox, ssh("bob", "id -un", key_of_alice));
    terminal.expect("Password: ");
    terminal.type_line("no password");
    terminal.expect("One-time code: ");
    terminal.type_line(of_bob.code());
    EXPECT_EQ(terminal.wait(), ssh_failed);
}

// What one service says of itself is no other's key: neither a program that makes up SSH_AUTH_INFO_0 under
// another name, nor one that calls itself sshd and is not root, nor the environment of su.
TEST_F(SshKeyDoor, S02_NobodyButSshdSaysThatAKeyWasShown) {
    const std::string stack =
        "auth [success=1 default=ignore] pam_warifu.so completed=publickey\n"
        "auth requisite pam_deny.so\n"
        "auth required pam_permit.so\n";
    const std::vector<std::string> claim = {"SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA\n"};
    for (const char* service : {"sshd", "panel", "su"}) {
        sandbox.write(std::string("/etc/pam.d/") + service, stack);
    }
    const auto verdict = [&](const std::string& service, uid_t uid) {
        return PamHost(sandbox, service, "alice", uid, claim).verdict();
    };
    EXPECT_EQ(verdict("sshd", 0), PAM_SUCCESS) << "this is how sshd says it";
    EXPECT_NE(verdict("panel", 0), PAM_SUCCESS);
    EXPECT_NE(verdict("sshd", alice.uid), PAM_SUCCESS);
    sandbox.wait_for_log("completed=publickey counts only in service sshd, run by root", 2);

    Command su = as_user(bob, {"su", "alice", "-c", "id -un"});
    su.environment.push_back(claim.front());
    EXPECT_EQ(run(sandbox, su).status, 1);
}

constexpr char robots_are_exempt[] =
    "[policy]\nunenrolled = \"refuse\"\n"
    "[[policy.rule]]\nservice = [\"sshd\"]\ngroup = [\"robots\"]\noutcome = \"exempt\"\n";

class SshExemptDoor : public SshKeyDoor {
  protected:
    explicit SshExemptDoor(const std::string& blocks = "") : SshKeyDoor(robots_are_exempt, blocks) {
        sandbox.add_group("robots", {"bob"});
    }
};

// The same stack and the same sshd: policy alone tells them apart.
TEST_F(SshExemptDoor, S02_AGroupThatPolicyExemptsSignsInByKeyAlone) {
    Phone of_alice(sandbox, alice, PhoneKind::hotp), of_bob(sandbox, bob, PhoneKind::hotp);
    const auto key_of_alice = add_key(sandbox, alice), key_of_bob = add_key(sandbox, bob);
    const Result robot = run(sandbox, ssh("bob", "id -un", key_of_bob));
    EXPECT_EQ(robot.status, 0) << robot.err << sandbox.log();
    EXPECT_EQ(robot.out, "bob\n");
    sandbox.wait_for_log("user=bob service=sshd");
    sandbox.wait_for_log("verdict=ignored reason=exempt");
    EXPECT_EQ(with_key_and_code(alice, key_of_alice, of_alice.code()), 0) << sandbox.log();
    EXPECT_EQ(with_key_and_code(alice, key_of_alice, of_alice.wrong_code()), ssh_failed);
}

// "exempt" is from the code, whatever came before it: where a password does for others, it does for them.
TEST_F(SshExemptDoor, S02_TheExemptAreAskedForNoCodeAfterAPasswordEither) {
    const auto by_password = [&](const std::string& password) {
        Terminal terminal(sandbox, ssh("bob", "id -un"));
        terminal.expect("Password: ");
        terminal.type_line(password);
        const bool asked = terminal.expect_any({"bob\r\n", "One-time code: "}) == 1;
        if (asked) terminal.type_line("123456");
        return std::pair(asked, terminal.wait());
    };
    EXPECT_EQ(by_password(bob.password), std::pair(false, 0));
    EXPECT_EQ(by_password("no password"), std::pair(true, ssh_failed));
}

class SshRobotDoor : public SshExemptDoor {
  protected:
    SshRobotDoor()
        : SshExemptDoor("Match Group robots\n    AuthenticationMethods publickey,keyboard-interactive\n") {}
};

// Key only: sshd says so, and policy asks for no code after it.
TEST_F(SshRobotDoor, S02_WhereSshdWantsTheKeyOfThatGroupAPasswordDoesNotDo) {
    const auto key = add_key(sandbox, bob);
    EXPECT_EQ(run(sandbox, ssh("bob", "id -un", key)).status, 0) << sandbox.log();
    const Result without = run(sandbox, ssh("bob", "id -un"));
    EXPECT_EQ(without.status, ssh_failed);
    EXPECT_THAT(without.err, HasSubstr("Permission denied (publickey)"));
}

}  // namespace
}  // namespace warifu::integration
