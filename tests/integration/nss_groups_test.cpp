// Who is in warifu-enrolled, warifu-pending and warifu-exempt, as `id` says it at once.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "tests/integration/nss_machine.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Groups = std::set<std::string>;

constexpr char configuration[] = "/etc/warifu/warifu.conf";
constexpr char robots_rule[] =
    "[[policy.rule]]\nservice = [\"sshd\"]\nuser = [\"robot\"]\noutcome = \"exempt\"\n";
const Groups none, enrolled{"warifu-enrolled"}, pending{"warifu-pending"}, exempt{"warifu-exempt"};

class NssGroups : public ::testing::Test {
  protected:
    NssGroups() : alice(sandbox.add_user("alice", "alice's password")) {
        sandbox.add_user("robot", "robot's password");
        install_nss(sandbox);
    }

    Groups of(const std::string& user) const { return groups_of(sandbox, user); }
    // Where it is brought about by a process that nobody waits for any more.
    bool comes_to_be(const std::string& user, const Groups& expected) const {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (of(user) != expected) {
            if (std::chrono::steady_clock::now() > end) return false;
        }
        return true;
    }
    nlohmann::json tool(std::vector<std::string> words) const {
        const Answer answer = warifu(sandbox, std::move(words));
        EXPECT_EQ(answer.status, 0) << answer.object.dump();
        return answer.object;
    }
    void shell(const std::string& line) const { output_of(sandbox, as_root({"sh", "-ec", line})); }

    Sandbox sandbox;
    const Account& alice;
};

// From the offer of a key to the end of the account's second factor.
void go_through_a_life(const Sandbox& sandbox, const Account& alice) {
    const auto of_alice = [&] { return groups_of(sandbox, "alice"); };
    EXPECT_EQ(of_alice(), none);
    EXPECT_EQ(warifu(sandbox, alice, {"enroll"}).status, 0);
    EXPECT_EQ(of_alice(), pending);
    std::optional<Phone> phone(std::in_place, sandbox, alice);
    EXPECT_EQ(of_alice(), enrolled);
    EXPECT_EQ(warifu(sandbox, {"verify", "--user", "alice", phone->code()}).status, 0);
    EXPECT_EQ(of_alice(), enrolled);
    EXPECT_EQ(warifu(sandbox, {"suspend", "--user", "alice"}).status, 0);
    EXPECT_EQ(of_alice(), enrolled);
    EXPECT_EQ(warifu(sandbox, {"reset", "--user", "alice"}).status, 0);
    EXPECT_EQ(of_alice(), pending) << "the way back is open";
    phone.emplace(sandbox, alice);
    EXPECT_EQ(of_alice(), enrolled);
    const std::string id =
        warifu(sandbox, {"status", "--user", "alice"}).object.at("authenticators").at(0).at("id");
    EXPECT_EQ(warifu(sandbox, {"remove", "--user", "alice", id}).status, 0);
    EXPECT_THAT(of_alice(), Not(::testing::Contains("warifu-enrolled")));
    EXPECT_EQ(warifu(sandbox, {"require", "--user", "alice"}).status, 0);
    EXPECT_EQ(of_alice(), pending);
}

TEST_F(NssGroups, N01_IdSaysWhoIsEnrolledAsSoonAsTheAnswerIsThere) {
    Warifud daemon(sandbox);
    go_through_a_life(sandbox, alice);
}

TEST_F(NssGroups, N01_AndSoWithoutADaemon) {
    output_of(sandbox, as_root({"warifu", "init"}));
    // Each of root's calls starts a warifud of its own.
    EXPECT_EQ(of("alice"), none);
    const Phone phone(sandbox, alice);
    EXPECT_EQ(of("alice"), enrolled);
    tool({"reset", "--user", "alice"});
    EXPECT_EQ(of("alice"), pending);
}

TEST_F(NssGroups, N01_AnOfferThatIsOverLeavesNobodyPending) {
    output_of(sandbox, as_root({"warifu", "init"}));
    tool({"enroll", "--user", "alice"});
    EXPECT_EQ(of("alice"), pending);
    sandbox.set_clock(std::chrono::hours(24 * 31));
    EXPECT_EQ(of("alice"), none);
}

