// A code by mail at the real sshd: a mail server of the test gets it, and it lets in, or does not.
#include <gmock/gmock.h>

#include <memory>
#include <regex>

#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/smtp_sink.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MailedCodeAtSshd : public ::testing::Test {
  protected:
    MailedCodeAtSshd()
        : alice(sandbox.add_user("alice", "alice's password")),
          mail_server(sandbox),
          daemon(configured()),
          sshd(sandbox) {}

    const Sandbox& configured() {
        // Nobody is enrolled: whoever has no code has the mail.
        sandbox.write(
            "/etc/pam.d/sshd",
            std::regex_replace(sample("pam/sshd"), std::regex("pam_warifu.so nullok"), "pam_warifu.so"));
        sandbox.write("/etc/warifu/warifu.conf",
                      "[approval]\nnotify = [\"mail\"]\n[service.sshd]\nmail_code = true\n"
                      "[notify.mail]\ntype = \"mail\"\nurl = \"" +
                          mail_server.url() +
                          "\"\naddress = \"{user}@example.org\"\nsender = \"warifu@example.org\"\n");
        sandbox.set_clock(now);  // warifud hears of every later one
        return sandbox;
    }

    static constexpr char question[] = "One-time code (m: have one mailed): ";

    // A sign-in, up to the question.
    std::unique_ptr<Terminal> call(const std::string& password) {
        auto terminal = std::make_unique<Terminal>(sandbox, ssh("alice", "echo let in as $(id -un)"));
        terminal->expect("assword: ");
        terminal->type_line(password);
        terminal->expect(question);
        return terminal;
    }
    static bool let_in(Terminal& terminal, const std::string& code) {
        terminal.type_line(code);
        return terminal.expect_any({"let in as ", "Permission denied"}) == 0;
    }
    static void ask_for_mail(Terminal& terminal) {
        terminal.type_line("m");
        terminal.expect("If an address is known for you, a code is on its way.");
        terminal.expect(question);
    }
    std::string code_in_the_mail() {
        const Mail mail = mail_server.next();
        EXPECT_EQ(mail.from, "warifu@example.org");
        EXPECT_EQ(mail.to, "alice@example.org");
        std::smatch found;
        EXPECT_TRUE(std::regex_search(mail.text, found, std::regex("\\b[0-9]{8}\\b"))) << mail.text;
        return found.str();
    }
    static std::string other_than(std::string code) {
        code[0] = code[0] == '5' ? '6' : '5';
        return code;
    }

    Sandbox sandbox;
    std::chrono::seconds now{0};
    const Account& alice;
    SmtpSink mail_server;
    Warifud daemon;
    Sshd sshd;
};

TEST_F(MailedCodeAtSshd, A12_ACodeFromTheMailLetsInOnce) {
    std::string code;
    {
        const auto terminal = call(alice.password);
        ask_for_mail(*terminal);
        code = code_in_the_mail();
        EXPECT_FALSE(let_in(*terminal, other_than(code))) << "a wrong one";
    }
    // It was asked for at a sign-in that failed: it is the person's, not that sign-in's.
    const auto terminal = call(alice.password);
    EXPECT_TRUE(let_in(*terminal, code)) << terminal->transcript() << sandbox.log();
    sandbox.wait_for_log("reason=mailed_code");
    EXPECT_FALSE(let_in(*call(alice.password), code)) << "a second time";
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(code)));
    EXPECT_FALSE(mail_server.has_next());
}

TEST_F(MailedCodeAtSshd, A12_ItEndsAfterTenMinutes) {
    const auto at = [&](std::chrono::seconds age) {
        const auto terminal = call(alice.password);
        ask_for_mail(*terminal);
        const std::string code = code_in_the_mail();
        now += age;
        sandbox.set_clock(now);
        return let_in(*terminal, code);
    };
    EXPECT_FALSE(at(std::chrono::minutes(10)));
    EXPECT_TRUE(at(std::chrono::minutes(9))) << sandbox.log();
}

TEST_F(MailedCodeAtSshd, A12_TheFifthWrongOneEndsIt) {
    std::string code;
    {
        const auto terminal = call(alice.password);
        ask_for_mail(*terminal);
        code = code_in_the_mail();
        EXPECT_FALSE(let_in(*terminal, other_than(code)));
    }
    for (int i = 2; i <= 5; ++i) {
        EXPECT_FALSE(let_in(*call(alice.password), other_than(code)));
    }
    EXPECT_FALSE(let_in(*call(alice.password), code));
}

TEST_F(MailedCodeAtSshd, A12_AfterAWrongPasswordTheSameIsSaidAndNothingMailed) {
    const auto stranger = call("a wrong password");
    ask_for_mail(*stranger);
    EXPECT_FALSE(let_in(*stranger, "12345678"));
    const auto terminal = call(alice.password);
    ask_for_mail(*terminal);
    EXPECT_TRUE(let_in(*terminal, code_in_the_mail())) << terminal->transcript() << sandbox.log();
    EXPECT_FALSE(mail_server.has_next()) << "one mail, for the right password";
}

}  // namespace
}  // namespace warifu::integration
