// nginx with libnginx-mod-http-auth-pam: PAM inside a worker that is www-data, one field, the samples of
// conf/.
#include <gmock/gmock.h>

#include "tests/integration/curl.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char site[] = R"(
server {
    listen 127.0.0.1:80;
    root /srv/web;
    location /private/ { include snippets/warifu.conf; }
}
)";

class NginxDoor : public ::testing::Test {
  protected:
    // The password ends in digits: where the code begins is not to be guessed.
    NginxDoor()
        : alice(sandbox.add_user("alice", "secret99")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/nginx/warifu.passwd", password_line(sandbox, alice), 0640);
        output_of(sandbox, as_root({"chgrp", "www-data", "/etc/nginx/warifu.passwd"}));
        sandbox.write("/etc/nginx/snippets/warifu.conf", sample("nginx/warifu.conf"));
        sandbox.write("/etc/nginx/sites-enabled/default", site);
        sandbox.write("/srv/web/private/tally.txt", "the tally\n");
    }

    // Listens when it returns; ends with the sandbox.
    void start() { output_of(sandbox, as_root({"nginx"})); }
    void let_it_verify() {
        ASSERT_EQ(warifu(sandbox, {"client", "add", "www-data", "--scope", "verify"}).status, 0);
    }
    CurlAnswer get(const std::string& user, const std::string& typed) {
        return curl_as(sandbox, "/private/tally.txt", user, typed);
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Phone phone;
};

TEST_F(NginxDoor, S05_NginxTakesPasswordAndCodeTogether) {
    let_it_verify();
    start();
    const CurlAnswer right = get("alice", alice.password + phone.code());
    EXPECT_EQ(right.status, 200) << sandbox.log();
    EXPECT_EQ(right.body, "the tally\n");
    sandbox.wait_for_log(
        "user=alice service=nginx rhost=127.0.0.1 tty= "
        "source=client:33:127.0.0.1 verdict=success");
    EXPECT_EQ(get("alice", alice.password + " " + phone.recovery_codes()[0]).status, 200) << sandbox.log();
}

TEST_F(NginxDoor, S05_NginxRefusesAWrongCodeAWrongPasswordAndAnUnknownUserAlike) {
    let_it_verify();
    start();
    const CurlAnswer wrong_code = get("alice", alice.password + phone.wrong_code());
    EXPECT_EQ(wrong_code.status, 401);
    EXPECT_EQ(get("alice", "nonsense" + phone.code()), wrong_code);
    EXPECT_EQ(get("alice", alice.password), wrong_code);
    EXPECT_EQ(get("nosuch", "nonsense" + phone.wrong_code()), wrong_code);
    EXPECT_EQ(get("alice", alice.password + " AAAA-BBBB-CCCC-DDDD"), wrong_code);
    const CurlAnswer nothing = curl(sandbox, "/private/tally.txt", {});
    EXPECT_EQ(nothing, wrong_code);
}

// Browsers send the same header with every request: docs/doors/nginx.md says what that means.
TEST_F(NginxDoor, S05_TheSameHeaderIsRefusedTheSecondTime) {
    let_it_verify();
    start();
    const std::string typed = alice.password + phone.code();
    EXPECT_EQ(get("alice", typed).status, 200);
    EXPECT_EQ(get("alice", typed).status, 401);
    sandbox.wait_for_log("verdict=denied reason=bad_code");  // a counter that is behind
}

TEST_F(NginxDoor, S05_WithoutRootsWordWwwDataVerifiesNobody) {
    start();
    const std::string code = phone.code();
    EXPECT_EQ(get("alice", alice.password + code).status, 401);
    sandbox.wait_for_log("you may sign in as yourself alone");
    let_it_verify();
    EXPECT_EQ(get("alice", alice.password + code).status, 200) << "the code was spent for nothing";
    ASSERT_EQ(warifu(sandbox, {"client", "remove", "www-data"}).status, 0);
    EXPECT_EQ(get("alice", alice.password + phone.code()).status, 401);
}

TEST_F(NginxDoor, S05_WhoIsNotEnrolledPassesByPolicyAlone) {
    const Account& bob = sandbox.add_user("bob", "bob's password");
    sandbox.write("/etc/nginx/warifu.passwd", password_line(sandbox, alice) + password_line(sandbox, bob),
                  0640);
    output_of(sandbox, as_root({"chgrp", "www-data", "/etc/nginx/warifu.passwd"}));
    let_it_verify();
    start();
    EXPECT_EQ(get("bob", bob.password).status, 401);
    sandbox.write("/etc/warifu/warifu.conf", "[[policy.rule]]\nservice = [\"nginx\"]\noutcome = \"pass\"\n");
    daemon.restart();
    EXPECT_EQ(get("bob", bob.password).status, 200) << sandbox.log();
    EXPECT_EQ(get("bob", "nonsense").status, 401);
    EXPECT_EQ(get("alice", alice.password).status, 401) << "who is enrolled is asked";
}

}  // namespace
}  // namespace warifu::integration
