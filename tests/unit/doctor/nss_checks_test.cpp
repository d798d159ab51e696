// Rules that go by the groups of the NSS module.
#include <gmock/gmock.h>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char sshd[] = "/etc/ssh/sshd_config";

Facts with_sshd(const std::string& text) {
    Facts facts = good_facts();
    facts.nss.nsswitch = "passwd: files\ngroup:  files systemd warifu # and no more\n";
    facts.nss.module_found = true;
    facts.nss.sshd = {{sshd, text}};
    return facts;
}

TEST(NssChecks, E10_WhoExemptsBySshdsGroupIsWell) {
    EXPECT_THAT(ids(check_nss(good_facts())), IsEmpty());
    EXPECT_THAT(ids(check_nss(with_sshd("Match Group warifu-exempt\n  AuthenticationMethods publickey\n"))),
                IsEmpty());
}

TEST(NssChecks, E10_SshdGoesByWhoIsEnrolled) {
    const Facts facts = with_sshd(
        "AuthenticationMethods publickey\n# Match Group warifu-enrolled\nmatch user x GROUP "
        "staff,warifu-enrolled\n"
        "  AuthenticationMethods keyboard-interactive\nBanner /etc/warifu-enrolled\n");
    EXPECT_THAT(ids(check_nss(facts)), ElementsAre("nss-group-strengthens /etc/ssh/sshd_config:3"));
}

TEST(NssChecks, E10_PamAndSudoGoByWhoIsEnrolled) {
    Facts facts = good_facts();
    put_pam_file(facts, "sudo",
                 "auth [success=1 default=ignore] pam_succeed_if.so user notingroup warifu-enrolled\n" +
                     std::string(good_stack));
    facts.nss.sudo = {{"/etc/sudoers", "%warifu-pending ALL=(ALL) ALL\n"}};
    EXPECT_THAT(ids(check_nss(facts)), ElementsAre("nss-group-strengthens /etc/sudoers:1",
                                                   "nss-group-strengthens /etc/pam.d/sudo:1"));
}

TEST(NssChecks, E10_NobodyAsksWarifuForGroups) {
    Facts facts = with_sshd("Match Group warifu-exempt\n  AuthenticationMethods publickey\n");
    for (const char* nsswitch :
         {"", "group: files\n", "group: files # warifu\n", "groups: warifu\n",
          "passwd: warifu\ngroup: files\n", "group: files warifu\ninitgroups: files\n"}) {
        facts.nss.nsswitch = nsswitch;
        EXPECT_THAT(ids(check_nss(facts)), ElementsAre("nss-not-asked /etc/ssh/sshd_config:1")) << nsswitch;
    }
    facts.nss.nsswitch = "group: files\ninitgroups: files [SUCCESS=continue] warifu\n";
    EXPECT_THAT(ids(check_nss(facts)), IsEmpty());
}

TEST(NssChecks, E10_TheModuleIsMissing) {
    Facts facts = with_sshd("Match Group warifu-exempt\n");
    facts.nss.module_found = false;
    EXPECT_THAT(ids(check_nss(facts)), ElementsAre("nss-module-missing libnss_warifu.so.2"));
    facts.nss.sshd.clear();
    EXPECT_THAT(ids(check_nss(facts)), IsEmpty()) << "nothing goes by it";
}

}  // namespace
}  // namespace warifu::doctor::test
