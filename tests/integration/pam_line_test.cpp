// The options of the PAM line, each in a stack that su (or sshd) runs.
#include <gmock/gmock.h>

#include <chrono>
#include <sstream>

#include "tests/integration/one_time_code.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char rest_of_stack[] =
    "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n";

class PamLine : public ::testing::Test {
  protected:
    PamLine()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox) {}

    // Files of google-authenticator count, these.
    void key_files_are(const std::string& path, const std::string& owner) {
        sandbox.write("/etc/warifu/warifu.conf",
                      "[store]\nsources = [\"central\", \"google-authenticator\"]\n"
                      "google_authenticator_file = \"" +
                          path + "\"\ngoogle_authenticator_user = \"" + owner + "\"\n");
        daemon.restart();
    }
    // What su runs when alice becomes bob.
    void su_runs(const std::string& auth_lines) {
        sandbox.write("/etc/pam.d/su", auth_lines + "\n" + rest_of_stack);
    }

    // alice becomes bob and types `lines`, each at the next prompt (which ends with ": ").
    struct Su {
        int status = 0;
        std::string shown;
    };
    Su su(const std::vector<std::string>& lines) const {
        Terminal terminal(sandbox, as_user(alice, {"su", "bob", "-c", "id -un"}));
        for (const std::string& line : lines) {
            terminal.expect(": ");
            terminal.type_line(line);
        }
        const int status = terminal.wait();
        return {status, terminal.transcript()};
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
};

TEST_F(PamLine, S19_NullokLetsOnlyTheUnenrolledPass) {
    su_runs("auth required pam_warifu.so");
    EXPECT_EQ(su({"123456"}).status, 1);
    su_runs("auth required pam_warifu.so nullok");
    EXPECT_EQ(su({}).shown, "bob\r\n");
    Phone phone(sandbox, bob, PhoneKind::hotp);
    EXPECT_EQ(su({phone.wrong_code()}).status, 1);
    EXPECT_EQ(su({phone.code()}).status, 0);
}

TEST_F(PamLine, S19_AuthtokPromptReplacesThePrompt) {
    Phone phone(sandbox, bob);
    su_runs("auth required pam_warifu.so [authtok_prompt=Your token: ]");
    const Su result = su({phone.code()});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.shown, HasSubstr("Your token: "));
    EXPECT_THAT(result.shown, Not(HasSubstr("One-time code")));
}

TEST_F(PamLine, S19_EchoVerificationCodeShowsWhatIsTyped) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    const std::string hidden = phone.code(), shown = phone.code();
    su_runs("auth required pam_warifu.so");
    EXPECT_THAT(su({hidden}).shown, Not(HasSubstr(hidden)));
    su_runs("auth required pam_warifu.so echo_verification_code");
    EXPECT_THAT(su({shown}).shown, HasSubstr(shown));
}

TEST_F(PamLine, S19_ForwardPassTakesPasswordAndCodeTogether) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    su_runs("auth requisite pam_warifu.so forward_pass\nauth requisite pam_unix.so use_first_pass nodelay");
    EXPECT_EQ(su({bob.password + phone.code()}).status, 0) << sandbox.log();
    EXPECT_EQ(su({"wrong" + phone.code()}).status, 1);
    EXPECT_EQ(su({bob.password + phone.wrong_code()}).status, 1);
    EXPECT_EQ(su({bob.password}).status, 1);
    EXPECT_EQ(su({bob.password + " " + phone.recovery_codes().front()}).status, 0) << sandbox.log();
}

TEST_F(PamLine, S19_UseFirstPassTakesTheCodeFromThePasswordAskedBefore) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    su_runs(
        "auth [default=ignore] pam_unix.so nodelay\nauth requisite pam_warifu.so use_first_pass "
        "forward_pass\n"
        "auth requisite pam_unix.so use_first_pass nodelay");
    EXPECT_EQ(su({bob.password + phone.code()}).status, 0) << sandbox.log();
    EXPECT_EQ(su({bob.password}).status, 1);
}

TEST_F(PamLine, S19_TryFirstPassAsksWhereThePasswordBeforeHoldsNoCode) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    su_runs("auth requisite pam_unix.so nodelay\nauth requisite pam_warifu.so try_first_pass");
    EXPECT_EQ(su({bob.password, phone.code()}).status, 0) << sandbox.log();
    EXPECT_EQ(su({bob.password, phone.wrong_code()}).status, 1);
    su_runs(
        "auth [default=ignore] pam_unix.so nodelay\nauth requisite pam_warifu.so try_first_pass "
        "forward_pass\n"
        "auth requisite pam_unix.so use_first_pass nodelay");
    EXPECT_EQ(su({bob.password + phone.code()}).status, 0) << sandbox.log();
}

