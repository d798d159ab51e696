#include "core/verifier/answer.h"

#include <gtest/gtest.h>

#include <string>

namespace warifu {
namespace {

std::string only(const Answer& answer) {
    return answer.candidates.size() == 1 ? std::string(answer.candidates[0].text()) : std::string("?");
}

TEST(Answer, X19_WhatPeopleType) {
    for (const char* typed :
         {"123456", "123 456", "123-456", " 123456", "123456\n", "123456\r\n", "\t12 34 56 ", "1-2-3-4-5-6",
          "１２３４５６", "１２３ ４５６", "12３4５6", "123456\v\f"}) {
        const Answer answer = parse_answer(typed);
        EXPECT_EQ(answer.shape, AnswerShape::digits) << typed;
        EXPECT_EQ(only(answer), "123456") << typed;
    }
    EXPECT_EQ(only(parse_answer("０１２３４５６７")), "01234567");
    EXPECT_EQ(only(parse_answer("８９89８９")), "898989");
}

TEST(Answer, X19_WhatIsNoCode) {
    for (const char* const typed : {"+12345",
                                    "+123456",
                                    "-+12345",
                                    "0x1234",
                                    "abcdef",
                                    "12345a",
                                    "1e1234",
                                    "123.456",
                                    "123,456",
                                    "12345",
                                    "123456789",
                                    "1",
                                    "",
                                    " ",
                                    "-",
                                    "\n",
                                    "123456\x01",
                                    "123456x",
                                    "١٢٣٤٥٦",              // Arabic-Indic
                                    "१२३४५६",              // Devanagari
                                    "𝟏𝟐𝟑𝟒𝟓𝟔",              // mathematical bold
                                    "①②③④⑤⑥",              // circled
                                    "一二三四五六",        // ideographs
                                    "１２３４５：",        // the full-width colon follows the full-width nine
                                    "１２３４５／",        // and the solidus stands before the nought
                                    "１２３４５\xef\xbc",  // cut short
                                    "123\xc2\xa0"
                                    "456",  // a blank, but not ASCII's
                                    "123\xe3\x80\x80"
                                    "456",
                                    "\xff\xfe"
                                    "123456"}) {
        EXPECT_EQ(parse_answer(typed).shape, AnswerShape::junk) << typed;
        EXPECT_TRUE(parse_answer(typed).candidates.empty()) << typed;
    }
    EXPECT_EQ(parse_answer(std::string_view("123456\0", 7)).shape, AnswerShape::junk);
    EXPECT_EQ(parse_answer(std::string_view("123\000456", 7)).shape, AnswerShape::junk);
}

TEST(Answer, X19_TooLongIsJunk) {
    const std::string blanks(max_answer_bytes - 6, ' ');
    EXPECT_EQ(parse_answer("123456" + blanks).shape, AnswerShape::digits);
    EXPECT_EQ(parse_answer("123456" + blanks + " ").shape, AnswerShape::junk);
    EXPECT_EQ(parse_answer(std::string(100'000, '1')).shape, AnswerShape::junk);
    EXPECT_EQ(parse_answer(std::string(256, '1')).shape, AnswerShape::junk);
}

TEST(Answer, S09_RecoveryCodes) {
    for (const char* typed : {"ABCD-EFGH-IJKL-MNOP", "abcdefghijklmnop", " abcd efgh ijkl mnop\n",
                              "ABCDEFGHIJKLMNOP", "AB-CD EF-GH IJKL MN op"}) {
        const Answer answer = parse_answer(typed);
        EXPECT_EQ(answer.shape, AnswerShape::recovery) << typed;
        EXPECT_EQ(only(answer), "ABCDEFGHIJKLMNOP") << typed;
    }
    EXPECT_EQ(parse_answer("2345672345672345").shape, AnswerShape::recovery);
    EXPECT_EQ(only(parse_answer("ABCD-EFGH-IJKL-２３４５")), "ABCDEFGHIJKL2345");
    for (const char* typed : {"ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNOPQ", "ABCDEFGHIJKLMNO1", "ABCDEFGHIJKLMNO8",
                              "0123456789012345", "ABCDEFGHIJKLMNO="}) {
        EXPECT_EQ(parse_answer(typed).shape, AnswerShape::junk) << typed;
    }
}

TEST(Answer, TailsAreOneOfALengthLongestFirst) {
    const Answer answer = parse_tails("12345678 2345678 345678");
    ASSERT_EQ(answer.shape, AnswerShape::digits);
    ASSERT_EQ(answer.candidates.size(), 3U);
    EXPECT_EQ(answer.candidates[0].text(), "12345678");
    EXPECT_EQ(answer.candidates[2].text(), "345678");
    EXPECT_EQ(parse_tails("345678").candidates.size(), 1U);
    EXPECT_EQ(parse_tails("2345678 345678").candidates.size(), 2U);
}

// Three codes of one length would be three guesses for the price of one.
TEST(Answer, S14_TailsAreNoWayToGuessMore) {
    for (const char* tails :
         {"111111 222222", "111111 222222 333333", "11111111 22222222", "111111 2222222",
          "12345678 2345678 345678 45678", "12345678 2345678 345678 345678", "12345", "123456789", "", " ",
          "123456  123456", " 123456", "123456 abcdef", "１２３４５６", "123-456"}) {
        EXPECT_EQ(parse_tails(tails).shape, AnswerShape::junk) << tails;
        EXPECT_TRUE(parse_tails(tails).candidates.empty()) << tails;
    }
    EXPECT_EQ(parse_tails(std::string(10'000, '1')).shape, AnswerShape::junk);
}

}  // namespace
}  // namespace warifu
