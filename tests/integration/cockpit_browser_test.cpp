// Cockpit in Debian's Chromium: the login page, and the page "Two-factor authentication" in people's own
// sessions.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/browser.h"
#include "tests/integration/cockpit.h"
#include "tests/integration/one_time_code.h"
#include "tests/integration/phone.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string address = "http://127.0.0.1:" + std::to_string(Cockpit::port);
constexpr char frame[] = "iframe[name=\"cockpit1:localhost/warifu\"]";
constexpr char question_prompt[] = "#conversation-group:not([hidden]) #conversation-prompt";
constexpr char refusal[] = "#error-group:not([hidden]) #login-error-message";

// A device that was given the key which the page showed.
class TypedKey {
  public:
    TypedKey(const Sandbox& sandbox, std::string key) : sandbox_(sandbox), key_(std::move(key)) {
        std::erase(key_, ' ');
    }
    const std::string& key() const { return key_; }
    // Of this time step, or of the next one, which is accepted as well.
    std::string code() {
        step_ = std::max(step_ + 1, sandbox_.now() / 30);
        return totp(key_, step_ * 30);
    }

  private:
    const Sandbox& sandbox_;
    std::string key_;
    std::int64_t step_ = 0;
};

class CockpitBrowser : public ::testing::Test {
  protected:
    CockpitBrowser()
        : alice(sandbox.add_user("alice", "alice's password")),
          daemon(
              (sandbox.write("/etc/warifu/warifu.conf", "[texts]\nsupport = \"Call 555-0100\"\n"), sandbox)),
          cockpit((install_pam_samples(sandbox), sandbox)) {
        // What the page runs, as everybody on the host can see it.
        sandbox.write("/usr/local/bin/warifu",
                      "#!/bin/sh\nlogger -t arguments -- \"$*\"\nexec /usr/bin/warifu \"$@\"\n", 0755);
    }

    void open_browser(const Window& window = {}) { browser = std::make_unique<Browser>(sandbox, window); }
    void give_password(const std::string& user, const std::string& password) const {
        browser->type("#login-user-input", user);
        browser->type("#login-password-input", password);
        browser->click("#login-button");
    }
    void give_code(const std::string& code) const {
        EXPECT_EQ(browser->text(question_prompt), "One-time code:");
        browser->type("#conversation-input", code);
        browser->click("#login-button");
    }
    void go_to_the_page() const {
        browser->text("#host-apps a");
        browser->go_into_frame(frame);
        browser->text("#own-account .state");
    }
    void sign_out() const {
        browser->leave_frames();
        browser->click("#toggle-menu");
        browser->press("Log out");
        browser->text("#login-again");
        browser->open(address + "/warifu");
    }
    // Sets up a device in the page up to its confirmation; `proof` where something is on already.
    TypedKey set_up(const std::string& begin, const std::string& proof = "") const {
        browser->press(begin);
        if (!proof.empty()) browser->type("input[name=proof]", proof);
        browser->click("form .primary");
        return {sandbox, browser->text(".typed-key")};
    }
    void confirm(const std::string& code) const {
        browser->type("input[name=code]", code);
        browser->enter("input[name=code]");
    }
    std::vector<std::string> recovery_codes() const {
        std::istringstream lines(browser->text(".codes"));
        std::vector<std::string> codes;
        for (std::string code; lines >> code;) codes.push_back(code);
        return codes;
    }
    void keep_codes(const std::string& done = "Done") const {
        browser->click("#kept");
        browser->press(done);
    }
    json status(const std::string& user) const { return warifu(sandbox, {"status", "--user", user}).object; }
    int count(const std::string& place) const {
        return browser->script("return document.querySelectorAll(arguments[0]).length", json::array({place}))
            .get<int>();
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Cockpit cockpit;
    std::unique_ptr<Browser> browser;
};

TEST_F(CockpitBrowser, S04_PasswordPageThenCodePageThenTheConsole) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    open_browser();
    browser->open(address);
    give_password("alice", alice.password);
    EXPECT_EQ(browser->text(question_prompt), "One-time code:");
    keep_picture("cockpit-code", browser->picture("#main"));
    give_code(phone.wrong_code());
    EXPECT_EQ(browser->text(refusal), "Authentication failed");
    give_password("alice", "no password");
    give_code(phone.code());
    EXPECT_EQ(browser->text(refusal), "Authentication failed");
    give_password("alice", alice.password);
    give_code(phone.code());
    EXPECT_NO_THROW(browser->wait_for("Two-factor authentication")) << sandbox.log();
    EXPECT_THAT(browser->text("#host-apps"), HasSubstr("Two-factor authentication"));
}