TEST_F(PamLine, S19_NoskewadjLearnsNoDrift) {
    using std::chrono::seconds;
    sandbox.set_clock(seconds(0));
    daemon.restart();
    const Phone phone(sandbox, bob);
    // A phone one step ahead, twice in a row; then two steps, which only a learnt drift brings into the
    // window.
    const auto su_ahead = [&](int minutes, int steps) {
        sandbox.set_clock(seconds(minutes * 60));
        return su({totp(phone.secret(), sandbox.now() + steps * 30)}).status;
    };
    su_runs("auth required pam_warifu.so noskewadj");
    EXPECT_EQ(su_ahead(2, 1), 0);
    EXPECT_EQ(su_ahead(4, 1), 0);
    EXPECT_EQ(su_ahead(6, 2), 1);
    su_runs("auth required pam_warifu.so");
    EXPECT_EQ(su_ahead(8, 1), 0);
    EXPECT_EQ(su_ahead(10, 1), 0);
    EXPECT_EQ(su_ahead(12, 2), 0);
}

TEST_F(PamLine, S19_NoIncrementHotpAndDebugChangeNoAnswer) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    su_runs("auth required pam_warifu.so no_increment_hotp debug");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(su({phone.wrong_code()}).status, 1);
    const std::string code = phone.code();
    EXPECT_EQ(su({code}).status, 0);
    EXPECT_EQ(su({code}).status, 1);
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(code)));
}

TEST_F(PamLine, S19_GracePeriodAsksNobodyAgainFromTheSameAddress) {
    add_address(sandbox, "192.0.2.1/32");
    Phone phone(sandbox, bob, PhoneKind::hotp);
    const Sshd sshd(sandbox, "ListenAddress 192.0.2.1\n");
    const std::vector<std::string> away = {"-o", "HostName=192.0.2.1"};
    const auto asked = [&](const std::vector<std::string>& options) {
        Terminal terminal(sandbox, ssh("bob", "id -un", options));
        const bool prompt = terminal.expect_any({"bob\r\n", "One-time code: "}) == 1;
        if (prompt) terminal.type_line(phone.code());
        EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
        return prompt;
    };
    sandbox.write("/etc/pam.d/sshd",
                  std::string("auth required pam_warifu.so grace_period=3600\n") + rest_of_stack);
    EXPECT_TRUE(asked(away));
    EXPECT_FALSE(asked(away));
    EXPECT_TRUE(asked({})) << "another address";
    sandbox.write("/etc/pam.d/sshd", std::string("auth required pam_warifu.so\n") + rest_of_stack);
    EXPECT_TRUE(asked(away)) << "without the option";
}

