// The tool killed, hung up on and cut off at each of its screens, and what others could see of it meanwhile.
#include <gmock/gmock.h>

#include <functional>
#include <regex>

#include "tests/integration/one_time_code.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/tmux_screen.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ScreensDeath : public ::testing::Test {
  protected:
    ScreensDeath() : alice(sandbox.add_user("alice", "alice's password")), daemon(sandbox) {}

    nlohmann::json status() { return warifu(sandbox, {"status", "--user", "alice"}).object; }
    std::string secret() { return warifu(sandbox, alice, {"enroll"}).object.at("secret"); }

    // What is pressed at each screen of the way, and the text that says that the next one is there.
    struct Step {
        std::string key, next;
    };
    std::vector<Step> way() {
        return {{"", "Set up the second factor"},
                {"Enter", "Before it turns on"},
                {"Enter", "Which app"},
                {"Enter", "What is it called?"},
                {"Enter", "save SVG"}};
    }

    void confirm(TmuxScreen& screen) {
        screen.type(totp(secret(), sandbox.now()));
        screen.press("Enter");
        screen.await("I have kept them");
    }

    std::string pid_of_tool() {
        std::string pid = output_of(sandbox, as_root({"pidof", "warifu"}));
        pid.pop_back();
        return pid;
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
};

// Ways to end it from outside.
const std::vector<std::pair<const char*, std::function<void(Sandbox&, TmuxScreen&)>>> ends{
    {"SIGKILL",
     [](Sandbox& sandbox, TmuxScreen& screen) {
         output_of(sandbox, as_root({"sh", "-c", "kill -KILL $(pidof warifu)"}));
         screen.await("ended 137");
     }},
    {"SIGHUP",
     [](Sandbox& sandbox, TmuxScreen& screen) {
         output_of(sandbox, as_root({"sh", "-c", "kill -HUP $(pidof warifu)"}));
         screen.await("ended 129");
     }},
    {"the terminal closes", [](Sandbox&, TmuxScreen& screen) { screen.close(); }},
};

TEST_F(ScreensDeath, X25_BeforeTheConfirmationNothingCounts) {
    const auto steps = way();
    for (std::size_t reached = 1; reached <= steps.size(); ++reached)
        for (const auto& [name, end] : ends) {
            TmuxScreen screen(sandbox, as_user(alice, {"warifu"}));
            for (std::size_t i = 0; i < reached; ++i) {
                if (!steps[i].key.empty()) screen.press(steps[i].key);
                screen.await(steps[i].next);
            }
            end(sandbox, screen);
            const auto after = status();
            EXPECT_EQ(after.at("state"), reached == steps.size() ? "pending" : after.at("state")) << name;
            EXPECT_NE(after.at("state"), "active") << name << " at screen " << reached;
            EXPECT_EQ(after.at("recovery_codes_left"), 0) << name;
        }
    // The key on offer is whole: it can still be confirmed.
    EXPECT_EQ(warifu(sandbox, alice, {"confirm", totp(secret(), sandbox.now())}).status, 0);
    EXPECT_EQ(status().at("state"), "active");
}

TEST_F(ScreensDeath, X25_AfterTheConfirmationTheRecordIsWhole) {
    for (const auto& [name, end] : ends) {
        TmuxScreen screen(sandbox, as_user(alice, {"warifu"}));
        for (const Step& step : way()) {
            if (!step.key.empty()) screen.press(step.key);
            screen.await(step.next);
        }
        confirm(screen);
        const auto before = status();
        end(sandbox, screen);
        EXPECT_EQ(status(), before) << name;
        EXPECT_EQ(before.at("state"), "active");
        EXPECT_EQ(before.at("recovery_codes_left"), 10);
        warifu(sandbox, {"reset", "--user", "alice"});
    }
}

TEST_F(ScreensDeath, X25_RunTwiceAtOnceOneRecordComesOfIt) {
    TmuxScreen one(sandbox, as_user(alice, {"warifu"})), other(sandbox, as_user(alice, {"warifu"}));
    for (const Step& step : way())
        for (TmuxScreen* screen : {&one, &other}) {
            if (!step.key.empty()) screen->press(step.key);
            screen->await(step.next);
        }
    const std::string code = totp(secret(), sandbox.now());
    confirm(one);
    other.type(code);
    other.press("Enter");
    other.await("A code of yours first");
    EXPECT_EQ(status().at("authenticators").size(), 1U);
}

TEST_F(ScreensDeath, X06_NeitherKeyNorCodesAreInSightOfOthers) {
    TmuxScreen screen(sandbox, as_user(alice, {"warifu"}));
    for (const Step& step : way()) {
        if (!step.key.empty()) screen.press(step.key);
        screen.await(step.next);
    }
    const std::string key = secret(), code = totp(key, sandbox.now()), pid = pid_of_tool();
    screen.type("000000");
    screen.press("Enter");
    screen.await("not the code");
    screen.type(code);
    screen.press("Enter");
    screen.await("I have kept them");
    const std::string shown = screen.text();
    std::smatch found;
    ASSERT_TRUE(std::regex_search(shown, found, std::regex("[A-Z0-9]{4}(-[A-Z0-9]{4}){3}")));
    const std::string recovery_code = found.str();
    std::string seen = sandbox.log();
    for (const char* file : {"cmdline", "environ", "comm"}) seen += sandbox.read("/proc/" + pid + "/" + file);
    for (const std::string& secret_text : {key, code, recovery_code})
        EXPECT_THAT(seen, Not(HasSubstr(secret_text)));
    // Not even its owner may look into it.
    EXPECT_NE(run(sandbox, as_user(alice, {"cat", "/proc/" + pid + "/environ"})).status, 0);
}

}  // namespace
}  // namespace warifu::integration
