#include "core/policy/key_file_place.h"

#include <gtest/gtest.h>

#include "core/error/error.h"

namespace warifu {
namespace {

bool accepted(const std::string& path) {
    try {
        check_key_file_path(path, "secret");
        return true;
    } catch (const Invalid& error) {
        EXPECT_EQ(error.field, "secret");
        return false;
    }
}

TEST(KeyFilePlace, S19_PathsAsThatModuleTakesThem) {
    for (const char* path : {"/etc/ga/${USER}", "~/.google_authenticator", "${HOME}/.google_authenticator",
                             "/a", "/srv/${USER}/k-${USER}", "/srv//${USER}"})
        EXPECT_TRUE(accepted(path)) << path;
    for (const char* path : {"", "a", ".google_authenticator", "~alice/x", "~", "${USER}/x", "/a/${UID}",
                             "/a/$USER", "/a/../b", "/a/.", "/", "/a/", "~/", "${HOME}", "/a/${USER", "//"})
        EXPECT_FALSE(accepted(path)) << path;
    EXPECT_FALSE(accepted("/" + std::string(max_key_file_path_bytes, 'x')));
    EXPECT_FALSE(accepted(std::string("/a\0b", 4)));
}

TEST(KeyFilePlace, S19_OwnersByNameOrUid) {
    for (const char* owner : {"root", "0", "4294967295", "ga-reader"})
        EXPECT_NO_THROW(check_key_file_owner(owner, "user")) << owner;
    for (const char* owner : {"", "a/b", "-x", ".."})
        EXPECT_THROW(check_key_file_owner(owner, "user"), Invalid) << owner;
}

TEST(KeyFilePlace, S19_ThePersonsNameAndHomeStandForTheVariables) {
    const auto path = [](const char* pattern, const char* home = "/home/alice", bool own = true) {
        return key_file_path(pattern, "alice", home, own);
    };
    for (const char* pattern : {"~/.ga", "${HOME}/.ga", "/home/${USER}/.ga", "/home/alice//.ga"}) {
        EXPECT_TRUE(path(pattern).in_home) << pattern;
        EXPECT_EQ(path(pattern).relative, ".ga") << pattern;
    }
    EXPECT_TRUE(path("~/.ga", "/home/alice/").in_home);
    const KeyFilePath central = path("/etc/ga/${USER}/key");
    EXPECT_FALSE(central.in_home);
    EXPECT_EQ(central.relative, "etc/ga/alice/key");
    EXPECT_EQ(central.must_exist, 2U) << "a directory of hers need not be there";
    EXPECT_EQ(path("/etc/ga/${USER}").must_exist, 2U);
    EXPECT_EQ(path("/etc/ga/one").must_exist, 2U);
    EXPECT_EQ(central.shown, "/etc/ga/alice/key");
    // Below her home another's file is no business of hers: every directory has to be root's or that owner's.
    const KeyFilePath anothers = path("~/.ga", "/home/alice", false);
    EXPECT_FALSE(anothers.in_home);
    EXPECT_EQ(anothers.relative, "home/alice/.ga");
    EXPECT_EQ(anothers.must_exist, 2U) << "an unmounted home is no answer";
    EXPECT_FALSE(path("/home/alicea/.ga").in_home);
    EXPECT_FALSE(path("/home/alice", "/home/alice").in_home) << "the home itself is no file below it";
}

TEST(KeyFilePlace, S19_ALineMeansWhatIsConfiguredOrSomethingElse) {
    const KeyFilePlace usual{"~/.google_authenticator", ""}, central{"/etc/ga/${USER}", "root"};
    EXPECT_TRUE(same_place({"${HOME}/.google_authenticator", ""}, usual));
    EXPECT_TRUE(same_place({"", "root"}, central)) << "at the usual place";
    EXPECT_TRUE(same_place(central, central));
    EXPECT_FALSE(same_place({"/etc/ga/${USER}", ""}, central)) << "whoever signs in would own it";
    EXPECT_FALSE(same_place({"", "root"}, usual));
    EXPECT_FALSE(same_place({"/etc/ga/x", "root"}, central));
}

TEST(KeyFilePlace, S19_ANameIsNoVariable) {
    EXPECT_EQ(key_file_path("/etc/ga/${USER}", "${HOME}", "/home/x", true).shown, "/etc/ga/${HOME}");
}

TEST(KeyFilePlace, X10_AHomeThatIsNoneMakesNoPath) {
    for (const char* home : {"", "relative", "/home/../etc", "nowhere/"})
        EXPECT_THROW((void)key_file_path("~/.ga", "alice", home, true), Unavailable) << home;
    EXPECT_FALSE(key_file_path("~/.ga", "alice", "/", true).in_home)
        << "below the root nothing is hers alone";
}

}  // namespace
}  // namespace warifu
