// How login names are spelled as names of files.
#include "nss_helper/marker/marker_name.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

namespace warifu {
namespace {

std::optional<std::string> encoded(const std::string& name) {
    char text[marker_name_size];
    return encode_marker_name(name.data(), name.size(), text) ? std::optional<std::string>(text)
                                                              : std::nullopt;
}

std::optional<std::string> decoded(const std::string& text) {
    char name[marker_name_size];
    return decode_marker_name(text.c_str(), name) ? std::optional<std::string>(name) : std::nullopt;
}

TEST(MarkerName, N01_OrdinaryNamesStayReadable) {
    EXPECT_EQ(encoded("alice"), "alice");
    EXPECT_EQ(encoded("a-b_c.d9"), "a-b_c.d9");
    EXPECT_EQ(encoded("alice@example.org"), "alice%40example.org");
    EXPECT_EQ(encoded("EXAMPLE\\alice"), "EXAMPLE%5Calice");
    EXPECT_EQ(encoded("host$"), "host%24");
    EXPECT_EQ(encoded("\xE5\xA4\xAA"), "%E5%A4%AA");
}

TEST(MarkerName, X05_NoNameLeavesTheDirectory) {
    EXPECT_EQ(encoded(".."), "%2E.");
    EXPECT_EQ(encoded("."), "%2E");
    EXPECT_EQ(encoded("../x"), "%2E.%2Fx");
    EXPECT_EQ(encoded("a/b"), "a%2Fb");
    EXPECT_EQ(encoded("-rf"), "%2Drf");
    EXPECT_EQ(encoded("a\nb\x7f\x01"), "a%0Ab%7F%01");
    EXPECT_EQ(encoded("%2F"), "%252F");
    EXPECT_EQ(encoded(""), std::nullopt);
    EXPECT_EQ(encoded(std::string(300, 'a')), std::nullopt);
    EXPECT_EQ(encoded(std::string(256, 'a')), std::nullopt);
    EXPECT_EQ(encoded(std::string(255, 'a')), std::string(255, 'a'));
    EXPECT_EQ(encoded(std::string(86, '/')), std::nullopt);
    EXPECT_TRUE(encoded(std::string(85, '/')));
}

TEST(MarkerName, X05_AnyBytesKeepTheirOwnSpelling) {
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string name(1 + random() % 90, '\0');
        for (char& byte : name) {
            byte = static_cast<char>(1 + random() % 255);
        }
        const auto text = encoded(name);
        if (!text) {
            EXPECT_GT(name.size(), max_marker_name_bytes / 3);
            continue;
        }
        EXPECT_EQ(
            text->find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%_.-"),
            std::string::npos);
        EXPECT_TRUE(text->front() != '.' && text->front() != '-') << *text;
        EXPECT_EQ(decoded(*text), name);
    }
}

TEST(MarkerName, OtherSpellingsAreNoNames) {
    EXPECT_EQ(decoded("alice%40example.org"), "alice@example.org");
    for (const char* text :
         {"", ".", "..", ".hidden", "-x", "%61", "%4", "%", "%zz", "%2f", "%00", "a%", "a b", "a%0"}) {
        EXPECT_EQ(decoded(text), std::nullopt) << text;
    }
    EXPECT_EQ(decoded(std::string(256, 'a')), std::nullopt);
}

}  // namespace
}  // namespace warifu
