#include "pam_module/start_message.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using nlohmann::json;

// The Start message that `what` leads to.
json start_of(SignIn what) {
    Directory directory;
    json call;
    FakeListener warifud(directory.file("socket"), {[&](Peer& peer) {
                             call = peer.next();
                             peer.say(done("success"));
                         }});
    what.options.push_back("socket=" + directory.file("socket"));
    Person person;
    EXPECT_EQ(sign_in(what, person).code, PAM_SUCCESS);
    warifud.finish();
    EXPECT_EQ(call["method"], "io.warifu.Start");
    return call["parameters"];
}

TEST(Start, CarriesEveryItem) {
    json const expected = {
        {"protocol", 2},        {"user", "alice"},       {"service", "sshd"},
        {"rhost", "192.0.2.7"}, {"tty", "pts/3"},        {"ruser", "bob"},
        {"uid", getuid()},      {"flags", 0x8001},       {"options", {"nullok", "debug"}},
        {"has_authtok", true},  {"single_field", false}, {"auth_info", "publickey password"}};
    EXPECT_EQ(start_of({.options = {"nullok", "debug"},
                        .service = "sshd",
                        .rhost = "192.0.2.7",
                        .tty = "/dev/pts/3",
                        .ruser = "bob",
                        .password = "secret",
                        .environment = {"SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAAC3Nza\npassword\n"},
                        .flags = PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK}),
              expected);
}

TEST(Start, ItemsThatAreNotSetAreEmpty) {
    json const start = start_of({.tty = "pts/1"});
    for (const char* const name : {"rhost", "ruser", "auth_info"}) EXPECT_EQ(start[name], "") << name;
    EXPECT_EQ(start["tty"], "pts/1");
    EXPECT_EQ(start["options"], json::array());
    EXPECT_EQ(start["has_authtok"], false);
}

TEST(Start, TheRealUidIsTheCallers) {
    Directory directory;
    json start;
    FakeListener warifud(directory.file("socket"), {[&](Peer& peer) {
                             start = peer.next_parameters();
                             peer.say(done("success"));
                         }});
    EXPECT_EQ(
        in_other_process([&] {
            if (setresuid(12'345, 0, 0) != 0) return std::string("no setresuid");
            Person person;
            return std::to_string(sign_in({.options = {"socket=" + directory.file("socket")}}, person).code);
        }),
        "0");
    warifud.finish();
    EXPECT_EQ(start["uid"], 12'345);
}

TEST(Start, X05_HostileNamesCrossAsTheyAreOrAsNoValidName) {
    for (const char* const user : {"../x", "a/b", "-x", "line\nbreak", "\x1b[31m", "%s%n"}) {
        EXPECT_EQ(start_of({.user = user})["user"], user);
    }
    EXPECT_EQ(start_of({.user = "b\xFF"
                                "b"})["user"],
              "b\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(start_of({.user = std::string(300, 'n')})["user"], std::string(300, 'n'));
    // Too long for any name: cut, and not to a shorter name that somebody may have.
    std::string const cut = start_of({.user = std::string(100'000, 'n')})["user"];
    EXPECT_LT(cut.size(), 400u);
    EXPECT_TRUE(cut.ends_with("\xEF\xBF\xBD"));
}

TEST(Start, X27_HostileHostNamesCrossAsTheyAre) {
    for (const std::string& host :
         {std::string("; x"), std::string("%s"), std::string("a\nb\t\x1b]0;x\x07"), std::string(300, 'h')}) {
        EXPECT_EQ(start_of({.rhost = host})["rhost"], host);
    }
    std::string const cut = start_of({.rhost = std::string(1'000, '\x01')})["rhost"];
    EXPECT_TRUE(cut.ends_with("\xEF\xBF\xBD"));
}

// Everything at its longest and in need of six bytes for one still makes a message.
TEST(Start, TheWorstItemsFit) {
    std::string const worst(1'000, '\x01');  // libpam's own audit line takes no more
    json const start = start_of({.user = worst,
                                 .rhost = worst,
                                 .tty = worst,
                                 .ruser = worst,
                                 .environment = {"SSH_AUTH_INFO_0=" + worst + "\npublickey key\n"}});
    EXPECT_TRUE(start["ruser"].get<std::string>().ends_with("\xEF\xBF\xBD"));
}

TEST(Start, AnSshKeyNeverCrosses) {
    json const start =
        start_of({.environment = {"SSH_AUTH_INFO_0=publickey ssh-rsa AAAAkey\nkeyboard-interactive\n"}});
    EXPECT_EQ(start["auth_info"], "publickey keyboard-interactive");
}

}  // namespace
}  // namespace warifu::testing_support
