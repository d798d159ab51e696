// The profiles of packaging/pam-configs through the host's own pam-auth-update, and what libpam makes of the
// outcome.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/source_file.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char common_auth[] = "/etc/pam.d/common-auth";

// Rule lines of a PAM file, each with single blanks.
std::vector<std::string> rules_of(const std::string& text) {
    std::vector<std::string> rules;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string rule;
        for (std::string word; words >> word;) rule += (rule.empty() ? "" : " ") + word;
        rules.push_back(rule);
    }
    return rules;
}

std::string profile(const std::string& type, int priority, const std::string& line) {
    return "Name: Another\nDefault: yes\nPriority: " + std::to_string(priority) + "\nAuth-Type: " + type +
           "\nAuth:\n\t" + line + "\n";
}

// One account with a phone, a door of common-auth's at `sshd`, and one at `cron`.
class PamProfiles : public ::testing::Test {
  protected:
    PamProfiles() {
        for (const char* name : {"capability", "mkhomedir", "systemd"}) forget(name);
        update({"--force"});
        stock_ = sandbox.read(common_auth);
        for (const char* name : {"warifu", "warifu-first-factor"}) {
            sandbox.write(std::string("/usr/share/pam-configs/") + name,
                          source_file(std::string("packaging/pam-configs/") + name));
        }
        for (const char* service : {"sshd", "cron"}) {
            sandbox.write(std::string("/etc/pam.d/") + service,
                          "@include common-auth\n@include common-account\n");
        }
    }

    void add_profile(const std::string& name, const std::string& text) {
        sandbox.write("/usr/share/pam-configs/" + name, text);
    }
    void forget(const std::string& name) {
        output_of(sandbox, as_root({"rm", "-f", "/usr/share/pam-configs/" + name}));
    }
    void update(std::vector<std::string> words = {}) {
        Command command = as_root({"pam-auth-update", "--package"});
        command.words.insert(command.words.end(), words.begin(), words.end());
        command.environment.emplace_back("DEBIAN_FRONTEND=noninteractive");
        output_of(sandbox, command);
    }
    std::vector<std::string> rules() { return rules_of(sandbox.read(common_auth)); }

    // What PAM says after these answers, all of which it asked for.
    int sign_in_with(const std::string& service, const std::vector<std::string>& answers) {
        PamHost host(sandbox, service, account.name);
        for (const std::string& answer : answers) {
            EXPECT_TRUE(host.asked());
            host.answer(answer);
        }
        return host.verdict();
    }

    Sandbox sandbox;
    const Account& account = sandbox.add_user("kimiko", "correct horse");
    std::string stock_;
};

TEST_F(PamProfiles, P02_AreRenderedWithJumpsToTheCodeAndTakenAwayAgain) {
    update();
    EXPECT_THAT(rules(), ElementsAre("auth [success=2 default=ignore] pam_unix.so nullok",
                                     "auth [default=die] pam_warifu.so first_factor_failed listed",
                                     "auth requisite pam_deny.so", "auth required pam_permit.so",
                                     "auth requisite pam_warifu.so listed nullok"));
    update({"--remove", "warifu", "warifu-first-factor"});
    EXPECT_EQ(sandbox.read(common_auth), stock_);
}

TEST_F(PamProfiles, P02_AskForTheCodeAfterThePasswordAndOnlyThere) {
    const Warifud warifud(sandbox);
    update();
    // Nobody has enrolled: the password is enough.
    EXPECT_EQ(sign_in_with("sshd", {account.password}), PAM_SUCCESS);
    Phone phone(sandbox, account);
    EXPECT_EQ(sign_in_with("sshd", {account.password, phone.code()}), PAM_SUCCESS);
    EXPECT_EQ(sign_in_with("sshd", {account.password, phone.wrong_code()}), PAM_AUTH_ERR);
    // The same question after a wrong password, and even a right code is of no use, nor is it spent.
    const int failures = warifu(sandbox, {"status", "--user", account.name}).object.at("failures").get<int>();
    EXPECT_EQ(sign_in_with("sshd", {"wrong horse", phone.wrong_code()}), PAM_AUTH_ERR);
    EXPECT_EQ(warifu(sandbox, {"status", "--user", account.name}).object.at("failures").get<int>(), failures);
}

TEST_F(PamProfiles, P02_PassByServicesThatPolicyDoesNotList) {
    const Warifud warifud(sandbox);
    update();
    const Phone phone(sandbox, account);
    EXPECT_EQ(sign_in_with("cron", {account.password}), PAM_SUCCESS);
    EXPECT_NE(sign_in_with("cron", {"wrong horse"}), PAM_SUCCESS);
}

// A fingerprint in the place of the password; a module that ends the stack where it stands, behind the
// password.
TEST_F(PamProfiles, P02_AreNotSkippedByAnotherModulesSuccess) {
    const Warifud warifud(sandbox);
    add_profile("first", profile("Primary", 900, "[success=end default=ignore] pam_permit.so"));
    add_profile("enough", profile("Additional", 900, "sufficient pam_permit.so"));
    update();
    ASSERT_THAT(rules().front(), HasSubstr("[success=3 default=ignore] pam_permit.so"));
    ASSERT_THAT(rules().back(), HasSubstr("sufficient pam_permit.so"));
    Phone phone(sandbox, account);
    EXPECT_EQ(sign_in_with("sshd", {phone.wrong_code()}), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in_with("sshd", {phone.code()}), PAM_SUCCESS);
}

// No profile can undo "sufficient" among the Primary ones, which pam-auth-update forbids: the doctor tells.
TEST_F(PamProfiles, P02_TheDoctorTellsOfAModuleThatEndsTheStackBeforeTheCode) {
    const Warifud warifud(sandbox);
    const auto skipped = [&] {
        return run(sandbox, as_root({"warifu", "doctor", "--json"})).out.find("pam-code-skipped") !=
               std::string::npos;
    };
    update();
    EXPECT_FALSE(skipped());
    add_profile("enough", profile("Primary", 900, "sufficient pam_permit.so"));
    update();
    EXPECT_TRUE(skipped());
}

}  // namespace
}  // namespace warifu::integration
