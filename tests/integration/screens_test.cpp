// `warifu` without a command, at a terminal: the steps that a person takes, with the code from oathtool and
// the QR code read off the screen by zbarimg.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/integration/one_time_code.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/tmux_screen.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char locales[] = "/usr/local/lib/warifu-locales";

// The language and the character set that the person's terminal has.
struct Language {
    std::string locale;
    bool translated = false;
};

std::string grouped(const std::string& key) {
    std::string text;
    for (std::size_t at = 0; at < key.size(); at += 4) text += (at == 0 ? "" : " ") + key.substr(at, 4);
    return text;
}

std::vector<std::string> recovery_codes_in(const std::string& text) {
    const std::regex shape("[A-Z0-9]{4}(-[A-Z0-9]{4}){3}");
    std::vector<std::string> codes;
    for (std::sregex_iterator found(text.begin(), text.end(), shape), end; found != end; ++found)
        codes.push_back(found->str());
    return codes;
}

class Screens : public ::testing::Test {
  protected:
    Screens() : alice(sandbox.add_user("alice", "alice's password")), daemon(sandbox) {}

    // A locale of the sandbox's own; the catalogue that was just built stands in every sandbox.
    void install_japanese() {
        output_of(sandbox, as_root({"mkdir", "-p", locales}));
        output_of(sandbox, as_root({"localedef", "-i", "ja_JP", "-f", "UTF-8",
                                    std::string(locales) + "/ja_JP.UTF-8"}));
    }

    Command in(const Language& language, Command command) const {
        std::erase_if(command.environment, [](const std::string& each) { return each.starts_with("LANG="); });
        command.environment.push_back("LC_ALL=" + language.locale);
        command.environment.push_back(std::string("LOCPATH=") + locales);
        return command;
    }

    // A text of the tool's as it is in that language.
    std::string said(const Language& language, const std::string& text) const {
        if (!language.translated) return text;
        return output_of(sandbox, in(language, as_root({"gettext", "-d", "warifu", text})));
    }

    // To the QR code. What is awaited is what is drawn last.
    void go_to_qr_code(TmuxScreen& screen, const Language& language) const {
        screen.await(said(language, "Set up the second factor"));
        screen.press("Enter");
        screen.await(said(language, "Before it turns on"));
        screen.press("Enter");
        screen.await(said(language, "Which app will show the codes?"));
        screen.press("Enter");
        screen.await(said(language, "What is it called?"));
        screen.press("Enter");
        screen.await(said(language, "save SVG"));
    }

    std::string code_ahead(const std::string& secret, int steps) const {
        return totp(secret, sandbox.now() + std::int64_t{30} * steps);
    }

    std::string state() { return warifu(sandbox, {"status", "--user", "alice"}).object.at("state"); }

    nlohmann::json authenticators() {
        return warifu(sandbox, {"status", "--user", "alice"}).object.at("authenticators");
    }

    void walk_through(const Language& language, int rows, int columns);
    void show_documented(const Language& language, const std::string& ending);

