// Pages on a grid, and text in it that is wider than English.
#include <gmock/gmock.h>

#include <clocale>

#include "enroll_tool/printable.h"
#include "enroll_tool/screens/compose.h"
#include "enroll_tool/screens/layout.h"
#include "tests/unit/screens/fake_accounts.h"
#include "tests/unit/screens/person.h"

namespace warifu::screens::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Layout : public ::testing::Test {
  protected:
    Layout() { std::setlocale(LC_CTYPE, "C.UTF-8"); }
};

TEST_F(Layout, S16_JapaneseIsBrokenBetweenCharactersAndNeverBeforeAMark) {
    // Ten columns: five characters; the full stop stays with the one before it.
    EXPECT_THAT(broken("電話をなくしま。した", 10), ElementsAre("電話をなく", "しま。した"));
    EXPECT_THAT(broken("電話をなく。した", 10), ElementsAre("電話をな", "く。した"));
    EXPECT_THAT(broken("電話(青)です", 7), ElementsAre("電話", "(青)で", "す"));
    EXPECT_THAT(broken("コードは123456です", 12), ElementsAre("コードは", "123456です"));
    EXPECT_THAT(broken("two words", 5), ElementsAre("two", "words"));
    EXPECT_THAT(broken("longer than it", 4), ElementsAre("long", "er", "than", "it"));
    EXPECT_THAT(broken("a\nb", 10), ElementsAre("a", "b"));
}

TEST_F(Layout, S16_NoLineIsWiderThanItMayBe) {
    const std::string text =
        "認証アプリを入れた電話をなくしたり、機種変更したりすると（準備がなければ）ログインできません。";
    const std::vector<Block> blocks{Text{text}, Field{"アルゴリズム", "SHA1"},
                                    Choices{{{"新しい電話に設定する", "QRコードをもう一度表示します"}}, 0},
                                    Input{"新しい電話に表示されたコード:", "123456"}, Countdown{3, 30}};
    for (std::size_t width = 28; width < 80; ++width)
        for (const Line& line : compose(blocks, width)) EXPECT_LE(columns(line.text()), width) << line.text();
}

TEST_F(Layout, S16_WideCharactersTakeTwoCells) {
    Picture picture({1, 10});
    EXPECT_EQ(picture.put(0, 0, "割符x"), 5U);
    EXPECT_EQ(picture.at(0, 0).text[0], L'割');
    EXPECT_EQ(picture.at(0, 1).text[0], L'\0');
    EXPECT_EQ(picture.at(0, 4).text[0], L'x');
    // Half a character is never drawn.
    EXPECT_EQ(picture.put(0, 9, "割"), 10U);
    EXPECT_EQ(picture.at(0, 9).text[0], L' ');
}

TEST_F(Layout, E01_KeysAreOnTheLastRowAndTheTitleOnTheFirst) {
    FakeAccounts accounts;
    Person person(accounts);
    for (const Size size : {Size{24, 80}, Size{40, 120}, Size{60, 200}}) {
        const Picture picture = person.picture(size);
        EXPECT_THAT(picture.row(0), HasSubstr("Warifu: sign-in of alice on tally"));
        EXPECT_THAT(picture.row(size.rows - 1), AllOf(HasSubstr("Enter open"), HasSubstr("q quit")));
    }
}

TEST_F(Layout, E01_SmallTerminalIsToldWhatItLacksAndCanBeLeft) {
    FakeAccounts accounts;
    Person person(accounts);
    EXPECT_THAT(person.flowing({10, 60}),
                AllOf(HasSubstr("must be 80x24, and is 60x10"), HasSubstr("warifu --plain")));
    person.press(KeyName::enter);
    person.type("x");
    EXPECT_FALSE(person.app().ended());
    EXPECT_THAT(person.screen(), HasSubstr("Set up the second factor"))
        << "enlarged, it goes on where it was";
    person.screen({10, 60});
    person.type("q");
    EXPECT_TRUE(person.app().ended());
    // Even one cell is no crash.
    person.screen({1, 1});
}

TEST_F(Layout, E01_LongPageScrollsAndFollowsTheSelection) {
    FakeAccounts accounts;
    accounts.set_up_phone();
    for (int i = 2; i <= 16; ++i)
        accounts.account.devices.push_back({"k" + std::to_string(i), "device " + std::to_string(i), "totp",
                                            "SHA1", 6, 30, true, std::nullopt});
    for (int i = 0; i < 12; ++i) accounts.account.notes.push_back("note number " + std::to_string(i));
    Person person(accounts);
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("> phone"), HasSubstr("PgDn"), Not(HasSubstr("note number 11"))));
    person.press(KeyName::page_down);
    EXPECT_THAT(person.screen(), HasSubstr("note number 11"));
    person.press(KeyName::last);
    EXPECT_THAT(person.screen(), HasSubstr("> Recovery codes"));
    person.press(KeyName::first);
    EXPECT_THAT(person.screen(), HasSubstr("> phone"));
}

// A label that stands where the terminal would obey it.
TEST_F(Layout, X27_NothingFromOutsideReachesTheTerminalAsItCame) {
    const std::string hostile = "a\x1b[2J\x07\xff\u202e%s\n; x" + std::string(300, 'y');
    FakeAccounts accounts;
    accounts.set_up_phone();
    accounts.account.user = hostile;
    accounts.account.devices[0].label = hostile;
    accounts.account.notes = {hostile};
    accounts.account.sign_ins = {{hostile, Person::noon}};
    accounts.account.support = hostile;
    accounts.others = {{hostile, Person::noon}};
    accounts.proved = true;
    Person person(accounts, {false, true, hostile, "/nowhere"});
    const auto looks = [&person] {
        for (const char byte : person.screen()) {
            const bool control = (byte >= 0 && byte < ' ' && byte != '\n') || byte == 0x7f;
            ASSERT_FALSE(control) << person.screen();
        }
        ASSERT_EQ(person.screen().find("\u202e"), std::string::npos);
    };
    looks();
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("a\\x1b[2J"), HasSubstr("\\x07\\xff\\u{202e}%s\\x0a; x")));
    for (int choice = 0; choice < 4; ++choice) {  // the device, and all that can be done with it
        person.press(KeyName::enter);
        looks();
        for (int i = 0; i < choice; ++i) person.press(KeyName::down);
        person.press(KeyName::enter);
        looks();
        person.press(KeyName::escape);
        person.press(KeyName::escape);
        looks();
    }
    person.type("a");
    person.enter();
    person.enter("new");
    EXPECT_THAT(person.screen(), HasSubstr("Was that you?"));
    looks();
}

TEST_F(Layout, S16_WithoutUtf8EverythingIsAscii) {
    FakeAccounts accounts;
    accounts.account.support = "窓口";
    Person person(accounts, {false, false, "tally", "/nowhere"});
    std::setlocale(LC_CTYPE, "C");
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("\\u{7a93}"));
    person.enter();
    person.enter();
    person.enter();
    for (const Size size : {Size{24, 80}, Size{60, 200}})
        for (const char byte : person.screen(size)) ASSERT_GE(byte, 0) << person.screen(size);
}

}  // namespace
}  // namespace warifu::screens::test
