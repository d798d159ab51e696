#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "core/config/config.h"
#include "core/config/describe.h"
#include "tests/unit/config/refusal.h"

namespace warifu {
namespace {

using test::refusal_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

namespace fs = std::filesystem;

// A configuration file and a store directory of its own, both as they should be until a test says otherwise.
class LoadConfig : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = fs::temp_directory_path() / "warifu-config-XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        fs::create_directory(directory_ / "store");
    }
    void TearDown() override { fs::remove_all(directory_); }

    std::string file() const { return directory_ / "warifu.conf"; }
    std::string copy() const { return directory_ / "store" / "last-good.conf"; }

    static void write(const std::string& path, const std::string& text) {
        std::ofstream(path, std::ios::trunc) << text;
        fs::permissions(path, fs::perms(0644));
    }
    static std::string content(const std::string& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    std::vector<std::string> names_in_store() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(directory_ / "store")) {
            names.push_back(entry.path().filename());
        }
        return names;
    }
    LoadedConfig load() const { return load_config(file(), copy()); }

    // The file is not in force and the copy is, which says window = 2.
    void expect_last_good(const std::string& problem) const {
        const auto loaded = load();
        EXPECT_TRUE(loaded.from_last_good);
        EXPECT_EQ(loaded.config.window, 2);
        EXPECT_THAT(loaded.problem, AllOf(StartsWith(file()), HasSubstr(problem)));
        EXPECT_EQ(content(copy()), good);
    }

    static constexpr const char* good = "[totp]\nwindow = 2\n";
    fs::path directory_;
};

TEST_F(LoadConfig, AGoodFileIsInForceAndKept) {
    write(file(), good);
    const auto loaded = load();
    EXPECT_EQ(loaded.config.window, 2);
    EXPECT_FALSE(loaded.from_last_good);
    EXPECT_EQ(loaded.problem, "");
    EXPECT_THAT(loaded.warnings, IsEmpty());
    EXPECT_EQ(content(copy()), good);
    EXPECT_THAT(names_in_store(), ElementsAre("last-good.conf"));
    EXPECT_EQ(fs::status(copy()).permissions(), fs::perms(0600));
}

TEST_F(LoadConfig, WarningsAreHandedOn) {
    write(file(), "[limits]\nhour = 50\n");
    EXPECT_THAT(load().warnings, ElementsAre(StartsWith(file() + ":2: limits.hour: ")));
    write(file(), "[limits]\nhour = 101\n");
    const auto loaded = load();
    EXPECT_TRUE(loaded.from_last_good);
    EXPECT_THAT(loaded.warnings, ElementsAre(StartsWith(copy() + ":2: limits.hour: ")));
}

TEST_F(LoadConfig, WithoutAnyFileTheDefaultsAreInForce) {
    const auto loaded = load();
    EXPECT_EQ(describe(loaded.config), describe(Config()));
    EXPECT_FALSE(loaded.from_last_good);
    EXPECT_EQ(loaded.problem, "");
    EXPECT_THAT(names_in_store(), IsEmpty());
}

TEST_F(LoadConfig, X35_AMistypedFileLeavesTheLastGoodOneInForce) {
    write(file(), good);
    load();
    write(file(), "[totp]\nwindwo = 3\n");
    expect_last_good(":2: totp.windwo: there is no such key");
    write(file(), "[totp\nwindow = 3\n");
    expect_last_good(":1: ");
    write(file(), "[totp]\nwindow = 300\n");
    expect_last_good(":2: totp.window: must be a whole number from 0 to 10");
    // Mended, it is in force at once.
    write(file(), "[totp]\nwindow = 3\n");
    EXPECT_EQ(load().config.window, 3);
    EXPECT_EQ(content(copy()), "[totp]\nwindow = 3\n");
}

TEST_F(LoadConfig, X35_AFileThatIsGoneLeavesTheLastGoodOneInForce) {
    write(file(), good);
    load();
    fs::remove(file());
    expect_last_good("there is no such file");
}

TEST_F(LoadConfig, X35_WithNeitherAGoodFileNorACopyNothingIsInForce) {
    write(file(), "[totp]\nwindow = -1\n");
    const auto refusal = refusal_of([&] { load(); });
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->field, file() + ":2: totp.window");
    EXPECT_THAT(refusal->message, HasSubstr("no last good copy"));
}