TEST_F(CockpitBrowser, S08_EnrolsOnTheLoginPage) {
    sandbox.write("/etc/warifu/warifu.conf", "[policy]\nunenrolled = \"enrol\"\n");
    daemon.restart();
    open_browser();
    browser->open(address);
    give_password("alice", alice.password);
    EXPECT_EQ(browser->text(question_prompt), "Code from the app:");
    const std::string told = browser->text("#conversation-message");
    keep_picture("cockpit-enrol", browser->picture("#main"));
    const std::size_t key = told.find("Key: ") + 5;
    TypedKey device(sandbox, told.substr(key, told.find(" Type: ") - key));
    browser->type("#conversation-input", device.code());
    browser->click("#login-button");
    browser->wait_for("Write them down now");
    const std::string codes = browser->text(question_prompt);
    browser->type("#conversation-input", codes.substr(codes.find("now: ") + 5, 4));
    browser->click("#login-button");
    browser->text("#host-apps a");
    EXPECT_EQ(status("alice").at("state"), "active");
}

TEST_F(CockpitBrowser, E13_SetsItUpAndTheNextSignInAsksForTheCode) {
    open_browser();
    browser->open(address + "/warifu");
    give_password("alice", alice.password);
    go_to_the_page();
    EXPECT_THAT(browser->text(".state"), HasSubstr("Off"));
    TypedKey device = set_up("Set it up");
    const std::string page = browser->text("#own-account");
    for (const char* detail : {"By the clock (TOTP)", "Digits\n6", "Period\n30 seconds", "Algorithm\nSHA1"})
        EXPECT_THAT(page, HasSubstr(detail));
    keep_picture("cockpit-set-up", browser->picture());
    const std::string image = browser->attribute("img.qr", "src");
    sandbox.write("/run/qr.svg", from_base64(image.substr(image.find(',') + 1)));
    output_of(sandbox, as_root({"rsvg-convert", "-o", "/run/qr.png", "/run/qr.svg"}));
    EXPECT_THAT(output_of(sandbox, as_root({"zbarimg", "-q", "--raw", "/run/qr.png"})),
                HasSubstr("secret=" + device.key()));

    confirm("000000");
    EXPECT_THAT(browser->text(".failed .alert"), HasSubstr("That code is not right."));
    EXPECT_EQ(status("alice").at("state"), "pending");
    const std::string code = device.code();
    confirm(code);
    EXPECT_THAT(browser->text(".alert.success"), HasSubstr("Two-factor authentication is on"));
    const std::vector<std::string> codes = recovery_codes();
    EXPECT_THAT(codes, SizeIs(10));
    keep_picture("cockpit-codes", browser->picture());
    keep_codes();
    EXPECT_THAT(browser->text("table"), HasSubstr("By the clock, 6 digits every 30 seconds, SHA1"));
    EXPECT_THAT(browser->text(".codes-left"), HasSubstr("10 recovery codes are left."));
    EXPECT_THAT(browser->text("#own-account"), HasSubstr("Call 555-0100"));
    EXPECT_EQ(count("#accounts"), 0) << "not an administrator";
    EXPECT_THAT(browser->complaints(), Not(HasSubstr("Content Security Policy")));

    sign_out();
    give_password("alice", alice.password);
    give_code(device.code());
    go_to_the_page();
    EXPECT_THAT(browser->text(".state"), HasSubstr("On"));
    const std::string log = sandbox.log();
    EXPECT_THAT(log, HasSubstr("arguments: --json enroll"));
    for (const std::string& secret : {device.key(), code, codes.front()})
        EXPECT_THAT(log, Not(HasSubstr(secret)));
}

TEST_F(CockpitBrowser, E13_ChangesWantAProofAndItIsNoArgument) {
    const Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::vector<std::string>& codes = phone.recovery_codes();
    open_browser();
    browser->open(address + "/warifu");
    give_password("alice", alice.password);
    give_code(codes.at(0));
    go_to_the_page();
    EXPECT_EQ(count("button[aria-label^=Remove]"), 0) << "the last device is an administrator's to remove";

    // One proof is enough for the whole of it.
    TypedKey second = set_up("Add a device", codes.at(1));
    confirm(second.code());
    EXPECT_THAT(browser->text(".alert.success"), HasSubstr("phone 2 is set up"));

    browser->press("Rename phone 2");
    browser->type("input[name=label]", "--tablet");
    browser->type("input[name=proof]", "AAAA-AAAA-AAAA-AAAA");
    browser->press("Rename");
    EXPECT_THAT(browser->text(".failed .alert"), HasSubstr("That code is not right."));
    browser->type("input[name=proof]", codes.at(2));
    browser->press("Rename");
    browser->wait_for("It is called --tablet now.");

    browser->press("Remove --tablet");
    browser->type("input[name=proof]", codes.at(3));
    browser->press("Remove");
    browser->wait_for("--tablet is removed.");
    EXPECT_THAT(status("alice").at("authenticators"), SizeIs(1));

    browser->press("Make new recovery codes");
    browser->type("input[name=proof]", codes.at(4));
    browser->click("form .primary");
    const std::vector<std::string> fresh = recovery_codes();
    EXPECT_THAT(fresh, SizeIs(10));
    keep_codes();
    browser->wait_for("The old recovery codes have ended.");
    const std::string log = sandbox.log();
    EXPECT_THAT(log, HasSubstr("arguments: --json rename --proof=-"));
    for (std::size_t used = 0; used < 5; ++used) EXPECT_THAT(log, Not(HasSubstr(codes.at(used))));
    EXPECT_THAT(log, Not(HasSubstr(fresh.at(0))));
    const auto verdict = [&](const std::string& code) {
        return warifu(sandbox, {"verify", "--user", "alice", code}).object.at("verdict");
    };
    EXPECT_EQ(verdict(codes.at(5)), "denied");
    EXPECT_EQ(verdict(fresh.at(0)), "success");
}

