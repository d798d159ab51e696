// `warifu doctor` on a machine that is set up as the documentation says, and on the same machine with one
// thing broken at a time.
#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char configuration[] = "/etc/warifu/warifu.conf", store[] = "/var/lib/warifu/store",
               key[] = "/etc/warifu/secret.key",
               code_line[] = "auth       requisite    pam_warifu.so nullok\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == text.npos) throw std::runtime_error("there is no \"" + from + "\" in:\n" + text);
    return text.replace(at, from.size(), to);
}

// The clock of the machine that the tests run on is not the sandbox's to set right, and the sandbox has no
// time service; polkit-1 has no sample.
bool is_of_the_machine(const nlohmann::json& finding) {
    return finding.at("id").get<std::string>().starts_with("clock-no-time") ||
           finding.at("id").get<std::string>().starts_with("clock-unsync") ||
           finding.at("subject") == "/usr/lib/pam.d/polkit-1";
}

class Doctor : public ::testing::Test {
  protected:
    Doctor() {
        install_pam_samples(sandbox);
        sandbox.write("/etc/ssh/sshd_config.d/warifu.conf", sample("sshd_config.d/warifu.conf"));
        sandbox.write(configuration, sample("warifu.conf"));
        output_of(sandbox, as_root({"ssh-keygen", "-q", "-A"}));
        daemon = std::make_unique<Warifud>(sandbox);
        Account root;
        root.name = "root";
        const Phone phone(sandbox, root);
    }

    void shell(const std::string& line) { output_of(sandbox, as_root({"sh", "-ec", line})); }
    void break_sample(const std::string& service, const std::string& from, const std::string& to) {
        sandbox.write("/etc/pam.d/" + service, replaced(sample("pam/" + service), from, to));
    }
    void configure(const std::string& text) { sandbox.write(configuration, text); }

    struct Report {
        int status = 0;
        std::vector<std::string> ids;  // of what is not the machine's
        nlohmann::json findings, unchecked;
    };
    Report examine(const std::vector<std::string>& words = {"doctor"}) {
        const Answer answer = warifu(sandbox, words);
        Report report{answer.status, {}, answer.object.at("faults"), answer.object.at("unchecked")};
        for (const auto& finding : report.findings)
            if (!is_of_the_machine(finding)) report.ids.push_back(finding.at("id"));
        return report;
    }

    // The one thing that is wrong is this, at this place, and its remedy has these words.
    void expect_only(const std::string& id, const std::string& severity, const std::string& subject,
                     const std::string& remedy) {
        expect_only(examine(), id, severity, subject, remedy);
    }
    void expect_only(const Report& report, const std::string& id, const std::string& severity,
                     const std::string& subject, const std::string& remedy) {
        ASSERT_THAT(report.ids, ::testing::ElementsAre(id)) << report.findings.dump(2);
        EXPECT_EQ(report.status, severity == "fault" ? 1 : 0);
        const auto finding = std::ranges::find_if(
            report.findings, [&id](const nlohmann::json& one) { return one.at("id") == id; });
        EXPECT_EQ(finding->at("severity"), severity);
        EXPECT_EQ(finding->at("subject"), subject);
        EXPECT_THAT(finding->at("remedy").get<std::string>(), HasSubstr(remedy));
        expect_shown(*finding);
    }
    // The same for people: one line for what is wrong, one for what mends it.
    void expect_shown(const nlohmann::json& finding) {
        const std::string text = run(sandbox, as_root({"warifu", "doctor"})).out;
        const auto word = [&finding](const char* name) { return finding.at(name).get<std::string>(); };
        EXPECT_THAT(
            text, HasSubstr((word("severity") == "fault" ? "Fault: " : "Warning: ") + word("subject") + ": " +
                            word("message") + " [" + word("id") + "]\n  Remedy: " + word("remedy") + "\n"));
    }

    Sandbox sandbox;
    std::unique_ptr<Warifud> daemon;
};

TEST_F(Doctor, E10_SaysThatAllIsWell) {
    const Report report = examine();
    EXPECT_EQ(report.status, 0);
    EXPECT_THAT(report.ids, IsEmpty()) << report.findings.dump(2);
    EXPECT_THAT(report.unchecked, IsEmpty());
    const Result shown = run(sandbox, as_root({"warifu", "doctor"}));
    EXPECT_EQ(shown.status, 0);
    EXPECT_THAT(shown.out, HasSubstr("All is well"));
    EXPECT_EQ(shown.err, "");
}

// The sample of sshd's configuration with a line for the members of a group, and where that line is.
struct MatchSample {
    std::string text, place;
};

