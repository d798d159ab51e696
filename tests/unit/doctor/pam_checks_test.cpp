// Mistakes in PAM's files.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

// sudo's file has this text, and nothing else is wrong.
std::vector<std::string> found_in(const std::string& text, const std::string& service = "sudo") {
    Facts facts = good_facts();
    put_pam_file(facts, service, text);
    return ids(check_pam(facts));
}

// The sample's stack with this line in the place of the one that asks for the code.
std::string with_code_line(const std::string& line) {
    std::string text = good_stack;
    const std::string code = "auth requisite pam_warifu.so nullok\n";
    text.replace(text.find(code), code.size(), line + "\n");
    return text;
}

TEST(PamChecks, E10_NothingIsWrongWithTheSamples) {
    EXPECT_THAT(ids(check_pam(good_facts())), IsEmpty());
    Facts facts = good_facts();
    facts.pam.files.clear();
    for (const char* name : {"common-account", "common-session", "common-session-noninteractive",
                             "common-password", "common-auth"})
        put_pam_file(facts, name, "auth required pam_permit.so\n");
    int samples = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(WARIFU_SOURCE_DIR) / "conf/pam")) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        put_pam_file(facts, entry.path().filename(), text.str());
        ++samples;
    }
    EXPECT_GE(samples, 5);
    EXPECT_THAT(ids(check_pam(facts)), IsEmpty());
}

TEST(PamChecks, E10_OtherUsualStacksAreRightToo) {
    for (const char* text :
         {// one field for both
          "auth requisite pam_warifu.so forward_pass\nauth requisite pam_unix.so use_first_pass\n",
          // no unenrolled, no permit
          "auth requisite pam_unix.so\nauth required pam_warifu.so\n",
          // keys or password
          "auth [success=3 default=ignore] pam_warifu.so completed=publickey\n"
          "auth [success=2 default=ignore] pam_unix.so\n"
          "auth [default=die] pam_warifu.so first_factor_failed\nauth requisite pam_deny.so\n"
          "auth requisite pam_warifu.so nullok\nauth required pam_permit.so\n",
          // an approval instead of both
          "auth [success=done default=ignore] pam_warifu.so passwordless\n"
          "auth requisite pam_unix.so\nauth required pam_warifu.so\n",
          // more after the end
          "auth requisite pam_unix.so\nauth required pam_warifu.so nullok\nauth required pam_permit.so\n"
          "auth optional pam_cap.so\n"})
        EXPECT_THAT(found_in(text), IsEmpty()) << text;
}

