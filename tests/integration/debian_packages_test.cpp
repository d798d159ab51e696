// The Debian packages, built from this build tree, on a fresh Debian 12: installed, upgraded, removed,
// purged.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/source_file.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> names = {"libnss-warifu",  "libpam-warifu", "sudo-warifu", "warifu",
                                        "warifu-gateway", "warifu-notify", "warifud"};
constexpr char older[] = "0.0.9-1", newer[] = "0.1.0-1";
constexpr char debian[] = WARIFU_BUILD_DIR "/tests/bookworm";

std::string file_of(const std::string& name, const std::string& version) {
    return name + "_" + version + "_amd64.deb";
}

std::vector<std::string> with_names(const std::string& verb) {
    std::vector<std::string> words = {verb};
    words.insert(words.end(), names.begin(), names.end());
    return words;
}

// Runs a program on the host; throws if it fails.
void on_the_host(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command + " failed");
}

// Both versions, built once for all tests: on the host, in a folder of the build tree that goes at the end.
class DebianPackages : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        on_the_host(WARIFU_SOURCE_DIR "/tests/integration/bookworm " + std::string(debian));
        builder = std::make_unique<Sandbox>();
        for (const char* version : {older, newer}) {
            output_of(*builder, as_root({WARIFU_SOURCE_DIR "/packaging/build-deb", version, "--build",
                                         WARIFU_BUILD_DIR, "--output", std::string("/root/") + version}));
        }
    }
    static void TearDownTestSuite() { builder.reset(); }

    DebianPackages() {
        for (const std::string& name : names) {
            for (const std::string version : {older, newer}) {
                const std::string file = file_of(name, version);
                machine.write("/root/" + version + "/" + file,
                              builder->read("/root/" + version + "/" + file));
            }
        }
    }

    void start_sshd(const std::string& settings = "") { sshd = std::make_unique<Sshd>(machine, settings); }
    Result apt(std::vector<std::string> words) {
        Command command = as_root({"apt-get", "-y", "--no-install-recommends"});
        command.words.insert(command.words.end(), words.begin(), words.end());
        command.environment.emplace_back("DEBIAN_FRONTEND=noninteractive");
        return run(machine, command);
    }
    void install(const std::string& version) {
        std::vector<std::string> words = {"install"};
        for (const std::string& name : names)
            words.push_back("/root/" + version + "/" + file_of(name, version));
        const Result result = apt(words);
        if (result.status != 0) throw std::runtime_error(result.out + result.err);
    }
    bool exists(const std::string& path) { return run(machine, as_root({"test", "-e", path})).status == 0; }
    std::string mode_of(const std::string& path) {
        return output_of(machine, as_root({"stat", "-c", "%a %U", path}));
    }

    // Whether ssh lets the account in with these answers to what it asks for.
    ::testing::AssertionResult lets_in(const std::vector<std::string>& answers) {
        Terminal terminal(machine, ssh(account.name, "echo 'You are' in"));
        for (const std::string& answer : answers) {
            terminal.expect(answer == account.password ? "Password: " : "One-time code: ");
            terminal.type_line(answer);
        }
        const int status = terminal.wait();
        const bool in = terminal.transcript().find("You are in") != std::string::npos;
        return status == 0 && in ? ::testing::AssertionSuccess()
                                 : ::testing::AssertionFailure() << terminal.transcript() << machine.log();
    }

    static std::unique_ptr<Sandbox> builder;
    Sandbox machine{debian};
    const Account& account = machine.add_user("kimiko", "correct horse");
    std::unique_ptr<Sshd> sshd;
};
std::unique_ptr<Sandbox> DebianPackages::builder;

