// A step that takes longer than a door waits for a reply: warifud says "wait", and the step comes afterwards.
#include <gtest/gtest.h>

#include <list>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/phone.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;

constexpr int crowd = 300;  // each costs a run of scrypt, one at a time for one subject

class Waiting : public ::testing::Test {
  protected:
    Waiting()
        : alice(sandbox.add_user("alice", "alice's password")), daemon(sandbox), phone(sandbox, alice) {}

    // A conversation at the prompt.
    VarlinkPeer& at_the_prompt() {
        VarlinkPeer& peer = peers.emplace_back(sandbox, 0, roots_socket);
        const json step = peer.call("io.warifu.Start", {{"protocol", 2},
                                                        {"user", "alice"},
                                                        {"service", "sshd"},
                                                        {"rhost", "192.0.2.1"},
                                                        {"tty", ""},
                                                        {"ruser", ""},
                                                        {"uid", 0},
                                                        {"flags", 0},
                                                        {"options", json::array()},
                                                        {"has_authtok", true},
                                                        {"single_field", false},
                                                        {"auth_info", ""}});
        EXPECT_EQ(step["parameters"]["step"], "prompt") << step;
        return peer;
    }
    static void answer(VarlinkPeer& peer, const std::string& code) {
        const json call = {{"method", "io.warifu.Answer"},
                           {"parameters", {{"kind", "text"}, {"text", code}}}};
        ASSERT_TRUE(peer.send(call.dump() + '\0'));
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    Phone phone;
    std::list<VarlinkPeer> peers;
};

TEST_F(Waiting, X22_ARecoveryCodeThatHasToQueueIsWaitedForAndCounts) {
    VarlinkPeer& owner = at_the_prompt();
    for (int i = 0; i < crowd; ++i) answer(at_the_prompt(), "AAAA-BBBB-CCCC-DDDD");
    answer(owner, phone.recovery_codes()[0]);
    int waits = 0;
    json step;
    for (;; ++waits) {
        const auto reply = owner.receive();
        ASSERT_TRUE(reply) << "warifud ended the connection";
        step = json::parse(*reply).at("parameters");
        if (step.at("step") != "wait") break;
        const json none = {{"method", "io.warifu.Answer"}, {"parameters", {{"kind", "none"}}}};
        ASSERT_TRUE(owner.send(none.dump() + '\0'));
    }
    EXPECT_GE(waits, 1) << "the crowd was served before anybody had to wait";
    EXPECT_EQ(step.at("verdict"), "success") << step;
}

TEST_F(Waiting, X34_WhoIsToldToWaitCanCancel) {
    VarlinkPeer& owner = at_the_prompt();
    for (int i = 0; i < crowd; ++i) answer(at_the_prompt(), "AAAA-BBBB-CCCC-DDDD");
    answer(owner, phone.recovery_codes()[0]);
    const auto reply = owner.receive();
    ASSERT_TRUE(reply);
    ASSERT_EQ(json::parse(*reply).at("parameters").at("step"), "wait");
    // A wait is answered with nothing but "none".
    EXPECT_EQ(error_of(owner.call("io.warifu.Answer", {{"kind", "text"}, {"text", "123456"}})), "Conflict");
    EXPECT_EQ(error_of(owner.call("io.warifu.Cancel", json::object())), "");
    EXPECT_EQ(error_of(owner.call("io.warifu.Answer", {{"kind", "none"}})), "Conflict");
}

}  // namespace
}  // namespace warifu::integration
