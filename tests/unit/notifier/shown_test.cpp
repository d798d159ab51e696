#include "notifier/shown.h"

#include <gtest/gtest.h>

namespace warifu::notifier {
namespace {

TEST(Shown, X27_WhatDrivesATerminalOrTurnsTheLineIsEscaped) {
    EXPECT_EQ(in_one_line("\x1b[31m\x07\x7f\xc2\x9b"), "\\x1b[31m\\x07\\x7f\\x9b");
    EXPECT_EQ(in_one_line("a\u202eb\u2028c\ufeff\U000e0041"), "a\\u{202e}b\\u{2028}c\\u{feff}\\u{e0041}");
    EXPECT_EQ(in_one_line("; x %s $(x) `x` \u5272\u7b26 \U0001f511 \u00e9"),
              "; x %s $(x) `x` \u5272\u7b26 \U0001f511 \u00e9");
    EXPECT_EQ(in_one_line("a\r\n\tb"), "a\\x0d\\x0a\\x09b");
    EXPECT_EQ(in_lines("a\n\tb"), "a\n\\x09b");
}

TEST(Shortened, A05_EndsBetweenCharacters) {
    EXPECT_EQ(shortened("abcdef", 6), "abcdef");
    EXPECT_EQ(shortened("abcdefg", 6), "abc\u2026");
    EXPECT_EQ(shortened("\u3042\u3042\u3042", 8), "\u3042\u2026");
    EXPECT_EQ(shortened("\u3042\u3042\u3042", 6), "\u3042\u2026");
    EXPECT_EQ(shortened("\u3042\u3042\u3042", 5), "\u2026");
    EXPECT_EQ(shortened("\u3042\u3042\u3042", 2), "");
    EXPECT_EQ(shortened("", 0), "");
}

}  // namespace
}  // namespace warifu::notifier
