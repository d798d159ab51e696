#include <gtest/gtest.h>

#include <atomic>
#include <random>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

constexpr char question[] = "Password and code: ";

class SingleField : public testing::Test {
  protected:
    SignIn what(std::vector<std::string> options, std::optional<std::string> password = std::nullopt) {
        options.push_back("socket=" + directory_.file("socket"));
        return {.options = options, .password = std::move(password)};
    }

    // warifud asks for a code of 8, 7 or 6 digits and says `end`.
    FakeListener::Script asks(const json& end) {
        return [this, end](Peer& peer) {
            starts_.push_back(peer.next_parameters());
            peer.say(prompt_for_tails(question, "8 7 6"));
            json const answer = peer.next();
            answers_.push_back(answer.value("method", "") == "io.warifu.Cancel" ? json("cancel")
                                                                                : answer["parameters"]);
            peer.say(end);
        };
    }

    Directory directory_;
    Person person_;
    std::vector<json> starts_, answers_;
};

json tails(const std::string& text) {
    return {{"kind", "tails"}, {"text", text}};
}
const json invalid = {{"kind", "invalid"}};

TEST_F(SingleField, S05_ForwardPassAsksOnceAndPassesThePasswordOn) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 6))});
        person_.types(question, "correct horse123456");
        Result const result = sign_in(what({"forward_pass"}), person_);
        EXPECT_EQ(result.code, PAM_SUCCESS);
        EXPECT_EQ(result.password, "correct horse");
        warifud.finish();
        EXPECT_EQ(warifud.received().find("horse"), std::string::npos);
    }
    EXPECT_EQ(starts_.at(0)["single_field"], true);
    EXPECT_EQ(answers_.at(0), tails("123456"));
}

TEST_F(SingleField, S05_TheLengthIsTheOneThatWarifudFound) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 6))});
        person_.types(question, "horse99123456");
        EXPECT_EQ(sign_in(what({"forward_pass"}), person_).password, "horse99");
    }
    EXPECT_EQ(answers_.at(0), tails("99123456 9123456 123456"));
}

TEST_F(SingleField, S05_ARecoveryCodeIsCutOffWithItsBlank) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 0))});
        person_.types(question, "correct horse ABCD-EFGH-IJKL-MNOP");
        EXPECT_EQ(sign_in(what({"forward_pass"}), person_).password, "correct horse");
    }
    EXPECT_EQ(answers_.at(0), json({{"kind", "recovery"}, {"text", "ABCD-EFGH-IJKL-MNOP"}}));
}

TEST_F(SingleField, S05_APasswordAloneTakesTheDecoyPathAndIsNotPassedOn) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("denied"))});
        person_.types(question, "correct horse");
        Result const result = sign_in(what({"forward_pass"}), person_);
        EXPECT_EQ(result.code, PAM_AUTH_ERR);
        EXPECT_EQ(result.password, std::nullopt);
    }
    EXPECT_EQ(answers_.at(0), invalid);
}

TEST_F(SingleField, S05_ATailThatWarifudMadeUpIsASystemError) {
    FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 7))});
    person_.types(question, "horse123456");
    Result const result = sign_in(what({"forward_pass"}), person_);
    EXPECT_EQ(result.code, PAM_SYSTEM_ERR);
    EXPECT_EQ(result.password, std::nullopt);
}

// Whoever has no second factor types the password alone, and the next module gets it.
TEST_F(SingleField, S21_WhoeverIsIgnoredIsAskedForThePasswordInTheSameField) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("ignored"));
                         }});
    person_.types("Password: ", "correct horse123456");
    Result const result = sign_in(what({"forward_pass", "nullok"}), person_);
    EXPECT_EQ(result.code, PAM_IGNORE);
    EXPECT_EQ(result.password, "correct horse123456");
}

TEST_F(SingleField, S21_WhoeverIsIgnoredAfterTheQuestionKeepsTheWholeLine) {
    for (const char* const typed : {"horse123456", "horse ABCD-EFGH-IJKL-MNOP"}) {
        Directory directory;
        FakeListener warifud(directory.file("socket"), {asks(done("ignored"))});
        person_.types(question, typed);
        SignIn const sign{.options = {"forward_pass", "nullok", "socket=" + directory.file("socket")}};
        Result const result = sign_in(sign, person_);
        EXPECT_EQ(result.code, PAM_IGNORE);
        EXPECT_EQ(result.password, typed);
    }
}

