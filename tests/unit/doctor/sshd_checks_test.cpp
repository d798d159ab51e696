// Mistakes in sshd's configuration, as `sshd -T` tells it.
#include <gmock/gmock.h>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Facts with(const std::vector<std::pair<std::string, std::string>>& settings) {
    Facts facts = good_facts();
    std::string& text = facts.sshd->settings;
    for (const auto& [keyword, value] : settings) {
        const std::size_t at = text.find(keyword + " ");
        EXPECT_NE(at, text.npos) << keyword;
        text.replace(at, text.find('\n', at) - at, keyword + " " + value);
    }
    return facts;
}

std::vector<std::string> found_with(const std::vector<std::pair<std::string, std::string>>& settings) {
    return ids(check_sshd(with(settings)));
}

TEST(SshdChecks, E10_NothingIsWrongWithTheSample) {
    EXPECT_THAT(ids(check_sshd(good_facts())), IsEmpty());
}

TEST(SshdChecks, E10_WithoutPamNothingIsAsked) {
    EXPECT_THAT(found_with({{"usepam", "no"}}), ElementsAre("sshd-pam-off sshd"));
}

TEST(SshdChecks, E10_KeyboardInteractiveOff) {
    EXPECT_THAT(found_with({{"kbdinteractiveauthentication", "no"}}),
                ElementsAre("sshd-keyboard-interactive-off sshd", "sshd-methods-unmet sshd"));
    EXPECT_THAT(found_with({{"kbdinteractiveauthentication", "no"}, {"authenticationmethods", "publickey"}}),
                ElementsAre("sshd-keyboard-interactive-off sshd", "sshd-key-alone sshd"));
}

TEST(SshdChecks, E10_ThePasswordMethod) {
    EXPECT_THAT(found_with({{"passwordauthentication", "yes"}}), IsEmpty())
        << "AuthenticationMethods forbids it";
    EXPECT_THAT(found_with({{"passwordauthentication", "yes"},
                            {"authenticationmethods", "any"},
                            {"pubkeyauthentication", "no"}}),
                ElementsAre("sshd-password-method sshd"));
    Facts one_field = with({{"passwordauthentication", "yes"},
                            {"kbdinteractiveauthentication", "no"},
                            {"authenticationmethods", "password"}});
    put_pam_file(one_field, "sshd",
                 "auth requisite pam_warifu.so forward_pass\nauth requisite pam_unix.so use_first_pass\n");
    EXPECT_THAT(ids(check_sshd(one_field)), IsEmpty()) << "password and code come together";
}

TEST(SshdChecks, E10_MethodsThatNobodyCanMeet) {
    for (const char* lists :
         {"hostbased", "publickey,gssapi-with-mic", "publickey,password", "password,keyboard-interactive",
          "nonsense", "hostbased keyboard-interactive,none"})
        EXPECT_THAT(found_with({{"authenticationmethods", lists}}), ElementsAre("sshd-methods-unmet sshd"))
            << lists;
    const Facts some = with({{"authenticationmethods", "hostbased keyboard-interactive:pam"}});
    const Finding found = only(check_sshd(some), Kind::sshd_method_list_unmet);
    EXPECT_THAT(found.message.english(), HasSubstr(": hostbased"));
    EXPECT_THAT(found.message.english(), Not(HasSubstr("interactive:")));
}

TEST(SshdChecks, E10_AKeyAlone) {
    EXPECT_THAT(found_with({{"authenticationmethods", "any"}}), ElementsAre("sshd-key-alone sshd"));
    EXPECT_THAT(found_with({{"authenticationmethods", "keyboard-interactive publickey"}}),
                ElementsAre("sshd-key-alone sshd"));
}

TEST(SshdChecks, E10_ConfigurationThatSshdRefuses) {
    Facts facts = good_facts();
    facts.sshd = SshdFacts{"", Sentence("sshd refuses its configuration: %1", "line 3: Bad option")};
    EXPECT_THAT(ids(check_sshd(facts)), ElementsAre("sshd-unreadable sshd"));
}

TEST(SshdChecks, E10_WhereSshAsksForNoCodeItMayBeAsItIs) {
    Facts facts = with({{"usepam", "no"}});
    put_pam_file(facts, "sshd", "auth required pam_unix.so\n");
    EXPECT_THAT(ids(check_sshd(facts)), IsEmpty());
}

}  // namespace
}  // namespace warifu::doctor::test
