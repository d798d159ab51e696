// The Cockpit door: Debian's cockpit-ws with the sample of conf/, spoken to as its login page speaks to it.
#include <gmock/gmock.h>

#include <sstream>
#include <string>

#include "tests/integration/cockpit.h"
#include "tests/integration/one_time_code.h"
#include "tests/integration/phone.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int in = 200, asked = 401;

class CockpitDoor : public ::testing::Test {
  protected:
    explicit CockpitDoor(const std::string& configuration = "")
        : alice(sandbox.add_user("alice", "alice's password")),
          daemon((sandbox.write("/etc/warifu/warifu.conf", configuration), sandbox)),
          cockpit((install_pam_samples(sandbox), sandbox)) {}

    // A whole sign-in that is refused; what was asked on the way.
    struct Refused {
        LoginReply question, end;
    };
    Refused refused(const std::string& user, const std::string& password, const std::string& code) const {
        CockpitLogin login(sandbox);
        Refused result;
        result.question = login.begin(user, password);
        EXPECT_EQ(result.question.status, asked) << result.question.reason << sandbox.log();
        result.end = login.answer(code);
        return result;
    }
    nlohmann::json status_of_alice() const { return warifu(sandbox, {"status", "--user", "alice"}).object; }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Cockpit cockpit;
};

TEST_F(CockpitDoor, S04_ThePasswordThenTheCodeThenTheConsole) {
    Phone phone(sandbox, alice);
    CockpitLogin login(sandbox);
    const LoginReply question = login.begin("alice", alice.password);
    EXPECT_EQ(question.status, asked) << question.reason << sandbox.log();
    EXPECT_EQ(question.prompt, "One-time code: ");
    const LoginReply end = login.answer(phone.code());
    EXPECT_EQ(end.status, in) << end.reason << sandbox.log();
    const HttpAnswer page =
        http(sandbox, Cockpit::port,
             {"GET", "/cockpit/@localhost/shell/index.html", {{"Cookie", end.cookie}}, ""});
    EXPECT_EQ(page.status, in) << page.reason << sandbox.log();
}

TEST_F(CockpitDoor, S04_WhoeverIsRefusedIsAskedTheSameAndToldTheSame) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const Account& carol = sandbox.add_user("carol", "carol's password");
    Phone of_carol(sandbox, carol, PhoneKind::hotp);
    sandbox.write("/etc/cockpit/disallowed-users", "root\ncarol\n");
    const Refused wrong_code = refused("alice", alice.password, phone.wrong_code());
    EXPECT_EQ(wrong_code.question.prompt, "One-time code: ");
    for (const Refused& other :
         {refused("alice", alice.password, ""), refused("alice", "no password", phone.code()),
          refused("nobody-here", "no password", "123456"),
          refused("carol", carol.password, of_carol.code())}) {
        EXPECT_EQ(other.question.prompt, wrong_code.question.prompt);
        EXPECT_EQ(other.question.message, wrong_code.question.message);
        EXPECT_EQ(other.question.echo, wrong_code.question.echo);
        EXPECT_EQ(other.end.status, asked);
        EXPECT_EQ(other.end.reason, "Authentication failed");
    }
    EXPECT_EQ(wrong_code.end.status, asked);
    EXPECT_EQ(wrong_code.end.reason, "Authentication failed");
}

// Cockpit's own list of those who may not use it; root stands on it as Debian ships it.
TEST_F(CockpitDoor, S04_WhoMayNotUseCockpitSpendsNoCodeThere) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    sandbox.write("/etc/cockpit/disallowed-users", "alice\n");
    const nlohmann::json before = status_of_alice();
    const std::string code = phone.code();
    EXPECT_EQ(refused("alice", alice.password, code).end.reason, "Authentication failed");
    EXPECT_EQ(status_of_alice(), before);
    sandbox.write("/etc/cockpit/disallowed-users", "root\n");
    CockpitLogin login(sandbox);
    login.begin("alice", alice.password);
    EXPECT_EQ(login.answer(code).status, in);
}

