// A key that a group shares, at the real sshd: one QR code for all, its replacement, and who may see it.
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "tests/integration/one_time_code.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

class SharedKeyDoor : public ::testing::Test {
  protected:
    SharedKeyDoor()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          carol(sandbox.add_user("carol", "carol's password")),
          daemon(configured()),
          sshd(sandbox, sample("sshd_config.d/warifu.conf")) {}

    const Sandbox& configured() {
        sandbox.add_group("staff-here", {"alice", "bob"});
        sandbox.write("/etc/pam.d/sshd", sample("pam/sshd"));  // with nullok
        sandbox.set_clock(ahead);                              // warifud hears of every later one
        return sandbox;
    }
    void pass(std::chrono::seconds time) {
        ahead += time;
        sandbox.set_clock(ahead);
    }
    static std::string secret_of(const Answer& answer) {
        return answer.object.at("secret").get<std::string>();
    }

    // Up to the question after the password; false where none came and they are in.
    bool asked(Terminal& terminal, const Account& account) const {
        terminal.expect("assword: ");
        terminal.type_line(account.password);
        return terminal.expect_any({"One-time code: ", "let in"}) == 0;
    }
    bool signs_in(const Account& account, const std::string& code) const {
        Terminal terminal(sandbox, ssh(account.name, "echo let in as $(id -un)"));
        if (!asked(terminal, account)) throw std::runtime_error("was not asked");
        terminal.type_line(code);
        return terminal.expect_any({"let in as " + account.name, "Permission denied"}) == 0;
    }

    Sandbox sandbox;
    std::chrono::seconds ahead{0};
    const Account& alice;
    const Account& bob;
    const Account& carol;
    Warifud daemon;
    Sshd sshd;
};

TEST_F(SharedKeyDoor, S17_OneQrCodeSignsInAGroupEachCodeOnceForEachPerson) {
    const std::string image = "/run/office.png";
    const Result made = run(sandbox, as_root({"warifu", "shared", "add", "office", "--group", "staff-here",
                                              "--qr", "png", "--output", image}));
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("a key each is stronger"));
    const Answer shown = warifu(sandbox, {"shared", "show", "office"});
    EXPECT_EQ(output_of(sandbox, as_root({"zbarimg", "--quiet", "--raw", image})),
              shown.object.at("uri").get<std::string>() + "\n");

    const std::string code = totp(secret_of(shown), sandbox.now());
    EXPECT_TRUE(signs_in(alice, code)) << sandbox.log();
    EXPECT_FALSE(signs_in(alice, code)) << "once";
    EXPECT_TRUE(signs_in(bob, code)) << "for each person";
    sandbox.wait_for_log("user=bob service=sshd");
    EXPECT_THAT(sandbox.log(), HasSubstr("authenticator=shared:office"));

    Terminal terminal(sandbox, ssh("carol", "echo let in"));
    EXPECT_FALSE(asked(terminal, carol)) << "is not of the group";

    // Without warifud it is the same.
    daemon.stop();
    pass(std::chrono::seconds(30));
    EXPECT_TRUE(signs_in(alice, totp(secret_of(shown), sandbox.now())));
}

TEST_F(SharedKeyDoor, S17_WhoHasTheOldKeyIsToldAndMayScanTheNewOneWithAProof) {
    const std::string old = secret_of(warifu(sandbox, {"shared", "add", "office", "--group", "staff-here"}));
    const std::string next = secret_of(warifu(sandbox, {"shared", "rotate", "office"}));
    ASSERT_NE(old, next);
    Terminal terminal(sandbox, ssh("alice", ""));
    ASSERT_TRUE(asked(terminal, alice));
    terminal.type_line(totp(old, sandbox.now()));
    terminal.expect("end in 7 days");
    terminal.expect("$ ");
    terminal.type_line("exit");
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_TRUE(signs_in(bob, totp(next, sandbox.now())));

    EXPECT_NE(warifu(sandbox, alice, {"shared", "show"}).status, 0) << "without a proof";
    EXPECT_NE(warifu(sandbox, carol, {"shared", "show", "office"}).status, 0);
    EXPECT_NE(warifu(sandbox, alice, {"shared", "list"}).status, 0) << "is an administrator's";
    EXPECT_NE(warifu(sandbox, alice, {"shared", "rotate", "office"}).status, 0);
    pass(std::chrono::seconds(30));
    const Answer shown = warifu(sandbox, alice, {"shared", "show", "--proof", totp(old, sandbox.now())});
    ASSERT_EQ(shown.status, 0) << shown.object;
    EXPECT_EQ(secret_of(shown), next);
    (void)warifu(sandbox, {"shared", "add", "other", "--of", "carol"});
    pass(std::chrono::seconds(30));
    EXPECT_NE(
        warifu(sandbox, alice, {"shared", "show", "other", "--proof", totp(next, sandbox.now())}).status, 0)
        << "not hers";

    pass(std::chrono::hours(7 * 24));
    EXPECT_FALSE(signs_in(alice, totp(old, sandbox.now())));
    EXPECT_TRUE(signs_in(alice, totp(next, sandbox.now())));
}

