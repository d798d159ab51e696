#include "core/otp/base32.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace warifu {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string encoded(std::string_view text) {
    return std::string(base32_encode(Secret::copy_of(text).bytes()).text());
}

std::optional<std::string> decoded(std::string_view text) {
    const std::optional<Secret> bytes = base32_decode(text);
    if (!bytes) return std::nullopt;
    return std::string(bytes->text());
}

TEST(Base32, Rfc4648Section10) {
    const struct {
        std::string_view plain, padded;
    } rows[] = {{"", ""},
                {"f", "MY======"},
                {"fo", "MZXQ===="},
                {"foo", "MZXW6==="},
                {"foob", "MZXW6YQ="},
                {"fooba", "MZXW6YTB"},
                {"foobar", "MZXW6YTBOI======"}};
    for (const auto& row : rows) {
        const std::string_view bare = row.padded.substr(0, row.padded.find('='));
        EXPECT_EQ(encoded(row.plain), bare);
        EXPECT_EQ(decoded(bare), row.plain);
        EXPECT_EQ(decoded(row.padded), row.plain);
    }
}

TEST(Base32, EveryLengthComesBack) {
    for (std::size_t size = 0; size <= 200; ++size) {
        const Secret bytes = Secret::random(size);
        EXPECT_EQ(decoded(base32_encode(bytes.bytes()).text()), bytes.text());
    }
}

TEST(Base32, AsPeopleTypeIt) {
    for (const std::string_view text :
         {"mzxw6ytb", "MzXw 6yTb", " MZXW-6YTB ", "M Z\tX-W-6--YTB", "MZ XW6YQ = "})
        EXPECT_TRUE(decoded(text).has_value()) << text;
    EXPECT_EQ(decoded("mzxw 6ytb-oi"), "foobar");
    EXPECT_EQ(decoded("mzxw 6ytb-oi== = ==="), "foobar");
}

TEST(Base32, OtherCharactersAreRefused) {
    for (int c = 0; c < 256; ++c) {
        const auto character = static_cast<char>(c);
        const bool upper = alphabet.find(character) != std::string_view::npos;
        const bool lower = c >= 'a' && c <= 'z';
        const bool ignored = character == ' ' || character == '\t' || character == '-';
        // Seven of the alphabet and this one, or without it; "MZXW6YA" is "foob" cut short of its last bit.
        EXPECT_EQ(decoded(std::string("MZXW6Y") + character + "B").has_value(), upper || lower) << c;
        EXPECT_EQ(decoded(std::string("MZXW6YTB") + character).has_value(), ignored) << c;
    }
}

TEST(Base32, LeftOverBitsAndImpossibleLengthsAreRefused) {
    for (std::size_t length = 0; length < 64; ++length)
        EXPECT_EQ(decoded(std::string(length, 'A')).has_value(),
                  length % 8 != 1 && length % 8 != 3 && length % 8 != 6)
            << length;
    // Two characters carry eight bits and two over.
    for (const char first : alphabet)
        for (std::size_t second = 0; second < alphabet.size(); ++second)
            EXPECT_EQ(decoded(std::string{first, alphabet[second]}).has_value(), second % 4 == 0);
    EXPECT_FALSE(decoded("MZXR").has_value());     // four over
    EXPECT_FALSE(decoded("MZXW7").has_value());    // one over
    EXPECT_FALSE(decoded("MZXW6YR").has_value());  // three over
}

TEST(Base32, PaddingIsWholeOrAbsent) {
    for (const std::string_view text : {"MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB"})
        for (std::size_t padding = 0; padding <= 10; ++padding)
            EXPECT_EQ(decoded(std::string(text) + std::string(padding, '=')).has_value(),
                      padding == 0 || (text.size() + padding == 8))
                << text << padding;
    for (const std::string_view text : {"=", "MY=====", "MY=======", "M=Y=====", "MY======MY", "=MY====="})
        EXPECT_FALSE(decoded(text).has_value()) << text;
}

TEST(Base32, WhatIsTakenReEncodesToItself) {
    std::mt19937 random(20240817);
    constexpr std::string_view characters = "ABCYZabcyz234567=- \t01890@";
    int taken = 0;
    for (int round = 0; round < 100000; ++round) {
        std::string text(random() % 20, ' ');
        std::ranges::generate(text, [&] { return characters[random() % characters.size()]; });
        const std::optional<std::string> bytes = decoded(text);
        if (!bytes) continue;
        ++taken;
        std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '-' || c == '='; });
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
        EXPECT_EQ(encoded(*bytes), text);
    }
    EXPECT_GT(taken, 1000);
}

TEST(Base32, WhatNoSecretHoldsIsRefused) {
    EXPECT_TRUE(base32_decode(std::string(Secret::max_size / 5 * 8, 'A')).has_value());
    EXPECT_FALSE(base32_decode(std::string(Secret::max_size / 5 * 8 + 8, 'A')).has_value());
    EXPECT_TRUE(base32_decode(std::string(10'000'000, ' ') + "MY").has_value());
}

}  // namespace
}  // namespace warifu
