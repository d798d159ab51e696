// Recovery codes on the screen and in files.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error/error.h"
#include "enroll_tool/screens/saved_file.h"
#include "tests/unit/screens/fake_accounts.h"
#include "tests/unit/screens/person.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu::screens::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using warifu::testing::content_of;

mode_t mode_of(const std::string& path) {
    struct stat status{};
    return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

class Recovery : public ::testing::Test {
  protected:
    Recovery() {
        accounts.set_up_phone();
        accounts.proved = true;
    }

    // To where new ones are shown.
    void make_new(Person& person) {
        person.type("c");
        person.type("n");
    }

    FakeAccounts accounts;
    warifu::testing::TemporaryDirectory home;
    const Surroundings surroundings{false, true, "tally", home.path()};
};

TEST_F(Recovery, E05_CodesAreCountedAndMadeAnew) {
    Person person(accounts, surroundings);
    person.type("c");
    EXPECT_THAT(person.screen(), HasSubstr("10 recovery codes are left."));
    person.type("n");
    EXPECT_THAT(accounts.asked, Contains("codes "));
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("AAAA-AAAA-AAAA-AAAA"), HasSubstr("The old recovery codes have ended.")));
}

// Nothing of a shared key is one's own, and the home screen says that one of one's own is better.
TEST_F(Recovery, S17_WhoSharesAKeyHasNoDevicesAndNoRecoveryCodes) {
    accounts.account.shared = true;
    accounts.account.notes = {"this account signs in with a shared key, which is weaker than one of its own"};
    Person person(accounts, surroundings);
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("weaker than one of its own"), HasSubstr("Add a device"),
                                       Not(HasSubstr("phone")), Not(HasSubstr("ecovery codes"))));
    person.type("c");
    EXPECT_THAT(person.screen(), HasSubstr("Add a device")) << "nothing is behind that key";
}

TEST_F(Recovery, E05_ShownCodesAreLeftOnlyByAcknowledgingThem) {
    Person person(accounts, surroundings);
    make_new(person);
    person.press(KeyName::escape);
    person.press(KeyName::enter);
    person.type("q");
    EXPECT_FALSE(person.app().ended());
    EXPECT_THAT(person.screen(), HasSubstr("AAAA-AAAA-AAAA-AAAA"));
    person.press(KeyName::escape);
    EXPECT_THAT(person.flowing(), HasSubstr("These codes are not shown again."));
    person.type("y");
    EXPECT_THAT(person.screen(), AllOf(Not(HasSubstr("AAAA-AAAA")), HasSubstr("The second factor is on.")));
}

TEST_F(Recovery, E05_CodesAreSavedForTheirOwnerAlone) {
    Person person(accounts, surroundings);
    make_new(person);
    const mode_t before = umask(0);
    person.type("s");
    umask(before);
    const std::string path = home.path() + "/warifu-recovery-codes.txt";
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_TRUE(content_of(path).starts_with("AAAA-AAAA-AAAA-AAAA\nBBBB-")) << content_of(path);
    EXPECT_THAT(person.flowing(), HasSubstr("warifu-recovery-codes.txt"));
    person.type("s");
    EXPECT_EQ(mode_of(home.path() + "/warifu-recovery-codes-2.txt"), 0600U) << "never over a file";
}

TEST_F(Recovery, E05_SheetToPrintSaysWhoseCodesTheyAre) {
    accounts.account.support = "Ask the help desk: 1234";
    Person person(accounts, surroundings);
    make_new(person);
    person.type("p");
    const std::string path = home.path() + "/warifu-recovery-sheet.txt";
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_THAT(content_of(path), AllOf(HasSubstr("alice"), HasSubstr("[ ] JJJJ-JJJJ-JJJJ-JJJJ"),
                                        HasSubstr("Ask the help desk: 1234")));
}

TEST_F(Recovery, E05_SymbolicLinkIsNeverWrittenThrough) {
    const std::string target = home.path() + "/target";
    std::ofstream(target) << "kept";
    ASSERT_EQ(symlink(target.c_str(), (home.path() + "/warifu-recovery-codes.txt").c_str()), 0);
    ASSERT_EQ(
        symlink((home.path() + "/absent").c_str(), (home.path() + "/warifu-recovery-codes-2.txt").c_str()),
        0);
    Person person(accounts, surroundings);
    make_new(person);
    person.type("s");
    EXPECT_EQ(content_of(target), "kept");
    EXPECT_FALSE(std::filesystem::exists(home.path() + "/absent"));
    EXPECT_EQ(mode_of(home.path() + "/warifu-recovery-codes-3.txt"), 0600U);
}

TEST_F(Recovery, X25_FileThatCannotBeWrittenIsSaidAndNotLeftBehind) {
    EXPECT_THROW(save_file(home.path() + "/no/such", "x", ".txt", "text"), Unavailable);
    EXPECT_THROW(save_file("/proc", "x", ".txt", "text"), Unavailable);
    Person person(accounts, {false, true, "tally", "/proc"});
    make_new(person);
    person.type("s");
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("cannot be written"), HasSubstr("AAAA-AAAA")));
}

}  // namespace
}  // namespace warifu::screens::test