// With the name of the module changed in its line, and nothing else.
TEST_F(PamLine, S19_SecretAndUserServeWhereGoogleAuthenticatorsLineStood) {
    const std::string file = "/etc/ga/bob";
    run(sandbox, as_root({"mkdir", "/etc/ga"}));
    output_of(sandbox, as_root({"google-authenticator", "--time-based", "--disallow-reuse", "--force",
                                "--quiet", "--no-confirm", "--window-size=17", "--rate-limit=3",
                                "--rate-time=30", "--emergency-codes=2", "--secret=" + file}));
    std::istringstream lines(sandbox.read(file));
    std::string secret, next;
    std::vector<std::string> scratch;
    std::getline(lines, secret);
    while (std::getline(lines, next))
        if (next.find_first_not_of("0123456789") == next.npos) scratch.push_back(next);
    ASSERT_EQ(scratch.size(), 2U) << "as that tool writes it";
    const std::string line = " secret=/etc/ga/${USER} user=root nullok";
    const auto code = [&] { return totp(secret, sandbox.now()); };
    su_runs("auth required pam_google_authenticator.so" + line);
    EXPECT_EQ(su({code()}).status, 0) << "the peer itself";
    const std::string as_left = sandbox.read(file);

    su_runs("auth required pam_warifu.so" + line);
    EXPECT_EQ(su({"000000"}).status, 1);
    const std::string typed = code();
    EXPECT_THAT(su({typed}).shown, HasSubstr("bob\r\n")) << sandbox.log();
    EXPECT_EQ(su({typed}).status, 1) << "once";
    EXPECT_THAT(su({scratch[0]}).shown, HasSubstr("bob\r\n"));
    EXPECT_EQ(su({scratch[0]}).status, 1) << "once, too";
    // Eight steps ago is within that file's window, not within Warifu's; but a newer code retired it.
    EXPECT_EQ(su({totp(secret, sandbox.now() - 8 * 30)}).status, 1);
    su_runs("auth required pam_warifu.so nullok");
    EXPECT_EQ(su({"000000"}).status, 1) << "a line without the options has to know where it is";
    EXPECT_THAT(sandbox.log(), HasSubstr("were seen and are gone"));
    key_files_are("/etc/ga/${USER}", "root");
    EXPECT_NE(warifu(sandbox, bob, {"enroll"}).status, 0) << "without a proof";
    EXPECT_THAT(su({totp(secret, sandbox.now() + 30)}).shown, HasSubstr("bob\r\n")) << "as it does now";
    su_runs("auth required pam_warifu.so" + line);
    daemon.stop();
    EXPECT_THAT(su({scratch[1]}).shown, HasSubstr("bob\r\n")) << "without warifud";
    EXPECT_EQ(sandbox.read(file), as_left) << "nobody writes it";

    run(sandbox, as_root({"rm", file}));
    EXPECT_EQ(su({code()}).status, 1) << "nullok is for whoever never had one";
    EXPECT_THAT(sandbox.log(), HasSubstr("were seen and are gone"));
}

TEST_F(PamLine, S19_ASecretInTheHomeIsItsOwners) {
    const std::string secret = "2SH3V3GDW7ZNMGYE", file = bob.home + "/.google_authenticator";
    key_files_are("~/.google_authenticator", "");
    su_runs("auth required pam_warifu.so secret=${HOME}/.google_authenticator nullok");
    EXPECT_EQ(su({}).shown, "bob\r\n") << "has none";
    sandbox.write(file, secret + "\n\" TOTP_AUTH\n\" WINDOW_SIZE 17\n", 0600);
    const auto code = [&](int steps = 0) { return totp(secret, sandbox.now() + steps * 30); };
    EXPECT_EQ(su({code()}).status, 1) << "root's file in bob's home";
    EXPECT_THAT(sandbox.log(), HasSubstr(file + ": Permission denied"));
    run(sandbox, as_root({"chown", "bob", file}));
    EXPECT_THAT(su({code(-7)}).shown, HasSubstr("bob\r\n")) << "the file's own window";
    run(sandbox, as_root({"chmod", "0644", file}));
    EXPECT_EQ(su({code()}).status, 1);
    EXPECT_THAT(sandbox.log(), HasSubstr("has mode 0644"));
    run(sandbox, as_root({"chmod", "0400", file}));
    EXPECT_THAT(su({code()}).shown, HasSubstr("bob\r\n"));
    su_runs("auth required pam_warifu.so secret=relative");
    EXPECT_EQ(su({}).status, 1);
    EXPECT_THAT(sandbox.log(), HasSubstr("PAM option secret"));
    key_files_are("~/.google_authenticator", "nobody-here");
    su_runs("auth required pam_warifu.so nullok");
    EXPECT_EQ(su({code(1)}).status, 1);
    EXPECT_THAT(sandbox.log(), HasSubstr("nobody-here: nobody has this login name"));
}

TEST_F(PamLine, S19_OptionsThatLoosenFilesAreRefusedByName) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    for (const std::string option : {"allow_readonly", "no_strict_owner", "allowed_perm=0644"}) {
        su_runs("auth required pam_warifu.so " + option);
        EXPECT_EQ(su({}).status, 1) << option;
        EXPECT_THAT(sandbox.log(), HasSubstr(option.substr(0, option.find('=')))) << option;
    }
}

TEST_F(PamLine, X12_AnOptionThatNobodyKnowsIsRefusedByName) {
    Phone phone(sandbox, bob, PhoneKind::hotp);
    for (const std::string option : {"nulok", "grace_period=soon", "grace_period"}) {
        su_runs("auth required pam_warifu.so " + option);
        EXPECT_EQ(su({}).status, 1) << option;
        EXPECT_THAT(sandbox.log(), HasSubstr(option.substr(0, option.find('=')))) << option;
    }
}

}  // namespace
}  // namespace warifu::integration
