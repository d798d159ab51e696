// Every time-out, at its real length, all at once.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "pam_module/link.h"
#include "tests/unit/pam/fake_listener.h"
#include "tests/unit/pam/own_system.h"
#include "tests/unit/pam/sign_in.h"
#include "tests/unit/wire/other_process.h"

namespace warifu::testing_support {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A reply that comes this much before the end of the module's patience comes in time.
constexpr int in_time = 1'500;

struct Timed {
    int code;
    milliseconds took;
};

Timed timed_sign_in(const SignIn& what, const Person& person) {
    auto const before = Clock::now();
    int const code = sign_in(what, person).code;
    return {code, std::chrono::duration_cast<milliseconds>(Clock::now() - before)};
}

// Asks, and after the answer says `steps` one by one, each `delay` after it was asked for; then is silent.
FakeListener::Script answers_late(std::vector<nlohmann::json> steps, int delay) {
    return [=](Peer& peer) {
        peer.next();
        peer.say(prompt("Code: "));
        peer.next();
        for (const auto& step : steps) {
            EXPECT_TRUE(peer.silent_for(delay)) << "the module left before its time";
            peer.say(step);
            peer.next();
        }
        peer.next();
    };
}

void silent_after_answer(const std::vector<nlohmann::json>& steps, int delay, int patience) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {answers_late(steps, delay)});
    Person person;
    person.types("Code: ", "123456");
    Timed const timed = timed_sign_in({.options = {"socket=" + directory.file("socket")}}, person);
    EXPECT_EQ(timed.code, PAM_SYSTEM_ERR);
    EXPECT_GE(timed.took, milliseconds(patience));
}

void late_but_in_time(const std::vector<nlohmann::json>& steps, int delay) {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {answers_late(steps, delay)});
    Person person;
    person.types("Code: ", "123456");
    EXPECT_EQ(sign_in({.options = {"socket=" + directory.file("socket")}}, person).code, PAM_SUCCESS);
}

const nlohmann::json wait_step = {{"step", "wait"}};

void silence_before_the_first_step_as_root() {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             EXPECT_TRUE(peer.next().is_null());
                         }});
    Person person;
    Timed const timed =
        timed_sign_in({.options = {"socket=" + directory.file("socket"), "daemon=" FAKE_WARIFUD}}, person);
    EXPECT_EQ(timed.code, PAM_SUCCESS);
    EXPECT_GE(timed.took, milliseconds(pam::first_step_patience));
}

void silence_before_the_first_step_as_another() {
    Directory directory;
    FakeListener warifud(directory.file("socket"), {[](Peer& peer) {
                             peer.next();
                             EXPECT_TRUE(peer.next().is_null());
                         }});
    std::filesystem::permissions(directory.path, std::filesystem::perms{0755});
    std::filesystem::permissions(directory.file("socket"), std::filesystem::perms{0666});
    EXPECT_EQ(in_other_process([&] {
                  if (setresuid(12'345, 12'345, 12'345) != 0) return std::string("no setresuid");
                  Person person;
                  Timed const timed =
                      timed_sign_in({.options = {"socket=" + directory.file("socket")}}, person);
                  EXPECT_GE(timed.took, milliseconds(pam::first_step_patience));
                  return std::to_string(timed.code);
              }),
              std::to_string(PAM_SYSTEM_ERR));
}

void a_child_that_is_silent() {
    Directory directory;
    Person person;
    SignIn const what{.options = {"socket=" + directory.file("none"), "daemon=" FAKE_WARIFUD,
                                  "config=" + directory.config("mute")}};
    Timed const timed = timed_sign_in(what, person);
    EXPECT_EQ(timed.code, PAM_SYSTEM_ERR);
    EXPECT_GE(timed.took, milliseconds(pam::child_patience));
}

TEST(Timeout, X34_EveryWaitEndsAtItsTimeAndNotBefore) {
    std::vector<std::future<void>> all;
    auto const at_once = [&](auto part) { all.push_back(std::async(std::launch::async, part)); };
    at_once([] { silence_before_the_first_step_as_root(); });
    at_once([] { silence_before_the_first_step_as_another(); });
    at_once([] { a_child_that_is_silent(); });
    at_once([] { silent_after_answer({}, 0, pam::step_patience); });
    at_once([] { silent_after_answer({wait_step}, 0, pam::wait_patience); });
    at_once([] { late_but_in_time({done("success")}, pam::step_patience - in_time); });
    at_once([] { late_but_in_time({wait_step, done("success")}, pam::step_patience - in_time); });
    for (auto& each : all) each.get();
}

TEST(Timeout, TheirLengthsAreAsDocumented) {
    EXPECT_EQ(pam::backlog_patience, 500);
    EXPECT_EQ(pam::first_step_patience, 3'000);
    EXPECT_EQ(pam::step_patience, 8'000);
    EXPECT_EQ(pam::wait_patience, 10'000);
}

}  // namespace
}  // namespace warifu::testing_support
