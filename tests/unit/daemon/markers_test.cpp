// The marker files as warifud writes them. Wants root: a marker is root's.
#include "daemon/markers.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "tests/unit/store/temporary_directory.h"

namespace warifu {
namespace {

using Names = std::set<std::string>;

class MarkerFiles : public ::testing::Test {
  protected:
    std::string of(const MarkerGroup& group) const { return place + "/" + group.directory; }
    mode_t mode_of(const std::string& path) const {
        struct stat found{};
        EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
        return found.st_mode;
    }
    Names files(const MarkerGroup& group) const {
        Names names;
        for (const auto& entry : std::filesystem::directory_iterator(of(group))) {
            names.insert(entry.path().filename());
        }
        return names;
    }

    const testing::TemporaryDirectory directory;
    const std::string place = directory / "enrolled";
    const Markers markers{place};
};

TEST_F(MarkerFiles, N01_ASetOfDirectoriesThatNobodyCanList) {
    EXPECT_EQ(markers.prepare(), "");
    EXPECT_EQ(mode_of(place), S_IFDIR | 0711U);
    for (const auto& group : marker_groups) {
        EXPECT_EQ(mode_of(of(group)), S_IFDIR | 0711U);
    }
    EXPECT_EQ(markers.prepare(), "") << "once more";
}

TEST_F(MarkerFiles, N01_EachStandingIsItsFiles) {
    EXPECT_EQ(markers.tell("alice", {true, 0, false}), "");
    EXPECT_EQ(markers.tell("bob", {false, 1'900'000'000, true}), "");
    EXPECT_EQ(files(Markers::enrolled), Names{"alice"});
    EXPECT_EQ(files(Markers::pending), Names{"bob"});
    EXPECT_EQ(files(Markers::exempt), Names{"bob"});
    EXPECT_EQ(mode_of(of(Markers::enrolled) + "/alice"), S_IFREG | 0400U);
    struct stat found{};
    EXPECT_EQ(::stat((of(Markers::pending) + "/bob").c_str(), &found), 0);
    EXPECT_EQ(found.st_mtim.tv_sec, 1'900'000'000);
    EXPECT_EQ(found.st_size, 0);

    EXPECT_EQ(markers.tell("bob", {false, 2'000'000'000, false}), "");
    EXPECT_EQ(::stat((of(Markers::pending) + "/bob").c_str(), &found), 0);
    EXPECT_EQ(found.st_mtim.tv_sec, 2'000'000'000);
    EXPECT_EQ(files(Markers::exempt), Names());
    EXPECT_EQ(markers.tell("alice", {}), "");
    EXPECT_EQ(markers.tell("alice", {}), "");
    EXPECT_EQ(files(Markers::enrolled), Names());
}

TEST_F(MarkerFiles, X05_NoNameIsWrittenElsewhere) {
    EXPECT_EQ(markers.prepare(), "");
    const auto before = std::distance(std::filesystem::recursive_directory_iterator(directory.path()), {});
    const Names hostile{"../x", "a/b", std::string(85, '/'), "..", ".", "-rf", "a\nb", "\xff"};
    for (const auto& name : hostile) {
        EXPECT_EQ(markers.tell(name, {true, 0, false}), "") << name;
    }
    for (const auto& name : {std::string(), std::string(300, 'x'), std::string(86, '/')}) {
        EXPECT_EQ(markers.tell(name, {true, 0, false}), "") << name;
        EXPECT_FALSE(markers.has(Markers::enrolled, name));
    }
    EXPECT_EQ(files(Markers::enrolled).size(), hostile.size());
    const auto after = std::distance(std::filesystem::recursive_directory_iterator(directory.path()), {});
    EXPECT_EQ(after - before, static_cast<std::ptrdiff_t>(hostile.size())) << "and nothing elsewhere";
    auto listing = markers.list(Markers::enrolled);
    const auto names = listing.next(100);
    EXPECT_EQ(Names(names.begin(), names.end()), hostile);
}

TEST_F(MarkerFiles, N02_AListingComesInParts) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(markers.tell("user" + std::to_string(i), {true, 0, false}), "");
    }
    testing::write_file(of(Markers::enrolled) + "/.no-marker", "");
    auto listing = markers.list(Markers::enrolled);
    Names all;
    for (const std::size_t size : {4U, 4U, 2U, 0U}) {
        const auto part = listing.next(4);
        EXPECT_EQ(part.size(), size);
        all.insert(part.begin(), part.end());
    }
    EXPECT_EQ(all.size(), 10U);
    EXPECT_TRUE(Markers(directory / "nothing").list(Markers::enrolled).next(4).empty());
}

TEST_F(MarkerFiles, X01_ALinkInAMarkersPlaceIsReplacedAndItsTargetStays) {
    EXPECT_EQ(markers.prepare(), "");
    const std::string target = directory / "target";
    testing::write_file(target, "as it was");
    ASSERT_EQ(::symlink(target.c_str(), (of(Markers::pending) + "/alice").c_str()), 0);
    struct stat before{}, after{};
    ASSERT_EQ(::stat(target.c_str(), &before), 0);
    EXPECT_EQ(markers.tell("alice", {false, 1'900'000'000, false}), "");
    EXPECT_TRUE(S_ISREG(mode_of(of(Markers::pending) + "/alice")));
    EXPECT_EQ(testing::content_of(target), "as it was");
    ASSERT_EQ(::stat(target.c_str(), &after), 0);
    EXPECT_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    EXPECT_EQ(after.st_mode, before.st_mode);
}

TEST_F(MarkerFiles, X01_ADirectoryThatIsALinkIsNotWritten) {
    EXPECT_EQ(markers.prepare(), "");
    const std::string elsewhere = directory / "elsewhere";
    ASSERT_EQ(::mkdir(elsewhere.c_str(), 0700), 0);
    ASSERT_EQ(::rmdir(of(Markers::enrolled).c_str()), 0);
    ASSERT_EQ(::symlink(elsewhere.c_str(), of(Markers::enrolled).c_str()), 0);
    EXPECT_NE(markers.tell("alice", {true, 0, false}), "");
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
}

TEST_F(MarkerFiles, N01_AProblemIsOneLineThatSaysWhere) {
    EXPECT_EQ(markers.prepare(), "");
    ASSERT_EQ(::chmod(of(Markers::enrolled).c_str(), 0777), 0);
    const std::string problem = markers.tell("alice", {true, 0, false});
    EXPECT_NE(problem.find(of(Markers::enrolled) + ": "), std::string::npos) << problem;
    EXPECT_NE(problem.find("restarted"), std::string::npos) << problem;
    EXPECT_EQ(problem.find("alice"), std::string::npos);
    EXPECT_EQ(problem.find('\n'), std::string::npos);
    EXPECT_FALSE(markers.has(Markers::enrolled, "alice"));
    EXPECT_EQ(markers.tell("alice", {false, 1'900'000'000, false}), problem)
        << "the same, whatever was wanted";
    EXPECT_TRUE(markers.has(Markers::pending, "alice")) << "what can be told is told";
}

}  // namespace
}  // namespace warifu