MatchSample with_match(const std::string& group) {
    const std::string before = sample("sshd_config.d/warifu.conf");
    return {before + "Match Group " + group + "\n    AuthenticationMethods publickey\n",
            "/etc/ssh/sshd_config.d/warifu.conf:" + std::to_string(std::ranges::count(before, '\n') + 1)};
}

TEST_F(Doctor, E10_SshdGoesByWhoIsEnrolled) {
    const MatchSample match = with_match("warifu-enrolled");
    sandbox.write("/etc/ssh/sshd_config.d/warifu.conf", match.text);
    expect_only("nss-group-strengthens", "fault", match.place, "warifu-exempt");
}

TEST_F(Doctor, E10_NobodyAsksWarifuWhoIsExempt) {
    const MatchSample match = with_match("warifu-exempt");
    sandbox.write("/etc/ssh/sshd_config.d/warifu.conf", match.text);
    expect_only("nss-not-asked", "warning", match.place, "warifu to the end of the line \"group:\"");
    shell("sed -i 's/^group:.*/& warifu/' /etc/nsswitch.conf");
    EXPECT_THAT(examine().ids, IsEmpty());
    shell("umount --lazy " WARIFU_LIB_DIR "/libnss_warifu.so.2 && rm " WARIFU_LIB_DIR "/libnss_warifu.so.2");
    expect_only("nss-module-missing", "warning", "libnss_warifu.so.2", "Install the module again");
}

TEST_F(Doctor, E10_KeyboardInteractiveOff) {
    sandbox.write("/etc/ssh/sshd_config.d/warifu.conf",
                  "UsePAM yes\nKbdInteractiveAuthentication no\nPasswordAuthentication no\n"
                  "AuthenticationMethods publickey,keyboard-interactive\n");
    const Report report = examine();
    // sshd itself may refuse a list that nobody can meet; either way the doctor says so.
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::AnyOf(
                                ::testing::ElementsAre("sshd-keyboard-interactive-off", "sshd-methods-unmet"),
                                ::testing::ElementsAre("sshd-unreadable")))
        << report.findings.dump(2);
}

TEST_F(Doctor, E10_SshdWithoutPam) {
    sandbox.write("/etc/ssh/sshd_config.d/warifu.conf",
                  replaced(sample("sshd_config.d/warifu.conf"), "UsePAM yes", "UsePAM no"));
    expect_only("sshd-pam-off", "fault", "sshd", "UsePAM yes");
}

TEST_F(Doctor, E10_PasswordMethodOn) {
    sandbox.write("/etc/ssh/sshd_config.d/warifu.conf",
                  "KbdInteractiveAuthentication yes\nPasswordAuthentication yes\nPubkeyAuthentication no\n");
    expect_only("sshd-password-method", "warning", "sshd", "PasswordAuthentication no");
}

TEST_F(Doctor, E10_SshdThatDoesNotUnderstandItsConfiguration) {
    sandbox.write("/etc/ssh/sshd_config.d/more.conf", "UsePAN yes\n");
    expect_only("sshd-unreadable", "fault", "sshd", "sshd -t");
}

TEST_F(Doctor, E10_ListedServiceThatAsksForNoCode) {
    break_sample("login", code_line, "");
    expect_only("pam-missing", "warning", "/etc/pam.d/login", "conf/pam");
}

TEST_F(Doctor, E10_WrongCodeIgnored) {
    break_sample("sudo", "requisite    pam_warifu.so nullok", "optional     pam_warifu.so nullok");
    const std::string place =
        "/etc/pam.d/sudo:" +
        std::to_string(
            1 + std::ranges::count(sample("pam/sudo").substr(0, sample("pam/sudo").find(code_line)), '\n'));
    expect_only("pam-failure-ignored", "fault", place, "auth requisite");
}

TEST_F(Doctor, E10_OutageIgnored) {
    break_sample("su", "auth       requisite    pam_warifu.so nullok",
                 "auth [success=ok ignore=ignore system_err=ignore default=die] pam_warifu.so nullok");
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::ElementsAre("pam-outage-ignored"))
        << "once, though su-l has the line too";
}

// It goes on after a wrong password, too.
TEST_F(Doctor, E10_SufficientLineAboveTheCode) {
    sandbox.write("/etc/pam.d/sudo",
                  "auth sufficient pam_unix.so\nauth required pam_warifu.so nullok\n"
                  "auth required pam_permit.so\naccount required pam_permit.so\n");
    const Report report = examine();
    EXPECT_THAT(report.ids, ::testing::UnorderedElementsAre("pam-code-skipped", "pam-code-after-refusal"))
        << report.findings.dump(2);
    EXPECT_EQ(report.status, 1);
}