    // Where WARIFU_SCREENS names a directory, what is shown is kept there, for tests/screens/render.
    static void keep(TmuxScreen& screen, const std::string& name) {
        const char* directory = std::getenv("WARIFU_SCREENS");
        if (directory == nullptr) return;
        std::ofstream(std::filesystem::path(directory) / (name + ".ansi"), std::ios::binary)
            << screen.escapes();
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
};

void Screens::walk_through(const Language& language, int rows, int columns) {
    TmuxScreen screen(sandbox, in(language, as_user(alice, {"warifu"})), rows, columns);
    go_to_qr_code(screen, language);
    const auto offer = warifu(sandbox, alice, {"enroll"}).object;
    const std::string uri = offer.at("uri"), secret = offer.at("secret");
    EXPECT_EQ(qr_code_on(sandbox, screen.rows()), uri) << screen.text();
    EXPECT_THAT(screen.text(), HasSubstr(grouped(secret).substr(0, 24)));
    EXPECT_EQ(state(), "pending");

    screen.type(code_ahead(secret, 0));
    screen.press("Enter");
    screen.await(said(language, "I have kept them: go on"));
    const auto codes = recovery_codes_in(screen.text());
    EXPECT_EQ(codes.size(), 10U) << screen.text();
    EXPECT_EQ(state(), "active");
    screen.type("y");
    screen.await(said(language, "The second factor is on."));

    // A new phone. The code of this step is spent: a recovery code proves it.
    screen.press("Enter");
    screen.await(said(language, "Set it up on a new phone"));
    screen.press("Enter");
    screen.await(said(language, "A code of yours first"));
    screen.type(codes.at(0));
    screen.press("Enter");
    screen.await(said(language, "save SVG"));
    EXPECT_EQ(qr_code_on(sandbox, screen.rows()),
              warifu(sandbox, {"show", "--user", "alice"}).object.at("uri").get<std::string>());
    screen.type(code_ahead(secret, 1));
    screen.press("Enter");
    screen.await(said(language, "The second factor is on."));

    // A second device, still by the same proof; then the first one goes.
    screen.type("a");
    screen.await(said(language, "Which app will show the codes?"));
    screen.press("Enter");
    screen.await(said(language, "What is it called?"));
    screen.press("Enter");
    screen.await(said(language, "save SVG"));
    const std::string second = qr_code_on(sandbox, screen.rows());
    EXPECT_NE(second, uri);
    const std::size_t at = second.find("secret=") + 7;
    screen.type(code_ahead(second.substr(at, second.find('&', at) - at), 0));
    screen.press("Enter");
    screen.await(said(language, "The second factor is on."));
    EXPECT_EQ(authenticators().size(), 2U);
    screen.press("Home");
    screen.press("Enter");
    screen.await(said(language, "Remove it"));
    screen.press("End");
    screen.press("Enter");
    screen.type("y");
    screen.await(said(language, "The second factor is on."));
    EXPECT_EQ(authenticators().size(), 1U);

    screen.press("q");
    screen.await("ended 0");
    const std::string left = screen.text(/*with_history=*/true);
    EXPECT_THAT(left, Not(HasSubstr(grouped(secret).substr(0, 9)))) << "nothing stays on the terminal";
    for (const std::string& code : codes) EXPECT_THAT(left, Not(HasSubstr(code)));
}

TEST_F(Screens, E01_EnrolsMovesAndRemovesAt80x24) {
    walk_through({"C.UTF-8"}, 24, 80);
}

TEST_F(Screens, E01_EnrolsMovesAndRemovesAt120x40) {
    walk_through({"C.UTF-8"}, 40, 120);
}

TEST_F(Screens, S16_EnrolsMovesAndRemovesInJapaneseAt80x24) {
    install_japanese();
    walk_through({"ja_JP.UTF-8", true}, 24, 80);
}

TEST_F(Screens, S16_EnrolsMovesAndRemovesInJapaneseAt120x40) {
    install_japanese();
    walk_through({"ja_JP.UTF-8", true}, 40, 120);
}

TEST_F(Screens, E01_FollowsTheSizeOfTheTerminal) {
    TmuxScreen screen(sandbox, as_user(alice, {"warifu"}));
    go_to_qr_code(screen, {});
    screen.resize(20, 70);
    screen.await("must be 80x24, and is 70x20");
    screen.resize(40, 120);
    screen.await("save SVG");
    const std::string uri = warifu(sandbox, alice, {"enroll"}).object.at("uri");
    EXPECT_EQ(qr_code_on(sandbox, screen.rows()), uri);
}

TEST_F(Screens, E02_AsciiFormIsReadToo) {
    TmuxScreen screen(sandbox, in({"C"}, as_user(alice, {"warifu"})), 50, 130);
    screen.await("Set up the second factor");
    for (const char* title : {"Before it turns on", "Which app", "What is it called?", "save SVG"}) {
        screen.press("Enter");
        screen.await(title);
    }
    for (const char byte : screen.text()) ASSERT_GE(byte, 0) << screen.text();
    EXPECT_EQ(qr_code_on(sandbox, screen.rows()),
              warifu(sandbox, alice, {"enroll"}).object.at("uri").get<std::string>());
}

TEST_F(Screens, E01_WorksWithoutColourAndWithoutAttributes) {
    for (const char* term : {"vt100", "linux", "xterm-mono"}) {
        Command command = as_user(alice, {"TERM=" + std::string(term), "NO_COLOR=1", "warifu"});
        TmuxScreen screen(sandbox, command);
        screen.await("Set up the second factor");
        screen.press("q");
        screen.await("ended 0");
        // A terminal without a second screen to go back to is left empty too.
        EXPECT_THAT(screen.text(/*with_history=*/true), Not(HasSubstr("Set up the second factor"))) << term;
    }
}

TEST_F(Screens, E01_PutsTheTerminalBackHoweverItEnds) {
    for (const char* end : {"q", "C-c", "TERM", "QUIT"}) {
        const std::string signal = end;
        const Command command =
            as_user(alice, {"stty -g > before; warifu; stty -g > after; cmp before after && echo same"});
        TmuxScreen screen(sandbox, command);
        screen.await("Set up the second factor");
        if (signal == "TERM" || signal == "QUIT")
            output_of(sandbox, as_root({"sh", "-c", "kill -" + signal + " $(pidof warifu)"}));
        else
            screen.press(end);
        screen.await("same");
        EXPECT_THAT(screen.text(), Not(HasSubstr("Set up the second factor"))) << end;
    }
}

TEST_F(Screens, E01_PlainLinesTakeTheSameSteps) {
    for (const bool asked_for : {true, false}) {
        Command command = as_user(alice, asked_for ? std::vector<std::string>{"warifu", "--plain"}
                                                   : std::vector<std::string>{"warifu"});
        if (!asked_for) {
            std::erase(command.environment, "TERM=xterm");
            command.environment.push_back("TERM=dumb");
        }
        Terminal terminal(sandbox, command);
        terminal.expect("1. Set up the second factor");
        terminal.expect("> ");
        terminal.type_line("1");
        terminal.expect("Before it turns on");
        terminal.expect("> ");
        terminal.type_line("");
        terminal.expect("11. Another app");
        terminal.expect("> ");
        terminal.type_line("11");
        terminal.expect("Name: [phone] ");
        terminal.type_line("tablet");
        terminal.expect("Set up tablet");
        const std::string page = terminal.expect("Code: ");
        EXPECT_THAT(page, Not(HasSubstr("█"))) << "only when it is asked for";
        const auto offer = warifu(sandbox, alice, {"enroll"}).object;
        EXPECT_THAT(page, HasSubstr(grouped(offer.at("secret"))));
        terminal.type_line("d");
        terminal.expect("█");
        terminal.expect("Code: ");
        terminal.type_line(code_ahead(offer.at("secret"), 0));
        terminal.expect("Your recovery codes");
        EXPECT_EQ(recovery_codes_in(terminal.expect("> ")).size(), 10U);
        terminal.type_line("y");
        terminal.expect("1. tablet");
        terminal.expect("> ");
        terminal.type_line("q");
        EXPECT_EQ(terminal.wait(), 0);
        EXPECT_EQ(state(), "active");
        warifu(sandbox, {"reset", "--user", "alice"});
    }
}

TEST_F(Screens, E01_AdministratorEnrolsSomebodyAndResetsThem) {
    Phone phone(sandbox, sandbox.add_user("bob", "bob's password"));
    TmuxScreen screen(sandbox, as_root({"warifu"}));
    screen.await("Accounts of this host");
    screen.press("End");
    screen.press("Enter");
    screen.await("next state");
    keep(screen, "accounts");
    screen.type("bo");
    screen.press("Enter");
    screen.await("Set up a device for them");
    screen.press("End");
    screen.press("Enter");
    screen.await("Reset bob?");
    screen.type("y");
    screen.await("It is reset.");
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "bob"}).object.at("state"), "none");
}

