// packaging/authselect/warifu, rendered as authselect does, and run by libpam. Debian has no authselect: the
// renderer here knows what authselect-profiles(5) says of the two operators that the profile uses, and
// refuses any other:
//   {include if "F"}   {exclude if "F"}   the line is there, or not, if the feature F is selected
//   {if "F":A|B}                          A if F is selected, B otherwise (without "|": nothing)
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/source_file.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Features = std::set<std::string>;

// nothing: the line is left out.
std::string rendered_line(std::string line, const Features& features) {
    static const std::regex whole(R"re(\s*\{(include|exclude) if "([^"]+)"\}\s*$)re");
    static const std::regex inner(R"re(\{if "([^"]+)":([^|{}]*)(?:\|([^{}]*))?\})re");
    std::smatch found;
    if (std::regex_search(line, found, whole)) {
        if (features.contains(found[2]) != (found[1] == "include")) return "";
        line = found.prefix();
    }
    while (std::regex_search(line, found, inner)) {
        const std::string chosen = features.contains(found[1]) ? found[2] : found[3];
        line = found.prefix().str() + chosen + found.suffix().str();
    }
    if (line.find('{') != std::string::npos) throw std::runtime_error("not an operator known here: " + line);
    return line + "\n";
}

std::string rendered(const std::string& file, const Features& features) {
    std::istringstream lines(source_file("packaging/authselect/warifu/" + file));
    std::string text;
    for (std::string line; std::getline(lines, line);) text += rendered_line(line, features);
    return text;
}

// A door as Fedora's sshd, and one as its sudo.
class AuthselectProfile : public ::testing::TestWithParam<Features> {
  protected:
    AuthselectProfile() {
        for (const char* file : {"system-auth", "password-auth", "postlogin"}) {
            sandbox.write(std::string("/etc/pam.d/") + file, rendered(file, GetParam()));
        }
        sandbox.write("/etc/pam.d/sshd", "auth substack password-auth\nauth include postlogin\n");
        sandbox.write("/etc/pam.d/sudo", "auth include system-auth\n");
        sandbox.write("/etc/pam.d/crond", "auth include password-auth\n");
    }
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
};

TEST_P(AuthselectProfile, P03_AsksForTheCodeAfterThePasswordWhateverTheFeatures) {
    const Warifud warifud(sandbox);
    const bool passes_unenrolled = !GetParam().contains("without-nullok");
    if (passes_unenrolled) {
        EXPECT_EQ(sign_in_with("sshd", {account.password}), PAM_SUCCESS);
    }
    Phone phone(sandbox, account, PhoneKind::hotp);
    for (const char* service : {"sshd", "sudo"}) {
        EXPECT_EQ(sign_in_with(service, {account.password, phone.code()}), PAM_SUCCESS) << service;
        EXPECT_EQ(sign_in_with(service, {account.password, phone.wrong_code()}), PAM_AUTH_ERR) << service;
        EXPECT_NE(sign_in_with(service, {"wrong horse", phone.wrong_code()}), PAM_SUCCESS) << service;
    }
    // What policy does not list is asked for the password alone.
    EXPECT_EQ(sign_in_with("crond", {account.password}), PAM_SUCCESS);
    EXPECT_NE(sign_in_with("crond", {"wrong horse"}), PAM_SUCCESS);
}

INSTANTIATE_TEST_SUITE_P(Features, AuthselectProfile,
                         ::testing::Values(Features{}, Features{"with-sssd"}, Features{"with-faillock"},
                                           Features{"with-sssd", "with-faillock", "without-nullok"}));

TEST(AuthselectFiles, P03_LeaveOutWhatNoFeatureWants) {
    for (const char* file :
         {"nsswitch.conf", "REQUIREMENTS", "fingerprint-auth", "smartcard-auth", "dconf-db", "dconf-locks"}) {
        EXPECT_THAT(rendered(file, {}), Not(HasSubstr("sss"))) << file;
        rendered(file, {"with-sssd", "with-faillock", "with-mkhomedir", "without-nullok"});
    }
}

}  // namespace
}  // namespace warifu::integration
