#include "ipc/wire/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace warifu::wire {
namespace {

using Range = std::pair<int, int>;

// RFC 3629 section 4, the grammar itself.
const std::vector<std::vector<Range>> grammar = {
    {{0x00, 0x7F}},
    {{0xC2, 0xDF}, {0x80, 0xBF}},
    {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}},
    {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}},
    {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}},
    {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}},
};

std::size_t by_grammar(std::string_view text) {
    for (const auto& rule : grammar) {
        if (rule.size() > text.size()) continue;
        bool fits = true;
        for (std::size_t i = 0; i < rule.size(); ++i) {
            int const byte = static_cast<unsigned char>(text[i]);
            fits = fits && byte >= rule[i].first && byte <= rule[i].second;
        }
        if (fits) return rule.size();
    }
    return 0;
}

// Every beginning of two bytes, with third and fourth bytes from both sides of every bound.
TEST(Utf8, AgreesWithTheGrammarOfRfc3629) {
    const std::vector<int> bounds = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            for (int const third : bounds) {
                for (int const fourth : bounds) {
                    std::string const text = {static_cast<char>(first), static_cast<char>(second),
                                              static_cast<char>(third), static_cast<char>(fourth)};
                    for (std::size_t size = 0; size <= text.size(); ++size) {
                        std::string_view const part(text.data(), size);
                        ASSERT_EQ(utf8_character(part), by_grammar(part)) << testing::PrintToString(part);
                    }
                }
            }
        }
    }
}

TEST(Utf8, EveryCodePointIsEncodedToWhatTheGrammarTakes) {
    for (unsigned long code_point = 0; code_point <= 0x110000; ++code_point) {
        char out[4];
        std::string_view const text(out, utf8_encode(code_point, out));
        ASSERT_EQ(by_grammar(text), text.size()) << code_point;
        bool const none = (code_point >= 0xD800 && code_point <= 0xDFFF) || code_point > 0x10FFFF;
        ASSERT_EQ(text == replacement, none || code_point == 0xFFFD) << code_point;
    }
}

TEST(Utf8, WholeTextIsValidOnlyWhereEveryCharacterIs) {
    EXPECT_TRUE(valid_utf8(""));
    EXPECT_TRUE(valid_utf8("１２３ 割符"));
    EXPECT_FALSE(valid_utf8("abc\xE5\x89"));
    EXPECT_FALSE(
        valid_utf8("\xFF"
                   "abc"));
}

}  // namespace
}  // namespace warifu::wire
