#include "pam_module/answer.h"

#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <string>

namespace warifu::pam {
namespace {

std::string sshd_fake(std::size_t length) {
    std::string const whole = "\b\n\r\177INCORRECT";
    std::string out;
    while (out.size() < length) out += whole;
    return out.substr(0, length);
}

TEST(PlainAnswer, TextAsItWasTyped) {
    for (const char* const typed : {"", "123456", " 123 456\n", "１２３４５６", "abcd-efgh", "INCORRECT"}) {
        Answer const answer = plain_answer(typed, "password");
        EXPECT_STREQ(answer.kind, "text") << typed;
        EXPECT_EQ(answer.text, typed);
    }
}

TEST(PlainAnswer, X13_SshdsFakeIsInvalidAtEveryLength) {
    EXPECT_STREQ(plain_answer("\b\n\r\177IN", nullptr).kind, "invalid");
    for (std::size_t length = 1; length <= 100; ++length) {
        std::string fake = sshd_fake(length);
        EXPECT_STREQ(plain_answer(fake, nullptr).kind, "invalid") << length;
        EXPECT_STREQ(SingleField().read(fake, "6").kind, "invalid") << length;
        fake.back() = '0';
        EXPECT_STREQ(plain_answer(fake, nullptr).kind, "text") << length;
    }
}

TEST(PlainAnswer, ThePasswordCrossesAsAWordAlone) {
    Answer const same = plain_answer("secret", "secret");
    EXPECT_STREQ(same.kind, "password");
    EXPECT_TRUE(same.text.empty());
    EXPECT_STREQ(plain_answer("secret1", "secret").kind, "text");
    EXPECT_STREQ(plain_answer("secre", "secret").kind, "text");
    // Also where it could not cross at all.
    EXPECT_STREQ(plain_answer(std::string(1'000, 'x'), std::string(1'000, 'x').c_str()).kind, "password");
    EXPECT_STREQ(plain_answer("\xFF", "\xFF").kind, "password");
}

TEST(PlainAnswer, X14_LongOrBrokenAnswersAreInvalidAndEmpty) {
    EXPECT_STREQ(plain_answer(std::string(256, '1'), nullptr).kind, "text");
    for (const std::string& typed :
         {std::string(257, '1'), std::string(100'000, '1'), std::string("12\xFF"), std::string("\xC0\xB1")}) {
        Answer const answer = plain_answer(typed, nullptr);
        EXPECT_STREQ(answer.kind, "invalid");
        EXPECT_TRUE(answer.text.empty());
    }
}

struct Read {
    std::string kind, text, password;
};

// Reads `typed`, then cuts off the code that warifud found in the tail of `found` characters.
Read read(const std::string& typed, const char* tails, long long found) {
    SingleField field;
    Answer const answer = field.read(typed, tails);
    std::size_t bytes = 0;
    bool const known = field.password_bytes(found, &bytes);
    return {answer.kind, std::string(answer.text), known ? typed.substr(0, bytes) : "(no such tail)"};
}

void expect_read(const Read& read, const char* kind, const char* text, const char* password) {
    EXPECT_EQ(read.kind, kind);
    EXPECT_EQ(read.text, text);
    EXPECT_EQ(read.password, password);
}

TEST(SingleFieldAnswer, S05_EveryLengthWhoseTailIsAllDigits) {
    expect_read(read("secret123456", "8 7 6", 6), "tails", "123456", "secret");
    expect_read(read("secret99123456", "8 7 6", 6), "tails", "99123456 9123456 123456", "secret99");
    expect_read(read("secret99123456", "8 7 6", 8), "tails", "99123456 9123456 123456", "secret");
    expect_read(read("x9123456", "8 6", 6), "tails", "123456", "x9");
    expect_read(read("123456", "6", 6), "tails", "123456", "");
    expect_read(read("パスワード１２３４５６", "8 7 6", 6), "tails", "123456", "パスワード");
    expect_read(read("x1２3４5６", "6", 6), "tails", "123456", "x");
}

TEST(SingleFieldAnswer, S05_ATailThatWasNotSentIsNotTakenFor) {
    expect_read(read("secret123456", "6", 7), "tails", "123456", "(no such tail)");
    expect_read(read("secret12345", "6", 6), "invalid", "", "(no such tail)");
    expect_read(read("secret123456", "8", 8), "invalid", "", "(no such tail)");
}

TEST(SingleFieldAnswer, S05_ARecoveryCodeFollowsTheLastBlank) {
    expect_read(read("my secret ABCD-EFGH-IJKL-MNOP", "8 6", 0), "recovery", "ABCD-EFGH-IJKL-MNOP",
                "my secret");
    expect_read(read("secret abcdefghijklmnop", "6", 0), "recovery", "abcdefghijklmnop", "secret");
    expect_read(read(" ABCDEFGHIJKLMNOP", "6", 0), "recovery", "ABCDEFGHIJKLMNOP", "");
    // Grouped as it is shown, it is a recovery code even where it ends in digits.
    expect_read(read("secret ABCD-EFGH-IJ23-4567", "4", 0), "recovery", "ABCD-EFGH-IJ23-4567", "secret");
    for (const char* const typed :
         {"ABCD-EFGH-IJKL-MNOP", "secret ABCDEFGHIJKLMNO", "secret ABCDEFGHIJKLMNOPQ",
          "secret ABCDEFGHIJKLMNO1", "secret ABCDEFGHIJKLMNOP "}) {
        expect_read(read(typed, "6", 0), "invalid", "", typed);
    }
}

TEST(SingleFieldAnswer, APassphrasesLastWordIsNoRecoveryCode) {
    expect_read(read("correct horsebatte234567", "8 7 6", 6), "tails", "234567", "correct horsebatte");
    expect_read(read("correct 123456", "6", 6), "tails", "123456", "correct ");
}

TEST(SingleFieldAnswer, WhereNoTailHeldTheCodeTheWholeLineIsThePassword) {
    expect_read(read("secret123456", "6", 0), "tails", "123456", "secret123456");
    expect_read(read("secret", "6", 0), "invalid", "", "secret");
    expect_read(read("", "6", 0), "invalid", "", "");
}

TEST(SingleFieldAnswer, OddLengthsAreLeftAlone) {
    expect_read(read("secret123456", "", 0), "invalid", "", "secret123456");
    expect_read(read("secret123456", "0 6", 0), "invalid", "", "secret123456");
    expect_read(read("secret123456", "six", 0), "invalid", "", "secret123456");
    expect_read(read("secret123456", "99999999999999 6", 0), "invalid", "", "secret123456");
}

TEST(SingleFieldAnswer, AtMostEightLengthsCount) {
    std::string const ones(40, '1');
    std::string expected;
    for (std::size_t const length : {16u, 15u, 14u, 13u, 12u, 11u, 10u, 9u})
        expected += (expected.empty() ? "" : " ") + ones.substr(0, length);
    SingleField field;
    EXPECT_EQ(field.read(ones, "16 15 14 13 12 11 10 9 8 7 6").text, expected);
}

TEST(SingleFieldAnswer, MayBeReadAgain) {
    SingleField field;
    field.read("secret123456", "6");
    Answer const again = field.read("other654321", "6");
    EXPECT_EQ(again.text, "654321");
    std::size_t bytes = 0;
    ASSERT_TRUE(field.password_bytes(6, &bytes));
    EXPECT_EQ(bytes, 5u);
}

// Whatever is typed: nothing crosses but digits of its end, or what follows its last blank.
TEST(SingleFieldAnswer, S05_NothingOfThePasswordCrosses) {
    std::mt19937 random(5);
    const std::string pieces = "ab Z-0189\xEF\xBC\x95\xFF.";
    for (int round = 0; round < 50'000; ++round) {
        std::string typed;
        for (auto n = random() % 40; n > 0; --n) typed += pieces[random() % pieces.size()];
        SingleField field;
        Answer const answer = field.read(typed, "8 7 6");
        if (answer.kind == wire::answer_recovery) {
            ASSERT_TRUE(typed.ends_with(" " + std::string(answer.text)));
        } else if (answer.kind == wire::answer_tails) {
            std::string ascii;  // the end of what was typed
            for (std::size_t at = typed.size(); at > 0 && ascii.size() < 8;) {
                if (std::isdigit(static_cast<unsigned char>(typed[at - 1])) != 0) {
                    ascii.insert(0, 1, typed[--at]);
                } else if (at >= 3 && typed.compare(at - 3, 3, "５") == 0) {
                    ascii.insert(0, 1, '5');
                    at -= 3;
                } else {
                    break;
                }
            }
            std::string expected;
            for (std::size_t const length : {8u, 7u, 6u}) {
                if (ascii.size() < length) continue;
                expected += (expected.empty() ? "" : " ") + ascii.substr(ascii.size() - length);
            }
            ASSERT_EQ(answer.text, expected) << testing::PrintToString(typed);
        } else {
            ASSERT_STREQ(answer.kind, "invalid");
            ASSERT_TRUE(answer.text.empty());
        }
    }
}

TEST(CouldHoldCode, OnlyWhatEndsLikeOne) {
    EXPECT_TRUE(could_hold_code("secret123456"));
    EXPECT_TRUE(could_hold_code("１２３４５６"));
    EXPECT_TRUE(could_hold_code("secret ABCD-EFGH-IJKL-MNOP"));
    for (const char* const typed : {"", "secret", "secret12345", "123456x", "ABCDEFGHIJKLMNOP"})
        EXPECT_FALSE(could_hold_code(typed)) << typed;
}

}  // namespace
}  // namespace warifu::pam
