// i3lock, a screen locker that runs as the person whose screen it is, on an X server of its own; xdotool
// types.
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

// i3lock goes into the background once the screen is locked and the keyboard its own: this stays its parent,
// says so, and ends with its status.
constexpr char lock_and_wait[] = R"(
import ctypes, os, subprocess, sys
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
subprocess.run(["i3lock", "--color=000000"], check=True)
print("locked", flush=True)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
)";

class Locker : public ::testing::Test {
  protected:
    Locker()
        : alice(sandbox.add_user("alice", "secret99")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp),
          screen((install_pam_samples(sandbox), sandbox),
                 as_user(alice, {"sh", "-c",
                                 "exec Xvfb -displayfd 1 -screen 0 320x240x24 -nolisten tcp 2>/dev/null"})) {
        display = "DISPLAY=:" + screen.expect("\r\n");
    }

    Command on_screen(std::vector<std::string> words) {
        Command command = as_user(alice, std::move(words));
        command.environment.push_back(display);
        command.environment.push_back("HOME=" + alice.home);
        return command;
    }
    void type(const std::string& text) {
        output_of(sandbox, on_screen({"xdotool", "type", "--delay", "12", text}));
        output_of(sandbox, on_screen({"xdotool", "key", "Return"}));
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Phone phone;
    Terminal screen;
    std::string display;
};

TEST_F(Locker, S06_OpensForPasswordAndCodeAndStaysLockedForAnythingElse) {
    Terminal locker(sandbox, on_screen({"/usr/bin/python3", "-c", lock_and_wait}));
    locker.expect("locked");
    type(alice.password + phone.wrong_code());
    sandbox.wait_for_log("verdict=denied reason=bad_code", 1);
    type("nonsense" + phone.code());
    sandbox.wait_for_log("verdict=success", 1);  // the code was right, the password is not
    type(alice.password);
    sandbox.wait_for_log("verdict=denied", 2);
    type(alice.password + phone.code());
    EXPECT_EQ(locker.wait(), 0) << locker.transcript() << sandbox.log();
    const std::string log = sandbox.log();
    EXPECT_THAT(log, HasSubstr("user=alice service=i3lock rhost= tty= source=local:" +
                               std::to_string(alice.uid) + " verdict=success"));
    sandbox.wait_for_log("verdict=success", 2);
}

TEST_F(Locker, S06_OpensForARecoveryCodeBehindABlank) {
    Terminal locker(sandbox, on_screen({"/usr/bin/python3", "-c", lock_and_wait}));
    locker.expect("locked");
    type(alice.password + " " + phone.recovery_codes()[0]);
    EXPECT_EQ(locker.wait(), 0) << locker.transcript() << sandbox.log();
}

}  // namespace
}  // namespace warifu::integration
