#include "core/source/home_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "core/error/error.h"
#include "core/source/owned_file.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/temporary_directory.h"

namespace warifu {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::content_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::write_file;

constexpr uid_t alice = 12'345, mallory = 12'346;
constexpr const char* file_name = ".warifu";

void give(const std::string& path, uid_t uid) {
    ASSERT_EQ(::lchown(path.c_str(), uid, static_cast<gid_t>(uid)), 0) << path;
}

class HomeFileTest : public ::testing::Test {
  protected:
    void SetUp() override {
        ::chmod(base_.path().c_str(), 0755);
        fs::create_directory(home_);
        ::chmod(home_.c_str(), 0755);
        give(home_, alice);
    }
    void put(std::string_view content = "secret text", mode_t mode = 0600) {
        write_file(file_, content);
        give(file_, alice);
        ::chmod(file_.c_str(), mode);  // after the owner: a change of that clears the higher bits
    }
    // What reading says, or "" where it answers at all.
    std::string refusal(const std::string& relative = file_name, uid_t uid = alice) const {
        try {
            (void)read_home(home_, uid, relative);
        } catch (const Unavailable& unavailable) {
            return unavailable.what();
        }
        return "";
    }
    std::vector<std::string> names_in_home() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(home_)) names.push_back(entry.path().filename());
        std::ranges::sort(names);
        return names;
    }

    testing::TemporaryDirectory base_;
    std::string home_ = base_ / "alice", file_ = home_ + "/" + file_name;
};

TEST_F(HomeFileTest, S20_AFileOfTheOwnersIsReadWhole) {
    for (const mode_t mode : {0600U, 0400U}) {
        put(std::string("a\0b", 3), mode);
        const std::optional<Secret> read = read_home(home_, alice, file_name);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->text(), std::string_view("a\0b", 3));
    }
    put(std::string(max_owned_file_bytes, 'x'));
    EXPECT_EQ(read_home(home_, alice, file_name)->size(), max_owned_file_bytes);
}

TEST_F(HomeFileTest, X10_NoFileInAReachedHomeIsTheOnlyNone) {
    EXPECT_EQ(refusal(), "");
    EXPECT_FALSE(read_home(home_, alice, file_name));
}

TEST_F(HomeFileTest, X10_WhatWasNotReachedIsNoNone) {
    EXPECT_THAT(refusal("sub/file"), HasSubstr("No such file"));
    fs::rename(home_, base_ / "away");
    EXPECT_THAT(refusal(), HasSubstr("No such file"));
    write_file(home_, "x");
    EXPECT_THAT(refusal(), HasSubstr("Not a directory"));
    fs::remove(home_);
    // A mount point on which nothing is mounted is root's.
    fs::create_directory(home_);
    EXPECT_THAT(refusal(), HasSubstr("mounted"));
    for (const char* odd : {"", "relative/home"})
        EXPECT_THROW((void)read_home(odd, alice, file_name), Unavailable);
}

TEST_F(HomeFileTest, X10_WhatMayNotBeReadIsUnavailable) {
    put();
    ::chmod(home_.c_str(), 0700);
    testing::ChildProcess other([&] {
        if (::setresuid(mallory, mallory, mallory) != 0) return 1;
        return refusal().find("Permission denied") != std::string::npos ? 0 : 2;
    });
    EXPECT_EQ(other.wait(), 0);
    testing::ChildProcess owner([&] {
        if (::setresuid(alice, alice, alice) != 0) return 1;
        return read_home(home_, alice, file_name) ? 0 : 2;
    });
    EXPECT_EQ(owner.wait(), 0);
}

TEST_F(HomeFileTest, X10_EmptyAndTooLargeFilesAreUnavailable) {
    put("");
    EXPECT_THAT(refusal(), HasSubstr("empty"));
    put(std::string(max_owned_file_bytes + 1, 'x'));
    EXPECT_THAT(refusal(), HasSubstr("larger than 64 KiB"));
}

