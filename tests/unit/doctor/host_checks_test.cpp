// The clock, files, the store, the configuration and warifud.
#include <gmock/gmock.h>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Doctor, E10_NothingIsWrongWithAGoodHost) {
    EXPECT_THAT(ids(examine(good_facts())), IsEmpty());
    EXPECT_THAT(ids(examine(Facts{})), IsEmpty()) << "what is not known is not at fault";
}

TEST(Doctor, E10_FaultsComeBeforeWarnings) {
    Facts facts = good_facts();
    facts.warifud.not_running = "nobody answers";
    facts.files.front().status->owner = 1000;
    EXPECT_THAT(ids(examine(facts)),
                ElementsAre("file-owner /etc/warifu", "warifud-not-running /run/warifu/root.sock"));
}

// ---- the clock

TEST(ClockChecks, E10_WithoutATimeService) {
    Facts facts = good_facts();
    facts.clock->synchronised = false;
    EXPECT_THAT(ids(check_clock(facts)), ElementsAre("clock-unsynchronised clock"));
    facts.clock->time_service = false;
    EXPECT_THAT(ids(check_clock(facts)), ElementsAre("clock-no-time-service clock"));
    facts.clock->synchronised = true;
    EXPECT_THAT(ids(check_clock(facts)), IsEmpty()) << "the host of a container keeps it right";
}

TEST(ClockChecks, E10_BehindTheStore) {
    Facts facts = good_facts();
    facts.clock->last_store_write = facts.clock->now + 60;
    EXPECT_THAT(ids(check_clock(facts)), IsEmpty());
    facts.clock->last_store_write = facts.clock->now + 61;
    EXPECT_THAT(only(check_clock(facts), Kind::clock_behind_store).message.english(), HasSubstr(": 61"));
}

// ---- files

Finding with_status(Purpose purpose, const FileStatus& status) {
    Facts facts;
    facts.files = {{purpose, "/path", status}};
    const Findings findings = check_files(facts);
    EXPECT_EQ(findings.size(), 1U) << static_cast<int>(purpose);
    return findings.empty() ? Finding{Kind::account_note, "", "", ""} : findings.front();
}

TEST(FileChecks, E10_LooseModes) {
    struct Case {
        Purpose purpose;
        FileType type;
        std::vector<mode_t> right, wrong;
    };
    const Case cases[] = {
        {Purpose::config_directory, FileType::directory, {0755, 0700}, {0775, 0757, 01777}},
        {Purpose::config_file, FileType::regular, {0644, 0600, 0400}, {0664, 0646}},
        {Purpose::key_file, FileType::regular, {0600, 0400}, {0640, 0604, 0660, 04600}},
        {Purpose::state_directory, FileType::directory, {0711}, {0731, 0777}},
        {Purpose::store_directory, FileType::directory, {0700}, {0711, 0750, 01700, 0500}},
        {Purpose::store_file, FileType::regular, {0600, 0400}, {0644, 0660}},
        {Purpose::run_directory, FileType::directory, {0755}, {0777, 01777}},
        {Purpose::text_file, FileType::regular, {0600, 0400}, {0644}},
    };
    for (const Case& one : cases) {
        for (const mode_t mode : one.right) {
            Facts facts;
            facts.files = {{one.purpose, "/path", FileStatus{one.type, 0, mode, 1}}};
            EXPECT_THAT(ids(check_files(facts)), IsEmpty()) << std::oct << mode;
        }
        for (const mode_t mode : one.wrong)
            EXPECT_EQ(with_status(one.purpose, {one.type, 0, mode, 1}).kind, Kind::file_mode)
                << std::oct << mode;
    }
    const Finding key = with_status(Purpose::key_file, {FileType::regular, 0, 0640, 1});
    EXPECT_EQ(key.message.english(), "its mode is 0640, and has to be 0600");
    EXPECT_EQ(key.remedy.english(), "chmod 0600 /path");
    EXPECT_EQ(with_status(Purpose::state_directory, {FileType::directory, 0, 0755, 3}).kind,
              Kind::directory_mode);
}