TEST_F(LoadConfig, X35_ABadCopyIsNoWayOut) {
    write(copy(), "[totp]\nwindow = -1\n");
    // Somebody had a configuration here: the defaults would be a guess.
    auto refusal = refusal_of([&] { load(); });
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->field, copy() + ":2: totp.window");

    write(file(), "[totp]\nwindow = 11\n");
    refusal = refusal_of([&] { load(); });
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->field, file() + ":2: totp.window");
    EXPECT_THAT(refusal->message, HasSubstr(copy() + ":2: totp.window"));

    write(file(), good);  // mends both
    EXPECT_EQ(load().config.window, 2);
    EXPECT_EQ(content(copy()), good);
}

TEST_F(LoadConfig, AFileThatOthersMayWriteIsNotBelieved) {
    write(copy(), good);
    write(file(), "[totp]\nwindow = 3\n");
    for (const auto mode : {0664, 0646, 0666, 0777}) {
        fs::permissions(file(), fs::perms(mode));
        expect_last_good("may be written by others");
    }
    for (const auto mode : {0644, 0600, 0400, 0755}) {
        write(copy(), good);
        fs::permissions(file(), fs::perms(mode));
        EXPECT_EQ(load().config.window, 3) << mode;
    }
}

// In a child with the ids of nobody in particular, where this test itself runs as root; true if it did not
// fail.
bool as_uid(uid_t uid, const std::function<bool()>& check) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool changed = ::geteuid() != 0 || (::setegid(uid) == 0 && ::seteuid(uid) == 0);
        ::_exit(changed && check() ? 0 : 1);
    }
    int status = -1;
    return ::waitpid(child, &status, 0) == child && status == 0;
}

TEST_F(LoadConfig, AFileOfSomebodyElsesIsNotBelieved) {
    write(file(), "[totp]\nwindow = 3\n");
    fs::permissions(directory_, fs::perms(0755));
    if (::geteuid() != 0) {
        return;  // only root can give a file away; CI runs as root
    }
    ASSERT_EQ(::chown(file().c_str(), 12345, 12345), 0);
    write(copy(), good);
    expect_last_good("belongs to uid 12345");
    // It is believed by that user, and root's is by everybody.
    EXPECT_TRUE(as_uid(12345, [&] { return load_config(file(), "").config.window == 3; }));
    ASSERT_EQ(::chown(file().c_str(), 0, 0), 0);
    EXPECT_TRUE(as_uid(12345, [&] { return load_config(file(), "").config.window == 3; }));
}

TEST_F(LoadConfig, WhatIsNoRegularFileIsRefusedAtOnce) {
    write(copy(), good);
    ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
    expect_last_good("is not a regular file");
    fs::remove(file());
    fs::create_directory(file());
    expect_last_good("is not a regular file");
    fs::remove(file());
    fs::create_symlink("/dev/null", file());
    expect_last_good("is a symbolic link");
    fs::remove(file());
    write(directory_ / "elsewhere", "[totp]\nwindow = 3\n");
    fs::create_symlink(directory_ / "elsewhere", file());
    expect_last_good("is a symbolic link");
    fs::remove(file());
    fs::create_symlink(directory_ / "nowhere", file());
    expect_last_good("is a symbolic link");
}

TEST_F(LoadConfig, AFileThatIsTooLargeIsRefused) {
    write(copy(), good);
    std::string text;
    while (text.size() <= max_config_bytes) {
        text += "# more and more of it\n";
    }
    write(file(), text);
    expect_last_good("is larger than 256 KiB");
}

TEST_F(LoadConfig, TheCopyIsWrittenOnlyWhenItDiffers) {
    write(file(), good);
    load();
    struct stat before{}, after{};
    ASSERT_EQ(::stat(copy().c_str(), &before), 0);
    load();
    ASSERT_EQ(::stat(copy().c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino);
    EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
    write(file(), "[totp]\nwindow = 3\n");
    load();
    ASSERT_EQ(::stat(copy().c_str(), &after), 0);
    EXPECT_NE(before.st_ino, after.st_ino) << "the copy was changed in place";
}

TEST_F(LoadConfig, TheCopyIsNeverWrittenThroughASymlink) {
    const std::string target = directory_ / "target";
    write(target, "untouched");
    write(file(), good);
    fs::create_symlink(target, copy());
    EXPECT_EQ(load().config.window, 2);
    EXPECT_EQ(content(target), "untouched");
    EXPECT_FALSE(fs::is_symlink(copy()));
    EXPECT_EQ(content(copy()), good);

    for (const bool hard : {false, true}) {
        fs::remove(copy());
        fs::remove(copy() + ".new");
        if (hard) {
            fs::create_hard_link(target, copy() + ".new");
        } else {
            fs::create_symlink(target, copy() + ".new");
        }
        const auto loaded = load();
        EXPECT_EQ(loaded.config.window, 2);
        EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("is not kept")));
        EXPECT_EQ(content(target), "untouched");
        EXPECT_FALSE(fs::exists(copy()));
    }
}