TEST_F(DebianPackages, P02_AreWithoutAFindingOfLintians) {
    const Result result =
        run(*builder, as_root({"sh", "-c", std::string("lintian --allow-root /root/") + newer + "/*.deb"}));
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(DebianPackages, P02_LeaveAHostThatCanLogInAfterEachStep) {
    start_sshd();
    const std::string stock = machine.read("/etc/pam.d/common-auth");
    const std::string stock_nss = machine.read("/etc/nsswitch.conf");
    EXPECT_TRUE(lets_in({account.password}));

    install(older);
    EXPECT_TRUE(lets_in({account.password}));  // who has not enrolled
    EXPECT_EQ(mode_of("/etc/warifu/secret.key"), "600 root\n");
    EXPECT_EQ(mode_of("/var/lib/warifu"), "711 root\n");
    EXPECT_EQ(mode_of("/var/lib/warifu/store"), "700 root\n");
    EXPECT_EQ(run(machine, as_root({"getent", "group", "warifu-enrolled", "warifu-pending", "warifu-exempt"}))
                  .status,
              0);
    EXPECT_THAT(output_of(machine, as_root({"getent", "passwd", "warifu-notify"})), HasSubstr("/nologin"));
    EXPECT_THAT(output_of(machine, as_root({"getent", "passwd", "warifu-gateway"})), HasSubstr("/nologin"));
    EXPECT_THAT(output_of(machine, as_root({"/usr/sbin/warifu-gateway", "--version"})),
                HasSubstr("warifu-gateway "));
    // It listens once somebody wants it to.
    EXPECT_THAT(run(machine, as_root({"systemctl", "is-enabled", "warifu-gateway.socket"})).out,
                HasSubstr("disabled"));
    EXPECT_THAT(output_of(machine, as_root({"/usr/libexec/warifu/warifu-notify", "--version"})),
                HasSubstr("warifu-notify "));
    Phone phone(machine, account, PhoneKind::hotp);
    EXPECT_TRUE(lets_in({account.password, phone.code()}));
    EXPECT_FALSE(lets_in({account.password, phone.wrong_code()}));
    EXPECT_THAT(output_of(machine, as_root({"id", "-nG", account.name})), HasSubstr("warifu-enrolled"));

    const std::string key = machine.read("/etc/warifu/secret.key");
    install(newer);
    EXPECT_EQ(machine.read("/etc/warifu/secret.key"), key);
    EXPECT_TRUE(lets_in({account.password, phone.code()}));
    EXPECT_FALSE(lets_in({account.password, phone.wrong_code()}));

    ASSERT_EQ(apt(with_names("remove")).status, 0);
    EXPECT_EQ(machine.read("/etc/pam.d/common-auth"), stock);
    EXPECT_EQ(machine.read("/etc/nsswitch.conf"), stock_nss);
    EXPECT_EQ(machine.read("/etc/warifu/secret.key"), key);
    EXPECT_TRUE(lets_in({account.password}));

    // Back again: whoever had enrolled has.
    install(newer);
    EXPECT_TRUE(lets_in({account.password, phone.code()}));

    ASSERT_EQ(apt(with_names("purge")).status, 0);
    EXPECT_EQ(machine.read("/etc/pam.d/common-auth"), stock);
    EXPECT_EQ(machine.read("/etc/nsswitch.conf"), stock_nss);
    EXPECT_FALSE(exists("/etc/warifu"));
    EXPECT_FALSE(exists("/var/lib/warifu"));
    EXPECT_TRUE(lets_in({account.password}));
}

// A line that names a module which is gone refuses everybody.
TEST_F(DebianPackages, P02_AreNotRemovedWhileALineByHandNamesTheModule) {
    start_sshd();
    install(newer);
    Phone phone(machine, account, PhoneKind::hotp);
    const std::string by_hand = source_file("conf/pam/sshd"), before = machine.read("/etc/pam.d/sshd");
    machine.write("/etc/pam.d/sshd", by_hand);
    const Result result = apt({"purge", "libpam-warifu", "warifud"});
    EXPECT_NE(result.status, 0);
    EXPECT_THAT(result.out + result.err, HasSubstr("/etc/pam.d/sshd:"));
    EXPECT_TRUE(lets_in({account.password, phone.code()}));
    machine.write("/etc/pam.d/sshd", before);
    EXPECT_TRUE(lets_in({account.password, phone.code()}));  // by common-auth, as before
    EXPECT_EQ(apt({"purge", "libpam-warifu", "warifud"}).status, 0);
    EXPECT_TRUE(lets_in({account.password}));
}

// To the end of the one line, once; whoever takes it out again is not contradicted by an upgrade.
TEST_F(DebianPackages, N04_AddWarifuToTheLineOfGroupsAndTakeItOutAgain) {
    const auto line = [this](const std::string& database) {
        return output_of(machine, as_root({"sh", "-c", "grep '^" + database + ":' /etc/nsswitch.conf"}));
    };
    const std::string stock = machine.read("/etc/nsswitch.conf"), groups = line("group");
    install(older);
    EXPECT_EQ(line("group"), groups.substr(0, groups.size() - 1) + " warifu\n");
    EXPECT_THAT(line("passwd"), Not(HasSubstr("warifu")));
    EXPECT_EQ(run(machine, as_root({"warifu", "whois", "kimiko"})).status, 0);
    machine.write("/etc/nsswitch.conf", stock);
    install(newer);
    EXPECT_EQ(machine.read("/etc/nsswitch.conf"), stock);
    output_of(machine, as_root({"sed", "-i", "s/^group:.*/& warifu # ours/", "/etc/nsswitch.conf"}));
    ASSERT_EQ(apt({"remove", "libnss-warifu"}).status, 0);
    EXPECT_EQ(line("group"), groups.substr(0, groups.size() - 1) + " # ours\n");
}

// sudo runs nothing while its configuration names a plugin that is gone.
TEST_F(DebianPackages, P02_SudosPluginIsNotRemovedWhileSudoConfNamesIt) {
    install(newer);
    machine.write("/etc/sudo.conf",
                  output_of(machine, as_root({"cat", "/usr/share/doc/sudo-warifu/examples/sudo/sudo.conf"})));
    EXPECT_THAT(run(machine, as_root({"sudo", "-V"})).err, HasSubstr("Warifu approval plugin version"));
    for (const char* verb : {"remove", "purge"}) {
        const Result result = apt({verb, "sudo-warifu"});
        EXPECT_NE(result.status, 0);
        EXPECT_THAT(result.out + result.err, HasSubstr("/etc/sudo.conf:"));
        EXPECT_TRUE(exists("/usr/libexec/sudo/sudo_warifu.so"));
    }
    machine.write("/etc/sudo.conf", "# Plugin warifu_approval sudo_warifu.so\n");
    EXPECT_EQ(apt({"purge", "sudo-warifu"}).status, 0);
    EXPECT_EQ(run(machine, as_root({"sudo", "true"})).status, 0);
}

// What is there is for its owner to judge: an installation over it changes nothing.
TEST_F(DebianPackages, P02_NeverOverwriteAKeyThatIsThere) {
    machine.write("/etc/warifu/secret.key", "not a key\n", 0600);
    install(newer);
    EXPECT_EQ(machine.read("/etc/warifu/secret.key"), "not a key\n");
    EXPECT_FALSE(exists("/var/lib/warifu/store/records.sqlite"));
}

// sshd is as Debian sets it up: one question, for the password. Whoever has enrolled could not sign in.
TEST_F(DebianPackages, P02_QuickstartInstallsThemAndSaysTheWayBack) {
    start_sshd(
        "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\nKbdInteractiveAuthentication "
        "no\n");
    // As libpam-cap has it: the last line of every stack may say nothing.
    machine.write("/usr/share/pam-configs/group",
                  "Name: Groups by the hour\nDefault: yes\nPriority: 0\nAuth-Type: Additional\n"
                  "Auth:\n\toptional pam_group.so\n");
    Command command = as_root({WARIFU_SOURCE_DIR "/packaging/quickstart", "--install", "--yes", "--packages",
                               std::string("/root/") + newer});
    const Result result = run(machine, command);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("warifu doctor"));
    EXPECT_THAT(result.out, HasSubstr("apt-get purge libnss-warifu libpam-warifu warifu warifud"));
    machine.wait_for_log("Server listening on 127.0.0.1", 2);  // it was told to read its configuration again
    EXPECT_TRUE(lets_in({account.password}));
    Phone phone(machine, account, PhoneKind::hotp);
    EXPECT_TRUE(lets_in({account.password, phone.code()}));
    const Result doctor = run(machine, as_root({"warifu", "doctor"}));
    EXPECT_THAT(machine.read("/etc/pam.d/common-auth"), HasSubstr("pam_group.so"));
    EXPECT_THAT(doctor.out, Not(HasSubstr("pam-"))) << "what the packages set up";
}

