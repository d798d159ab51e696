#include <gtest/gtest.h>
#include <malloc.h>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

// warifud asks once and takes any answer; `answer` takes what crossed.
FakeListener::Script asks_once(json* answer, const std::string& text = "Code: ", bool echo = false) {
    return [=](Peer& peer) {
        peer.next();
        peer.say(prompt(text, echo));
        *answer = peer.next();
        peer.say(done("denied"));
    };
}

class Conversation : public testing::Test {
  protected:
    SignIn what(std::vector<std::string> options = {}) {
        options.push_back("socket=" + directory_.file("socket"));
        return {.options = options};
    }
    static json answer_call(const std::string& kind) { return call({{"kind", kind}}); }
    static json answer_call(const std::string& kind, const std::string& text) {
        return call({{"kind", kind}, {"text", text}});
    }
    static json call(const json& parameters) {
        return {{"method", "io.warifu.Answer"}, {"parameters", parameters}};
    }

    Directory directory_;
    Person person_;
    json answer_;
};

TEST_F(Conversation, EveryKindOfStepIsCarried) {
    std::vector<json> answers;
    {
        FakeListener warifud(
            directory_.file("socket"), {[&](Peer& peer) {
                peer.next();
                for (const json& step : {json{{"step", "info"}, {"text", "割符\nhello"}},
                                         json{{"step", "error"}, {"text", "oh"}}, json{{"step", "wait"}},
                                         prompt("First: "), prompt("Second: ", true)}) {
                    peer.say(step);
                    answers.push_back(peer.next());
                }
                peer.say(done("success", "3 recovery codes are left."));
            }});
        person_.is_told("割符\nhello")
            .is_warned("oh")
            .types("First: ", "123456")
            .types_visibly("Second: ", "９");
        person_.is_told("3 recovery codes are left.");
        EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
    }
    std::vector<json> const expected = {answer_call("none"), answer_call("none"), answer_call("none"),
                                        answer_call("text", "123456"), answer_call("text", "９")};
    EXPECT_EQ(answers, expected);
}

TEST_F(Conversation, X14_AnEmptyAnswerIsAnAnswer) {
    {
        FakeListener warifud(directory_.file("socket"), {asks_once(&answer_)});
        person_.types("Code: ", "");
        EXPECT_EQ(sign_in(what(), person_).code, PAM_AUTH_ERR);
    }
    EXPECT_EQ(answer_, answer_call("text", ""));
}

TEST_F(Conversation, X14_HugeAndBrokenAnswersCrossAsAWord) {
    for (const std::string& typed : {std::string(100'000, '1'), std::string("\xC0\xB1\xFF")}) {
        Directory directory;
        FakeListener warifud(directory.file("socket"), {asks_once(&answer_)});
        person_.types("Code: ", typed);
        EXPECT_EQ(sign_in({.options = {"socket=" + directory.file("socket")}}, person_).code, PAM_AUTH_ERR);
        warifud.finish();
        EXPECT_EQ(answer_, answer_call("invalid"));
    }
}

// No answer at all: cancelled, so that warifud counts nothing.
TEST_F(Conversation, X14_ANullAnswerOrAFailureCancels) {
    for (int const code : {PAM_SUCCESS, PAM_CONV_ERR, PAM_ABORT, PAM_BUF_ERR}) {
        Directory directory;
        FakeListener warifud(directory.file("socket"), {asks_once(&answer_)});
        if (code == PAM_SUCCESS) {
            person_.types("Code: ", std::nullopt);
        } else {
            person_.fails_at(PAM_PROMPT_ECHO_OFF, "Code: ", code);
        }
        EXPECT_EQ(sign_in({.options = {"socket=" + directory.file("socket")}}, person_).code, PAM_CONV_ERR);
        warifud.finish();
        EXPECT_EQ(answer_["method"], "io.warifu.Cancel");
    }
}

TEST_F(Conversation, X14_InformationThatCannotBeShownCancels) {
    {
        FakeListener warifud(directory_.file("socket"), {[&](Peer& peer) {
                                 peer.next();
                                 peer.say({{"step", "info"}, {"text", "Scan this"}});
                                 answer_ = peer.next();
                             }});
        person_.fails_at(PAM_TEXT_INFO, "Scan this", PAM_CONV_ERR);
        EXPECT_EQ(sign_in(what(), person_).code, PAM_CONV_ERR);
    }
    EXPECT_EQ(answer_["method"], "io.warifu.Cancel");
}

// The verdict is durable by then: that its words cannot be shown changes nothing.
TEST_F(Conversation, TheLastWordsMayGetLost) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("success", "Welcome"));
                         }});
    person_.fails_at(PAM_TEXT_INFO, "Welcome", PAM_CONV_ERR);
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SUCCESS);
}

// What whoever passes unasked is told (from when on they will not) is no error.
TEST_F(Conversation, S07_TheNoticeOfWhoeverPassesIsInformation) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("ignored", "From 2027-01-01 on"));
                         }});
    person_.is_told("From 2027-01-01 on");
    EXPECT_EQ(sign_in(what(), person_).code, PAM_IGNORE);
}