TEST_F(NssGroups, N01_ExemptIsWhomPolicyNames) {
    sandbox.write(configuration, robots_rule);
    Warifud daemon(sandbox);
    EXPECT_EQ(of("robot"), exempt);
    EXPECT_EQ(of("alice"), none);

    tool({"suspend", "--user", "robot"});
    EXPECT_EQ(of("robot"), none);
    daemon.restart();
    EXPECT_EQ(of("robot"), none);
    tool({"resume", "--user", "robot"});
    EXPECT_EQ(of("robot"), exempt);

    sandbox.write(configuration, std::string("[[policy.rule]]\noutcome = \"enrol\"\n") + robots_rule);
    daemon.kill(SIGHUP);
    sandbox.wait_for_log("configuration read again");
    EXPECT_EQ(of("robot"), none) << "a rule before it decides otherwise";
    sandbox.write(configuration, robots_rule);
    daemon.kill(SIGHUP);
    sandbox.wait_for_log("configuration read again", 2);
    EXPECT_EQ(of("robot"), exempt);
}

TEST_F(NssGroups, N01_TheExemptFollowTheConfigurationWithoutADaemonToo) {
    output_of(sandbox, as_root({"warifu", "init"}));
    sandbox.write(configuration, robots_rule);
    tool({"status", "--user", "alice"});
    EXPECT_TRUE(comes_to_be("robot", exempt));
    sandbox.write(configuration, "");
    tool({"status", "--user", "alice"});
    EXPECT_TRUE(comes_to_be("robot", none));
}

TEST_F(NssGroups, N01_WhatIsWrongIsPutRightWhenWarifudStarts) {
    sandbox.add_user("bob", "bob's password");
    sandbox.add_user("carol", "carol's password");
    Warifud daemon(sandbox);
    const Phone phone(sandbox, alice);
    tool({"require", "--user", "carol"});
    daemon.stop();
    const std::string place = marker_place;
    shell("rm " + place + "/enrolled/alice " + place + "/pending/carol");
    shell("touch " + place + "/enrolled/bob " + place + "/exempt/bob && touch -d 2090-01-01 " + place +
          "/pending/bob");
    shell("chgrp 0 " + place + "/enrolled");
    daemon.start();
    sandbox.wait_for_log("NSS groups: all are told", 2);
    EXPECT_EQ(of("alice"), enrolled);
    EXPECT_EQ(of("bob"), none);
    EXPECT_EQ(of("carol"), pending);
}

TEST_F(NssGroups, N01_WarifudThatRunsWithAnotherConfigurationTellsNobody) {
    output_of(sandbox, as_root({"warifu", "init"}));
    sandbox.write("/srv/other.conf", "[store]\ndirectory = \"/srv/store\"\nkey_file = \"/srv/key\"\n");
    tool({"--config", "/srv/other.conf", "init"});
    tool({"--config", "/srv/other.conf", "require", "--user", "alice"});
    EXPECT_EQ(of("alice"), none);
}

TEST_F(NssGroups, N01_AMarkerThatCannotBeWrittenIsLoggedOnceAndFailsNothing) {
    Warifud daemon(sandbox);
    const Account& bob = sandbox.add_user("bob", "bob's password");
    sandbox.wait_for_log("NSS groups: all are told");
    shell("chmod 0777 /var/lib/warifu/enrolled/enrolled");
    Phone of_alice(sandbox, alice), of_bob(sandbox, bob);
    EXPECT_EQ(warifu(sandbox, {"verify", "--user", "alice", of_alice.code()}).status, 0);
    EXPECT_EQ(of("alice"), none) << "what others can write gives nobody a group";
    const std::string log = sandbox.log();
    const std::string line = "NSS groups: /var/lib/warifu/enrolled/enrolled: ";
    const auto first = log.find(line);
    ASSERT_NE(first, log.npos) << log;
    EXPECT_EQ(log.find(line, first + 1), log.npos) << log;
}

TEST_F(NssGroups, N01_TheDirectoriesAreAsTmpfilesWantsThem) {
    output_of(sandbox, as_root({"warifu", "init"}));
    const Command look =
        as_root({"sh", "-c", "stat -c '%n %a %U %G' /var/lib/warifu/enrolled /var/lib/warifu/enrolled/*"});
    const std::string made = output_of(sandbox, look);
    EXPECT_THAT(made, HasSubstr("enrolled/exempt 711 root warifu-exempt"));
    output_of(sandbox, as_root({"systemd-tmpfiles", "--create",
                                WARIFU_SOURCE_DIR "/packaging/tmpfiles.d/warifu.conf"}));
    EXPECT_EQ(output_of(sandbox, look), made);
    const Result listed = run(sandbox, as_user(alice, {"ls", "/var/lib/warifu/enrolled/enrolled"}));
    EXPECT_NE(listed.status, 0);
}

}  // namespace
}  // namespace warifu::integration