// A host that lets in keys alone stays so: its passwords do not become good for anything.
TEST_F(DebianPackages, P02_QuickstartOpensNoDoorThatWasClosed) {
    start_sshd(
        "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\nKbdInteractiveAuthentication "
        "no\n");
    output_of(machine, as_root({WARIFU_SOURCE_DIR "/packaging/quickstart", "--install", "--yes", "--packages",
                                std::string("/root/") + newer}));
    EXPECT_FALSE(exists("/etc/ssh/sshd_config.d/warifu.conf"));
}

// Who does not say yes has changed nothing.
TEST_F(DebianPackages, P02_QuickstartAsksFirst) {
    for (const char* answer : {"", "n\n", "\n"}) {
        Command command = as_root({WARIFU_SOURCE_DIR "/packaging/quickstart", "--install", "--packages",
                                   std::string("/root/") + newer});
        command.input = answer;
        const Result result = run(machine, command);
        EXPECT_EQ(result.status, 1) << result.out << result.err;
        EXPECT_THAT(result.out + result.err, HasSubstr("nothing was changed"));
    }
    EXPECT_FALSE(exists("/usr/sbin/warifud"));
    EXPECT_FALSE(exists("/etc/ssh/sshd_config.d/warifu.conf"));
}

}  // namespace
}  // namespace warifu::integration
