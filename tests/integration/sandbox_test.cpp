// The harness itself: what it promises the other integration tests.
#include "tests/integration/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <poll.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/integration/one_time_code.h"
#include "tests/integration/process.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Sandbox, KeepsWhatIsWrittenToItself) {
    const std::string name = "/etc/warifu-sandbox-test-" + std::to_string(::getpid());
    {
        Sandbox sandbox;
        sandbox.write(name, "inside");
        EXPECT_EQ(sandbox.read(name), "inside");
        EXPECT_FALSE(std::filesystem::exists(name));
    }
    EXPECT_FALSE(std::filesystem::exists(name));
}

TEST(Sandbox, FollowsItsOwnSymbolicLinks) {
    Sandbox sandbox;
    sandbox.write("/run/target", "its own /run");
    output_of(sandbox, as_root({"ln", "-s", "/run/target", "/etc/link"}));
    EXPECT_EQ(sandbox.read("/etc/link"), "its own /run");
}

TEST(Sandbox, TellsTheStatusAndOutputOfPrograms) {
    const Sandbox sandbox;
    Command command = as_root({"sh", "-c", "cat; echo bad >&2; exit 3"});
    command.input = "given";
    const Result result = run(sandbox, command);
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.out, "given");
    EXPECT_EQ(result.err, "bad\n");
    EXPECT_EQ(run(sandbox, as_root({"sh", "-c", "kill -9 $$"})).status, 128 + SIGKILL);
    EXPECT_EQ(run(sandbox, as_root({"no-such-program"})).status, 127);
}

TEST(Sandbox, RunsProgramsAsItsAccounts) {
    Sandbox sandbox;
    const Account& alice = sandbox.add_user("alice", "pass word");
    sandbox.add_group("staff-of-tally", {"alice"});
    EXPECT_EQ(output_of(sandbox, as_user(alice, {"sh", "-c", "id -un; pwd; stat -c %a .; id -Gn alice"})),
              "alice\n/home/alice\n700\nalice staff-of-tally\n");
}

TEST(Sandbox, PassesOnWhatFailedInside) {
    const Sandbox sandbox;
    sandbox.inside([] {});
    try {
        sandbox.inside([] { throw std::runtime_error("this and that"); });
        ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "this and that");
    }
}

TEST(Sandbox, HasProcessesAndANetworkOfItsOwn) {
    const Sandbox sandbox;
    // Its first process, and the shell.
    EXPECT_EQ(output_of(sandbox, as_root({"sh", "-c", "set -- /proc/[0-9]*; echo $#"})), "2\n");
    EXPECT_EQ(output_of(sandbox, as_root({"sh", "-c", "hostname; ls /sys/class/net"})), "tally\nlo\n");
}

TEST(Sandbox, EndsWhatRunsInside) {
    Pipe held = make_pipe();
    {
        const Sandbox sandbox;
        const pid_t parent = sandbox.fork();
        if (parent == 0) {
            if (::fork() != 0) ::_exit(0);
            for (;;) ::pause();
        }
        ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
        held.writer.close();
        pollfd event{held.reader.number(), POLLIN, 0};
        EXPECT_EQ(::poll(&event, 1, 0), 0) << "the process left inside runs no more";
    }
    char byte = 0;
    EXPECT_EQ(::read(held.reader.number(), &byte, 1), 0);
}

TEST(Sandbox, RecordsWhatIsSentToSyslog) {
    const Sandbox sandbox;
    sandbox.inside([] {
        ::openlog("tester", 0, LOG_AUTHPRIV);
        for (int i = 0; i < 100; ++i) ::syslog(LOG_NOTICE, "record %d.", i);
    });
    const std::string log = sandbox.log();
    EXPECT_THAT(log, HasSubstr("tester: record 0.\n"));
    EXPECT_THAT(log, HasSubstr("tester: record 99.\n"));
    EXPECT_EQ(sandbox.log(), log);
}

TEST(Sandbox, SetsTheClockOfWhatIsStarted) {
    Sandbox sandbox;
    sandbox.set_clock(std::chrono::hours(24 * 365));
    const std::int64_t shown = std::stoll(output_of(sandbox, as_root({"env", "-i", "/usr/bin/date", "+%s"})));
    EXPECT_NEAR(static_cast<double>(shown), static_cast<double>(sandbox.now()), 60);
    EXPECT_GT(shown, std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + 364 * 86400);
}

TEST(Terminal, ShowsWhatIsAskedAndTypesTheAnswer) {
    const Sandbox sandbox;
    Terminal terminal(
        sandbox, as_root({"sh", "-c", "tty; stty size; printf 'name? '; read n; echo \"hello, $n\"; exit 4"}),
        30, 100);
    EXPECT_THAT(terminal.expect("name? "), HasSubstr("/dev/pts/"));
    terminal.type_line("world");
    terminal.expect("hello, world");
    EXPECT_EQ(terminal.wait(), 4);
    EXPECT_THAT(terminal.transcript(), HasSubstr("30 100"));
}

TEST(Terminal, FailsWithTheTranscriptWhenTheProgramEnds) {
    const Sandbox sandbox;
    Terminal terminal(sandbox, as_root({"echo", "something else"}));
    try {
        terminal.expect("never");
        ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("something else"));
    }
}

TEST(OneTimeCode, AgreesWithKnownVectors) {
    EXPECT_EQ(totp("2SH3V3GDW7ZNMGYE", 300000), "050548");
    EXPECT_EQ(hotp("2SH3V3GDW7ZNMGYE", 1), "293240");
}

TEST(Warifud, IsMissedWhenItEndsByItself) {
    const Sandbox sandbox;
    EXPECT_NONFATAL_FAILURE(
        {
            const Warifud daemon(sandbox);
            ::kill(daemon.pid(), SIGKILL);
        },
        "status 137");
}

// sshd works in there without Warifu: what fails elsewhere is not the harness.
TEST(Sshd, SignsInByPassword) {
    Sandbox sandbox;
    sandbox.add_user("alice", "pass word");
    sandbox.write(
        "/etc/pam.d/sshd",
        "auth required pam_unix.so nodelay\naccount required pam_unix.so\nsession required pam_unix.so\n");
    const Sshd sshd(sandbox);
    Terminal right(sandbox, ssh("alice", "id -un"));
    right.expect("Password: ");
    right.type_line("pass word");
    EXPECT_EQ(right.wait(), 0);
    EXPECT_THAT(right.transcript(), EndsWith("alice\r\n"));
    Terminal wrong(sandbox, ssh("alice", "id -un"));
    wrong.expect("Password: ");
    wrong.type_line("password");
    EXPECT_EQ(wrong.wait(), 255);
    EXPECT_THAT(wrong.transcript(), Not(EndsWith("alice\r\n")));
}

}  // namespace
}  // namespace warifu::integration
