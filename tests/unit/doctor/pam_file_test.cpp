// PAM's files are read as libpam reads them.
#include "enroll_tool/doctor/pam_file.h"

#include <gmock/gmock.h>

namespace warifu::doctor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PamLine one(const std::string& text) {
    const auto lines = parse_pam_file(text);
    EXPECT_EQ(lines.size(), 1U) << text;
    return lines.empty() ? PamLine{} : lines.front();
}

TEST(PamFile, E10_WordsOfALine) {
    const PamLine line = one("AUTH\t Required pam_warifu.so  nullok debug # why\n");
    EXPECT_EQ(line.facility, "auth");
    EXPECT_EQ(line.control, "required");
    EXPECT_EQ(line.module, "pam_warifu.so");
    EXPECT_THAT(line.arguments, ElementsAre("nullok", "debug"));
    EXPECT_FALSE(line.bracketed);
    EXPECT_FALSE(line.may_be_missing);
}

TEST(PamFile, E10_BracketsKeepBlanks) {
    const PamLine line =
        one("-auth [success=2 default=ignore] pam_warifu.so [authtok_prompt=Your \\] code: ]");
    EXPECT_TRUE(line.may_be_missing);
    EXPECT_TRUE(line.bracketed);
    EXPECT_EQ(line.control, "success=2 default=ignore");
    EXPECT_THAT(line.arguments, ElementsAre("authtok_prompt=Your ] code: "));
}

TEST(PamFile, E10_LinesGoOnAfterABackslashAndKeepTheirNumbers) {
    const auto lines =
        parse_pam_file("# first\n\nauth required \\\n  pam_unix.so\nauth required pam_deny.so");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].module, "pam_unix.so");
    EXPECT_EQ(lines[0].number, 3);
    EXPECT_EQ(lines[1].number, 5);
}

TEST(PamFile, E10_NothingInNothing) {
    for (const char* text : {"", "\n\n", "# auth required pam_permit.so", "   \t\n", "\\"})
        EXPECT_THAT(parse_pam_file(text), IsEmpty()) << text;
    EXPECT_EQ(one("auth").control, "");
    EXPECT_EQ(one("auth [success=1]").control, "success=1");
    EXPECT_TRUE(one("auth [success=1").bracketed) << "to the line's end";
    EXPECT_EQ(one("@include common-auth").module, "common-auth");
}

}  // namespace
}  // namespace warifu::doctor