TEST_F(HomeFileTest, X07_AHundredMegabytesAreRefusedUnread) {
    put();
    ASSERT_EQ(::truncate(file_.c_str(), 100L * 1024 * 1024), 0);
    EXPECT_THAT(refusal(), HasSubstr("larger than 64 KiB"));
}

TEST_F(HomeFileTest, X02_OtherModesAndOwnersAreRefused) {
    for (const mode_t mode : {0640U, 0604U, 0660U, 0666U, 0620U, 0700U, 0000U, 02600U, 04600U, 01600U}) {
        put("secret text", mode);
        EXPECT_THAT(refusal(), AllOf(HasSubstr(file_), HasSubstr("has mode"), Not(HasSubstr("secret"))))
            << mode;
    }
    put();
    for (const uid_t owner : {uid_t{0}, mallory}) {
        give(file_, owner);
        EXPECT_THAT(refusal(), AllOf(HasSubstr(file_), HasSubstr("belongs to uid"))) << owner;
    }
}

TEST_F(HomeFileTest, X02_WhatIsNoRegularFileIsRefusedBySort) {
    write_file(base_ / "target", "secret text");
    give(base_ / "target", alice);
    const auto refused_as = [&](const char* sort) {
        EXPECT_THAT(refusal(), AllOf(HasSubstr(file_), HasSubstr(sort), Not(HasSubstr("secret"))));
        fs::remove(file_);
    };
    fs::create_symlink(base_ / "target", file_);
    refused_as("a symbolic link");
    fs::create_symlink(base_ / "nowhere", file_);
    refused_as("a symbolic link");
    fs::create_hard_link(base_ / "target", file_);
    refused_as("2 names");
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    give(file_, alice);
    refused_as("a FIFO");
    ASSERT_EQ(::mknod(file_.c_str(), S_IFCHR | 0600, makedev(1, 5)), 0);
    refused_as("a device");
    fs::create_directory(file_);
    refused_as("a directory");
    const Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, file_.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    refused_as("a socket");
}

TEST_F(HomeFileTest, S19_AKeyFileInTheHomeMayHaveNoDirectoryYet) {
    EXPECT_FALSE(read_key_file_in_home(home_, alice, "a/b/key"));
    fs::create_directories(home_ + "/a/b");
    give(home_ + "/a", alice);
    give(home_ + "/a/b", alice);
    EXPECT_FALSE(read_key_file_in_home(home_, alice, "a/b/key"));
    write_file(home_ + "/a/b/key", "secret text");
    give(home_ + "/a/b/key", alice);
    EXPECT_EQ(read_key_file_in_home(home_, alice, "a/b/key")->text(), "secret text");
    give(home_ + "/a", mallory);
    EXPECT_THROW((void)read_key_file_in_home(home_, alice, "a/b/key"), Unavailable);
    EXPECT_THROW((void)read_key_file_in_home(home_ + "/gone", alice, "a/b/key"), Unavailable)
        << "an unmounted home is no answer";
}

// Below a directory that is root's alone all the way.
TEST_F(HomeFileTest, S19_AKeyFileElsewhereIsItsOwnersOnAWayThatNobodyElseCanChange) {
    const testing::TemporaryDirectory base("/run");
    ::chmod(base.path().c_str(), 0755);
    fs::create_directory(base / "keys");
    const std::string place = (base / "keys").substr(1), file = base / "keys/alice";
    const auto read = [&](uid_t uid, const std::string& name) {
        return read_key_file(uid, place + '/' + name, 3);
    };
    EXPECT_FALSE(read(alice, "alice")) << "everybody's directories are there, and no file";
    write_file(file, "secret text");
    give(file, alice);
    EXPECT_EQ(read(alice, "alice")->text(), "secret text");
    EXPECT_THROW((void)read(0, "alice"), Unavailable) << "is not root's";
    EXPECT_THROW((void)read(mallory, "alice"), Unavailable);
    give(file, 0);
    EXPECT_EQ(read(0, "alice")->text(), "secret text");
    EXPECT_FALSE(read(0, "of-bob/key")) << "a directory of his own";
    fs::create_directory(base / "keys/of-bob");
    EXPECT_FALSE(read(0, "of-bob/key"));
    give(base / "keys/of-bob", mallory);
    EXPECT_THROW((void)read(0, "of-bob/key"), Unavailable) << "somebody else's on root's way";
    fs::create_symlink(file, base / "keys/link");
    EXPECT_THROW((void)read(0, "link"), Unavailable);
    ::chmod((base / "keys").c_str(), 01777);
    EXPECT_THROW((void)read(0, "alice"), Unavailable);
    ::chmod((base / "keys").c_str(), 0755);
    fs::rename(base / "keys", base / "unmounted");
    EXPECT_THROW((void)read(0, "alice"), Unavailable) << "what was not reached is no none";
    EXPECT_FALSE(read_key_file(0, place + "/alice", 2));
}

