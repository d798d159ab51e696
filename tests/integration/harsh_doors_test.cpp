// The doors of the machine itself under people who leave, interrupt, stop and limit, who take their own file
// away, and on a disk that is full.
#include <gmock/gmock.h>

#include <string>

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

constexpr char ctrl_c[] = "\x03", ctrl_z[] = "\x1a";

class HarshDoors : public ::testing::Test {
  protected:
    HarshDoors()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/sudoers", "Defaults lecture=never\nALL ALL=(ALL:ALL) ALL\n", 0440);
    }

    // Somebody becomes `account`, gives the password and is asked for a code.
    static void ask(Terminal& terminal, const Account& account) {
        terminal.expect("assword");
        terminal.type_line(account.password);
        terminal.expect("One-time code: ");
    }
    Terminal su(const Account& caller, const Account& account) const {
        return Terminal(sandbox, as_user(caller, {"su", account.name, "-c", "echo letin"}));
    }
    int signs_in(const Account& caller, const Account& account, const std::string& code) const {
        Terminal terminal = su(caller, account);
        ask(terminal, account);
        terminal.type_line(code);
        return terminal.wait();
    }
    // A signal that comes between sudo's prompt and its read is lost on it: it looks for one once it reads.
    void await_reading(const std::string& program) const {
        const Command look =
            as_root({"sh", "-c", "grep -c '^State:.S' /proc/$(pidof -s " + program + ")/status || true"});
        while (output_of(sandbox, look) != "1\n") {
        }
    }
    int failures(const Account& account) const {
        return warifu(sandbox, {"status", "--user", account.name}).object.at("failures").get<int>();
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
};

TEST_F(HarshDoors, S03_LoginThatRunsOutOfTimeSpendsNothing) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    std::string settings = sandbox.read("/etc/login.defs");
    sandbox.write("/etc/login.defs", settings + "\nLOGIN_TIMEOUT 10\n");
    {
        Terminal terminal(sandbox, as_root({"login"}));
        terminal.expect("login: ");
        terminal.type_line("alice");
        ask(terminal, alice);
        terminal.expect("timed out");
        terminal.wait();
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("$ ")));
    }
    EXPECT_EQ(failures(alice), 0);
    sandbox.write("/etc/login.defs", settings);
    Terminal terminal(sandbox, as_root({"login"}));
    terminal.expect("login: ");
    terminal.type_line("alice");
    ask(terminal, alice);
    terminal.type_line(phone.code());
    terminal.expect("$ ");
    terminal.type_line("tty; exit");
    terminal.expect("/dev/pts/");
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript();
}

TEST_F(HarshDoors, X24_CtrlCAtEachPromptEndsItAndCountsNothing) {
    Phone phone(sandbox, bob, PhoneKind::hotp), of_alice(sandbox, alice, PhoneKind::hotp);
    for (const bool at_the_code : {false, true}) {
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"su", "bob", "-c", "echo letin"}, {"sudo", "echo", "letin"}}) {
            SCOPED_TRACE(words.front() + (at_the_code ? " at the code" : " at the password"));
            Terminal terminal(sandbox, as_user(alice, words));
            if (at_the_code) {
                ask(terminal, words.front() == "su" ? bob : alice);
            } else {
                terminal.expect("assword");
            }
            await_reading(words.front());
            terminal.type(ctrl_c);
            EXPECT_NE(terminal.wait(), 0);
            EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
        }
    }
    EXPECT_EQ(failures(bob), 0);
    EXPECT_EQ(failures(alice), 0);
    EXPECT_EQ(signs_in(alice, bob, phone.code()), 0) << sandbox.log();
}

// Stopped at its prompts, sudo holds nobody up, and goes on where it was.
TEST_F(HarshDoors, X24_CtrlZAtEachPromptHoldsNobodyUp) {
    Phone of_bob(sandbox, bob, PhoneKind::hotp), of_alice(sandbox, alice, PhoneKind::hotp);
    for (const bool with_warifud : {true, false}) {
        if (!with_warifud) daemon.stop();
        Terminal shell(sandbox, as_user(alice, {"/bin/sh"}));
        shell.expect("$ ");
        shell.type_line("sudo -k echo let''in");
        shell.expect("password for alice: ");
        const auto stop_and_go_on = [&](const char* prompt) {
            await_reading("sudo");
            shell.type(ctrl_z);
            shell.expect("$ ");
            EXPECT_EQ(signs_in(alice, bob, of_bob.code()), 0) << sandbox.log();
            shell.type_line("fg");
            shell.expect(prompt);
        };
        stop_and_go_on("password for alice: ");
        shell.type_line(alice.password);
        shell.expect("One-time code: ");
        stop_and_go_on("One-time code: ");
        shell.type_line(of_alice.code());
        shell.expect("letin");
    }
    EXPECT_EQ(failures(alice), 0);
}

