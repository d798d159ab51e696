#include "core/account/credentials.h"

#include <gtest/gtest.h>

#include "core/error/error.h"
#include "tests/unit/credentials/generated_credentials.h"

namespace warifu {
namespace {

TEST(SubjectName, X05_NamesThatCouldReachAPathAreRefused) {
    for (const std::string& name :
         {std::string(), std::string("."), std::string(".."), std::string("../x"), std::string("a/b"),
          std::string("-x"), std::string(257, 'a'), std::string("a\nb"), std::string("a\0b", 3),
          std::string("\x7f"), std::string("a\x1b[0m"), std::string("\xff"), std::string("\xc0\xaf"),
          std::string("\xc2\x85"),
          std::string("al\xef\xbf\xbd"
                      "ce")})
        EXPECT_FALSE(valid_subject_name(name)) << name;
}

TEST(SubjectName, N03_NamesAsNssSeesThemAreTaken) {
    for (const std::string& name :
         {std::string("root"), std::string("DOMAIN\\user"), std::string("user@realm.example"),
          std::string("a b"), std::string("www-data"), std::string("Müller"), std::string("山田"),
          std::string(256, 'a'), std::string(".hidden"), std::string("...")})
        EXPECT_TRUE(valid_subject_name(name)) << name;
}

TEST(PrintableUtf8, TakesTheEdgesOfRfc3629AndNothingBeyond) {
    for (const char* text : {"", "~", "\xc2\xa0", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                             "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(printable_utf8(text)) << text;
    for (const char* text : {"\x1f",
                             "\x7f",
                             "\x80",
                             "\xbf",
                             "\xc0\x80",
                             "\xc1\xbf",
                             "\xc2",
                             "\xc2\x41",
                             "\xc2\x80",
                             "\xc2\x9f",
                             "\xe0\x9f\xbf",
                             "\xed\xa0\x80",
                             "\xed\xbf\xbf",
                             "\xef\xbf",
                             "\xf0\x8f\xbf\xbf",
                             "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80",
                             "\xf8\x88\x80\x80\x80",
                             "\xff",
                             "ok\xff"})
        EXPECT_FALSE(printable_utf8(text)) << text;
}

TEST(Label, IsBoundedAndPrintable) {
    EXPECT_NO_THROW(check_label("x"));
    EXPECT_NO_THROW(check_label(std::string(max_label_bytes, 'x')));
    for (const std::string& label :
         {std::string(), std::string(max_label_bytes + 1, 'x'), std::string("a\tb"),
          std::string("\x1b]0;x\a"), std::string("\xe6\x90")}) {
        try {
            check_label(label);
            ADD_FAILURE() << label;
        } catch (const Invalid& invalid) {
            EXPECT_EQ(invalid.field, "label");
        }
    }
}

TEST(Credentials, ACloneIsEqualAndItsOwn) {
    testing::Random random(1);
    for (int round = 0; round < 50; ++round) {
        Credentials original = testing::generated_credentials(random, {"host", "alice"});
        original.unknown_fields = "{\"x\":1}";
        const Credentials copy = original.clone();
        EXPECT_TRUE(testing::same(original, copy));
        if (original.authenticators.empty()) continue;
        original.authenticators[0].secret.writable()[0] ^= 1;
        EXPECT_FALSE(testing::same(original, copy));
    }
}

}  // namespace
}  // namespace warifu