TEST_F(SingleField, S15_WhoeverIsRememberedIsAskedForThePasswordAlone) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("success"));
                         }});
    person_.types("Password: ", "correct horse");
    Result const result = sign_in(what({"forward_pass"}), person_);
    EXPECT_EQ(result.code, PAM_SUCCESS);
    EXPECT_EQ(result.password, "correct horse");
}

TEST_F(SingleField, S19_UseFirstPassTakesTheCodeFromThePasswordAndNeverAsks) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 6))});
        Result const result = sign_in(what({"use_first_pass"}, "horse123456"), person_);
        EXPECT_EQ(result.code, PAM_SUCCESS);
        EXPECT_EQ(result.password, "horse123456");
    }
    EXPECT_EQ(answers_.at(0), tails("123456"));
    EXPECT_EQ(starts_.at(0)["single_field"], true);
    EXPECT_EQ(starts_.at(0)["has_authtok"], true);
}

TEST_F(SingleField, S19_UseFirstPassWithForwardPassPassesTheRestOn) {
    FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 6))});
    EXPECT_EQ(sign_in(what({"use_first_pass", "forward_pass"}, "horse123456"), person_).password, "horse");
}

TEST_F(SingleField, S19_UseFirstPassWithoutACodeIsDeniedOnTheDecoyPath) {
    for (const std::optional<std::string>& password :
         {std::optional<std::string>("horse"), std::optional<std::string>()}) {
        Directory directory;
        FakeListener warifud(directory.file("socket"), {asks(done("denied"))});
        SignIn const sign{.options = {"use_first_pass", "socket=" + directory.file("socket")},
                          .password = password};
        EXPECT_EQ(sign_in(sign, person_).code, PAM_AUTH_ERR);
        warifud.finish();
        EXPECT_EQ(answers_.back(), invalid);
    }
}

TEST_F(SingleField, S19_UseFirstPassNeverAsksEvenWhereNobodyHasToBring) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("ignored"));
                         }});
    EXPECT_EQ(sign_in(what({"use_first_pass", "forward_pass"}), person_).code, PAM_IGNORE);
}

TEST_F(SingleField, S19_TryFirstPassTakesTheCodeFromThePassword) {
    FakeListener warifud(directory_.file("socket"), {asks(done("success", "", 6))});
    EXPECT_EQ(sign_in(what({"try_first_pass"}, "horse123456"), person_).code, PAM_SUCCESS);
}

TEST_F(SingleField, S19_TryFirstPassAsksWhereThePasswordHoldsNoCode) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("success"))});
        person_.types(question, "123456");
        EXPECT_EQ(sign_in(what({"try_first_pass"}, "horse"), person_).code, PAM_SUCCESS);
    }
    EXPECT_EQ(starts_.at(0)["single_field"], false);
    EXPECT_EQ(answers_.at(0), json({{"kind", "text"}, {"text", "123456"}}));
}

// A password that happens to end in digits.
TEST_F(SingleField, S19_TryFirstPassAsksWhereTheCodeIsRefused) {
    for (const char* const refusal : {"denied", "limited"}) {
        Directory directory;
        starts_.clear();
        answers_.clear();
        FakeListener warifud(directory.file("socket"),
                             {asks(done(refusal, "Wrong code")), asks(done("success"))});
        person_.types(question, "654321");
        SignIn const sign{.options = {"try_first_pass", "socket=" + directory.file("socket")},
                          .password = "horse123456"};
        EXPECT_EQ(sign_in(sign, person_).code, PAM_SUCCESS);
        warifud.finish();
        EXPECT_EQ(answers_.at(0), tails("123456"));
        EXPECT_EQ(answers_.at(1), json({{"kind", "text"}, {"text", "654321"}}));
        EXPECT_EQ(starts_.at(1)["single_field"], false);
    }
}