// The pictures of docs/enrolling.md and docs/enrolling.ja.md are made of these.
void Screens::show_documented(const Language& language, const std::string& ending) {
    TmuxScreen screen(sandbox, in(language, as_user(alice, {"warifu"})), 24, 80);
    screen.await(said(language, "Set up the second factor"));
    screen.press("Enter");
    screen.await(said(language, "go on"));
    EXPECT_THAT(screen.text(), AllOf(HasSubstr(said(language, "Before it turns on")),
                                     HasSubstr(said(language, "Three ways lead back in:"))));
    keep(screen, "before" + ending);
    for (const char* title : {"Which app will show the codes?", "What is it called?", "save SVG"}) {
        screen.press("Enter");
        screen.await(said(language, title));
    }
    keep(screen, "scan" + ending);
    screen.type(code_ahead(warifu(sandbox, alice, {"enroll"}).object.at("secret"), 0));
    screen.press("Enter");
    screen.await(said(language, "I have kept them: go on"));
    keep(screen, "codes" + ending);
    screen.type("y");
    screen.await(said(language, "quit"));
    keep(screen, "home" + ending);
}

TEST_F(Screens, E12_ShowsWhatTheDocumentationShows) {
    show_documented({"C.UTF-8"}, "");
}

TEST_F(Screens, E12_ShowsWhatTheJapaneseDocumentationShows) {
    install_japanese();
    show_documented({"ja_JP.UTF-8", true}, ".ja");
}

}  // namespace
}  // namespace warifu::integration
