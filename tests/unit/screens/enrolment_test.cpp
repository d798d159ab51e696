// From nothing to a working second factor.
#include <gmock/gmock.h>

#include "core/qr/qr.h"
#include "tests/unit/screens/fake_accounts.h"
#include "tests/unit/screens/person.h"

namespace warifu::screens::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class Enrolment : public ::testing::Test {
  protected:
    // From the first screen to the one with the QR code.
    void begin(Person& person) {
        person.enter();  // set up
        person.enter();  // before it turns on
        person.enter();  // the first app
        person.enter();  // its name
    }

    FakeAccounts accounts;
};

TEST_F(Enrolment, E01_FromNothingToRecoveryCodesAt80x24) {
    Person person(accounts);
    EXPECT_THAT(person.screen(), HasSubstr("> Set up the second factor"));
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("Before it turns on"));
    person.enter();
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("> Google Authenticator (Android)"), HasSubstr("Microsoft Authenticator"),
                      HasSubstr("Authy"), HasSubstr("IIJ SmartKey"), HasSubstr("FreeOTP"),
                      HasSubstr("Another app"), HasSubstr("hardware token")));
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("Name: phone_"));
    person.enter();
    EXPECT_THAT(person.flowing(),
                AllOf(HasSubstr("JBSW Y3DP EHPK 3PXP JBSW Y3DP"), HasSubstr("Google Authenticator"),
                      HasSubstr("Type TOTP"), HasSubstr("Algorithm SHA1"), HasSubstr("30 seconds"),
                      HasSubstr("18 seconds left"), HasSubstr("Enter check")));
    EXPECT_THAT(person.screen(), HasSubstr("█"));
    EXPECT_THAT(person.screen(), Not(HasSubstr("PgDn"))) << "all of it is in sight";
    person.enter("123456");
    EXPECT_THAT(accounts.asked, Contains("confirm  k1 123456"));
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("phone is set up"), HasSubstr("AAAA-AAAA-AAAA-AAAA"),
                                       HasSubstr("JJJJ-JJJJ-JJJJ-JJJJ")));
    person.type("y");
    EXPECT_THAT(person.screen(),
                AllOf(HasSubstr("The second factor is on."), HasSubstr("> phone"), HasSubstr("10 left")));
    person.type("q");
    EXPECT_TRUE(person.app().ended());
}

TEST_F(Enrolment, E01_SecondsLeftFollowTheClock) {
    Person person(accounts);
    begin(person);
    EXPECT_THAT(person.screen(), HasSubstr("18 seconds left"));
    person.app().tick(Person::noon + 17);
    EXPECT_THAT(person.screen(), HasSubstr("1 second left"));
    person.app().tick(Person::noon + 18);
    EXPECT_THAT(person.screen(), HasSubstr("30 seconds left"));
}

// Two modules a cell, as the terminal shows them: each has to be the code's.
TEST_F(Enrolment, E01_QrCodeOnTheGridIsTheOneOfTheUri) {
    Person person(accounts);
    begin(person);
    const QrCode code(accounts.uri());
    constexpr int quiet = 2;
    for (const bool inverse : {false, true}) {
        const Picture picture = person.picture();
        std::size_t drawn = 0;
        for (std::size_t row = 0; row < picture.size().rows; ++row)
            for (std::size_t column = 0; column < picture.size().columns; ++column) {
                const Cell& cell = picture.at(row, column);
                if (cell.ink != Ink::qr) continue;
                ++drawn;
                const bool upper_light = (cell.text[0] == L'█' || cell.text[0] == L'▀') != inverse;
                const bool lower_light = (cell.text[0] == L'█' || cell.text[0] == L'▄') != inverse;
                const int x = static_cast<int>(column) - quiet, y = 2 * (static_cast<int>(row) - 1) - quiet;
                ASSERT_EQ(upper_light, !code.dark(x, y)) << row << " " << column;
                ASSERT_EQ(lower_light, !code.dark(x, y + 1)) << row << " " << column;
            }
        const auto side = static_cast<std::size_t>(code.size());
        EXPECT_GE(drawn, (side + 4) * (side + 3) / 2);
        person.type("i");
    }
}