// The refusal is settled; the question that follows is a conversation like any other.
TEST_F(SingleField, X34_AQuestionAfterARefusedTryMayBeBegunAgain) {
    std::atomic<Peer*> lost{nullptr};
    FakeListener warifud(directory_.file("socket"), {asks(done("denied")),
                                                     [&](Peer& peer) {
                                                         peer.next();
                                                         lost = &peer;
                                                         peer.say(prompt(question));
                                                         peer.next();
                                                     },
                                                     asks(done("success"))});
    person_.types(question, "654321", [&] { lost.load()->shut_down(); });
    EXPECT_EQ(sign_in(what({"try_first_pass"}, "horse123456"), person_).code, PAM_SUCCESS);
}

TEST_F(SingleField, S19_TryFirstPassCancelsWhereNoTailHasAPermittedLength) {
    {
        FakeListener warifud(directory_.file("socket"), {[this](Peer& peer) {
                                                             peer.next();
                                                             peer.say(prompt_for_tails(question, "8"));
                                                             answers_.push_back(peer.next()["method"]);
                                                         },
                                                         asks(done("success"))});
        person_.types(question, "12345678");
        EXPECT_EQ(sign_in(what({"try_first_pass"}, "horse123456"), person_).code, PAM_SUCCESS);
    }
    EXPECT_EQ(answers_.at(0), "io.warifu.Cancel");
}

TEST_F(SingleField, S19_TryFirstPassDoesNotAskTwiceAboutWhatIsUnavailable) {
    FakeListener warifud(directory_.file("socket"), {asks(done("unavailable", "Try later"))});
    person_.is_warned("Try later");
    EXPECT_EQ(sign_in(what({"try_first_pass"}, "horse123456"), person_).code, PAM_AUTHINFO_UNAVAIL);
}

TEST_F(SingleField, ASecondQuestionHasNoFieldToBeAnsweredIn) {
    FakeListener warifud(directory_.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(prompt_for_tails(question, "6"));
                             peer.next();
                             peer.say(prompt_for_tails("Another: ", "6"));
                             EXPECT_EQ(peer.next()["method"], "io.warifu.Cancel");
                         }});
    person_.types(question, "horse123456");
    EXPECT_EQ(sign_in(what({"forward_pass"}), person_).code, PAM_CONV_ERR);
}

TEST_F(SingleField, X34_LostAtTheQuestionBeginsAgainWithTheTypedLine) {
    std::atomic<Peer*> first{nullptr};
    {
        FakeListener warifud(directory_.file("socket"), {[&](Peer& peer) {
                                                             peer.next();
                                                             first = &peer;
                                                             peer.say(prompt_for_tails(question, "8 7 6"));
                                                             peer.next();
                                                         },
                                                         asks(done("success", "", 6))});
        person_.types(question, "horse123456", [&] { first.load()->shut_down(); });
        EXPECT_EQ(sign_in(what({"forward_pass"}), person_).password, "horse");
    }
    EXPECT_EQ(answers_.at(0), tails("123456"));
}

TEST_F(SingleField, X13_SshdsFakeTakesTheDecoyPath) {
    {
        FakeListener warifud(directory_.file("socket"), {asks(done("denied"))});
        person_.types(question, "\b\n\r\177INCORRECT\b\n");
        EXPECT_EQ(sign_in(what({"forward_pass"}), person_).code, PAM_AUTH_ERR);
    }
    EXPECT_EQ(answers_.at(0), invalid);
}

// Through the whole module: random passwords with random ends, and no four bytes of any on the wire.
TEST_F(SingleField, S05_NoPartOfAnyPasswordIsOnTheWire) {
    std::mt19937 random(6);
    for (int round = 0; round < 60; ++round) {
        std::string password = "pw";
        for (auto n = 4 + random() % 20; n > 0; --n) password += static_cast<char>('!' + random() % 94);
        password += "~";  // so that the code begins behind it
        std::string const code = std::to_string(100'000 + random() % 900'000);
        Directory directory;
        FakeListener warifud(directory.file("socket"), {asks(done("success", "", 6))});
        person_.types(question, password + code);
        SignIn const sign{.options = {"forward_pass", "socket=" + directory.file("socket")}};
        ASSERT_EQ(sign_in(sign, person_).password, password);
        warifud.finish();
        std::string const received = warifud.received();
        for (std::size_t at = 0; at + 4 <= password.size(); ++at)
            ASSERT_EQ(received.find(password.substr(at, 4)), std::string::npos) << password;
    }
}

}  // namespace
}  // namespace warifu::testing_support