TEST(PamChecks, E10_AnApprovalThatIsRefusedIsNoWayIn) {
    EXPECT_THAT(found_in("auth [default=2] pam_warifu.so passwordless\nauth requisite pam_unix.so\n"
                         "auth requisite pam_warifu.so\nauth required pam_permit.so\n"),
                testing::Contains("pam-code-skipped /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in("auth optional pam_warifu.so passwordless\nauth required pam_permit.so\n", "cron"),
                ElementsAre("pam-failure-ignored /etc/pam.d/cron:1"));
    EXPECT_THAT(found_in("auth requisite pam_warifu.so passwordless\nauth required pam_permit.so\n", "cron"),
                IsEmpty());
}

TEST(PamChecks, E10_ListedServicesWithoutACodeLine) {
    EXPECT_THAT(found_in("auth required pam_unix.so\n", "cockpit"),
                ElementsAre("pam-missing /etc/pam.d/cockpit"));
    EXPECT_THAT(found_in("auth required pam_unix.so\n", "cron"), IsEmpty());
    EXPECT_THAT(found_in("account required pam_warifu.so\n", "cockpit"),
                ElementsAre("pam-missing /etc/pam.d/cockpit"));
    EXPECT_THAT(found_in("auth [default=die] pam_warifu.so first_factor_failed\n", "cockpit"),
                ElementsAre("pam-missing /etc/pam.d/cockpit"));
}

TEST(PamChecks, E10_TheCodeBeforeThePassword) {
    const std::string text = "auth required pam_warifu.so\nauth required pam_unix.so\n";
    EXPECT_THAT(found_in(text), ElementsAre("pam-code-first /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in(text, "cockpit"), ElementsAre("pam-code-first-cockpit /etc/pam.d/cockpit:1"));
    EXPECT_EQ(row_of(Kind::pam_code_first_cockpit).severity, Severity::fault);
}

// libpam goes on after a "required" line that failed, and after a substack that did.
TEST(PamChecks, E10_TheCodeAfterAWrongPassword) {
    const std::string found = "pam-code-after-refusal /etc/pam.d/sudo:2";
    EXPECT_THAT(found_in("auth required pam_unix.so\nauth requisite pam_warifu.so\n"), ElementsAre(found));
    EXPECT_THAT(found_in("auth [success=ok default=bad] pam_sss.so\nauth requisite pam_warifu.so\n"),
                ElementsAre(found));
    Facts facts = good_facts();
    put_pam_file(facts, "password-auth", "auth sufficient pam_unix.so\nauth required pam_deny.so\n");
    put_pam_file(facts, "sudo", "auth substack password-auth\nauth required pam_warifu.so\n");
    EXPECT_THAT(ids(check_pam(facts)), Contains(found));
    // An include is no substack: there "requisite" ends it all.
    put_pam_file(facts, "common-auth",
                 "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n"
                 "auth required pam_permit.so\n");
    put_pam_file(facts, "sudo", "@include common-auth\nauth required pam_warifu.so\n");
    EXPECT_THAT(ids(check_pam(facts)), IsEmpty());
    // One directory after the other: the second one's success is enough.
    EXPECT_THAT(found_in("auth [success=3 default=ignore] pam_unix.so\n"
                         "auth [success=2 default=ignore] pam_sss.so\n"
                         "auth [default=die] pam_warifu.so first_factor_failed\nauth requisite pam_deny.so\n"
                         "auth requisite pam_warifu.so\nauth required pam_permit.so\n"),
                IsEmpty());
}

TEST(PamChecks, E10_LinesThatSkipTheCode) {
    EXPECT_THAT(found_in("auth sufficient pam_unix.so\nauth required pam_warifu.so\n"),
                Contains("pam-code-skipped /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in("auth [success=done default=ignore] pam_fprintd.so\nauth requisite pam_unix.so\n"
                         "auth required pam_warifu.so\n"),
                ElementsAre("pam-code-skipped /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in("auth [success=1 default=bad] pam_unix.so\nauth required pam_warifu.so\n"
                         "auth required pam_permit.so\n"),
                Contains("pam-code-skipped /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in("auth requisite pam_unix.so\n"
                         "auth [success=1 default=ignore] pam_succeed_if.so user ingroup robots\n"
                         "auth required pam_warifu.so\nauth required pam_permit.so\n"),
                ElementsAre("pam-exemption /etc/pam.d/sudo:2"));
    EXPECT_THAT(found_in("auth sufficient pam_rootok.so\n" + std::string(good_stack)), IsEmpty());
}

TEST(PamChecks, E10_ControlsThatIgnoreARefusal) {
    for (const char* line :
         {"auth optional pam_warifu.so", "auth [default=ignore] pam_warifu.so",
          "auth [success=ok default=ignore] pam_warifu.so", "auth sufficient pam_warifu.so"})
        EXPECT_THAT(found_in(with_code_line(line)), Contains("pam-failure-ignored /etc/pam.d/sudo:5"))
            << line;
}

TEST(PamChecks, E10_ALineThatNamesAnotherFileThanTheConfiguration) {
    const auto found = [](const std::string& options, const std::vector<std::string>& sources,
                          const std::string& user = "root") {
        Facts facts = good_facts();
        facts.config.in_force->sources = sources;
        facts.config.in_force->google_authenticator_file = "/etc/ga/${USER}";
        facts.config.in_force->google_authenticator_user = user;
        put_pam_file(facts, "sudo", with_code_line("auth requisite pam_warifu.so " + options));
        return ids(check_pam(facts));
    };
    const std::vector<std::string> both = {"central", "google-authenticator"};
    EXPECT_THAT(found("secret=/etc/ga/${USER} user=root", both), IsEmpty());
    EXPECT_THAT(found("user=root", both), IsEmpty());
    for (const char* options : {"secret=/etc/ga/${USER}", "secret=~/.ga user=root", "user=other"})
        EXPECT_THAT(found(options, both), ElementsAre("pam-file-alone /etc/pam.d/sudo:5")) << options;
    EXPECT_THAT(found("secret=/etc/ga/${USER} user=root", {"central"}),
                ElementsAre("pam-file-alone /etc/pam.d/sudo:5"));
}

TEST(PamChecks, E10_ControlsThatIgnoreAnOutage) {
    for (const char* answer : {"authinfo_unavail", "system_err"}) {
        const std::string line = std::string("auth [success=ok ignore=ignore ") + answer +
                                 "=ignore default=die] pam_warifu.so nullok";
        EXPECT_THAT(found_in(with_code_line(line)), ElementsAre("pam-outage-ignored /etc/pam.d/sudo:5"));
    }
}

TEST(PamChecks, E10_StacksThatNobodyPasses) {
    std::string text = good_stack;
    text.replace(text.find("success=2"), 9, "success=1");
    EXPECT_THAT(found_in(text), ElementsAre("pam-never-succeeds /etc/pam.d/sudo"));
}

TEST(PamChecks, E10_StacksWithoutAnEnd) {
    std::string text = good_stack;
    text.erase(text.find("auth required pam_permit.so\n"));
    EXPECT_THAT(found_in(text), ElementsAre("pam-ignored-refused /etc/pam.d/sudo"));
    for (const char* harmless : {"auth requisite pam_nologin.so\n", "auth optional pam_group.so\n"})
        EXPECT_THAT(found_in(harmless + text), ElementsAre("pam-ignored-refused /etc/pam.d/sudo"))
            << harmless;
    text.erase(text.find(" nullok"), 7);
    EXPECT_THAT(found_in(text), IsEmpty()) << "requisite is required enough";
    EXPECT_THAT(found_in(text + "auth optional pam_cap.so\n"),
                ElementsAre("pam-no-final-line /etc/pam.d/sudo"));
    // What pam-auth-update writes has said yes before, with the password.
    EXPECT_THAT(
        found_in(
            "auth requisite pam_unix.so\nauth required pam_warifu.so nullok\nauth optional pam_cap.so\n"),
        IsEmpty());
}

TEST(PamChecks, E10_OptionsThatDenyEverybody) {
    Facts facts = good_facts();
    put_pam_file(facts, "sudo", with_code_line("auth requisite pam_warifu.so nullok nulok"));
    const Finding found = only(check_pam(facts), Kind::pam_option);
    EXPECT_EQ(found.subject, "/etc/pam.d/sudo:5");
    EXPECT_EQ(found.message.english(), "the option nulok is refused");
}

TEST(PamChecks, E10_NullokWherePolicyRefuses) {
    Facts facts = good_facts();
    facts.config.in_force->unenrolled = Unenrolled::refuse;
    EXPECT_THAT(ids(check_pam(facts)),
                ElementsAre("pam-nullok-refused /etc/pam.d/sshd:5", "pam-nullok-refused /etc/pam.d/sudo:5"));
}

TEST(PamChecks, E10_FilesAndModulesThatAreNotThere) {
    EXPECT_THAT(found_in("@include gone\n" + std::string(good_stack)),
                ElementsAre("pam-file-missing /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in("auth requird pam_unix.so\n" + std::string(good_stack)),
                ElementsAre("pam-line-malformed /etc/pam.d/sudo:1"));
    EXPECT_THAT(found_in(with_code_line("-auth requisite pam_warifu.so nullok")),
                ElementsAre("pam-module-optional /etc/pam.d/sudo:5"));
    Facts facts = good_facts();
    facts.pam.module_found = false;
    EXPECT_THAT(ids(check_pam(facts)), ElementsAre("pam-module-missing pam_warifu.so"));
    facts.pam.files.clear();
    EXPECT_THAT(ids(check_pam(facts)), IsEmpty());
}

TEST(PamChecks, E10_ASharedLineIsNamedOnce) {
    Facts facts = good_facts();
    put_pam_file(facts, "common-auth", "auth sufficient pam_unix.so\nauth required pam_warifu.so\n");
    for (const char* service : {"sshd", "sudo", "cron"})
        put_pam_file(facts, service, "@include common-auth\n");
    facts.sshd.reset();
    EXPECT_THAT(ids(examine(facts)), ElementsAre("pam-code-after-refusal /etc/pam.d/common-auth:2",
                                                 "pam-code-skipped /etc/pam.d/common-auth:1"));
}

}  // namespace
}  // namespace warifu::doctor::test