TEST_F(HomeFileTest, X02_EveryDirectoryOnTheWayIsJudged) {
    fs::create_directories(home_ + "/a/b");
    give(home_ + "/a", alice);
    give(home_ + "/a/b", alice);
    write_file(home_ + "/a/b/c", "secret text");
    give(home_ + "/a/b/c", alice);
    ASSERT_EQ(refusal("a/b/c"), "");
    for (const std::string& directory : {home_, home_ + "/a", home_ + "/a/b"}) {
        for (const mode_t mode : {0770U, 0707U, 01777U}) {
            ::chmod(directory.c_str(), mode);
            EXPECT_THAT(refusal("a/b/c"), AllOf(HasSubstr(directory), HasSubstr("written to by others")));
        }
        ::chmod(directory.c_str(), 0755);
        give(directory, mallory);
        EXPECT_THAT(refusal("a/b/c"), AllOf(HasSubstr(directory), HasSubstr("belongs to uid")));
        give(directory, alice);
    }
    ASSERT_EQ(refusal("a/b/c"), "");
    fs::rename(home_ + "/a", base_ / "elsewhere");
    fs::create_directory_symlink(base_ / "elsewhere", home_ + "/a");
    EXPECT_THAT(refusal("a/b/c"), AllOf(HasSubstr(home_ + "/a"), HasSubstr("a symbolic link")));
}

TEST_F(HomeFileTest, X05_NoPathLeadsOutOfTheHome) {
    write_file(base_ / "outside", "secret text");
    give(base_ / "outside", alice);
    for (const std::string& relative :
         {std::string("../outside"), std::string("/etc/passwd"), std::string(""), std::string("a//b"),
          std::string("."), std::string("a/.."), std::string("a/"), std::string(".warifu\0x", 9)})
        EXPECT_THAT(refusal(relative), HasSubstr("not a path below a home")) << relative;
}