TEST_F(CockpitDoor, S04_EvaluatesNothingAfterAWrongPassword) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const nlohmann::json before = status_of_alice();
    const std::string code = phone.code();
    refused("alice", "no password", phone.wrong_code());
    refused("alice", "no password", code);
    EXPECT_EQ(status_of_alice(), before);
    CockpitLogin login(sandbox);
    login.begin("alice", alice.password);
    EXPECT_EQ(login.answer(code).status, in) << "the code was spent by a wrong password";
}

class CockpitEnrolment : public CockpitDoor {
  protected:
    CockpitEnrolment()
        : CockpitDoor("[policy]\nunenrolled = \"enrol\"\n[texts]\nsupport = \"Call 555-0100\"\n") {}

    // As the login page shows a text: runs of blanks and line breaks are one blank.
    static std::string collapsed(const std::string& text) {
        std::istringstream words(text);
        std::string all;
        for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
        return all;
    }
    static std::string between(const std::string& text, const std::string& before, const std::string& after) {
        const std::size_t from = text.find(before) + before.size();
        EXPECT_THAT(text, HasSubstr(before));
        EXPECT_THAT(text.substr(from), HasSubstr(after));
        return text.substr(from, text.find(after, from) - from);
    }
    // The key as a person reads it off the page.
    static std::string key_on(const LoginReply& question) {
        std::string key = between(collapsed(question.message), " Key: ", " Type: ");
        std::erase(key, ' ');
        return key;
    }
};

TEST_F(CockpitEnrolment, S08_TheFirstSignInEnrolsByTheTypedKeyAndLetsIn) {
    CockpitLogin login(sandbox);
    LoginReply question = login.begin("alice", alice.password);
    ASSERT_EQ(question.status, asked) << question.reason << sandbox.log();
    const std::string page = collapsed(question.message);
    EXPECT_THAT(page, HasSubstr("type this key into it. Key: "));
    EXPECT_THAT(page, HasSubstr(" Type: TOTP, 6 digits, every 30 seconds, SHA1 "));
    EXPECT_THAT(page, HasSubstr("Call 555-0100"));
    EXPECT_THAT(page, Not(HasSubstr("QR code"))) << "a page whose lines collapse shows none";
    EXPECT_EQ(collapsed(question.prompt), "Code from the app:");
    EXPECT_TRUE(question.echo);
    const std::string key = key_on(question);

    question = login.answer("000000");
    EXPECT_EQ(question.status, asked);
    EXPECT_THAT(collapsed(question.prompt), HasSubstr("That is not the code of this key."));
    question = login.answer(totp(key, sandbox.now()));
    EXPECT_EQ(question.status, asked) << question.reason << sandbox.log();
    const std::string codes = collapsed(question.prompt);
    EXPECT_THAT(codes, HasSubstr("Write them down now: "));
    const std::string first = between(codes, "Write them down now: ", " ");
    const LoginReply end = login.answer(first.substr(0, 4));
    EXPECT_EQ(end.status, in) << end.reason << sandbox.log();
    EXPECT_EQ(status_of_alice().at("state"), "active");

    // From now on a code is asked for, and the recovery codes that were shown are good.
    CockpitLogin next(sandbox);
    EXPECT_EQ(next.begin("alice", alice.password).prompt, "One-time code: ");
    EXPECT_EQ(next.answer(first).status, in) << sandbox.log();
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(key)));
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(first)));
}

TEST_F(CockpitEnrolment, S08_AfterAWrongPasswordNothingIsShown) {
    const Refused stranger = refused("alice", "no password", "123456");
    EXPECT_EQ(stranger.question.prompt, "One-time code: ");
    EXPECT_EQ(stranger.question.message, "");
    EXPECT_EQ(stranger.end.reason, "Authentication failed");
    EXPECT_EQ(status_of_alice().at("state"), "none");
}

TEST_F(CockpitEnrolment, S08_WrongCodesEndItAndTheSameKeyIsShownAgain) {
    CockpitLogin login(sandbox);
    const std::string key = key_on(login.begin("alice", alice.password));
    login.answer("000000");
    login.answer("");
    const LoginReply end = login.answer("000000");
    EXPECT_EQ(end.status, asked);
    EXPECT_THAT(end.reason, HasSubstr("Authentication failed"));
    CockpitLogin again(sandbox);
    EXPECT_EQ(key_on(again.begin("alice", alice.password)), key);
}

}  // namespace
}  // namespace warifu::integration