TEST_F(Enrolment, E01_OrdinaryNamesFitBesideTheirCaption) {
    for (const char* issuer : {"tally", "gateway.example.com", "A%20company%20with%20a%20name"}) {
        accounts.issuer = issuer;
        Person person(accounts);
        begin(person);
        const QrCode code(accounts.uri());
        EXPECT_LE(code.size(), 17 + 4 * 7) << "version 7";
        EXPECT_THAT(person.screen(),
                    AllOf(HasSubstr("█"), HasSubstr("Code:"), HasSubstr("JBSW"), HasSubstr("Enter check")));
    }
}

TEST_F(Enrolment, E01_CodeThatDoesNotFitSaysSoAndOffersOtherForms) {
    accounts.issuer = std::string(200, 'x');
    Person person(accounts);
    begin(person);
    EXPECT_THAT(person.flowing(),
                AllOf(HasSubstr("The QR code wants a terminal of"), HasSubstr("type the key"),
                      HasSubstr("save PNG"), HasSubstr("save SVG"), HasSubstr("JBSW")));
    EXPECT_THAT(person.screen(), Not(HasSubstr("█")));
    EXPECT_THAT(person.screen({60, 120}), HasSubstr("█")) << "enlarged, it is there";
}

TEST_F(Enrolment, E01_AsciiFormIsDrawnWhereItFits) {
    Person person(accounts);
    begin(person);
    person.type("a");
    EXPECT_THAT(person.flowing(), HasSubstr("The QR code wants a terminal of"));
    EXPECT_THAT(person.screen({50, 130}), AllOf(HasSubstr("####"), HasSubstr("JBSW"), Not(HasSubstr("█"))));
    person.type("a");
    EXPECT_THAT(person.screen(), HasSubstr("█"));
}

TEST_F(Enrolment, E01_ThirdWrongCodeExplainsTheClock) {
    Person person(accounts);
    begin(person);
    for (int i = 0; i < 2; ++i) {
        person.enter("000000");
        EXPECT_THAT(person.flowing(), HasSubstr("This is not the code of the key on offer"));
    }
    person.enter("000000");
    EXPECT_THAT(person.flowing({40, 120}), HasSubstr("the phone's clock is off"));
    person.enter("123456");
    EXPECT_THAT(person.screen(), HasSubstr("Your recovery codes"));
}

TEST_F(Enrolment, S16_FullWidthDigitsAreACode) {
    Person person(accounts);
    begin(person);
    person.type("１２３４５６");
    EXPECT_THAT(person.screen(), HasSubstr("Code: 123456"));
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("Your recovery codes"));
}

TEST_F(Enrolment, S16_JapaneseNamesAreKept) {
    Person person(accounts);
    person.enter();
    person.enter();
    person.enter();
    for (int i = 0; i < 5; ++i) person.press(KeyName::backspace);
    person.enter("私の電話");
    EXPECT_THAT(accounts.asked, Contains("enroll  私の電話 totp"));
    EXPECT_THAT(person.screen(), HasSubstr("Set up 私の電話"));
}

TEST_F(Enrolment, E12_BeforeItTurnsOnTheWaysOutAndBackAreTold) {
    accounts.account.support = "Ask the help desk: 1234";
    Person person(accounts);
    person.enter();
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("lost, broken or replaced"), HasSubstr("app is deleted"),
                                        HasSubstr("entry in the app is deleted"), HasSubstr("Recovery codes"),
                                        HasSubstr("second device"), HasSubstr("administrator"),
                                        HasSubstr("Ask the help desk: 1234")));
}

TEST_F(Enrolment, E12_WhoMayBeStuckReadsTheSupportLine) {
    accounts.account.support = "Ask the help desk: 1234";
    for (const auto& [state, words] : {std::pair{"suspended", "suspended the second factor"},
                                       std::pair{"missing", "its record is gone"}}) {
        accounts.account.state = state;
        Person person(accounts);
        EXPECT_THAT(person.flowing(), AllOf(HasSubstr(words), HasSubstr("Ask the help desk: 1234"),
                                            Not(HasSubstr("add a device"))));
    }
}

TEST_F(Enrolment, E12_TypedKeyHasItsParametersBesideIt) {
    Person person(accounts);
    begin(person);
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("Type TOTP"), HasSubstr("Digits 6"),
                                        HasSubstr("Period 30 seconds"), HasSubstr("Algorithm SHA1")));
}

TEST_F(Enrolment, E02_ChosenAppWarnsOfWhatItGetsWrong) {
    accounts.algorithm = "SHA256";
    Person person(accounts);
    person.enter();
    person.enter();
    while (person.screen().find("> Microsoft") == std::string::npos) person.press(KeyName::down);
    person.enter();
    person.enter();
    EXPECT_THAT(person.flowing({40, 120}), HasSubstr("Microsoft Authenticator ignores the algorithm"));
}

