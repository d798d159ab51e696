#include "core/policy/line_options.h"

#include <gtest/gtest.h>

#include "core/error/error.h"

namespace warifu {
namespace {

std::string refused(const std::vector<std::string>& options) {
    try {
        (void)parse_line_options(options);
    } catch (const Invalid& error) {
        EXPECT_STRNE(error.what(), "");
        return error.field;
    }
    return "";
}

TEST(LineOptions, S19_KeepTheirMeaning) {
    const LineOptions none = parse_line_options({});
    EXPECT_FALSE(none.nullok || none.listed || none.first_factor_failed || none.debug);
    EXPECT_TRUE(none.learn_drift);
    EXPECT_FALSE(none.grace_seconds);

    const LineOptions all = parse_line_options({"nullok", "listed", "first_factor_failed", "noskewadj",
                                                "debug", "no_increment_hotp", "grace_period=60"});
    EXPECT_TRUE(all.nullok && all.listed && all.first_factor_failed && all.debug);
    EXPECT_FALSE(all.learn_drift);
    EXPECT_EQ(all.grace_seconds, 60);
    EXPECT_TRUE(parse_line_options({"nullok", "nullok"}).nullok);
}

TEST(LineOptions, X12_UnknownOptionsAreRefusedByName) {
    EXPECT_EQ(refused({"nulok"}), "nulok");
    EXPECT_EQ(refused({"nullok", "verbose"}), "verbose");
    EXPECT_EQ(refused({"NULLOK"}), "NULLOK");
    EXPECT_EQ(refused({""}), "");
    EXPECT_THROW((void)parse_line_options({""}), Invalid);
    EXPECT_EQ(refused({"nullok="}), "nullok");
    EXPECT_EQ(refused({"nullok=yes"}), "nullok");
    EXPECT_EQ(refused({"debug=1"}), "debug");
    EXPECT_EQ(refused({"nullok "}), "nullok ");
}

TEST(LineOptions, X12_MalformedValuesAreRefusedByName) {
    for (const char* value :
         {"grace_period", "grace_period=", "grace_period=0", "grace_period=-1", "grace_period=+5",
          "grace_period= 5", "grace_period=5 ", "grace_period=5s", "grace_period=0x10", "grace_period=604801",
          "grace_period=99999999999999999999"}) {
        EXPECT_EQ(refused({value}), "grace_period") << value;
    }
    EXPECT_EQ(refused({"grace_period=5", "grace_period=5"}), "grace_period");
    EXPECT_EQ(parse_line_options({"grace_period=604800"}).grace_seconds, 604'800);
    EXPECT_EQ(parse_line_options({"grace_period=1"}).grace_seconds, 1);
}

TEST(LineOptions, S19_SecretAndUserNameAFile) {
    EXPECT_FALSE(parse_line_options({"nullok"}).key_file.given());
    const LineOptions both = parse_line_options({"secret=/etc/ga/${USER}=x", "nullok", "user=root"});
    EXPECT_EQ(both.key_file, (KeyFilePlace{"/etc/ga/${USER}=x", "root"}));
    EXPECT_TRUE(parse_line_options({"secret=~/k"}).key_file.given());
    EXPECT_TRUE(parse_line_options({"user=0"}).key_file.given());
    for (const char* option :
         {"secret", "secret=", "secret=k", "secret=~bob/k", "secret=/a/${UID}", "secret=/a/"})
        EXPECT_EQ(refused({option}), "secret") << option;
    for (const char* option : {"user", "user=", "user=a/b"}) EXPECT_EQ(refused({option}), "user") << option;
    EXPECT_EQ(refused({"secret=/a", "secret=/a"}), "secret");
    EXPECT_EQ(refused({"user=a", "user=b"}), "user");
}

// Looser files are read by no one: an old line is never taken for less than it said.
TEST(LineOptions, S19_RefusedByNameWithTheReason) {
    for (const char* option : {"allow_readonly", "no_strict_owner", "allowed_perm=0644"}) {
        const std::string name = std::string(option).substr(0, std::string(option).find('='));
        EXPECT_EQ(refused({option}), name);
        try {
            (void)parse_line_options({option});
        } catch (const Invalid& error) {
            EXPECT_EQ(std::string(error.what()).find("unknown option"), std::string::npos) << option;
        }
    }
}

}  // namespace
}  // namespace warifu
