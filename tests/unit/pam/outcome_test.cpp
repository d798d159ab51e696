#include "pam_module/outcome.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

struct Row {
    const char* word;
    int code;
};

class Verdict : public testing::TestWithParam<Row> {};

TEST_P(Verdict, HasItsPamCode) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done(GetParam().word, "Some words."));
                         }});
    Person person;
    if (GetParam().code == PAM_SUCCESS || GetParam().code == PAM_IGNORE) {
        person.is_told("Some words.");
    } else {
        person.is_warned("Some words.");
    }
    SignIn const what{.options = {"socket=" + directory.file("socket")}};
    EXPECT_EQ(sign_in(what, person).code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Table, Verdict,
                         testing::Values(Row{"success", PAM_SUCCESS}, Row{"denied", PAM_AUTH_ERR},
                                         Row{"limited", PAM_AUTH_ERR}, Row{"ignored", PAM_IGNORE},
                                         Row{"unavailable", PAM_AUTHINFO_UNAVAIL}),
                         [](const auto& row) { return std::string(row.param.word); });

class VarlinkError : public testing::TestWithParam<Row> {};

TEST_P(VarlinkError, NeverPasses) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             nlohmann::json const error = {
                                 {"error", GetParam().word},
                                 {"parameters", {{"message", "unknown option\nfrobnicate"}}}};
                             peer.say_raw(error.dump() + '\0');
                         }});
    Person person;
    take_log();
    SignIn const what{.options = {"socket=" + directory.file("socket")}};
    EXPECT_EQ(sign_in(what, person).code, GetParam().code);
    EXPECT_EQ(take_log(),
              std::vector<std::string>{"pam_warifu(warifu-test:auth): warifud refuses this sign-in: "
                                       "unknown option\\x0afrobnicate"});
}

INSTANTIATE_TEST_SUITE_P(Table, VarlinkError,
                         testing::Values(Row{"io.warifu.Invalid", PAM_AUTH_ERR},
                                         Row{"io.warifu.Denied", PAM_AUTH_ERR},
                                         Row{"io.warifu.NotPermitted", PAM_AUTH_ERR},
                                         Row{"io.warifu.NotFound", PAM_AUTH_ERR},
                                         Row{"io.warifu.Conflict", PAM_AUTHINFO_UNAVAIL},
                                         Row{"io.warifu.Unavailable", PAM_AUTHINFO_UNAVAIL},
                                         Row{"org.varlink.service.MethodNotFound", PAM_AUTHINFO_UNAVAIL}));

TEST(Outcome, WhatTheModuleCannotDoIsASystemError) {
    Person person;
    SignIn const what{.options = {"socket=/nonexistent/socket", "daemon=/nonexistent/warifud"}};
    EXPECT_EQ(sign_in(what, person).code, PAM_SYSTEM_ERR);
}

TEST(Outcome, AConversationThatFailsIsAConversationError) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(prompt("Code: "));
                             peer.next();
                         }});
    Person person;
    person.fails_at(PAM_PROMPT_ECHO_OFF, "Code: ", PAM_CONV_ERR);
    SignIn const what{.options = {"socket=" + directory.file("socket")}};
    EXPECT_EQ(sign_in(what, person).code, PAM_CONV_ERR);
}

// Replies that are no step: a denial of a kind that no stack maps to "ignore".
TEST(Outcome, X28_JunkInsteadOfAStepNeverPasses) {
    const std::vector<std::string> replies = {
        "junk",
        "{}",
        R"({"parameters":{}})",
        R"({"parameters":{"step":"done"}})",
        R"({"parameters":{"step":"done","verdict":"yes"}})",
        R"({"parameters":{"step":"done","verdict":true}})",
        R"({"parameters":{"step":"done","verdict":"success","tail":-1}})",
        R"({"parameters":{"step":"dance","verdict":"success"}})",
        R"({"verdict":"success","step":"done"})",
        R"({"parameters":{"step":"prompt","text":"a\u0000b"}})",
    };
    for (const auto& reply : replies) {
        Directory directory;
        FakeListener warifud(directory.file("socket"), {[&](Peer& peer) {
                                 peer.next();
                                 peer.say_raw(reply + '\0');
                             }});
        Person person;
        SignIn const what{.options = {"socket=" + directory.file("socket")}};
        EXPECT_EQ(sign_in(what, person).code, PAM_SYSTEM_ERR) << reply;
    }
}

TEST(Outcome, AReplyOfMoreThanItsBoundNeverPasses) {
    Directory directory;
    auto const with_text = [](std::size_t size) {
        return [size](Peer& peer) {
            peer.next();
            peer.say(done("success", std::string(size, 'x')));
        };
    };
    Person person;
    person.is_told(std::string(16'000, 'x'));
    {
        FakeListener warifud(directory.file("fits"), {with_text(16'000)});
        EXPECT_EQ(sign_in({.options = {"socket=" + directory.file("fits")}}, person).code, PAM_SUCCESS);
    }
    FakeListener warifud(directory.file("socket"), {with_text(17'000)});
    SignIn const what{.options = {"socket=" + directory.file("socket"), "daemon=/nonexistent/warifud"}};
    EXPECT_EQ(sign_in(what, person).code, PAM_SYSTEM_ERR);
}

TEST(Outcome, SettingCredentialsSucceeds) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             peer.say(done("success"));
                         }});
    Person person;
    EXPECT_EQ(
        sign_in({.options = {"socket=" + directory.file("socket")}, .set_credentials = true}, person).code,
        PAM_SUCCESS);
}

}  // namespace
}  // namespace warifu::testing_support