TEST_F(Enrolment, E12_BeforeTheQrCodeTheAppsOwnStepsAreTold) {
    Person person(accounts);
    person.enter();
    person.enter();
    while (person.screen().find("> Google") == std::string::npos) person.press(KeyName::down);
    person.enter();
    EXPECT_THAT(person.flowing(), HasSubstr("tap \"+\" and \"Scan a QR code\""));
    person.press(KeyName::escape);
    while (person.screen().find("> Another app") == std::string::npos) person.press(KeyName::down);
    person.enter();
    EXPECT_THAT(person.flowing(), HasSubstr("add an entry (mostly with \"+\")"));
}

TEST_F(Enrolment, E03_OffersFromElsewhereAreToldFirst) {
    accounts.others = {{"192.0.2.7", Person::noon}};
    Person person(accounts);
    begin(person);
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("192.0.2.7"), HasSubstr("change it before you go on"),
                                        Not(HasSubstr("JBSW"))));
    person.type("y");
    EXPECT_THAT(person.screen(), HasSubstr("JBSW"));
}

TEST_F(Enrolment, E01_SecondDeviceWantsAProofFirst) {
    accounts.set_up_phone();
    Person person(accounts);
    person.type("a");
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("Name: phone 2_")) << "a label that is not taken";
    person.enter();
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("A code of yours first"), Not(HasSubstr("JBSW"))));
    person.enter("111111");
    EXPECT_THAT(person.flowing(), HasSubstr("The proof was refused"));
    person.enter(FakeAccounts::proof);
    EXPECT_THAT(person.screen(), HasSubstr("JBSW"));
    // Five minutes are over before the code is typed.
    accounts.proved = false;
    person.enter("123456");
    EXPECT_THAT(person.screen(), HasSubstr("A code of yours first"));
    person.enter(FakeAccounts::proof);
    EXPECT_THAT(person.flowing(),
                AllOf(HasSubstr("phone 2 is set up"), Not(HasSubstr("recovery codes below"))));
}

TEST_F(Enrolment, E01_ProofThatIsNotGivenLeadsBack) {
    accounts.set_up_phone();
    Person person(accounts);
    person.type("a");
    person.enter();
    person.enter();
    person.press(KeyName::escape);
    EXPECT_THAT(person.screen(), HasSubstr("Name: phone 2_"));
}

TEST_F(Enrolment, E01_TokenWithAKeyOfItsOwnCountsByCounter) {
    Person person(accounts);
    person.enter();
    person.enter();
    person.press(KeyName::last);
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("How does the token count?"));
    person.press(KeyName::down);
    person.enter();
    person.enter("gezd gnbv-gy3t qojq");
    person.enter();
    EXPECT_THAT(accounts.asked, Contains("enroll  token hotp GEZDGNBVGY3TQOJQ"));
}

TEST_F(Enrolment, E01_WarifudThatIsGoneIsToldAndTriedAgain) {
    accounts.gone = true;
    Person person(accounts);
    EXPECT_THAT(person.screen(), AllOf(HasSubstr("Warifud ended the connection"), HasSubstr("> Try again")));
    accounts.gone = false;
    person.enter();
    EXPECT_THAT(person.screen(), HasSubstr("> Set up the second factor"));
    begin(person);
    accounts.gone = true;
    person.enter("123456");
    EXPECT_THAT(person.flowing(), AllOf(HasSubstr("Warifud ended the connection"), HasSubstr("JBSW")));
    accounts.gone = false;
    person.enter("123456");
    EXPECT_THAT(person.screen(), HasSubstr("Your recovery codes"));
}

TEST_F(Enrolment, E01_KeysAreRefusedWhileWarifudIsAsked) {
    Person person(accounts);
    begin(person);
    for (const char digit : std::string("123456")) person.app().key(key_of(static_cast<char32_t>(digit)));
    person.app().key({KeyName::enter});
    ASSERT_TRUE(person.app().waiting());
    EXPECT_THAT(person.screen(), HasSubstr("Asking warifud"));
    person.app().key({KeyName::escape});
    person.app().work(accounts);
    person.app().deliver();
    EXPECT_THAT(person.screen(), HasSubstr("Your recovery codes"));
}

}  // namespace
}  // namespace warifu::screens::test
