// What makes somebody a member, and what does not although it looks like it. Wants root: what counts is
// root's.
#include "nss_helper/libnss_warifu/membership.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <optional>
#include <string>

#include "tests/unit/store/temporary_directory.h"

namespace warifu::nss {
namespace {

using testing::TemporaryDirectory;

constexpr gid_t some_gid = 4'321, other_gid = 4'322;
constexpr const MarkerGroup& enrolled = marker_groups[0];
constexpr const MarkerGroup& pending = marker_groups[1];

class Membership : public ::testing::Test {
  protected:
    Membership() {
        for (const std::string& path : {state, markers, of(enrolled), of(pending)}) {
            EXPECT_EQ(::mkdir(path.c_str(), 0711), 0);
        }
        EXPECT_EQ(::chown(of(enrolled).c_str(), 0, some_gid), 0);
        EXPECT_EQ(::chown(of(pending).c_str(), 0, other_gid), 0);
    }

    std::string of(const MarkerGroup& group) const { return markers + "/" + group.directory; }
    std::string mark(const MarkerGroup& group, const std::string& name) const {
        const std::string path = of(group) + "/" + name;
        testing::write_file(path, "");
        return path;
    }
    std::optional<gid_t> gid_of(const MarkerGroup& group, const char* name) const {
        gid_t gid = 0;
        return is_member(markers.c_str(), group, name, &gid) ? std::optional<gid_t>(gid) : std::nullopt;
    }

    TemporaryDirectory directory;
    const std::string state = directory / "warifu", markers = state + "/enrolled";
};

TEST_F(Membership, N01_AMarkerGivesItsDirectorysGroup) {
    EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt);
    mark(enrolled, "alice");
    EXPECT_EQ(gid_of(enrolled, "alice"), some_gid);
    EXPECT_EQ(gid_of(enrolled, "bob"), std::nullopt);
    EXPECT_EQ(gid_of(pending, "alice"), std::nullopt);
}

TEST_F(Membership, N01_PendingEndsWithItsDate) {
    const std::string path = mark(pending, "alice");
    const auto date = [&path](std::time_t until) {
        const std::array<timespec, 2> times{timespec{until, 0}, timespec{until, 0}};
        EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
    };
    date(std::time(nullptr) + 86'400);
    EXPECT_EQ(gid_of(pending, "alice"), other_gid);
    date(std::time(nullptr) - 1);
    EXPECT_EQ(gid_of(pending, "alice"), std::nullopt);
    mark(enrolled, "alice");
    EXPECT_EQ(gid_of(enrolled, "alice"), some_gid) << "the enrolled stay it";
}

TEST_F(Membership, N01_WhatOthersCanWriteGivesNobodyAGroup) {
    mark(enrolled, "alice");
    for (const std::string& path : {of(enrolled), markers, state, of(enrolled) + "/alice"}) {
        const mode_t mode = path.ends_with("alice") ? 0400 : 0711;
        for (const mode_t writable : {020U, 002U}) {
            EXPECT_EQ(::chmod(path.c_str(), mode | writable), 0);
            EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt) << path;
        }
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(::chown(path.c_str(), 65'534, static_cast<gid_t>(-1)), 0);
        EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt) << path;
        EXPECT_EQ(::chown(path.c_str(), 0, static_cast<gid_t>(-1)), 0);
    }
    EXPECT_EQ(gid_of(enrolled, "alice"), some_gid);
}

TEST_F(Membership, N01_RootsGroupIsNeverGiven) {
    mark(enrolled, "alice");
    EXPECT_EQ(::chown(of(enrolled).c_str(), 0, 0), 0);
    EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt);
}

TEST_F(Membership, N01_OnlyRegularFilesAreMarkers) {
    EXPECT_EQ(::mkdir((of(enrolled) + "/alice").c_str(), 0700), 0);
    EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt);
    const std::string elsewhere = directory / "elsewhere";
    testing::write_file(elsewhere, "");
    EXPECT_EQ(::symlink(elsewhere.c_str(), (of(enrolled) + "/bob").c_str()), 0);
    EXPECT_EQ(gid_of(enrolled, "bob"), std::nullopt);
    EXPECT_EQ(::mkfifo((of(enrolled) + "/carol").c_str(), 0600), 0);
    EXPECT_EQ(gid_of(enrolled, "carol"), std::nullopt);
}

TEST_F(Membership, N01_ALinkedDirectoryIsNone) {
    mark(enrolled, "alice");
    const std::string moved = directory / "moved";
    EXPECT_EQ(::rename(of(enrolled).c_str(), moved.c_str()), 0);
    EXPECT_EQ(::symlink(moved.c_str(), of(enrolled).c_str()), 0);
    EXPECT_EQ(gid_of(enrolled, "alice"), std::nullopt);
}

TEST_F(Membership, N02_WithoutAnythingThereNobodyIsAMember) {
    gid_t gid = 0;
    EXPECT_FALSE(is_member((directory / "nothing").c_str(), enrolled, "alice", &gid));
    EXPECT_FALSE(is_member(std::string(2'000, 'x').c_str(), enrolled, "alice", &gid));
}

}  // namespace
}  // namespace warifu::nss