TEST_F(Conversation, X14_NothingLeaks) {
    auto const run = [&](std::optional<std::string> reply) {
        Directory directory;
        Person person;
        person.types("Code: ", std::move(reply));
        FakeListener warifud(directory.file("socket"), {asks_once(&answer_)});
        sign_in({.options = {"socket=" + directory.file("socket")}}, person);
    };
    auto const run_all = [&] {
        run(std::nullopt);
        run("");
        run(std::string(100'000, 'x'));
        run("\xFF");
    };
    for (int i = 0; i < 5; ++i) run_all();
    answer_ = nullptr;
    auto const before = mallinfo2().uordblks;
    for (int i = 0; i < 50; ++i) run_all();
    answer_ = nullptr;
    // 200 conversations: a lost reply each would be five million bytes, a lost buffer thirteen.
    EXPECT_LT(mallinfo2().uordblks, before + 50'000);
}

TEST_F(Conversation, ThePasswordNeverCrosses) {
    {
        FakeListener warifud(directory_.file("socket"), {asks_once(&answer_)});
        person_.types("Code: ", "correct horse");  // sshd's password method gives it to every hidden prompt
        SignIn sign = what();
        sign.password = "correct horse";
        EXPECT_EQ(sign_in(sign, person_).code, PAM_AUTH_ERR);
        warifud.finish();
        EXPECT_EQ(warifud.received().find("horse"), std::string::npos);
    }
    EXPECT_EQ(answer_, answer_call("password"));
}

TEST_F(Conversation, X13_SshdsFakeAnswerCrossesAsAWord) {
    {
        FakeListener warifud(directory_.file("socket"), {asks_once(&answer_)});
        person_.types("Code: ", "\b\n\r\177IN");
        EXPECT_EQ(sign_in(what(), person_).code, PAM_AUTH_ERR);
    }
    EXPECT_EQ(answer_, answer_call("invalid"));
}

TEST_F(Conversation, S19_TheLinesOwnPromptReplacesTheLineThatAsks) {
    FakeListener warifud(directory_.file("socket"), {[&](Peer& peer) {
                             peer.next();
                             peer.say(prompt("Your clock is off.\nCode: "));
                             peer.next();
                             peer.say(prompt("First four characters: "));
                             peer.next();
                             peer.say(done("success"));
                         }});
    person_.types("Your clock is off.\nToken for %s: ", "123456").types("First four characters: ", "ABCD");
    EXPECT_EQ(sign_in(what({"authtok_prompt=Token for %s: "}), person_).code, PAM_SUCCESS);
}

TEST_F(Conversation, S19_EchoIsAsTheStepOrTheLineSays) {
    FakeListener warifud(directory_.file("socket"), {asks_once(&answer_)});
    person_.types_visibly("Code: ", "123456");
    EXPECT_EQ(sign_in(what({"echo_verification_code"}), person_).code, PAM_AUTH_ERR);
}

// Apache's module fails on any message and on any visible prompt.
TEST_F(Conversation, S05_UnderSilentThereIsOneHiddenPromptAndNoWord) {
    FakeListener warifud(directory_.file("socket"), {[&](Peer& peer) {
                             peer.next();
                             peer.say({{"step", "info"}, {"text", "hello"}});
                             peer.next();
                             peer.say({{"step", "error"}, {"text", "hello"}});
                             peer.next();
                             peer.say(prompt("Code: ", true));
                             peer.next();
                             peer.say(done("success", "Welcome"));
                         }});
    person_.types("Code: ", "123456");
    SignIn sign = what();
    sign.flags = PAM_SILENT;
    EXPECT_EQ(sign_in(sign, person_).code, PAM_SUCCESS);
}

TEST_F(Conversation, TheUserIsNeverChangedAndAskedForWhereThereIsNone) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             EXPECT_EQ(peer.next_parameters()["user"], "bob");
                             peer.say(done("success"));
                         }});
    person_.types_visibly("login:", "bob");
    SignIn sign = what({"user=somebody-else"});
    sign.user = "";
    Result const result = sign_in(sign, person_);
    EXPECT_EQ(result.code, PAM_SUCCESS);
    EXPECT_EQ(result.user, "bob");
}

TEST_F(Conversation, AWarifudThatAsksWithoutEndIsLeft) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             while (peer.next().value("method", "") != "io.warifu.Cancel")
                                 peer.say({{"step", "wait"}});
                         }});
    EXPECT_EQ(sign_in(what(), person_).code, PAM_SYSTEM_ERR);
}

TEST_F(Conversation, X06_NothingTypedIsInTheLogEvenWithDebugOn) {
    take_log();
    {
        FakeListener warifud(directory_.file("socket"), {asks_once(&answer_)});
        person_.types("Code: ", "135791");
        SignIn sign = what({"debug"});
        sign.user = "al\nice";
        sign.password = "open sesame";
        EXPECT_EQ(sign_in(sign, person_).code, PAM_AUTH_ERR);
    }
    auto const lines = take_log();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0], "pam_warifu(warifu-test:auth): verdict for al\\x0aice: PAM code 7, as scripted");
}

}  // namespace
}  // namespace warifu::testing_support