TEST_F(Doctor, E10_CodeBeforeThePasswordInCockpit) {
    sandbox.write("/etc/pam.d/cockpit", "auth required pam_warifu.so\n@include common-auth\n");
    expect_only("pam-code-first-cockpit", "fault", "/etc/pam.d/cockpit:1", "after the password");
}

TEST_F(Doctor, E10_MistypedOption) {
    break_sample("sudo-i", "pam_warifu.so nullok", "pam_warifu.so nullok nulok");
    const Report report = examine();
    ASSERT_THAT(report.ids, ::testing::ElementsAre("pam-option")) << report.findings.dump(2);
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.findings.dump(), HasSubstr("the option nulok is refused"));
}

TEST_F(Doctor, E10_StackWithoutAnEnd) {
    break_sample("login", "auth       required     pam_permit.so\n", "");
    expect_only("pam-ignored-refused", "fault", "/etc/pam.d/login", "auth required pam_permit.so");
}

TEST_F(Doctor, E10_LooseModesAndOwners) {
    shell(std::string("chmod 0640 ") + key);
    expect_only("file-mode", "fault", key, std::string("chmod 0600 ") + key);
    shell(std::string("chmod 0600 ") + key + "; chown nobody /etc/warifu");
    expect_only("file-owner", "fault", "/etc/warifu", "chown root: /etc/warifu");
    shell("chown root: /etc/warifu; chmod 0755 /var/lib/warifu");
    expect_only("directory-mode", "warning", "/var/lib/warifu", "chmod 0711 /var/lib/warifu");
    shell("chmod 0711 /var/lib/warifu; chmod 0777 /run/warifu");
    const Report report = examine();
    EXPECT_THAT(report.ids, ::testing::Contains("file-mode"));
    EXPECT_EQ(report.status, 1);
    shell("chmod 0755 /run/warifu");
}

TEST_F(Doctor, E10_KeyGone) {
    shell(std::string("rm ") + key);
    expect_only("key-missing", "fault", key, "Restore the key");
}

TEST_F(Doctor, E10_StoreGone) {
    daemon->stop();
    shell(std::string("rm -r ") + store);
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::ElementsAre("store-missing", "warifud-not-running"))
        << report.findings.dump(2);
}

TEST_F(Doctor, E10_NoStoreYet) {
    daemon->stop();
    shell(std::string("rm -r ") + store + " " + key);
    const Report report = examine();
    EXPECT_THAT(report.ids, ::testing::ElementsAre("store-not-made", "warifud-not-running"))
        << report.findings.dump(2);
}

TEST_F(Doctor, E10_StoreOnAReadOnlyFileSystem) {
    daemon->stop();
    shell(std::string("mount --bind ") + store + " " + store + " && mount -o remount,bind,ro " + store);
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::Contains("store-not-writable")) << report.findings.dump(2);
}

TEST_F(Doctor, E10_FullDisk) {
    daemon->stop();
    shell(std::string("cp -a ") + store + " /srv/store && mount -t tmpfs -o size=48m,mode=0700 tmpfs " +
          store + " && cp -a /srv/store/. " + store + " && { cat /dev/zero > " + store +
          "/filler || true; } 2>/dev/null");
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::Contains("disk-full")) << report.findings.dump(2);
}

TEST_F(Doctor, E10_MistypedConfiguration) {
    configure("[totp]\nwindwo = 1\n");
    expect_only("config-bad", "fault", configuration, "warifu config check");
    const auto checked = [this] {
        return warifu(sandbox, {"config", "check"}).object.at("message").get<std::string>();
    };
    EXPECT_THAT(checked(), ::testing::Not(HasSubstr("last good"))) << "it is in force";
    daemon->stop();
    shell(std::string("rm ") + store + "/last-good.conf");
    EXPECT_THAT(checked(), HasSubstr("there is no last good copy"));
    const Report report = examine();
    EXPECT_THAT(report.ids, ::testing::Contains("config-refuses-all")) << report.findings.dump(2);
}

TEST_F(Doctor, E10_ATokenThatOthersMayRead) {
    sandbox.write("/etc/warifu/ntfy.token", "tk_secret\n", 0644);
    configure(
        "[notify.phone]\ntype = \"ntfy\"\nurl = \"https://ntfy.example.org\"\ntopic = \"warifu-{user}\"\n"
        "token_file = \"/etc/warifu/ntfy.token\"\n");
    daemon->restart();
    expect_only("config-warning", "warning", configuration, "");
    EXPECT_THAT(examine().findings.dump(),
                HasSubstr("notify.phone: nothing goes out by it: /etc/warifu/ntfy.token"));
    shell("chmod 600 /etc/warifu/ntfy.token");
    EXPECT_THAT(examine().ids, IsEmpty());
}

