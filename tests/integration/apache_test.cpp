// Apache with libapache2-mod-authnz-pam: PAM_SILENT, www-data, one field, the samples of conf/.
#include <gmock/gmock.h>

#include "tests/integration/curl.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

class ApacheDoor : public ::testing::Test {
  protected:
    ApacheDoor()
        : alice(sandbox.add_user("alice", "secret99")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/apache2/warifu.passwd", password_line(sandbox, alice), 0640);
        output_of(sandbox, as_root({"chgrp", "www-data", "/etc/apache2/warifu.passwd"}));
        sandbox.write("/etc/apache2/ports.conf", "Listen 127.0.0.1:80\nServerName localhost\n");
        sandbox.write("/var/www/html/private/index.html", "the tally\n");
        EXPECT_EQ(warifu(sandbox, {"client", "add", "www-data", "--scope", "verify"}).status, 0);
    }

    // Listens when it returns; ends with the sandbox.
    void start(const std::string& conf = sample("apache2/warifu.conf")) {
        sandbox.write("/etc/apache2/conf-available/warifu.conf", conf);
        output_of(sandbox, as_root({"a2enmod", "-q", "authnz_pam", "authn_socache", "socache_shmcb"}));
        output_of(sandbox, as_root({"a2enconf", "-q", "warifu"}));
        output_of(sandbox, as_root({"apache2ctl", "-k", "start"}));
    }
    CurlAnswer get(const std::string& user, const std::string& typed) {
        return curl_as(sandbox, "/private/", user, typed);
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Phone phone;
};

TEST_F(ApacheDoor, S05_ApacheTakesPasswordAndCodeTogether) {
    start();
    const CurlAnswer right = get("alice", alice.password + phone.code());
    EXPECT_EQ(right.status, 200) << sandbox.log();
    EXPECT_EQ(right.body, "the tally\n");
    sandbox.wait_for_log(
        "user=alice service=apache2 rhost=127.0.0.1 tty= "
        "source=client:33:127.0.0.1 verdict=success");
}

// The text that tells how many are left would end the conversation: PAM_SILENT keeps it back.
TEST_F(ApacheDoor, S05_ApacheTakesARecoveryCodeBehindABlank) {
    start();
    EXPECT_EQ(get("alice", alice.password + " " + phone.recovery_codes()[0]).status, 200) << sandbox.log();
}

TEST_F(ApacheDoor, S05_ApacheRefusesAWrongCodeAWrongPasswordAndAnUnknownUserAlike) {
    start();
    const CurlAnswer wrong_code = get("alice", alice.password + phone.wrong_code());
    EXPECT_EQ(wrong_code.status, 401);
    EXPECT_EQ(get("alice", "nonsense" + phone.code()), wrong_code);
    EXPECT_EQ(get("alice", alice.password), wrong_code);
    EXPECT_EQ(get("nosuch", "nonsense" + phone.wrong_code()), wrong_code);
}

// What a browser does: the cache lets the header of a right sign-in pass again, and no other.
TEST_F(ApacheDoor, S05_TheCacheLetsTheHeaderOfASignInPassAgain) {
    start();
    const std::string typed = alice.password + phone.code();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(get("alice", typed).status, 200) << i;
    }
    EXPECT_EQ(get("alice", typed + "0").status, 401);
    EXPECT_EQ(get("alice", alice.password).status, 401);
    // Nor does anything else reach PAM as long as the cache knows the person.
    const std::string code = phone.code();
    EXPECT_EQ(get("alice", alice.password + code).status, 401);
    EXPECT_EQ(warifu(sandbox, {"verify", "--user", "alice", code}).status, 0) << "the code was spent";
}

TEST_F(ApacheDoor, S05_WithoutTheCacheTheSameHeaderIsRefused) {
    std::string conf = sample("apache2/warifu.conf");
    const std::string cached = "socache PAM";
    start(conf.replace(conf.find(cached), cached.size(), "PAM"));
    const std::string typed = alice.password + phone.code();
    EXPECT_EQ(get("alice", typed).status, 200);
    EXPECT_EQ(get("alice", typed).status, 401);
    sandbox.wait_for_log("verdict=denied reason=bad_code");  // a counter that is behind
}

// The other way of docs/doors/apache.md: the host's own passwords, for a www-data that may read them.
TEST_F(ApacheDoor, S05_WithHostPasswordsForAWwwDataInGroupShadow) {
    std::string stack = sample("pam/apache2");
    const std::string own_file = "pam_pwdfile.so pwdfile=/etc/apache2/warifu.passwd use_first_pass nodelay";
    stack.replace(stack.find(own_file), own_file.size(), "pam_unix.so use_first_pass nodelay");
    const std::string permit = "account    required     pam_permit.so";
    stack.replace(stack.find(permit), permit.size(), "@include common-account");
    sandbox.write("/etc/pam.d/apache2", stack);
    output_of(sandbox, as_root({"rm", "/etc/apache2/warifu.passwd"}));
    output_of(sandbox, as_root({"usermod", "-a", "-G", "shadow", "www-data"}));
    start();
    const CurlAnswer wrong_password = get("alice", "nonsense" + phone.code());
    EXPECT_EQ(wrong_password.status, 401);
    EXPECT_EQ(get("alice", alice.password + phone.wrong_code()), wrong_password);
    EXPECT_EQ(get("alice", alice.password + phone.code()).status, 200) << sandbox.log();
}

}  // namespace
}  // namespace warifu::integration