TEST(FileChecks, E10_OwnersAndKinds) {
    const Finding foreign = with_status(Purpose::key_file, {FileType::regular, 1000, 0600, 1});
    EXPECT_EQ(foreign.kind, Kind::file_owner);
    EXPECT_THAT(foreign.message.english(), HasSubstr("uid 1000"));
    EXPECT_EQ(with_status(Purpose::key_file, {FileType::symbolic_link, 0, 0777, 1}).kind, Kind::file_kind);
    EXPECT_EQ(with_status(Purpose::key_file, {FileType::regular, 0, 0600, 2}).kind, Kind::file_kind);
    EXPECT_EQ(with_status(Purpose::store_directory, {FileType::regular, 0, 0700, 1}).kind, Kind::file_kind);
    EXPECT_EQ(with_status(Purpose::config_file, {FileType::other, 0, 0644, 1}).kind, Kind::file_kind);
}

TEST(FileChecks, E10_WhatIsMissing) {
    Facts facts;
    for (const Purpose purpose :
         {Purpose::config_directory, Purpose::config_file, Purpose::key_file, Purpose::state_directory,
          Purpose::store_file, Purpose::run_directory, Purpose::text_file})
        facts.files.push_back({purpose, "/path", std::nullopt});
    EXPECT_THAT(ids(check_files(facts)), ElementsAre("text-file-missing /path"));
}

// ---- the store

Facts with_store(std::optional<bool> database, std::optional<bool> key) {
    Facts facts = good_facts();
    facts.store->has_database = database;
    facts.store->has_key = key;
    return facts;
}

TEST(StoreChecks, E10_StoreOrKeyGone) {
    EXPECT_THAT(ids(check_store(with_store(false, false))),
                ElementsAre("store-not-made /var/lib/warifu/store"));
    EXPECT_THAT(ids(check_store(with_store(false, true))),
                ElementsAre("store-missing /var/lib/warifu/store"));
    EXPECT_THAT(ids(check_store(with_store(true, false))), ElementsAre("key-missing /etc/warifu/secret.key"));
    EXPECT_THAT(ids(check_store(with_store(std::nullopt, true))), IsEmpty());
}

TEST(StoreChecks, E10_TheirExplanationStandsForWhatWarifudSays) {
    Facts facts = with_store(false, true);
    facts.warifud.store = "the key is there and its store is not";
    EXPECT_THAT(ids(examine(facts)), ElementsAre("store-missing /var/lib/warifu/store"));
    facts = good_facts();
    facts.warifud.store = "the disk fell out";
    EXPECT_EQ(only(examine(facts), Kind::store_unhealthy).message.english(), "the disk fell out");
}

