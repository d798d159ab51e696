// What goes by the groups: sshd's Match Group, sudo, pam_succeed_if; and that without the module nothing
// falls open.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <string>

#include "tests/integration/nss_machine.h"
#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sshd.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char include_samples[] = "Include /etc/ssh/sshd_config.d/*.conf\n";
constexpr char group_of_the_exempt[] = "#Match Group warifu-exempt\n#    AuthenticationMethods publickey\n";

// The sample with those lines in force.
std::string with_the_exempt() {
    std::string text = sample("sshd_config.d/warifu.conf");
    const auto at = text.find(group_of_the_exempt);
    if (at == text.npos) throw std::runtime_error("the sample has no lines for warifu-exempt");
    return text.replace(at, std::string(group_of_the_exempt).size(),
                        "Match Group warifu-exempt\n    AuthenticationMethods publickey\n");
}

class NssDoors : public ::testing::Test {
  protected:
    NssDoors()
        : alice(sandbox.add_user("alice", "alice's password")),
          robot(sandbox.add_user("robot", "robot's password")) {
        install_nss(sandbox);
        install_pam_samples(sandbox);
        sandbox.write("/etc/warifu/warifu.conf",
                      "[[policy.rule]]\nservice = [\"sshd\"]\nuser = [\"robot\"]\noutcome = \"exempt\"\n");
        sandbox.write("/etc/ssh/sshd_config.d/warifu.conf", with_the_exempt());
        output_of(sandbox, as_root({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/root/key"}));
        for (const Account* account : {&alice, &robot}) {
            output_of(sandbox,
                      as_root({"install", "-d", "-m", "0700", "-o", account->name, account->home + "/.ssh"}));
            output_of(sandbox, as_root({"install", "-m", "0600", "-o", account->name, "/root/key.pub",
                                        account->home + "/.ssh/authorized_keys"}));
        }
    }

    // With a key and nobody to type anything.
    Result with_a_key(const std::string& user) const {
        return run(sandbox, as_root({"ssh", "-F", "none", "-i", "/root/key", "-o", "BatchMode=yes", "-o",
                                     "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
                                     "LogLevel=ERROR", user + "@127.0.0.1", "id -un"}));
    }
    void remove_the_module() {
        const std::string file = WARIFU_LIB_DIR "/libnss_warifu.so.2";
        // Lazily: a process that is just ending may still have it mapped.
        output_of(sandbox, as_root({"umount", "--lazy", file}));
        output_of(sandbox, as_root({"rm", file}));
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& robot;
};

TEST_F(NssDoors, N01_SshdLetsAnExemptRobotInWithItsKeyAlone) {
    Warifud daemon(sandbox);
    const Phone phone(sandbox, alice);
    Sshd sshd(sandbox, include_samples);
    const Result in = with_a_key("robot");
    EXPECT_EQ(in.out, "robot\n") << in.err << sandbox.log();
    EXPECT_NE(with_a_key("alice").status, 0);
    EXPECT_EQ(warifu(sandbox, {"suspend", "--user", "robot"}).status, 0);
    EXPECT_NE(with_a_key("robot").status, 0);
    EXPECT_EQ(warifu(sandbox, {"resume", "--user", "robot"}).status, 0);
    EXPECT_EQ(with_a_key("robot").out, "robot\n");
}

TEST_F(NssDoors, N01_WithoutTheModuleNothingFallsOpen) {
    Warifud daemon(sandbox);
    const Phone phone(sandbox, alice);
    Sshd sshd(sandbox, include_samples);
    EXPECT_EQ(with_a_key("robot").out, "robot\n") << sandbox.log();
    remove_the_module();
    EXPECT_EQ(groups_of(sandbox, "alice"), std::set<std::string>{});
    EXPECT_NE(with_a_key("robot").status, 0);
    EXPECT_NE(with_a_key("alice").status, 0);
}

TEST_F(NssDoors, N01_PamAndSudoSeeTheGroups) {
    sandbox.write("/etc/pam.d/enrolled",
                  "auth required pam_succeed_if.so quiet user ingroup warifu-enrolled\n");
    sandbox.write("/etc/pam.d/exempt", "auth required pam_succeed_if.so quiet user ingroup warifu-exempt\n");
    sandbox.write("/etc/sudoers", "%warifu-exempt ALL=(ALL) NOPASSWD: /usr/bin/id\n", 0440);
    Warifud daemon(sandbox);
    const auto listed = [this](const std::string& user) {
        return run(sandbox, as_root({"sudo", "-l", "-U", user})).out.find("NOPASSWD: /usr/bin/id") !=
               std::string::npos;
    };
    EXPECT_EQ(sign_in(sandbox, "enrolled", "alice", ""), PAM_AUTH_ERR);
    const Phone phone(sandbox, alice);
    EXPECT_EQ(sign_in(sandbox, "enrolled", "alice", ""), PAM_SUCCESS);
    EXPECT_EQ(sign_in(sandbox, "exempt", "alice", ""), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "exempt", "robot", ""), PAM_SUCCESS);
    EXPECT_TRUE(listed("robot"));
    EXPECT_FALSE(listed("alice"));
    remove_the_module();
    EXPECT_EQ(sign_in(sandbox, "enrolled", "alice", ""), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "exempt", "robot", ""), PAM_AUTH_ERR);
    EXPECT_FALSE(listed("robot"));
}

}  // namespace
}  // namespace warifu::integration
