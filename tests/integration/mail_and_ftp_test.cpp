// vsftpd and Dovecot: servers that ask PAM as root, once for each connection, with one field; the samples of
// conf/pam.
#include <gmock/gmock.h>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr int curl_login_denied = 67;

// Listens before it says so, and gives each connection to a vsftpd of its own, as inetd would.
constexpr char ftp_listener[] = R"(
import socket, subprocess
listener = socket.create_server(("127.0.0.1", 21))
print("listening", flush=True)
while True:
    connection, _ = listener.accept()
    subprocess.Popen(["vsftpd", "/etc/vsftpd.conf"], stdin=connection, stdout=connection)
    connection.close()
)";
constexpr char ftp_settings[] = R"(listen=NO
local_enable=YES
anonymous_enable=NO
delay_failed_login=0
secure_chroot_dir=/run/vsftpd/empty
pam_service_name=vsftpd
)";

constexpr char imap_settings[] = R"(protocols = imap
listen = 127.0.0.1
ssl = no
auth_failure_delay = 0
mail_location = maildir:~/Maildir
passdb {
  driver = pam
  args = dovecot
}
userdb {
  driver = passwd
}
# No longer and longer waits for an address that was refused: the test is refused several times.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
)";

class SingleFieldServer : public ::testing::Test {
  protected:
    SingleFieldServer()
        : alice(sandbox.add_user("alice", "secret99")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
    }

    // curl's exit status of a sign-in and one look.
    int look(const std::string& url, const std::string& user, const std::string& typed) {
        return run(sandbox, as_root({"curl", "--silent", "--user", user + ":" + typed, url})).status;
    }
    void expect_password_and_code_together(const std::string& url, const std::string& service) {
        EXPECT_EQ(look(url, "alice", alice.password + phone.code()), 0) << sandbox.log();
        sandbox.wait_for_log("user=alice service=" + service + " rhost=127.0.0.1");
        EXPECT_EQ(look(url, "alice", alice.password + " " + phone.recovery_codes()[0]), 0) << sandbox.log();
        EXPECT_EQ(look(url, "alice", alice.password + phone.wrong_code()), curl_login_denied);
        EXPECT_EQ(look(url, "alice", "nonsense" + phone.code()), curl_login_denied);
        EXPECT_EQ(look(url, "alice", alice.password), curl_login_denied);
        EXPECT_EQ(look(url, "nosuch", "nonsense" + phone.wrong_code()), curl_login_denied);
        EXPECT_EQ(look(url, "bob", bob.password), 0) << "nullok lets whoever has not enrolled pass\n"
                                                     << sandbox.log();
        EXPECT_EQ(look(url, "bob", "nonsense"), curl_login_denied);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
    Phone phone;
};

TEST_F(SingleFieldServer, S05_VsftpdTakesPasswordAndCodeTogether) {
    sandbox.write("/etc/vsftpd.conf", ftp_settings);
    output_of(sandbox, as_root({"mkdir", "-p", "/run/vsftpd/empty"}));
    Terminal listener(sandbox, as_root({"/usr/bin/python3", "-c", ftp_listener}));
    listener.expect("listening");
    expect_password_and_code_together("ftp://127.0.0.1/", "vsftpd");
}

TEST_F(SingleFieldServer, S05_DovecotTakesPasswordAndCodeTogether) {
    sandbox.write("/etc/dovecot/dovecot.conf", imap_settings);
    output_of(sandbox, as_root({"dovecot"}));  // listens when it returns; ends with the sandbox
    expect_password_and_code_together("imap://127.0.0.1/", "dovecot");
}

}  // namespace
}  // namespace warifu::integration