TEST_F(Doctor, E10_ConfigurationChangedAndNotReadAgain) {
    configure("[totp]\nwindow = 2\n");
    expect_only("config-not-reloaded", "warning", configuration, "reload");
    daemon->restart();
    EXPECT_THAT(examine().ids, IsEmpty());
}

TEST_F(Doctor, E10_ConfigurationGone) {
    shell(std::string("rm ") + configuration);
    expect_only("config-bad", "fault", configuration, "warifu config check");
}

TEST_F(Doctor, E10_HomesAsASource) {
    configure("[store]\nsources = [\"central\", \"home\"]\n");
    daemon->restart();
    expect_only("sources-home", "warning", configuration, "central");
}

TEST_F(Doctor, E10_WarifudNotRunning) {
    daemon->stop();
    expect_only("warifud-not-running", "warning", "/run/warifu/root.sock", "warifud.socket");
}

TEST_F(Doctor, E10_NoWayBack) {
    warifu(sandbox, {"reset", "--user", "root"});
    EXPECT_THAT(examine().ids, IsEmpty()) << "nullok lets root in";
    configure("[policy]\nunenrolled = \"refuse\"\n");
    daemon->restart();
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::Contains("no-way-back")) << report.findings.dump(2);
    EXPECT_THAT(report.ids, ::testing::Contains("pam-nullok-refused"));
    const Account& alice = sandbox.add_user("alice", "alice's password");
    shell("usermod -aG sudo alice");
    EXPECT_THAT(examine().ids, ::testing::Contains("no-way-back"));
    const Phone phone(sandbox, alice);
    EXPECT_THAT(examine().ids, ::testing::Not(::testing::Contains("no-way-back")));
}

TEST_F(Doctor, E10_NoRecoveryCodesLeft) {
    const Account& alice = sandbox.add_user("alice", "alice's password");
    const Phone phone(sandbox, alice);
    for (const std::string& code : phone.recovery_codes())
        ASSERT_EQ(warifu(sandbox, {"verify", "--user", "alice", code}).status, 0);
    expect_only("no-recovery-codes", "warning", "alice", "warifu codes --regenerate --user alice");
}

TEST_F(Doctor, E10_MarksAheadOfTheClock) {
    sandbox.set_clock(std::chrono::hours(24));
    daemon->restart();
    const Account& alice = sandbox.add_user("alice", "alice's password");
    const Phone phone(sandbox, alice);
    sandbox.set_clock(std::chrono::hours(0));
    daemon->restart();
    const Report report = examine();
    EXPECT_EQ(report.status, 1);
    EXPECT_THAT(report.ids, ::testing::Contains("mark-ahead")) << report.findings.dump(2);
    ASSERT_EQ(warifu(sandbox, {"reset", "--replay", "--user", "alice"}).status, 0);
    EXPECT_THAT(examine().ids, ::testing::Not(::testing::Contains("mark-ahead")));
}

TEST_F(Doctor, E10_WithoutRootItDoesWhatItCan) {
    const Account& alice = sandbox.add_user("alice", "alice's password");
    break_sample("sudo", "requisite    pam_warifu.so nullok", "optional     pam_warifu.so nullok");
    const Answer answer = warifu(sandbox, alice, {"doctor"});
    EXPECT_EQ(answer.status, 3);
    EXPECT_THAT(answer.object.dump(), HasSubstr("pam-failure-ignored"));
    EXPECT_THAT(answer.object.at("unchecked"), ::testing::Not(IsEmpty()));
    const Result shown = run(sandbox, as_user(alice, {"warifu", "doctor"}));
    EXPECT_EQ(shown.status, 3);
    EXPECT_THAT(shown.out, HasSubstr("Run it as root"));
}

TEST_F(Doctor, E10_ChangesNothing) {
    constexpr char snapshot[] =
        "find /etc /var/lib/warifu /run/warifu -type f -not -name '*-shm' -not -name lock -printf '%p %m %u "
        "' "
        "-exec sha256sum {} +";
    const std::string before = output_of(sandbox, as_root({"sh", "-c", snapshot}));
    examine();
    EXPECT_EQ(output_of(sandbox, as_root({"sh", "-c", snapshot})), before);
}

}  // namespace
}  // namespace warifu::integration
