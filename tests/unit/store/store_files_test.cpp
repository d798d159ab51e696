#include "core/store/store_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/made_store.h"

namespace warifu {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::MadeStore;
using testing::state_document;
using testing::TemporaryDirectory;

std::string decoy_document(std::size_t) {
    return state_document('d');
}

mode_t mode_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

// What open_store says, or "" where it opens.
std::string refusal(const std::string& directory, const std::string& key_file) {
    try {
        (void)open_store(directory, key_file);
    } catch (const Unavailable& unavailable) {
        return unavailable.what();
    }
    return "";
}
std::string refusal(const MadeStore& made) {
    return refusal(made.directory, made.key_file);
}

// What init_store says, or "" where it makes a store.
std::string conflict(const std::string& directory, const std::string& key_file) {
    try {
        init_store(directory, key_file, decoy_document);
    } catch (const Conflict& existing) {
        return existing.what();
    }
    return "";
}

RecordKey decoy(RecordKind kind, int number) {
    return {.kind = kind, .realm = "", .name = std::to_string(number)};
}

TEST(InitStore, MakesFilesThatOnlyTheirOwnerCanOpen) {
    const MadeStore made;
    EXPECT_EQ(mode_of(made.directory), 0700U);
    for (const char* name : {"records.sqlite", "records.sqlite-wal", "records.sqlite-shm", "lock"})
        EXPECT_EQ(mode_of(made.file(name)), 0600U) << name;
    EXPECT_EQ(mode_of(made.key_file), 0600U);
    EXPECT_FALSE(fs::exists(made.key_file + ".new"));
    EXPECT_EQ(std::distance(fs::directory_iterator(made.directory), fs::directory_iterator()), 4);
    EXPECT_EQ(refusal(made), "");
}

class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

  private:
    mode_t before_;
};

TEST(InitStore, WorksUnderAnyUmask) {
    for (const mode_t mask : {0777U, 0U}) {
        const TemporaryDirectory base;
        const Umask umask(mask);
        init_store(base / "store", base / "key", decoy_document);
        EXPECT_EQ(mode_of(base / "key"), 0600U);
        EXPECT_EQ(mode_of(base / "store/records.sqlite"), 0600U);
        EXPECT_EQ(refusal(base / "store", base / "key"), "");
    }
}

