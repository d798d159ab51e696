#include "core/config/toml_document.h"

#include <gmock/gmock.h>

#include "tests/unit/config/refusal.h"

namespace warifu {
namespace {

using test::refusal_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::string where_refused(const std::string& text) {
    const auto refusal = refusal_of([&] { parse_toml(text, "file"); });
    return refusal ? refusal->field : "accepted";
}

TEST(TomlDocument, ListsTablesAndKeysByLine) {
    const auto entries = parse_toml("z = 1\n[b]\n\n[a]\ny = true\nx = ['p', \"q\"]\n", "file");
    ASSERT_EQ(entries.size(), 5U);
    EXPECT_THAT(entries[0].path, ElementsAre("z"));
    EXPECT_EQ(entries[0].value, TomlValue(std::int64_t{1}));
    EXPECT_THAT(entries[1].path, ElementsAre("b"));
    EXPECT_EQ(entries[1].line, 2U);
    EXPECT_EQ(entries[1].value, TomlValue(TomlTable{}));
    EXPECT_THAT(entries[2].path, ElementsAre("a"));
    EXPECT_THAT(entries[3].path, ElementsAre("a", "y"));
    EXPECT_EQ(entries[3].value, TomlValue(true));
    EXPECT_THAT(entries[4].path, ElementsAre("a", "x"));
    EXPECT_EQ(entries[4].line, 6U);
    EXPECT_EQ(entries[4].value, TomlValue(std::vector<std::string>{"p", "q"}));
}

TEST(TomlDocument, AnOuterTableThatIsNotSpelledOutStandsBeforeItsKeys) {
    const auto entries = parse_toml("\n[outer.inner]\nkey = 1.5\n", "file");
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_THAT(entries[0].path, ElementsAre("outer"));
    EXPECT_EQ(entries[0].line, 2U);
    EXPECT_THAT(entries[1].path, ElementsAre("outer", "inner"));
    EXPECT_THAT(entries[2].path, ElementsAre("outer", "inner", "key"));
    EXPECT_EQ(entries[2].value, TomlValue(TomlOther{"a number with a fraction"}));
}

TEST(TomlDocument, WhatIsNotTomlIsRefusedByLine) {
    EXPECT_EQ(where_refused("a = 1\na = 2\n"), "file:2");
    EXPECT_EQ(where_refused("[t]\na = 1\n[t]\n"), "file:3");
    EXPECT_EQ(where_refused("\n\na = \n"), "file:3");
    EXPECT_EQ(where_refused("a = 99999999999999999999\n"), "file:1");
    EXPECT_EQ(where_refused("a = 'x\ny'\n"), "file:1");
    EXPECT_EQ(where_refused(std::string("a = 1\n# \0\n", 10)), "file:2");
    EXPECT_EQ(where_refused("a = 1\nb = \"\xff\"\n"), "file:2");
    EXPECT_EQ(where_refused("a = \"\xed\xa0\x80\"\n"), "file:1");
    EXPECT_EQ(where_refused("a = \"\xc0\x80\"\n"), "file:1");
    for (const auto* header :
         {"[&", "[[[a]]]", "[[=", "[]", "[[]]", "[", "[[", "[a", "[[a]", "[.a]", "[a.]"}) {
        EXPECT_EQ(where_refused(header), "file:1") << header;
        EXPECT_EQ(where_refused(std::string("\n") + header + "\n"), "file:2") << header;
    }
    EXPECT_EQ(where_refused("a = 1 # one\rb = 2\n"), "file:1");
}

TEST(TomlDocument, ALineHasABound) {
    const auto line = [](std::size_t bytes) { return "\n#" + std::string(bytes - 1, 'x'); };
    EXPECT_EQ(where_refused(line(max_toml_line_bytes)), "accepted");
    EXPECT_EQ(where_refused(line(max_toml_line_bytes + 1)), "file:2");
    EXPECT_EQ(where_refused(line(max_toml_line_bytes + 1) + "\na = 1\n"), "file:2");
}

// As deep as the bounds let it be, and far deeper: dotted headers, dotted keys, lists and inline tables.
TEST(TomlDocument, NothingNestsDeepEnoughToHurt) {
    const auto dots = [](std::size_t bytes) {
        std::string text;
        while (text.size() + 2 < bytes) {
            text += "a.";
        }
        return text + "a";
    };
    const auto deep = dots(max_toml_line_bytes - 20);
    const auto deepest = "[" + deep + "]\n" + deep + " = [\n{ " + deep + " = [\n";
    EXPECT_EQ(where_refused(deepest + "1\n] }\n]\n"), "accepted");
    EXPECT_EQ(where_refused(deepest + "[]\n] }\n]\n"), "accepted");
    EXPECT_EQ(where_refused(deepest + "[1]\n] }\n]\n"), "file:4");
    std::string nested;
    for (int i = 0; i < 20'000; ++i) {
        nested += "[\n{ a.a.a.a.a.a.a.a.a =";
    }
    EXPECT_EQ(where_refused("a = " + nested), "file:3");
    EXPECT_THAT(where_refused("a = " + std::string(1000, '[') + "1" + std::string(990, ']') + "\n"),
                "file:1");
}

}  // namespace
}  // namespace warifu