TEST_F(LoadConfig, WhatAKilledProcessLeftIsTakenOver) {
    write(file(), good);
    write(copy() + ".new", "[totp]\nwindow = 3\nhalf a li");
    load();
    EXPECT_EQ(content(copy()), good);
    EXPECT_EQ(fs::status(copy()).permissions(), fs::perms(0600));
    EXPECT_THAT(names_in_store(), ElementsAre("last-good.conf"));
}

TEST_F(LoadConfig, WhileAnotherProcessWritesTheCopyNobodyWaits) {
    write(file(), good);
    write(copy() + ".new", "half");
    const int other = ::open((copy() + ".new").c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    const auto loaded = load();
    EXPECT_EQ(loaded.config.window, 2);
    EXPECT_THAT(loaded.warnings, IsEmpty());
    EXPECT_EQ(content(copy() + ".new"), "half");
    EXPECT_THAT(names_in_store(), ElementsAre("last-good.conf.new"));
    ::close(other);
}

TEST_F(LoadConfig, AMissingStoreIsNoTrouble) {
    write(file(), good);
    fs::remove(directory_ / "store");
    const auto loaded = load();
    EXPECT_EQ(loaded.config.window, 2);
    EXPECT_THAT(loaded.warnings, IsEmpty());
    EXPECT_FALSE(fs::exists(directory_ / "store"));
}

TEST_F(LoadConfig, WithoutAPathForTheCopyNoneIsKept) {
    write(file(), good);
    const auto before = fs::current_path();
    fs::current_path(directory_);
    const auto loaded = load_config(file(), "");
    EXPECT_FALSE(fs::exists(directory_ / ".new"));
    fs::current_path(before);
    EXPECT_EQ(loaded.config.window, 2);
    EXPECT_THAT(loaded.warnings, IsEmpty());
    write(file(), "[totp]\nwindow = -1\n");
    EXPECT_TRUE(refusal_of([&] { load_config(file(), ""); }));
    fs::remove(file());
    EXPECT_EQ(describe(load_config(file(), "").config), describe(Config()));
}

// RLIMIT_FSIZE stands in for the full disk: the write fails, the configuration is in force all the same.
TEST_F(LoadConfig, ACopyThatCannotBeWrittenIsAWarning) {
    write(file(), good);
    write(copy(), "[totp]\nwindow = 3\n");
    EXPECT_TRUE(as_uid(::geteuid(), [&] {
        const rlimit none{0, 0};
        ::signal(SIGXFSZ, SIG_IGN);
        if (::setrlimit(RLIMIT_FSIZE, &none) != 0) {
            return false;
        }
        const auto loaded = load();
        return loaded.config.window == 2 && loaded.warnings.size() == 1 &&
               loaded.warnings[0].find("last good configuration is not kept: write") != std::string::npos;
    }));
    EXPECT_EQ(content(copy()), "[totp]\nwindow = 3\n");
    EXPECT_EQ(load().config.window, 2);
    EXPECT_EQ(content(copy()), good);
}

// Sign-ins without a daemon load at once, while somebody saves the file again and again by renaming.
TEST_F(LoadConfig, ManyProcessesAtOnceAlwaysLeaveAWholeCopy) {
    const auto version = [&](int window) {
        return "[totp]\nwindow = " + std::to_string(window) + "\n" + std::string(100, '\n') + "# " +
               std::string(1000, static_cast<char>('a' + window)) + "\n";
    };
    write(file(), version(0));
    load();
    std::vector<pid_t> children;
    for (int child = 0; child < 8; ++child) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            bool whole = true;
            for (int round = 0; round < 200 && whole; ++round) {
                const auto own = (child + round) % 8;
                const auto saved = directory_ / ("saved." + std::to_string(child));
                std::ofstream(saved, std::ios::trunc) << version(own);
                fs::rename(saved, file());
                whole = !load().from_last_good;
                const auto kept = content(copy());
                whole = whole && kept.size() == version(0).size() && kept.ends_with("\n") &&
                        kept == version(kept[16] - '0');
            }
            ::_exit(whole ? 0 : 1);
        }
        children.push_back(pid);
    }
    for (const auto pid : children) {
        int status = -1;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        EXPECT_EQ(status, 0);
    }
    load();
    EXPECT_EQ(content(copy()), content(file()));
    EXPECT_THAT(names_in_store(), ElementsAre("last-good.conf"));
}

}  // namespace
}  // namespace warifu
