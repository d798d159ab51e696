// Login names of a directory at the SSH door: in another case, with a domain, with uids of the upper half and
// homes elsewhere.
#include <gmock/gmock.h>

#include <string>

#include "tests/integration/ldap_directory.h"
#include "tests/integration/phone.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

const Account alice{"Alice.Smith", "alice's password", 3'000'000'001, 3'000'000'001, "/srv/people/a/alice"};
const Account bob{"EXAMPLE\\bob", "bob's password", 4'294'967'000, 4'294'967'000, "/srv/people/b/bob"};
const Account carol{"carol@example.org", "carol's password", 70'001, 70'001, "/srv/people/c/carol"};

class LdapNames : public ::testing::Test {
  protected:
    LdapNames()
        : directory(sandbox, {{alice, {"asmith"}}, {bob, {}}, {carol, {}}}),
          daemon(sandbox),
          sshd((install_pam_samples(sandbox), sandbox), sample("sshd_config.d/warifu.conf")) {}

    // Whether `name` gets in with these, and what it is there.
    int sign_in(const std::string& name, const std::string& password, const std::string& code) {
        Terminal terminal(sandbox, ssh(name, "echo uid=$(id -u) in $(pwd)"));
        terminal.expect("Password: ");
        terminal.type_line(password);
        terminal.expect("One-time code: ");
        terminal.type_line(code);
        const int status = terminal.wait();
        shown = terminal.transcript();
        return status;
    }
    static std::string identity(const Account& account) {
        return "uid=" + std::to_string(account.uid) + " in " + account.home;
    }

    Sandbox sandbox;
    LdapDirectory directory;
    Warifud daemon;
    Sshd sshd;
    std::string shown;
};

TEST_F(LdapNames, N03_PeopleOfADirectoryEnrolThemselvesAndSignIn) {
    for (const Account& account : {alice, bob, carol}) {
        SCOPED_TRACE(account.name);
        // By themselves, as whom the kernel and NSS have them.
        const auto offer = warifu(sandbox, account, {"enroll"});
        ASSERT_EQ(offer.status, 0) << offer.object;
        EXPECT_EQ(offer.object.at("user"), account.name);
        Phone phone(sandbox, account, PhoneKind::hotp);
        EXPECT_EQ(sign_in(account.name, account.password, phone.code()), 0) << shown << sandbox.log();
        EXPECT_THAT(shown, HasSubstr(identity(account)));
        EXPECT_NE(sign_in(account.name, account.password, phone.wrong_code()), 0);
        EXPECT_EQ(warifu(sandbox, account, {"status"}).object.at("failures"), 1);
    }
}

// Whatever somebody types, the account is the one that NSS means, and a code is spent for all spellings.
TEST_F(LdapNames, N03_ANameInAnotherCaseIsTheSameAccount) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string code = phone.code();
    EXPECT_EQ(sign_in("alice.smith", alice.password, code), 0) << shown << sandbox.log();
    EXPECT_THAT(shown, HasSubstr(identity(alice)));
    for (const char* spelling : {"ALICE.SMITH", "Alice.Smith", "alice.smith"}) {
        EXPECT_NE(sign_in(spelling, alice.password, code), 0) << spelling;
    }
    EXPECT_EQ(sign_in("aLICE.sMITH", alice.password, phone.code()), 0) << shown << sandbox.log();
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice.SMITH"}).object.at("user"), "Alice.Smith");
    EXPECT_EQ(warifu(sandbox, {"list"}).object.at("accounts").size(), 1U);
}

// A second name of the same uid is no way past the second factor, enrolled or not.
TEST_F(LdapNames, N03_AnotherNameOfTheSameUidIsNoWayRoundTheCode) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_NE(sign_in("asmith", alice.password, ""), 0) << shown;
    EXPECT_NE(sign_in("asmith", alice.password, phone.wrong_code()), 0) << shown;
}

// Nobody gets in because a directory does not answer, with a code or as somebody who has none.
TEST_F(LdapNames, N03_ADirectoryThatIsGoneLetsNobodyIn) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    directory.stop_slapd();
    for (const char* name : {"Alice.Smith", "carol@example.org"}) {
        EXPECT_NE(sign_in(name, name[0] == 'A' ? alice.password : carol.password, phone.code()), 0) << shown;
    }
}

}  // namespace
}  // namespace warifu::integration