// Where the kernel does not let a limit be raised again it may keep the caller out, and nobody else.
TEST_F(HarshDoors, X24_LimitsAndClosedDescriptorsOfTheCallerAreTheCallersAlone) {
    Phone of_bob(sandbox, bob, PhoneKind::hotp), of_alice(sandbox, alice, PhoneKind::hotp);
    for (const bool with_warifud : {true, false}) {
        if (!with_warifud) daemon.stop();
        for (const char* harm : {"ulimit -f 0", "ulimit -n 8", "ulimit -v 65536"}) {
            SCOPED_TRACE(std::string(harm) + (with_warifud ? "" : ", without warifud"));
            Terminal terminal(sandbox,
                              as_user(alice, {"/bin/sh", "-c", std::string(harm) + "; exec su bob -c id"}));
            terminal.expect("assword: ");
            terminal.type_line(bob.password);
            const bool asked = terminal.expect_any({"One-time code: ", "su: "}) == 0;
            EXPECT_TRUE(asked || !with_warifud) << terminal.transcript() << sandbox.log();
            if (asked) terminal.type_line(of_bob.code());
            terminal.wait();
            EXPECT_EQ(signs_in(bob, alice, of_alice.code()), 0) << sandbox.log();
        }
        const Result closed =
            run(sandbox, as_user(alice, {"/bin/sh", "-c", "exec su bob -c id <&- >&- 2>&-"}));
        EXPECT_NE(closed.status, 0);
        EXPECT_EQ(signs_in(bob, alice, of_alice.code()), 0) << sandbox.log();
    }
    EXPECT_EQ(failures(bob), 0);
}

// su lets Ctrl-Z through when its question is answered: then it stands still within the door, limits and all.
TEST_F(HarshDoors, X24_AllOfItAtOnceAtSuHoldsNobodyUp) {
    Phone of_bob(sandbox, bob, PhoneKind::hotp), of_alice(sandbox, alice, PhoneKind::hotp);
    const auto others_sign_in = [&] { EXPECT_EQ(signs_in(bob, alice, of_alice.code()), 0) << sandbox.log(); };
    for (const bool with_warifud : {true, false}) {
        SCOPED_TRACE(with_warifud ? "with warifud" : "without warifud");
        if (!with_warifud) daemon.stop();
        Terminal shell(sandbox, as_user(alice, {"/bin/bash", "--norc"}));
        shell.expect("$ ");
        shell.type_line("ulimit -f 0 -n 8");
        shell.expect("$ ");
        shell.type_line("su bob -c 'echo let''in'");
        shell.expect("assword: ");
        await_reading("su");
        shell.type(ctrl_z);
        others_sign_in();
        shell.type_line(bob.password);
        if (shell.expect_any({"$ ", "One-time code: ", "su: "}) == 0) {
            others_sign_in();
            shell.type_line("fg");
            EXPECT_NE(shell.expect_any({"letin", "One-time code: ", "su: "}), 0U);
        }
        others_sign_in();
        for (const char* closed : {"<&-", "<&- >&- 2>&-"}) {
            const Result none =
                run(sandbox, as_user(alice, {"/bin/bash", "-c",
                                             std::string("ulimit -f 0 -n 8; exec su bob -c id ") + closed}));
            EXPECT_NE(none.status, 0) << closed;
            others_sign_in();
        }
    }
    EXPECT_EQ(failures(bob), 0);
}

class FullDiskDoors : public ::testing::Test {};

TEST_F(FullDiskDoors, X24_OnAFullDiskTheEnrolledSignInOnceWithEachCode) {
    Sandbox sandbox;
    const Account& alice = sandbox.add_user("alice", "alice's password");
    const Account& bob = sandbox.add_user("bob", "bob's password");
    install_pam_samples(sandbox);
    output_of(sandbox, as_root({"mkdir", "/var/lib/warifu"}));
    output_of(sandbox,
              as_root({"mount", "-t", "tmpfs", "-o", "size=24m,mode=711", "tmpfs", "/var/lib/warifu"}));
    Warifud daemon(sandbox);
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_NE(run(sandbox, as_root({"dd", "if=/dev/zero", "of=/var/lib/warifu/full", "bs=64k"})).status, 0);
    EXPECT_NE(run(sandbox, as_root({"/bin/sh", "-c", "echo more >/var/lib/warifu/more"})).status, 0);
    for (const bool with_warifud : {true, false}) {
        if (!with_warifud) daemon.stop();
        const std::string code = phone.code();
        for (const int expected : {0, 1}) {
            Terminal terminal(sandbox, as_user(bob, {"su", "alice", "-c", "echo letin"}));
            terminal.expect("assword: ");
            terminal.type_line(alice.password);
            terminal.expect("One-time code: ");
            terminal.type_line(code);
            EXPECT_EQ(terminal.wait(), expected) << terminal.transcript() << sandbox.log();
        }
    }
}

// Whatever policy lets pass, nobody gets rid of the second factor by deleting the file that it is kept in.
TEST_F(HarshDoors, X11_WhoDeletesTheirOwnFileIsRefusedAtTheDoor) {
    for (const char* unenrolled : {"refuse", "enrol", "pass"}) {
        SCOPED_TRACE(unenrolled);
        sandbox.write("/etc/warifu/warifu.conf", "[store]\nsources = [\"home\"]\n[policy]\nunenrolled = \"" +
                                                     std::string(unenrolled) + "\"\n");
        daemon.restart();
        const std::string name = "user-" + std::string(unenrolled);
        const Account& user = sandbox.add_user(name, "her password");
        Phone phone(sandbox, user, PhoneKind::hotp);
        EXPECT_EQ(signs_in(bob, user, phone.code()), 0) << sandbox.log();
        output_of(sandbox, as_user(user, {"rm", ".warifu"}));
        EXPECT_EQ(signs_in(bob, user, phone.code()), 1) << sandbox.log();
        sandbox.wait_for_log("user=" + name + " service=su");
        sandbox.wait_for_log("credentials of this account were seen and are gone");
        // Nor does enrolling anew by themselves open what was closed.
        EXPECT_EQ(warifu(sandbox, user, {"enroll"}).status, 3);
        ASSERT_EQ(warifu(sandbox, {"reset", "--user", name}).status, 0);
        EXPECT_EQ(warifu(sandbox, user, {"enroll"}).status, 0);
    }
}

}  // namespace
}  // namespace warifu::integration