TEST_F(CockpitBrowser, S17_WhoSharesAKeyIsToldThatItIsWeaker) {
    const std::string secret =
        warifu(sandbox, {"shared", "add", "office", "--of", "alice"}).object.at("secret");
    open_browser();
    browser->open(address + "/warifu");
    give_password("alice", alice.password);
    give_code(totp(secret, sandbox.now()));
    go_to_the_page();
    EXPECT_THAT(browser->text("#own-account"),
                AllOf(HasSubstr("On"), HasSubstr("a key that many people share"), HasSubstr("Add a device"),
                      Not(HasSubstr("recovery codes are left")), Not(HasSubstr("Devices"))));
}

TEST_F(CockpitBrowser, E13_AnAdministratorResets) {
    const Account& carol = sandbox.add_user("carol", "carol's password");
    sandbox.write("/etc/sudoers.d/carol", "carol ALL=(ALL) ALL\n", 0440);
    Phone of_carol(sandbox, carol, PhoneKind::hotp);
    const Phone of_alice(sandbox, alice, PhoneKind::hotp);
    open_browser();
    browser->open(address + "/warifu");
    give_password("carol", carol.password);
    give_code(of_carol.code());
    go_to_the_page();
    EXPECT_EQ(count("#accounts"), 0) << "not before there is administrative access";

    // Which is sudo's door: the password, then the code.
    browser->leave_frames();
    browser->press("Limited access");
    browser->wait_for("Password for carol");
    browser->type(".pf-c-modal-box input", carol.password);
    browser->press("Authenticate");
    browser->wait_for("One-time code");
    browser->type(".pf-c-modal-box input", of_carol.code());
    browser->press("Authenticate");
    browser->wait_for("Administrative access");

    browser->go_into_frame(frame);
    browser->type("#account-search", "ali");
    browser->press("Look up");
    EXPECT_THAT(browser->text("#accounts tbody"), HasSubstr("alice On 1 10"));
    browser->script("document.querySelector('#accounts table').scrollIntoView()");
    keep_picture("cockpit-accounts", browser->picture());
    browser->press("Reset alice");
    browser->press("Reset");
    browser->wait_for("alice is reset.");
    EXPECT_EQ(status("alice").at("state"), "none");

    CockpitLogin login(sandbox);
    EXPECT_EQ(login.begin("alice", alice.password).status, 200) << "nullok lets pass who has not enrolled";
}

TEST_F(CockpitBrowser, E13_InJapaneseOnAPhone) {
    open_browser({"ja", 500, 900});
    browser->open(address + "/warifu");
    give_password("alice", alice.password);
    go_to_the_page();
    EXPECT_EQ(browser->text("h1"), "二要素認証");
    EXPECT_EQ(browser->script("return document.documentElement.lang"), "ja");
    TypedKey device = set_up("設定する");
    browser->wait_for("次のキーを入力してください");
    keep_picture("cockpit-ja", browser->picture());
    const auto fits = [&] {
        return browser->script("return document.documentElement.scrollWidth <= window.innerWidth")
            .get<bool>();
    };
    EXPECT_TRUE(fits());
    // What a screen reader says of each control and image.
    EXPECT_EQ(browser->script(
                  "return [...document.querySelectorAll('input')].filter(i => !i.labels.length).length"),
              0);
    EXPECT_EQ(browser->script("return [...document.images].filter(i => !i.alt).length"), 0);
    confirm("000000");
    EXPECT_THAT(browser->text(".failed .alert"), HasSubstr("コードが正しくありません"));
    confirm(device.code());
    EXPECT_THAT(browser->text(".alert.success"), HasSubstr("二要素認証を有効にしました"));
    EXPECT_TRUE(fits());
    keep_codes("完了");
    EXPECT_THAT(browser->text("table"), HasSubstr("時刻方式、6 桁、30 秒ごと、SHA1"));
    EXPECT_TRUE(fits());
    // But for names, units and what the operator wrote there is nothing of the Latin alphabet.
    std::string shown = browser->text("main");
    for (const char* name : {"TOTP", "SHA1", "Call"})
        if (const std::size_t at = shown.find(name); at != shown.npos)
            shown.erase(at, std::string(name).size());
    std::erase_if(shown, [](unsigned char byte) { return byte >= 0x80 || std::isalpha(byte) == 0; });
    EXPECT_THAT(shown, IsEmpty());
    EXPECT_EQ(status("alice").at("state"), "active");
}

}  // namespace
}  // namespace warifu::integration
