// Every sentence of a finding is known to the translators.
#include <gtest/gtest.h>
#include <libintl.h>
#include <stdlib.h>

#include <clocale>
#include <set>
#include <string>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

class Translation : public ::testing::Test {
  protected:
    Translation() {
        std::setlocale(LC_ALL, "C.UTF-8");
        setenv("LANGUAGE", "ja", 1);
        bindtextdomain("warifu", WARIFU_CATALOGUES);
    }
    ~Translation() override {
        unsetenv("LANGUAGE");
        std::setlocale(LC_ALL, "C");
    }
};

// What somebody else said, and commands to type.
bool is_the_same_everywhere(const std::string& pattern) {
    const std::set<std::string> patterns{"%1", "chmod %1 %2", "chown root: %1", "systemctl reload warifud",
                                         "systemctl restart warifud"};
    return patterns.contains(pattern);
}

void expect_translated(const Facts& facts, std::set<Kind>& seen) {
    for (const Finding& finding : examine(facts)) {
        seen.insert(finding.kind);
        for (const std::string pattern : {finding.message.pattern, finding.remedy.pattern})
            EXPECT_TRUE(is_the_same_everywhere(pattern) || dgettext("warifu", pattern.c_str()) != pattern)
                << pattern;
    }
}

Facts with_stack(const std::string& stack) {
    Facts facts = good_facts();
    put_pam_file(facts, "sshd", stack);
    put_pam_file(facts, "cockpit", stack);
    return facts;
}

Facts with_sshd(const std::string& settings) {
    Facts facts = good_facts();
    facts.sshd->settings = settings;
    return facts;
}

Facts with_accounts(std::vector<AccountFact> accounts) {
    Facts facts = good_facts();
    for (const char* service : {"sshd", "sudo"})
        put_pam_file(facts, service, "auth requisite pam_warifu.so\n");
    facts.accounts.accounts = std::move(accounts);
    return facts;
}

Facts with_wrong_files() {
    Facts facts = good_facts();
    for (FileFact& file : facts.files) {
        file.status->owner = 7;
        file.status->mode = 07777;
    }
    facts.files[0].status->type = FileType::symbolic_link;
    facts.files[1].status->type = FileType::directory;
    facts.files[2].status->links = 2;
    facts.files[3].status = FileStatus{FileType::directory, 0, 0700, 2};
    facts.files.push_back({Purpose::text_file, "/text", {}});
    return facts;
}

Facts with_store(bool database, bool key, std::uint64_t free) {
    Facts facts = good_facts();
    facts.store->has_database = database;
    facts.store->has_key = key;
    facts.store->not_writable = "read-only";
    facts.store->disk = DiskFacts{free, free == 0 ? 0U : 1U, 1'000, 0.001};
    return facts;
}

Facts with_config(bool in_force, bool problem) {
    Facts facts = good_facts();
    facts.config.warnings = {"a warning"};
    facts.config.differs_from_last_good = true;
    facts.config.in_force->sources = {"home"};
    facts.config.in_force->unenrolled = Unenrolled::refuse;
    if (!in_force) facts.config.in_force.reset();
    if (problem) facts.config.problem = "line 1";
    return facts;
}

// Rules that go by the NSS module's groups, with what `group` the host asks for them.
Facts with_groups(const std::string& group) {
    Facts facts = good_facts();
    facts.nss.nsswitch = group;
    facts.nss.sshd = {{"/etc/ssh/sshd_config", "Match Group warifu-exempt\nMatch Group warifu-enrolled\n"}};
    return facts;
}

std::vector<Facts> bad_hosts() {
    std::vector<Facts> hosts{
        with_stack("auth include nowhere\nauth requird pam_unix.so\nauth requisite pam_warifu.so\n"),
        with_stack("-auth required pam_warifu.so nullok offer\nauth required pam_unix.so\n"),
        with_stack("auth sufficient pam_unix.so\nauth required pam_warifu.so\n"),
        with_stack(
            "auth sufficient pam_listfile.so\nauth requisite pam_unix.so\nauth optional pam_warifu.so\n"),
        with_stack("auth required pam_unix.so\nauth [success=ok default=ignore] pam_warifu.so nullok "
                   "secret=~/.ga\n"),
        with_stack("auth required pam_unix.so\nauth [success=ok authinfo_unavail=ignore default=die] "
                   "pam_warifu.so\n"),
        with_stack("auth [success=1 default=die] pam_unix.so\nauth requisite pam_deny.so\nauth requisite "
                   "pam_deny.so\nauth requisite pam_warifu.so\n"),
        with_stack(
            "auth [default=ignore] pam_unix.so\nauth [success=ok ignore=ignore default=die] pam_warifu.so "
            "nullok\n"),
        with_stack("auth required pam_unix.so\n"),
        with_stack("auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth requisite "
                   "pam_warifu.so\nauth optional pam_cap.so\n"),
        with_groups("group: files\n"),
        with_groups("group: files warifu\n"),
        with_sshd("usepam no\n"),
        with_sshd(
            "usepam yes\nkbdinteractiveauthentication no\npasswordauthentication yes\npubkeyauthentication "
            "yes\n"),
        with_sshd("usepam yes\nkbdinteractiveauthentication yes\nauthenticationmethods hostbased\n"),
        with_sshd("usepam yes\nkbdinteractiveauthentication yes\nauthenticationmethods hostbased "
                  "keyboard-interactive\n"),
        with_accounts({{"root", "active", 1, 0, {"a note"}},
                       {"a", "missing", 0, 0, {"gone"}},
                       {"b", "unavailable", 0, 0, {}},
                       {"c", "active", 1, 1, {"is ahead of the clock"}}}),
        with_accounts(std::vector<AccountFact>(25, {"a", "active", 1, 0, {}})),
        with_wrong_files(),
        with_store(false, false, 0),
        with_store(true, false, 2'000'000),
        with_store(false, true, 0),
        with_config(true, false),
        with_config(true, true),
        with_config(false, true),
    };
    Facts host = good_facts();
    host.sshd->problem = Sentence("%1", "what sshd said");
    host.clock = ClockFacts{false, true, 0, 100};
    host.warifud.version = "0";
    host.warifud.turned = {{"sshd", "uid:0", true}, {"", "uid:0", false}};
    host.warifud.shared = {{"office", true, true, {"gone"}}};
    host.warifud.not_running = host.warifud.store = "not well";
    hosts.push_back(host);
    host.clock->time_service = false;
    host.warifud.unreachable = "nowhere";
    host.pam.module_found = false;
    host.config.problem = "line 1";
    host.config.may_see_last_good = false;
    hosts.push_back(host);
    host.config.unknown = Sentence("%1", "silent");
    hosts.push_back(host);
    return hosts;
}

TEST_F(Translation, S16_EveryFindingHasItsJapanese) {
    std::set<Kind> seen;
    for (const Facts& facts : bad_hosts()) expect_translated(facts, seen);
    for (const KindRow& row : kinds())
        EXPECT_TRUE(seen.contains(row.kind)) << row.id << " was not found by this test";
}

}  // namespace
}  // namespace warifu::doctor::test