TEST(InitStore, X13_MakesADecoyForEveryNumber) {
    const MadeStore made;
    const OpenedStore opened = made.open();
    ASSERT_TRUE(opened.key);
    EXPECT_EQ(opened.store->list(RecordKind::decoy_credentials, "", "", 2'000).size(), decoy_records);
    EXPECT_EQ(opened.store->list(RecordKind::decoy_state, "", "", 2'000).size(), decoy_records);
    std::string secret_before;
    for (const int number : {0, 511, 1023}) {
        const Record state = testing::load(*opened.store, decoy(RecordKind::decoy_state, number));
        EXPECT_TRUE(state.document == state_document('d'));
        const Record record = testing::load(*opened.store, decoy(RecordKind::decoy_credentials, number));
        const Credentials credentials =
            from_sealed_json(record.document, {decoy_realm, std::to_string(number)}, &*opened.key);
        ASSERT_EQ(credentials.authenticators.size(), 1U);
        EXPECT_EQ(credentials.authenticators[0].otp.kind, OtpKind::totp);
        EXPECT_EQ(credentials.authenticators[0].secret.size(), 20U);
        EXPECT_NE(credentials.authenticators[0].secret.text(), secret_before);
        secret_before = credentials.authenticators[0].secret.text();
        ASSERT_TRUE(credentials.recovery);
        EXPECT_EQ(credentials.recovery->digests.size(), recovery_codes_in_a_set);
    }
}

TEST(InitStore, X35_TouchesNothingThatIsThere) {
    const MadeStore made;
    const std::string key = testing::content_of(made.key_file),
                      store = testing::content_of(made.file("records.sqlite"));
    EXPECT_THAT(conflict(made.directory, made.key_file), HasSubstr("there is a store already"));
    EXPECT_THAT(conflict(made.directory, made.base / "other.key"),
                AllOf(HasSubstr("its key is not"), HasSubstr("restore")));
    EXPECT_THAT(conflict(made.base / "other", made.key_file),
                AllOf(HasSubstr("its store is not"), HasSubstr("restore")));
    EXPECT_TRUE(testing::content_of(made.key_file) == key);
    EXPECT_TRUE(testing::content_of(made.file("records.sqlite")) == store);
    EXPECT_FALSE(fs::exists(made.base / "other.key"));

    // A WAL of a store that is gone would be played into the new one.
    fs::rename(made.key_file, made.base / "key.away");
    fs::rename(made.file("records.sqlite"), made.base / "store.away");
    EXPECT_THAT(conflict(made.directory, made.key_file), HasSubstr("left of another store"));
}

TEST(InitStore, X25_KilledAnywhereItCanBeRunAgain) {
    for (const std::size_t moment : {0U, 1U, 500U, 1023U}) {
        const TemporaryDirectory base;
        testing::ChildProcess killed([&] {
            init_store(base / "store", base / "key", [&](std::size_t number) {
                if (number == moment) ::raise(SIGKILL);
                return state_document('d');
            });
            return 0;
        });
        ASSERT_EQ(killed.wait(), 128 + SIGKILL);
        EXPECT_THAT(refusal(base / "store", base / "key"), HasSubstr("run `warifu init`"));
        EXPECT_EQ(conflict(base / "store", base / "key"), "");
        EXPECT_EQ(refusal(base / "store", base / "key"), "");
        EXPECT_EQ(testing::integrity_of(base / "store/records.sqlite"), "ok");
    }
}

TEST(InitStore, X25_KilledBeforeTheKeyWasInPlaceItIsFinished) {
    const MadeStore made;
    const std::string key = testing::content_of(made.key_file);
    fs::rename(made.key_file, made.key_file + ".new");
    EXPECT_EQ(conflict(made.directory, made.key_file), "");
    EXPECT_TRUE(testing::content_of(made.key_file) == key);
    EXPECT_EQ(refusal(made), "");

    // Another store's key is not put in place.
    fs::rename(made.key_file, made.base / "away");
    testing::write_file(made.key_file + ".new", StoreKey::generate().to_text().text());
    EXPECT_THAT(conflict(made.directory, made.key_file), HasSubstr("its key is not"));
}

TEST(InitStore, X25_TwoAtOnceMakeOne) {
    for (int round = 0; round < 3; ++round) {
        const TemporaryDirectory base;
        const auto init = [&] { return conflict(base / "store", base / "key").empty() ? 0 : 1; };
        testing::ChildProcess one(init), two(init);
        EXPECT_EQ(one.wait() + two.wait(), 1);
        EXPECT_EQ(refusal(base / "store", base / "key"), "");
    }
}

TEST(OpenStore, X35_NothingThereIsNoFreshStart) {
    const TemporaryDirectory base;
    EXPECT_THAT(refusal(base / "store", base / "key"), HasSubstr("run `warifu init`"));
    fs::create_directory(base / "store");
    ::chmod((base / "store").c_str(), 0700);
    EXPECT_THAT(refusal(base / "store", base / "key"), HasSubstr("run `warifu init`"));
    EXPECT_TRUE(fs::is_empty(base / "store"));
}

TEST(OpenStore, X35_AKeyWithoutItsStoreIsUnavailable) {
    const MadeStore made;
    fs::remove(made.file("records.sqlite"));
    EXPECT_THAT(refusal(made), AllOf(HasSubstr(made.key_file), HasSubstr("restore")));
    EXPECT_FALSE(fs::exists(made.file("records.sqlite")));
    fs::remove_all(made.directory);
    EXPECT_THAT(refusal(made), AllOf(HasSubstr(made.key_file), HasSubstr("restore")));
}

TEST(OpenStore, X35_WithItsKeyAloneMissingTheStoreIsReadWithoutSecrets) {
    const MadeStore made;
    fs::remove(made.key_file);
    const OpenedStore opened = made.open();
    EXPECT_FALSE(opened.key);
    EXPECT_THAT(opened.key_missing, AllOf(HasSubstr(made.key_file), HasSubstr("restore")));
    const Record record = testing::load(*opened.store, decoy(RecordKind::decoy_credentials, 7));
    EXPECT_TRUE(from_sealed_json(record.document, {decoy_realm, "7"}, nullptr).recovery);
}

TEST(OpenStore, X35_AnotherStoresKeyIsUnavailable) {
    const MadeStore made, other;
    EXPECT_THAT(refusal(made.directory, other.key_file), HasSubstr("another store's"));
    // The right id with another key behind it: a backup that was mistyped.
    const std::string right = testing::content_of(made.key_file), wrong = testing::content_of(other.key_file);
    constexpr std::size_t id_end = 13 + 32;
    testing::write_file(made.key_file, right.substr(0, id_end) + wrong.substr(id_end));
    EXPECT_THAT(refusal(made), HasSubstr("another store's"));
}

TEST(OpenStore, X35_ADamagedKeyIsUnavailable) {
    const MadeStore made;
    const std::string key = testing::content_of(made.key_file);
    for (const std::string& damaged : {std::string(), key.substr(1), key.substr(0, key.size() - 1), key + key,
                                       std::string(key.size(), '\0'), std::string(70'000, 'x')}) {
        testing::write_file(made.key_file, damaged);
        EXPECT_THAT(refusal(made), HasSubstr(made.key_file));
    }
    testing::write_file(made.key_file, key);
    for (const mode_t mode : {0640U, 0604U, 0660U, 0700U, 04600U}) {
        ::chmod(made.key_file.c_str(), mode);
        EXPECT_THAT(refusal(made), HasSubstr("mode")) << mode;
    }
    ::chmod(made.key_file.c_str(), 0400);
    EXPECT_EQ(refusal(made), "");
}

TEST(OpenStore, P04_ANewerStoreIsRefused) {
    const MadeStore made;
    Connection::open(made.file("records.sqlite")).run("UPDATE store SET format = 2");
    EXPECT_THAT(refusal(made), HasSubstr("newer Warifu"));
}

TEST(OpenStore, P04_ARestoredDatabaseGetsItsOtherFilesBack) {
    const MadeStore made;
    for (const char* name : {"records.sqlite-wal", "records.sqlite-shm", "lock"}) fs::remove(made.file(name));
    const OpenedStore opened = made.open();
    EXPECT_TRUE(testing::increment(*opened.store, testing::state_of("alice")));
    EXPECT_EQ(mode_of(made.file("records.sqlite-wal")), 0600U);
    struct stat status{};
    ASSERT_EQ(::stat(made.file("records.sqlite-wal").c_str(), &status), 0);
    EXPECT_GE(status.st_blocks * 512, 4 * 1024 * 1024);
}

TEST(OpenStore, X10_WhatIsNoDatabaseIsUnavailable) {
    for (const std::string& content :
         {std::string(), std::string(9'000, 'x'), std::string("SQLite format 3\0", 16)}) {
        const MadeStore made;
        testing::write_file(made.file("records.sqlite"), content);
        EXPECT_NE(refusal(made), "");
    }
}

TEST(OpenStore, X01_ADirectoryOfOthersIsRefused) {
    const MadeStore made;
    for (const mode_t mode : {0750U, 0701U, 0770U, 0777U, 01777U, 02700U}) {
        ::chmod(made.directory.c_str(), mode);
        EXPECT_THAT(refusal(made), HasSubstr("mode 0700")) << mode;
    }
    ::chmod(made.directory.c_str(), 0700);
    ASSERT_EQ(::chown(made.directory.c_str(), 12345, static_cast<gid_t>(-1)), 0);
    EXPECT_THAT(refusal(made), HasSubstr("mode 0700"));
    ASSERT_EQ(::chown(made.directory.c_str(), ::geteuid(), static_cast<gid_t>(-1)), 0);
    fs::create_directory_symlink(made.directory, made.base / "link");
    EXPECT_THAT(refusal(made.base / "link", made.key_file), HasSubstr("symbolic link"));
    EXPECT_THAT(refusal(made.base / "link/", made.key_file), HasSubstr("symbolic link"));
    // Links on the way are the administrator's.
    fs::create_directory_symlink(made.base.path(), made.base / "way");
    EXPECT_EQ(refusal(made.base / "way/store", made.key_file), "");
}

TEST(OpenStore, X01_ALinkAtAnyNameIsRefusedAndItsTargetUntouched) {
    const TemporaryDirectory elsewhere;
    const std::string target = elsewhere / "shadow";
    for (const char* name : {"records.sqlite", "records.sqlite-wal", "records.sqlite-shm", "lock"}) {
        for (const bool hard : {false, true}) {
            const MadeStore made;
            testing::write_file(target, "root:x");
            fs::remove(made.file(name));
            if (hard)
                fs::create_hard_link(target, made.file(name));
            else
                fs::create_symlink(target, made.file(name));
            EXPECT_NE(refusal(made), "") << name;
            EXPECT_TRUE(testing::content_of(target) == "root:x") << name;
            EXPECT_EQ(mode_of(target), 0600U);
        }
    }
    // Making a store follows none either.
    for (const char* name : {"store/records.sqlite.new", "store/lock", "key.new"}) {
        const TemporaryDirectory base;
        fs::create_directory(base / "store");
        ::chmod((base / "store").c_str(), 0700);
        testing::write_file(target, "root:x");
        fs::create_symlink(target, base / name);
        try {
            init_store(base / "store", base / "key", decoy_document);
        } catch (const std::exception&) {
        }
        EXPECT_TRUE(testing::content_of(target) == "root:x") << name;
    }
}

TEST(OpenStore, X02_OddFilesInTheStoreAreRefusedAtOnce) {
    for (const char* name : {"records.sqlite", "records.sqlite-wal", "records.sqlite-shm", "lock"}) {
        const MadeStore made;
        fs::remove(made.file(name));
        ASSERT_EQ(::mkfifo(made.file(name).c_str(), 0600), 0);
        EXPECT_NE(refusal(made), "") << name;
        fs::remove(made.file(name));
        fs::create_directory(made.file(name));
        EXPECT_NE(refusal(made), "") << name;
    }
    const MadeStore made;
    ::chmod(made.file("records.sqlite").c_str(), 0644);
    EXPECT_THAT(refusal(made), HasSubstr("mode 0644"));
}

}  // namespace
}  // namespace warifu
