#include "tests/unit/doctor/findings.h"

#include <gtest/gtest.h>

namespace warifu::doctor::test {

std::vector<std::string> ids(const Findings& findings) {
    std::vector<std::string> result;
    for (const Finding& finding : findings)
        result.push_back(std::string(row_of(finding.kind).id) + " " + finding.subject);
    return result;
}

Finding only(const Findings& findings, Kind kind) {
    Findings found;
    for (const Finding& finding : findings)
        if (finding.kind == kind) found.push_back(finding);
    EXPECT_EQ(found.size(), 1U) << ::testing::PrintToString(ids(findings));
    return found.empty() ? Finding{kind, "", "", ""} : found.front();
}

void put_pam_file(Facts& facts, const std::string& name, const std::string& text) {
    facts.pam.files.insert_or_assign(name, PamFile{"/etc/pam.d/" + name, text});
}

Facts good_facts() {
    Facts facts;
    for (const char* service : {"sshd", "sudo"}) put_pam_file(facts, service, good_stack);
    facts.pam.module_found = true;
    facts.sshd = SshdFacts{
        "usepam yes\nkbdinteractiveauthentication yes\npasswordauthentication no\npubkeyauthentication yes\n"
        "authenticationmethods publickey,keyboard-interactive keyboard-interactive\n",
        {}};
    facts.clock = ClockFacts{true, true, 1'800'000'000, 1'799'999'000};
    const FileStatus file{FileType::regular, 0, 0600, 1}, directory{FileType::directory, 0, 0755, 2};
    facts.files = {
        {Purpose::config_directory, "/etc/warifu", directory},
        {Purpose::config_file, "/etc/warifu/warifu.conf", FileStatus{FileType::regular, 0, 0644, 1}},
        {Purpose::key_file, "/etc/warifu/secret.key", file},
        {Purpose::state_directory, "/var/lib/warifu", FileStatus{FileType::directory, 0, 0711, 3}},
        {Purpose::store_directory, "/var/lib/warifu/store", FileStatus{FileType::directory, 0, 0700, 2}},
        {Purpose::store_file, "/var/lib/warifu/store/records.sqlite", file},
        {Purpose::run_directory, "/run/warifu", directory}};
    facts.store = StoreFacts{"/var/lib/warifu/store",
                             "/etc/warifu/secret.key",
                             true,
                             true,
                             "",
                             DiskFacts{1'000'000'000, 1'000'000, 2'000'000, 0.5}};
    facts.config.file = "/etc/warifu/warifu.conf";
    facts.config.in_force = ConfigInForce{"/var/lib/warifu/store",
                                          "/etc/warifu/secret.key",
                                          "/etc/warifu/users.keys",
                                          "~/.google_authenticator",
                                          "",
                                          {"central"},
                                          Unenrolled::by_line,
                                          {"sshd", "sudo", "cockpit"}};
    facts.warifud.own_version = facts.warifud.version = "1.2.3";
    facts.warifud.socket = "/run/warifu/root.sock";
    facts.warifud.store = "ok";
    facts.accounts = {{{"root", "active", 1, 10, {}}}, {"root"}, true};
    return facts;
}

}  // namespace warifu::doctor::test
