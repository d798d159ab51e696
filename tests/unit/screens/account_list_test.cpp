// The screens of administrators.
#include <gmock/gmock.h>

#include "tests/unit/screens/fake_accounts.h"
#include "tests/unit/screens/person.h"

namespace warifu::screens::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class AccountListScreen : public ::testing::Test {
  protected:
    AccountListScreen() {
        accounts.administrator = true;
        accounts.set_up_phone();
        accounts.accounts = {{"alice", "active", 1, 10, 1'767'225'600},
                             {"bob", "suspended", 1, 3, {}},
                             {"carol", "none", 0, 0, {}}};
    }

    void open(Person& person) {
        person.press(KeyName::last);
        person.enter();
    }
    void choose(Person& person, const std::string& action) {
        person.press(KeyName::first);
        for (int i = 0; i < 10 && person.screen().find("> " + action) == std::string::npos; ++i)
            person.press(KeyName::down);
        person.enter();
    }

    FakeAccounts accounts;
    const Surroundings administrator{true, true, "tally", "/nowhere"};
};

TEST_F(AccountListScreen, IsForAdministratorsAlone) {
    Person person(accounts);
    EXPECT_THAT(person.screen(), Not(HasSubstr("Accounts of this host")));
}

TEST_F(AccountListScreen, IsSearchedAsOneTypesAndFilteredByState) {
    Person person(accounts, administrator);
    open(person);
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("> alice"), HasSubstr("bob"), HasSubstr("carol")));
    person.type("bo");
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("> bob"), Not(HasSubstr("alice"))));
    person.press(KeyName::backspace);
    person.press(KeyName::backspace);
    person.press(KeyName::tab);
    EXPECT_THAT(accounts.asked.back(), "list  active");
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("Search (on):"), HasSubstr("> alice"), Not(HasSubstr("bob"))));
}

TEST_F(AccountListScreen, OneAccountIsSuspendedResumedUnlockedRequiredAndReset) {
    Person person(accounts, administrator);
    open(person);
    person.enter();
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("State"), HasSubstr("phone"), HasSubstr("Recovery codes")));
    choose(person, "Unlock");
    EXPECT_THAT(accounts.asked, Contains("unlock alice"));
    choose(person, "Require");
    EXPECT_THAT(accounts.asked, Contains("require alice"));
    choose(person, "Suspend");
    EXPECT_THAT(accounts.asked, Not(Contains("suspend alice"))) << "asked first";
    person.type("y");
    EXPECT_THAT(accounts.asked, Contains("suspend alice"));
    choose(person, "Resume");
    EXPECT_THAT(accounts.asked, Contains("resume alice"));
    choose(person, "Reset");
    EXPECT_THAT(person.flowing(), HasSubstr("Every device and recovery code of theirs ends at once."));
    person.type("y");
    EXPECT_THAT(accounts.asked, Contains("reset alice"));
}

TEST_F(AccountListScreen, SomebodyIsEnrolledByAnAdministrator) {
    accounts.account.state = "none";
    accounts.account.devices.clear();
    accounts.account.user = "carol";
    Person person(accounts, administrator);
    open(person);
    person.type("carol");
    person.enter();
    choose(person, "Set up a device for them");
    person.enter();
    person.enter();
    person.enter();
    EXPECT_THAT(accounts.asked, Contains("enroll carol phone totp"));
    person.enter("123456");
    EXPECT_THAT(accounts.asked, Contains("confirm carol k1 123456"));
}

}  // namespace
}  // namespace warifu::screens::test
