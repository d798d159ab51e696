// `warifu try` against the samples' stacks, at a terminal and without one.
#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Try : public ::testing::Test {
  protected:
    Try()
        : alice(sandbox.add_user("alice", "alice's password")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
    }

    Result try_it(Command command, const std::string& input) {
        command.input = input;
        return run(sandbox, command);
    }
    nlohmann::json object_of(const Result& result) {
        const auto object = nlohmann::json::parse(result.out, nullptr, false);
        EXPECT_TRUE(object.is_object()) << result.out << result.err;
        return object;
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Phone phone;
};

TEST_F(Try, E10_TheRightCodeGetsIn) {
    Terminal terminal(sandbox, as_root({"warifu", "try", "sshd", "alice"}));
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    const std::string code = phone.code();
    terminal.type_line(code);
    terminal.expect("The person gets in. (PAM_SUCCESS)");
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr(alice.password)));
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr(code))) << "a hidden answer is not echoed";
}

TEST_F(Try, E10_WrongCodesAndPasswordsDoNot) {
    const std::string wrong = phone.wrong_code();
    const Result refused =
        try_it(as_root({"warifu", "try", "sudo", "alice"}), alice.password + "\n" + wrong + "\n");
    EXPECT_EQ(refused.status, 1) << refused.out << refused.err;
    EXPECT_THAT(refused.out, HasSubstr("Password: \n"));
    EXPECT_THAT(refused.out, HasSubstr("One-time code: \n"));
    EXPECT_THAT(refused.out, HasSubstr("The person does not get in. (PAM_AUTH_ERR)"));
    EXPECT_THAT(refused.out, HasSubstr("Sorry, try again."));
    EXPECT_THAT(refused.out, HasSubstr("warifu status --user"));
    EXPECT_THAT(refused.out, Not(HasSubstr(alice.password)));
    EXPECT_THAT(refused.out, Not(HasSubstr(wrong)));
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.at("failures"), 1)
        << "a trial is an attempt";
    EXPECT_EQ(try_it(as_root({"warifu", "try", "sudo", "alice"}), "wrong\n" + phone.code() + "\n").status, 1);
}

TEST_F(Try, E10_JsonTellsTheWholeConversation) {
    const Result result = try_it(as_root({"warifu", "try", "login", "alice", "--json"}),
                                 alice.password + "\n" + phone.recovery_codes().front() + "\n");
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    const nlohmann::json object = object_of(result);
    EXPECT_EQ(object.at("service"), "login");
    EXPECT_EQ(object.at("user"), "alice");
    EXPECT_EQ(object.at("verdict"), "success");
    EXPECT_EQ(object.at("pam_code"), "PAM_SUCCESS");
    const nlohmann::json& messages = object.at("messages");
    ASSERT_GE(messages.size(), 3U);
    EXPECT_EQ(messages[0], (nlohmann::json{{"kind", "hidden_prompt"}, {"text", "Password: "}}));
    EXPECT_EQ(messages[1], (nlohmann::json{{"kind", "hidden_prompt"}, {"text", "One-time code: "}}));
    EXPECT_EQ(messages[2].at("kind"), "info");
    EXPECT_THAT(messages[2].at("text").get<std::string>(), HasSubstr("9 are left"));
}

TEST_F(Try, E10_AServiceWithoutAFileIsNotThere) {
    sandbox.write("/etc/pam.d/other", "auth required pam_permit.so\naccount required pam_permit.so\n");
    for (const char* service : {"nosuch", "../pam.d/sshd", "", "."}) {
        const Result result = try_it(as_root({"warifu", "try", service, "alice", "--json"}), "");
        EXPECT_NE(result.status, 0) << service;
        EXPECT_TRUE(object_of(result).contains("error")) << service;
    }
    EXPECT_EQ(warifu(sandbox, {"try", "nosuch", "alice"}).status, 1);
    EXPECT_EQ(warifu(sandbox, {"try"}).status, 2);
}

TEST_F(Try, E10_AnOutageIsUnavailable) {
    output_of(sandbox, as_root({"rm", "-r", "/etc/warifu/secret.key", "/var/lib/warifu/store"}));
    const Result result =
        try_it(as_root({"warifu", "try", "sudo", "alice"}), alice.password + "\n" + phone.code() + "\n");
    EXPECT_EQ(result.status, 4) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("PAM_AUTHINFO_UNAVAIL"));
    EXPECT_THAT(result.out, HasSubstr("warifu doctor"));
}

TEST_F(Try, E10_AnswersThatEndAreNoAnswers) {
    const Result result =
        try_it(as_root({"warifu", "try", "sudo", "alice", "--json"}), alice.password + "\n");
    EXPECT_NE(result.status, 0);
    const nlohmann::json object = object_of(result);
    EXPECT_NE(object.at("verdict"), "success");
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.at("failures"), 0);
}

TEST_F(Try, E10_ItIsYourselfByDefaultAndNobodyElse) {
    // Without nullok, which counts only from root.
    sandbox.write("/etc/pam.d/own",
                  "auth required pam_unix.so\nauth required pam_warifu.so\n@include common-account\n");
    const Account& bob = sandbox.add_user("bob", "bob's password");
    const Result own = try_it(as_user(alice, {"warifu", "try", "own", "--json"}),
                              alice.password + "\n" + phone.code() + "\n");
    EXPECT_EQ(object_of(own).at("user"), "alice");
    EXPECT_EQ(object_of(own).at("verdict"), "success") << own.out << own.err << sandbox.log();
    const Result other = try_it(as_user(bob, {"warifu", "try", "own", "alice", "--json"}),
                                alice.password + "\n" + phone.code() + "\n");
    EXPECT_NE(object_of(other).at("verdict"), "success") << other.out;
}

TEST_F(Try, E10_SaysWhereNothingIsAsked) {
    const Result result = try_it(as_root({"warifu", "try", "su", "alice"}), "");
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("Nothing was asked"));
}

TEST_F(Try, E10_TheAccountLinesCountToo) {
    sandbox.write("/etc/pam.d/sudo", "auth required pam_permit.so\naccount required pam_deny.so\n");
    const Result result = try_it(as_root({"warifu", "try", "sudo", "alice"}), "");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, HasSubstr("the account lines refused"));
}

TEST_F(Try, E10_WhatModulesSayIsShownEscaped) {
    sandbox.write("/etc/issue.bad", "one\n\033]0;title\007two\n");
    sandbox.write("/etc/pam.d/sudo",
                  "auth optional pam_echo.so file=/etc/issue.bad\nauth required pam_permit.so\n"
                  "account required pam_permit.so\n");
    const Result result = try_it(as_root({"warifu", "try", "sudo", "alice"}), "");
    EXPECT_THAT(result.out, HasSubstr("one\n\\x1b]0;title\\x07two"));
}

}  // namespace
}  // namespace warifu::integration
