// A panel's form with user, password and an optional code: conf/panel/panel.py with conf/pam/panel, by HTTP.
#include <gmock/gmock.h>

#include "tests/integration/curl.h"
#include "tests/integration/phone.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PanelDoor : public ::testing::Test {
  protected:
    PanelDoor()
        : alice(sandbox.add_user("alice", "secret99")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp),
          panel((install_pam_samples(sandbox), sandbox.write("/srv/panel.py", sample("panel/panel.py")),
                 sandbox),
                as_root({"/usr/bin/python3", "/srv/panel.py"})) {
        panel.expect("http://127.0.0.1:8080/\r\n");
    }

    CurlAnswer sign_in(const std::string& user, const std::string& password, const std::string& code) {
        return curl(sandbox, ":8080/sign-in",
                    {"--data-urlencode", "user=" + user, "--data-urlencode", "password=" + password,
                     "--data-urlencode", "code=" + code, "--header", "X-Real-IP: 203.0.113.9"});
    }
    // What the panel shows to who has got this answer.
    std::string page_after(const CurlAnswer& answer) {
        const auto at = answer.head.find("panel=");
        const std::string cookie =
            at == answer.head.npos ? "" : answer.head.substr(at, answer.head.find(';', at) - at);
        return curl(sandbox, ":8080/", {"--header", "Cookie: " + cookie}).body;
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
    Phone phone;
    Terminal panel;
};

TEST_F(PanelDoor, S21_PasswordAndCodeSentTogetherSignIn) {
    const CurlAnswer answer = sign_in("alice", alice.password, phone.code());
    EXPECT_EQ(answer.status, 303) << sandbox.log();
    EXPECT_THAT(page_after(answer), HasSubstr("Signed in as alice."));
    sandbox.wait_for_log(
        "user=alice service=panel rhost=203.0.113.9 tty= source=203.0.113.9 "
        "verdict=success");
    const std::string code = phone.code();
    EXPECT_EQ(sign_in("alice", alice.password, code.substr(0, 3) + " " + code.substr(3)).status, 303);
    EXPECT_EQ(sign_in("alice", alice.password, phone.recovery_codes()[0]).status, 303) << sandbox.log();
}

TEST_F(PanelDoor, S21_WhoHasNoSecondFactorLeavesTheCodeEmpty) {
    const CurlAnswer answer = sign_in("bob", bob.password, "");
    EXPECT_EQ(answer.status, 303) << sandbox.log();
    EXPECT_THAT(page_after(answer), HasSubstr("Signed in as bob."));
    EXPECT_EQ(sign_in("bob", "nonsense", "").status, 403);
}

TEST_F(PanelDoor, S21_AWrongPasswordAndAWrongCodeGetOneAnswer) {
    const CurlAnswer wrong_code = sign_in("alice", alice.password, phone.wrong_code());
    EXPECT_EQ(wrong_code.status, 403);
    EXPECT_THAT(wrong_code.body, HasSubstr("User, password or code is wrong."));
    EXPECT_EQ(sign_in("alice", "nonsense", phone.code()), wrong_code);
    EXPECT_EQ(sign_in("alice", alice.password, ""), wrong_code);
    EXPECT_EQ(sign_in("bob", "nonsense", ""), wrong_code);
    EXPECT_EQ(sign_in("nosuch", "nonsense", phone.wrong_code()), wrong_code);
    EXPECT_EQ(sign_in("", "", ""), wrong_code);
    EXPECT_THAT(page_after(wrong_code), AllOf(HasSubstr("<form"), Not(HasSubstr("Signed in"))));
}

}  // namespace
}  // namespace warifu::integration
