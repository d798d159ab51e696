#include "pam_module/printable.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace warifu::pam {
namespace {

TEST(Printable, X27_OnlyPrintableAsciiStays) {
    EXPECT_STREQ(Printable("alice@example.org; %s ~").text(), "alice@example.org; %s ~");
    EXPECT_STREQ(Printable("a\nb\t\x1b[2J\x7f").text(), "a\\x0ab\\x09\\x1b[2J\\x7f");
    EXPECT_STREQ(Printable("割\xC2\x9B\xFF").text(), "\\xe5\\x89\\xb2\\xc2\\x9b\\xff");
    EXPECT_STREQ(Printable(std::string_view("a\0b", 3)).text(), "a\\x00b");
    EXPECT_STREQ(Printable("\\x0a").text(), "\\x5cx0a") << "what was escaped is told from what was typed so";
}

TEST(Printable, X27_WhateverItsLengthItFitsAndSaysSo) {
    for (std::size_t plain = 0; plain < 300; ++plain) {
        for (std::size_t const escaped : {0u, 1u, 300u}) {
            Printable const printable(std::string(plain, 'x') + std::string(escaped, '\n'));
            std::string_view const text = printable.text();
            ASSERT_LT(text.size(), Printable::max_bytes);
            std::string all(plain, 'x');
            for (std::size_t i = 0; i < escaped; ++i) all += "\\x0a";
            bool const whole = text == all;
            ASSERT_NE(whole, text.ends_with("...")) << plain << ' ' << escaped;
        }
    }
}

}  // namespace
}  // namespace warifu::pam