TEST(StoreChecks, E10_Disk) {
    const auto found = [](const DiskFacts& disk) {
        Facts facts = good_facts();
        facts.store->disk = disk;
        return ids(check_store(facts));
    };
    constexpr std::uint64_t mib = 1024 * 1024;
    EXPECT_THAT(found({mib - 1, 5'000, 9'000, 0.5}), ElementsAre("disk-full /var/lib/warifu/store"));
    EXPECT_THAT(found({mib, 5'000, 9'000, 0.5}), ElementsAre("disk-nearly-full /var/lib/warifu/store"));
    EXPECT_THAT(found({100 * mib, 5'000, 9'000, 0.01}),
                ElementsAre("disk-nearly-full /var/lib/warifu/store"));
    EXPECT_THAT(found({100 * mib, 0, 9'000, 0.5}), ElementsAre("inodes-gone /var/lib/warifu/store"));
    EXPECT_THAT(found({100 * mib, 999, 9'000, 0.5}), ElementsAre("inodes-nearly-gone /var/lib/warifu/store"));
    EXPECT_THAT(found({100 * mib, 0, 0, 0.5}), IsEmpty()) << "no inodes are counted here";
}

TEST(StoreChecks, E10_NotWritable) {
    Facts facts = good_facts();
    facts.store->not_writable = "Read-only file system";
    EXPECT_THAT(only(check_store(facts), Kind::store_not_writable).message.english(), HasSubstr("Read-only"));
}

// ---- the configuration

TEST(ConfigChecks, E10_FilesThatAreNotInForce) {
    Facts facts = good_facts();
    facts.config.problem = "/etc/warifu/warifu.conf:7: totp.windwo: there is no such key";
    EXPECT_THAT(only(check_config(facts), Kind::config_bad).message.english(), HasSubstr("windwo"));
    facts.config.in_force.reset();
    EXPECT_THAT(only(check_config(facts), Kind::config_refuses_all).message.english(), HasSubstr("windwo"));
    facts.config.may_see_last_good = false;
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-bad /etc/warifu/warifu.conf"));
}

TEST(ConfigChecks, E10_ChangedAndNotReadAgain) {
    Facts facts = good_facts();
    facts.config.differs_from_last_good = true;
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-not-reloaded /etc/warifu/warifu.conf"));
    facts.warifud.not_running = "nobody answers";
    EXPECT_THAT(ids(check_config(facts)), IsEmpty()) << "each sign-in reads it";
}

TEST(ConfigChecks, E10_WarningsAndHomes) {
    Facts facts = good_facts();
    facts.config.warnings = {"/etc/warifu/warifu.conf:3: limits.hour: looser than the default"};
    facts.config.in_force->sources = {"central", "home"};
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-warning /etc/warifu/warifu.conf",
                                                      "sources-home /etc/warifu/warifu.conf"));
    facts.config.in_force->sources = {"central", "google-authenticator"};
    facts.config.in_force->google_authenticator_file = "~/.google_authenticator";
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-warning /etc/warifu/warifu.conf",
                                                      "sources-home /etc/warifu/warifu.conf"));
    facts.config.in_force->google_authenticator_file = "/etc/ga/${USER}";
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-warning /etc/warifu/warifu.conf"));
    facts.config.unknown = "warifud cannot be started";
    EXPECT_THAT(ids(check_config(facts)), ElementsAre("config-unknown /etc/warifu/warifu.conf"));
}

// ---- warifud

TEST(WarifudChecks, A10_SwitchesThatLetPeoplePassAreWarnedOf) {
    Facts facts = good_facts();
    facts.warifud.turned = {{"sshd", "uid:0", true}, {"", "uid:0", false}};
    EXPECT_THAT(ids(check_warifud(facts)), ElementsAre("switched-off sshd", "switched-off warifud"));
    EXPECT_EQ(check_warifud(facts)[0].message.english(),
              "the second factor is switched off (by uid:0): nobody is asked");
    EXPECT_EQ(row_of(Kind::switched_off).severity, Severity::warning);
}

TEST(WarifudChecks, S17_SharedKeysAreWarnedOf) {
    Facts facts = good_facts();
    facts.warifud.shared = {{"office", false, false, {}}, {"site", true, true, {"gone"}}};
    EXPECT_THAT(
        ids(check_warifud(facts)),
        ElementsAre("shared-key shared:office", "shared-key shared:site", "shared-key-overdue shared:site",
                    "shared-key-guessed shared:site", "shared-key-group shared:site"));
    EXPECT_THAT(check_warifud(facts)[4].message.english(), testing::HasSubstr("the group gone is not there"));
    EXPECT_THAT(check_warifud(facts)[3].remedy.english(), testing::HasSubstr("shared rotate site --now"));
}

TEST(WarifudChecks, E10_NotRunningOrAnother) {
    Facts facts = good_facts();
    facts.warifud.version = "1.2.2";
    EXPECT_EQ(only(check_warifud(facts), Kind::warifud_version).message.english(),
              "warifud 1.2.2 is running, and this is warifu 1.2.3");
    facts.warifud.version.clear();
    facts.warifud.not_running = "nobody answers";
    EXPECT_THAT(ids(check_warifud(facts)), ElementsAre("warifud-not-running /run/warifu/root.sock"));
    EXPECT_EQ(row_of(Kind::warifud_not_running).severity, Severity::warning) << "it works without";
    facts.warifud.unreachable = "/usr/sbin/warifud cannot be started";
    EXPECT_THAT(ids(check_warifud(facts)), ElementsAre("warifud-unreachable warifud"));
}

}  // namespace
}  // namespace warifu::doctor::test