TEST_F(HomeFileTest, S20_WhatIsWrittenIsReadAgain) {
    for (const mode_t mask : {0777U, 0U}) {
        const mode_t before = ::umask(mask);
        testing::ChildProcess writer([&] {
            if (::setresgid(alice, alice, alice) != 0 || ::setresuid(alice, alice, alice) != 0) return 1;
            write_home(home_, alice, file_name, "first");
            write_home(home_, alice, file_name, "second");
            return read_home(home_, alice, file_name)->text() == "second" ? 0 : 2;
        });
        ::umask(before);
        EXPECT_EQ(writer.wait(), 0);
        struct stat status{};
        ASSERT_EQ(::lstat(file_.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777U, 0600U);
        EXPECT_EQ(names_in_home(), std::vector<std::string>{file_name});
    }
}

TEST_F(HomeFileTest, X01_WritingFollowsNothing) {
    const std::string target = base_ / "shadow";
    write_file(target, "root:x");
    ::chmod(target.c_str(), 0640);
    fs::create_symlink(target, file_);
    write_home(home_, alice, file_name, "new");
    EXPECT_EQ(content_of(target), "root:x");
    struct stat status{};
    ASSERT_EQ(::lstat(target.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U);
    EXPECT_EQ(status.st_uid, 0U);
    ASSERT_EQ(::lstat(file_.c_str(), &status), 0);
    EXPECT_TRUE(S_ISREG(status.st_mode));

    // A hard link is replaced, not written through.
    fs::remove(file_);
    fs::create_hard_link(target, file_);
    write_home(home_, alice, file_name, "new");
    EXPECT_EQ(content_of(target), "root:x");

    // A directory behind a link on the way is not entered.
    fs::create_directory(base_ / "elsewhere");
    fs::create_directory_symlink(base_ / "elsewhere", home_ + "/link");
    EXPECT_THROW(write_home(home_, alice, "link/file", "new"), Unavailable);
    EXPECT_TRUE(fs::is_empty(base_ / "elsewhere"));
}

TEST_F(HomeFileTest, X25_WhatCannotBePutInPlaceIsTakenAway) {
    fs::create_directories(file_ + "/full");
    EXPECT_THROW(write_home(home_, alice, file_name, "new"), Unavailable);
    EXPECT_EQ(names_in_home(), std::vector<std::string>{file_name});
    fs::remove_all(file_);
    EXPECT_THROW(write_home(home_, alice, file_name, ""), Unavailable);
    EXPECT_THROW(write_home(home_, alice, file_name, std::string(max_owned_file_bytes + 1, 'x')),
                 Unavailable);
    EXPECT_THROW(write_home(home_, alice, "missing/file", "new"), Unavailable);
    EXPECT_TRUE(names_in_home().empty());
}

TEST_F(HomeFileTest, X25_WhatKilledWritersLeftIsSweptAwayAndNothingElse) {
    const std::string old = ".warifu.0123456789abcdef.new", fresh = ".warifu.fedcba9876543210.new";
    const std::vector<std::string> others{".warifu.0123456789abcdeg.new", ".warifu.0123456789abcdef",
                                          ".other.0123456789abcdef.new", ".warifu.0123456789abcdef.newer"};
    for (const std::string& left : others) write_file(home_ + "/" + left, "x");
    for (const std::string& left : {old, fresh}) write_file(home_ + "/" + left, "secret");
    for (const std::string& left : names_in_home()) {
        give(home_ + "/" + left, alice);
        if (left == fresh) continue;  // perhaps somebody's who writes right now
        const timeval long_ago[2] = {{.tv_sec = 1'000'000'000, .tv_usec = 0},
                                     {.tv_sec = 1'000'000'000, .tv_usec = 0}};
        ASSERT_EQ(::utimes((home_ + "/" + left).c_str(), long_ago), 0);
    }
    write_home(home_, alice, file_name, "new");
    std::vector<std::string> expected = others;
    expected.insert(expected.end(), {fresh, file_name});
    std::ranges::sort(expected);
    EXPECT_EQ(names_in_home(), expected);
}

TEST_F(HomeFileTest, X25_ReadersSeeTheOldFileOrTheNewWhileWritersRace) {
    const std::string one(20'000, '1'), two(50'000, '2');
    const auto keep_writing = [&](const std::string& content) {
        return testing::ChildProcess([&, content] {
            for (int i = 0; i < 60; ++i) write_home(home_, ::geteuid(), file_name, content);
            return 0;
        });
    };
    give(home_, 0);
    write_home(home_, 0, file_name, one);
    testing::ChildProcess first = keep_writing(one), second = keep_writing(two);
    for (int i = 0; i < 300; ++i) {
        try {
            const std::optional<Secret> read = read_home(home_, 0, file_name);
            ASSERT_TRUE(read);
            EXPECT_TRUE(read->text() == one || read->text() == two);
        } catch (const Unavailable& unavailable) {
            // The file that was opened was replaced before it was judged: it has no name left.
            EXPECT_THAT(unavailable.what(), HasSubstr("0 names"));
        }
    }
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(names_in_home(), std::vector<std::string>{file_name});
}

}  // namespace
}  // namespace warifu
