#include "pam_module/options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

TEST(Options, S19_WhatShapesTheConversationStaysAndTheRestTravelsVerbatim) {
    Directory directory;
    json start;
    FakeListener warifud(directory.file("socket"), {[&](Peer& peer) {
                             start = peer.next_parameters();
                             peer.say(done("success"));
                         }});
    Person person;
    SignIn const what{.options = {"nullok", "secret=/etc/otp/${USER}", "user=radius", "grace_period=300",
                                  "noskewadj", "no_increment_hotp", "debug", "listed", "first_factor_failed",
                                  "frobnicate=a b", "try_first_pass",
                                  "authtok_prompt=Your token: ", "echo_verification_code",
                                  "echo-verification-code", "config=/etc/other.conf", "daemon=/usr/bin/other",
                                  "socket=" + directory.file("socket")}};
    EXPECT_EQ(sign_in(what, person).code, PAM_SUCCESS);
    warifud.finish();
    EXPECT_EQ(start["options"],
              json({"nullok", "secret=/etc/otp/${USER}", "user=radius", "grace_period=300", "noskewadj",
                    "no_increment_hotp", "debug", "listed", "first_factor_failed", "frobnicate=a b"}));
}

struct Refused {
    const char* option;
    const char* reason;
};

class RefusedOption : public testing::TestWithParam<Refused> {};

// Refused by the module itself: nobody is asked, nothing is sent.
TEST_P(RefusedOption, X12_IsDeniedWithItsNameInTheLog) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {});
    Person person;
    take_log();
    EXPECT_EQ(sign_in({.options = {"socket=" + directory.file("socket"), GetParam().option}}, person).code,
              PAM_AUTH_ERR);
    auto const lines = take_log();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find(std::string("option ") + GetParam().option), std::string::npos) << lines[0];
    EXPECT_NE(lines[0].find(GetParam().reason), std::string::npos) << lines[0];
}

INSTANTIATE_TEST_SUITE_P(
    Options, RefusedOption,
    testing::Values(Refused{"allow_readonly", "used again"}, Refused{"no_strict_owner", "somebody else"},
                    Refused{"allowed_perm=0644", "0600"}, Refused{"socket=run/warifu.sock", "absolute path"},
                    Refused{"config=", "absolute path"}, Refused{"daemon=warifud", "absolute path"},
                    Refused{"completed=", "SSH authentication method"},
                    Refused{"completed=public key", "SSH authentication method"}));

TEST(Options, X12_TheRefusalsLogLineIsOneLineWhateverTheOption) {
    Person person;
    take_log();
    EXPECT_EQ(sign_in({.options = {"socket=\x1b[2J" + std::string(600, 'x')}}, person).code, PAM_AUTH_ERR);
    auto const lines = take_log();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NE(lines[0].find("socket=\\x1b[2Jxxx"), std::string::npos);
    EXPECT_EQ(lines[0].find('\x1b'), std::string::npos);
    EXPECT_LT(lines[0].size(), 500u);
}

TEST(Options, X12_ALineTooLongForAMessageIsDenied) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {});
    Person person;
    Strings options = {"socket=" + directory.file("socket")};
    for (int i = 0; i < 40; ++i) options.push_back("x=" + std::string(900, 'x'));
    EXPECT_EQ(call_entry_point(options, person), PAM_AUTH_ERR);
}

int completed(const std::string& service, const std::string& info, const std::string& method = "publickey") {
    Person person;
    SignIn what{
        .options = {"completed=" + method, "socket=/nonexistent/socket", "daemon=/nonexistent/warifud"}};
    what.service = service;
    if (!info.empty()) what.environment = {"SSH_AUTH_INFO_0=" + info};
    return sign_in(what, person).code;
}

TEST(Options, S02_CompletedJumpsOnlyWhereSshdSaysSo) {
    EXPECT_EQ(completed("sshd", "publickey ssh-ed25519 AAAA\n"), PAM_SUCCESS);
    EXPECT_EQ(completed("sshd", "password\npublickey ssh-rsa AAAA"), PAM_SUCCESS);
    EXPECT_EQ(completed("sshd", "password\n", "password"), PAM_SUCCESS);
    EXPECT_EQ(completed("sshd", ""), PAM_IGNORE);
    EXPECT_EQ(completed("sshd", "password\n"), PAM_IGNORE);
    EXPECT_EQ(completed("sshd", "publickey-and-more key\n"), PAM_IGNORE);
    EXPECT_EQ(completed("sshd", "password publickey\n"), PAM_IGNORE);
    EXPECT_EQ(completed("login", "publickey ssh-ed25519 AAAA\n"), PAM_IGNORE);
}

TEST(Options, S02_CompletedCountsOnlyForRoot) {
    EXPECT_EQ(in_other_process([] {
                  if (setresuid(12'345, 12'345, 12'345) != 0) return std::string("no setresuid");
                  return std::to_string(completed("sshd", "publickey ssh-ed25519 AAAA\n"));
              }),
              std::to_string(PAM_IGNORE));
}

}  // namespace
}  // namespace warifu::testing_support
