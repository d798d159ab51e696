// Guesses without end against one account, through a warifud that runs, while its owner signs in.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <list>
#include <map>
#include <memory>
#include <string>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;

constexpr char owners_address[] = "198.51.100.7";
constexpr int budget_of_an_hour = 30;  // [limits] hour

class Floods : public ::testing::Test {
  protected:
    Floods() : alice(sandbox.add_user("alice", "alice's password")), daemon(sandbox) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
    }
    // A conversation of a PAM host of root's, as sshd would have it with this address, up to its prompt.
    struct Prompt {
        Prompt(const Sandbox& sandbox, const std::string& address) : peer(sandbox, 0, roots_socket) {
            const json reply = peer.call("io.warifu.Start", {{"protocol", 2},
                                                             {"user", "alice"},
                                                             {"service", "sshd"},
                                                             {"rhost", address},
                                                             {"tty", "ssh"},
                                                             {"ruser", ""},
                                                             {"uid", 0},
                                                             {"flags", 0},
                                                             {"options", json::array()},
                                                             {"has_authtok", false},
                                                             {"single_field", false},
                                                             {"auth_info", ""}});
            EXPECT_EQ(reply["parameters"]["step"], "prompt") << reply;
        }
        // The reason of the verdict.
        std::string answer(const std::string& code) {
            const json reply = peer.call("io.warifu.Answer", {{"kind", "text"}, {"text", code}});
            return reply["parameters"].value("reason", reply.dump());
        }
        VarlinkPeer peer;
    };
    std::string attempt(const std::string& address, const std::string& code) {
        return Prompt(sandbox, address).answer(code);
    }
    static std::string stranger(int i) {
        return "203.0." + std::to_string(i / 250 % 250) + '.' + std::to_string(i % 250 + 1);
    }

    Sandbox sandbox;
    const Account& alice;
    Warifud daemon;
    std::map<std::string, int> reasons;  // of the flood's answers
};

TEST_F(Floods, X21_X22_TenThousandGuessesEvaluateNoMoreThanTheBudgetAndTheOwnerSignsIn) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    ASSERT_EQ(attempt(owners_address, phone.code()), "ok");
    const std::string wrong = phone.wrong_code();
    int sent = 0;
    std::size_t recovery = 0;
    const auto owner_signs_in = [&](const std::string& when) {
        EXPECT_EQ(attempt(owners_address, phone.code()), "ok") << when;
        EXPECT_EQ(attempt("192.0.2.9", phone.recovery_codes().at(recovery++)), "ok") << when;
    };
    const auto guessed = [&](const std::string& reason) {
        ++sent;
        ++reasons[reason];
    };
    // One connection.
    {
        VarlinkPeer one(sandbox, 0, roots_socket);
        for (int i = 0; i < 5'000; ++i) {
            const json reply = one.call("io.warifu.Verify", {{"user", "alice"}, {"code", wrong}});
            guessed(reply["parameters"].value("reason", reply.dump()));
        }
    }
    owner_signs_in("after one connection's guesses");
    // A connection each, from ten addresses and then from a thousand.
    for (int i = 0; i < 2'000; ++i) guessed(attempt(stranger(i % 10), wrong));
    for (int i = 0; i < 2'000; ++i) guessed(attempt(stranger(i % 1'000), wrong));
    owner_signs_in("after many connections' guesses");
    daemon.restart();
    // Prompts that all wait before the first of them is answered, the owner's among them.
    std::list<Prompt> prompts;
    Prompt owners(sandbox, owners_address);
    for (int i = 0; i < 1'000; ++i) prompts.emplace_back(sandbox, stranger(i));
    for (Prompt& prompt : prompts) guessed(prompt.answer(wrong));
    EXPECT_EQ(owners.answer(phone.code()), "ok");
    owner_signs_in("after prompts at once");

    EXPECT_EQ(sent, 10'000);
    // An HOTP attempt compares 21 codes and weighs seven.
    EXPECT_EQ(reasons["bad_code"], budget_of_an_hour / 7);
    EXPECT_EQ(reasons["limited"], 10'000 - budget_of_an_hour / 7);
}

TEST_F(Floods, X21_X22_TheSameForTotp) {
    sandbox.set_clock(std::chrono::seconds(0));
    daemon.restart();
    Phone phone(sandbox, alice);
    const auto later = [&](int minutes) { sandbox.set_clock(std::chrono::seconds(60 * minutes)); };
    later(2);
    ASSERT_EQ(attempt(owners_address, phone.code()), "ok");
    later(4);
    const std::string wrong = phone.wrong_code();
    for (int i = 0; i < 500; ++i) ++reasons[attempt(stranger(i), wrong)];
    EXPECT_EQ(reasons["bad_code"], budget_of_an_hour);
    EXPECT_EQ(reasons["limited"], 500 - budget_of_an_hour);
    later(6);
    const std::string code = phone.code();
    EXPECT_EQ(attempt(stranger(1), code), "limited");
    EXPECT_EQ(attempt(owners_address, code), "ok");
    EXPECT_EQ(attempt(stranger(1), phone.recovery_codes().at(0)), "ok");
}

TEST_F(Floods, X23_AGuessSpoilsNoRightCodeAndRightCodesAreNotLimited) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    Prompt owners(sandbox, owners_address);
    EXPECT_EQ(attempt(stranger(1), phone.wrong_code()), "bad_code");
    EXPECT_EQ(attempt(owners_address, phone.wrong_code()), "bad_code");
    EXPECT_EQ(owners.answer(phone.code()), "ok");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(attempt(owners_address, phone.code()), "ok") << i;
    const std::string wrong = phone.wrong_code();
    for (int i = 0; i < 1'000; ++i) (void)attempt(stranger(i), wrong);
    EXPECT_EQ(attempt(owners_address, phone.code()), "ok");
}

}  // namespace
}  // namespace warifu::integration
