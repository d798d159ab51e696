// The approval page in Debian's Chromium, at a phone's size, before the real warifud and for a real sign-in
// over ssh.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "tests/integration/browser.h"
#include "tests/integration/gateway.h"
#include "tests/integration/ntfy_server.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int phone_width = 390, phone_height = 844;

class ApprovalPages : public ::testing::Test {
  protected:
    explicit ApprovalPages(const std::string& approval = "", const std::string& rest = "")
        : alice(sandbox.add_user("alice", "alice's password")),
          phone(sandbox),
          daemon(configured(approval, rest)),
          gateway(sandbox),
          sshd(sandbox) {}

    const Sandbox& configured(const std::string& approval, const std::string& rest) {
        install_pam_samples(sandbox);
        sandbox.write("/etc/warifu/warifu.conf", std::string("[approval]\nurl = \"") + Gateway::url +
                                                     "\"\nnotify = [\"phone\"]\n" + approval +
                                                     "[[approval.rule]]\nservice = [\"sshd\"]\nask = "
                                                     "[\"self\"]\n[notify.phone]\ntype = \"ntfy\"\n" +
                                                     "url = \"" + phone.url() +
                                                     "\"\ntopic = \"warifu-{user}\"\n" + rest);
        return sandbox;
    }
    // Signs in as far as it goes without the phone. The number at the door.
    std::string begin_to_sign_in() {
        terminal = std::make_unique<Terminal>(sandbox, ssh("alice", "echo let in as $(id -un)"));
        terminal->expect("assword");
        terminal->type_line(alice.password);
        terminal->expect_any({"(number ", "(番号 "});
        const std::string number = terminal->expect(")").substr(0, 2);
        link = phone.next().json.at("click").get<std::string>();
        terminal->type_line("");
        return number;
    }
    bool let_in() { return terminal->expect_any({"let in as ", "Permission denied"}) == 0; }
    void open(const std::string& language, bool dark = false) {
        browser = std::make_unique<Browser>(sandbox, Window{language, phone_width, phone_height, dark, true});
        browser->open(link);
    }
    json in_page(const std::string& body) { return browser->script("return " + body); }
    void expect_that_it_fits_and_is_named() {
        EXPECT_EQ(in_page("window.innerWidth"), phone_width);
        EXPECT_TRUE(in_page("document.documentElement.scrollWidth <= window.innerWidth").get<bool>());
        // What a screen reader says of each control, and what a thumb hits.
        EXPECT_EQ(in_page("[...document.querySelectorAll('input:not([type=hidden])')].filter(i => "
                          "!i.labels.length).length"),
                  0);
        EXPECT_TRUE(in_page("[...document.querySelectorAll('button, .button, input:not([type=hidden])')]"
                            ".every(b => b.getBoundingClientRect().height >= 44)")
                        .get<bool>());
        EXPECT_EQ(in_page("document.scripts.length"), 0);
        EXPECT_THAT(browser->complaints(), Not(HasSubstr("Content Security Policy")));
    }

    Sandbox sandbox;
    const Account& alice;
    NtfyServer phone;
    Warifud daemon;
    Gateway gateway;
    Sshd sshd;
    std::unique_ptr<Terminal> terminal;
    std::unique_ptr<Browser> browser;
    std::string link;
};

TEST_F(ApprovalPages, G03_AnApprovalOnAPhoneLetsTheSignInIn) {
    const std::string number = begin_to_sign_in();
    open("en-US");
    EXPECT_EQ(browser->text("h1"), "Approve this sign-in?");
    EXPECT_EQ(browser->text("p.number"), number);
    const std::string shown = browser->text("dl");
    for (const char* text : {"alice", "sshd", Sandbox::host_name, "127.0.0.1"})
        EXPECT_THAT(shown, HasSubstr(text));
    // The style that the policy permits is in force.
    EXPECT_GE(
        in_page("parseFloat(getComputedStyle(document.querySelector('p.number')).fontSize)").get<double>(),
        40);
    expect_that_it_fits_and_is_named();
    keep_picture("approval", browser->picture());
    browser->press("Approve");
    browser->wait_for("Approved");
    keep_picture("approval-done", browser->picture());
    EXPECT_TRUE(let_in()) << terminal->transcript() << sandbox.log();
    browser->open(link);
    EXPECT_EQ(browser->text("h1"), "This link is over");
    expect_that_it_fits_and_is_named();
}

TEST_F(ApprovalPages, G03_NotMeRefusesAndSaysSo) {
    begin_to_sign_in();
    open("en-US", true);
    keep_picture("approval-dark", browser->picture());
    browser->press("This wasn't me");
    browser->wait_for("Refused");
    EXPECT_THAT(browser->text("section"), HasSubstr("the alarm was raised"));
    EXPECT_FALSE(let_in());
    sandbox.wait_for_log("verb=not_me");
}

class JapanesePages : public ApprovalPages {
  protected:
    JapanesePages() : ApprovalPages("number = \"typed\"\n", "[texts]\nlanguage = \"ja\"\n") {}
};

TEST_F(JapanesePages, G03_TheNumberIsTypedWithAnInputMethodLeftOn) {
    const std::string number = begin_to_sign_in();
    open("en-US");  // the language is the door's, not the browser's
    EXPECT_EQ(browser->text("h1"), "このサインインを承認しますか？");
    EXPECT_EQ(in_page("document.documentElement.lang"), "ja");
    expect_that_it_fits_and_is_named();
    // But for names and numbers there is nothing of the Latin alphabet.
    std::string text = browser->text("main");
    for (const std::string name : {"alice", "sshd", "ssh", Sandbox::host_name, "UTC"}) {
        for (auto at = text.find(name); at != text.npos; at = text.find(name)) text.erase(at, name.size());
    }
    std::erase_if(text, [](unsigned char byte) { return byte >= 0x80 || std::isalpha(byte) == 0; });
    EXPECT_THAT(text, IsEmpty());
    keep_picture("approval-ja", browser->picture());

    browser->type("input[name=number]", number == "10" ? "11" : "10");
    browser->press("承認する");
    browser->wait_for("番号が違います");
    expect_that_it_fits_and_is_named();
    browser->click("a.button");
    std::string wide;
    for (const char digit : number) wide += std::string("\xEF\xBC") + static_cast<char>(0x90 + (digit - '0'));
    browser->type("input[name=number]", wide);
    browser->enter("input[name=number]");  // which is the first button
    browser->wait_for("承認しました");
    EXPECT_TRUE(let_in()) << terminal->transcript() << sandbox.log();
}

}  // namespace
}  // namespace warifu::integration
