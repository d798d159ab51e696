// What is done with a device that is set up.
#include <gmock/gmock.h>

#include "tests/unit/screens/fake_accounts.h"
#include "tests/unit/screens/person.h"

namespace warifu::screens::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class PhoneMove : public ::testing::Test {
  protected:
    PhoneMove() { accounts.set_up_phone(); }

    // The action `number` of the first device.
    void open(Person& person, int number) {
        person.enter();
        for (int i = 0; i < number; ++i) person.press(KeyName::down);
        person.enter();
    }

    FakeAccounts accounts;
};

TEST_F(PhoneMove, E04_KeyIsShownAgainAfterAProofAndEndsWithACodeFromTheNewPhone) {
    Person person(accounts);
    open(person, 0);
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("A code of yours first"), Not(HasSubstr("JBSW"))));
    person.enter(FakeAccounts::proof);
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("JBSW"), HasSubstr("phone on a new phone")));
    EXPECT_THAT(person.flowing({40, 120}),
                HasSubstr("Keep the entry on the old phone until a code from the new one is right"));
    accounts.verdict = {"denied", "bad_code", "", {}};
    person.enter("000000");
    EXPECT_THAT(person.flowing({40, 120}), HasSubstr("The old entry must stay."));
    accounts.verdict = {"denied", "replayed", "", {}};
    person.enter("111111");
    EXPECT_THAT(person.flowing({40, 120}), HasSubstr("used already"));
    accounts.verdict = {"success", "ok", "k2", {}};
    person.enter("222222");
    EXPECT_THAT(person.flowing({40, 120}), HasSubstr("another device of yours"));
    accounts.verdict = {"success", "ok", "k1", {}};
    person.enter("333333");
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("The new phone works."), HasSubstr("share each code")));
    EXPECT_THAT(accounts.asked, Contains("verify  333333"));
}

TEST_F(PhoneMove, E04_LeavingBeforeThatSaysThatTheOldEntryMustStay) {
    accounts.proved = true;
    Person person(accounts);
    open(person, 0);
    person.press(KeyName::escape);
    EXPECT_THAT(person.flowing(), HasSubstr("do not delete the entry on the old one"));
}

TEST_F(PhoneMove, E04_ChangingAppsIsSaidToNeedNoSwitchingOff) {
    Person person(accounts);
    person.enter();
    EXPECT_THAT(person.flowing(), HasSubstr("To change apps, set it up in the new app before you delete it"));
}

TEST_F(PhoneMove, E01_DeviceIsRenamed) {
    accounts.proved = true;
    Person person(accounts);
    open(person, 1);
    EXPECT_THAT(person.screen(), HasSubstr("Name: phone_"));
    person.enter(" of mine");
    EXPECT_THAT(accounts.asked, Contains("rename  k1 phone of mine"));
    EXPECT_THAT(person.screen(), HasSubstr("> phone of mine"));
}

TEST_F(PhoneMove, E01_TwoCodesInARowBringItBackInStep) {
    accounts.proved = true;
    Person person(accounts);
    open(person, 2);
    person.enter("111111");
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("The first code is noted."), HasSubstr("The next code:")));
    person.enter("222222");
    EXPECT_THAT(accounts.asked, Contains("resync  k1 111111 222222"));
    EXPECT_THAT(person.screen(), HasSubstr("phone is in step again."));
}

TEST_F(PhoneMove, E01_RemovalIsAskedFor) {
    accounts.proved = true;
    accounts.account.devices.push_back({"k2", "tablet", "totp", "SHA1", 6, 30, true, std::nullopt});
    Person person(accounts);
    open(person, 3);
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("Remove phone?"), Not(HasSubstr("last device"))));
    person.press(KeyName::enter);
    EXPECT_THAT(accounts.asked, Not(Contains("remove  k1"))) << "Enter alone is not enough";
    person.type("y");
    EXPECT_THAT(accounts.asked, Contains("remove  k1"));
    EXPECT_THAT(person.screen(), HasSubstr("phone is removed."));
}

TEST_F(PhoneMove, E04_LastDeviceIsNotOnesOwnToRemove) {
    Person person(accounts);
    open(person, 3);
    EXPECT_THAT(person.flowing(),
                AllOf(HasSubstr("phone is your last device"), HasSubstr("add the new one first")));
    person.type("y");
    EXPECT_THAT(accounts.asked, Not(Contains("remove  k1")));
}

TEST_F(PhoneMove, E01_AdministratorIsWarnedOfTheLastDevice) {
    accounts.administrator = true;
    Person person(accounts, {true, true, "tally", "/nowhere"});
    open(person, 3);
    EXPECT_THAT(person.flowing(), HasSubstr("It is the last device of this account"));
    person.type("y");
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("phone is removed."), HasSubstr("> Set up the second factor")));
}

// What no proof would change is said at once, and costs no code.
TEST_F(PhoneMove, E01_OtherRefusalsAskForNoProof) {
    accounts.refuses = true;
    Person person(accounts);
    open(person, 0);
    EXPECT_THAT(person.flowing(),
                AllOf(HasSubstr("Ask an administrator"), Not(HasSubstr("A code of yours first"))));
}

}  // namespace
}  // namespace warifu::screens::test