TEST_F(SharedKeyDoor, S17_TheScheduleReplacesItWhereWarifudRunsAndWhereItDoesNot) {
    (void)warifu(sandbox, {"shared", "add", "office", "--group", "staff-here", "--rotate", "30d"});
    const auto made = [&] {
        return warifu(sandbox, {"shared", "list"}).object.at("keys").at(0).at("made").get<std::int64_t>();
    };
    const std::int64_t first = made();
    pass(std::chrono::hours(30 * 24));
    daemon.restart();
    sandbox.wait_for_log("office: replaced by its schedule");
    const std::int64_t second = made();
    EXPECT_GE(second, first + 30 * 24 * 3'600);

    daemon.stop();
    EXPECT_EQ(warifu(sandbox, {"shared", "rotate", "--due"}).object.at("rotated"), nlohmann::json::array());
    pass(std::chrono::hours(31 * 24));
    EXPECT_EQ(warifu(sandbox, {"shared", "rotate", "--due"}).object.at("rotated"),
              nlohmann::json({"office"}));
    EXPECT_GT(made(), second);
}

// Nobody is refused without somebody being told why and what to do.
TEST_F(SharedKeyDoor, S17_AGroupThatIsGoneIsNamed) {
    (void)warifu(sandbox, {"shared", "add", "office", "--group", "staff-here"});
    ASSERT_FALSE(warifu(sandbox, {"shared", "list"}).object.at("keys").at(0).contains("unknown_groups"));
    output_of(sandbox, as_root({"sed", "-i", "/^staff-here:/d", "/etc/group"}));
    Terminal refused(sandbox, ssh("carol", "echo let in"));
    ASSERT_TRUE(asked(refused, carol)) << "nobody can tell";
    EXPECT_EQ(warifu(sandbox, {"shared", "list"}).object.at("keys").at(0).at("unknown_groups"),
              nlohmann::json({"staff-here"}));
    EXPECT_THAT(output_of(sandbox, as_root({"warifu", "shared", "list"})),
                HasSubstr("office: the group staff-here is not there"));
    EXPECT_THAT(run(sandbox, as_root({"warifu", "doctor"})).out, HasSubstr("shared-key-group"));
    ASSERT_EQ(warifu(sandbox, {"shared", "change", "office", "--group", "", "--of", "alice"}).status, 0);
    Terminal terminal(sandbox, ssh("carol", "echo let in"));
    EXPECT_FALSE(asked(terminal, carol));
}

// Who proved with a code of it is who they were until they are reset, and sees no more than the key.
TEST_F(SharedKeyDoor, S17_AProofEndsWithAResetAndShowsNotWhoElseShares) {
    const std::string secret =
        secret_of(warifu(sandbox, {"shared", "add", "office", "--group", "staff-here"}));
    VarlinkPeer peer(sandbox, alice.uid);
    const auto show = [&] { return peer.call("io.warifu.ShowSharedKey", nlohmann::json::object()); };
    const auto prove = [&] {
        return error_of(peer.call("io.warifu.Prove", {{"user", ""}, {"code", totp(secret, sandbox.now())}}));
    };
    EXPECT_EQ(error_of(show()), "NotPermitted");
    ASSERT_EQ(prove(), "");
    const auto shown = show();
    ASSERT_EQ(error_of(shown), "") << shown;
    EXPECT_EQ(shown.at("parameters").at("secret"), secret);
    EXPECT_FALSE(shown.at("parameters").contains("groups"));
    EXPECT_FALSE(shown.at("parameters").contains("users"));
    ASSERT_EQ(warifu(sandbox, {"reset", "--user", "alice"}).status, 0);
    EXPECT_EQ(error_of(show()), "NotPermitted") << "whoever sits at that connection proved it before";
    pass(std::chrono::seconds(30));
    ASSERT_EQ(prove(), "");
    EXPECT_EQ(error_of(show()), "");
}

// Whoever shares a key is enrolled: nobody adds a phone to their account with the password alone.
TEST_F(SharedKeyDoor, S17_AKeyOfOnesOwnWantsAProofByTheSharedOneAndThenGoesBeforeIt) {
    const std::string shared =
        secret_of(warifu(sandbox, {"shared", "add", "office", "--group", "staff-here"}));
    EXPECT_NE(warifu(sandbox, alice, {"enroll"}).status, 0);
    const Answer offered = warifu(sandbox, alice, {"enroll", "--proof", totp(shared, sandbox.now())});
    ASSERT_EQ(offered.status, 0) << offered.object;
    const std::string own = secret_of(offered);
    pass(std::chrono::seconds(30));
    ASSERT_EQ(
        warifu(sandbox, alice, {"confirm", "--proof", totp(shared, sandbox.now()), totp(own, sandbox.now())})
            .status,
        0);
    pass(std::chrono::seconds(30));
    EXPECT_FALSE(signs_in(alice, totp(shared, sandbox.now())));
    EXPECT_TRUE(signs_in(alice, totp(own, sandbox.now())));
    EXPECT_EQ(warifu(sandbox, {"reset", "--user", "alice"}).object.value("shared_key", ""), "office");
    EXPECT_FALSE(warifu(sandbox, {"reset", "--user", "carol"}).object.contains("shared_key"));
}

}  // namespace
}  // namespace warifu::integration
