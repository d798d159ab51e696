// sudo's approval plugin with warifud: two of three administrators approve a command of alice's, and another
// command needs another approval.
#include <gmock/gmock.h>

#include "ipc/wire/protocol.h"
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

class SudoApprovers : public ::testing::Test {
  protected:
    SudoApprovers()
        : alice(sandbox.add_user("alice", "alice's")),
          bob(sandbox.add_user("bob", "bob's")),
          carol(sandbox.add_user("carol", "carol's")),
          dave(sandbox.add_user("dave", "dave's")),
          daemon(configured()),
          bobs(sandbox, bob, PhoneKind::hotp),
          carols(sandbox, carol, PhoneKind::hotp) {}

    const Sandbox& configured() {
        sandbox.write("/etc/sudoers",
                      "Defaults lecture=never, !use_pty\nroot, alice ALL=(ALL:ALL) NOPASSWD: ALL\n", 0440);
        sandbox.write("/etc/sudo.conf", sample("sudo/sudo.conf"));
        sandbox.write("/etc/group", sandbox.read("/etc/group") + "operators:x:47000:alice,bob,carol,dave\n");
        sandbox.write("/usr/local/bin/systemctl", "#!/bin/sh\necho \"did $*\"\n", 0755);
        sandbox.write("/etc/warifu/warifu.conf",
                      "[[approval.rule]]\nservice = [\"sudo-approval\"]\nuser = [\"alice\"]\n"
                      "ask = [\"group:operators\"]\ncount = 2\n");
        return sandbox;
    }
    Command sudo(const std::vector<std::string>& words) const {
        std::vector<std::string> all = {"sudo", "/usr/local/bin/systemctl"};
        all.insert(all.end(), words.begin(), words.end());
        return as_user(alice, all);
    }
    nlohmann::json waiting(const Account& approver) const {
        return warifu(sandbox, approver, {"requests"}).object.at("requests");
    }
    int approve(const Account& approver, Phone& phone, const std::string& id) const {
        return warifu(sandbox, approver, {"approve", "--proof", phone.code(), id}).status;
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    const Account& carol;
    const Account& dave;
    Warifud daemon;
    Phone bobs, carols;
};

TEST_F(SudoApprovers, A11_TwoOfThreeApproveACommandAndAnotherNeedsAnotherApproval) {
    Terminal terminal(sandbox, sudo({"restart", "nginx"}));
    terminal.expect("0 of 2");
    auto list = waiting(bob);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("command"), "/usr/local/bin/systemctl restart nginx");
    EXPECT_EQ(list[0].at("run_as"), "root");
    const std::string id = list[0].at("auth_req_id");
    EXPECT_EQ(warifu(sandbox, alice, {"approve", id}).status, 1) << "never one's own second approver";
    EXPECT_EQ(approve(bob, bobs, id), 0);
    terminal.expect("1 of 2");
    EXPECT_EQ(approve(bob, bobs, id), 4) << "people, not codes";
    EXPECT_EQ(approve(carol, carols, id), 0);
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
    EXPECT_THAT(terminal.transcript(), HasSubstr("did restart nginx"));

    Terminal other(sandbox, sudo({"stop", "nginx"}));
    other.expect("0 of 2");
    list = waiting(bob);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].at("command"), "/usr/local/bin/systemctl stop nginx");
    EXPECT_EQ(warifu(sandbox, dave, {"deny", list[0].at("auth_req_id").get<std::string>()}).status, 0);
    EXPECT_EQ(other.wait(), 1);
    EXPECT_THAT(other.transcript(), HasSubstr("Warifu: refused"));
    EXPECT_THAT(other.transcript(), Not(HasSubstr("did stop")));
}

TEST_F(SudoApprovers, A11_CtrlCWithdrawsWhatWasAskedFor) {
    Terminal terminal(sandbox, sudo({"restart", "nginx"}));
    terminal.expect("0 of 2");
    const std::string id = waiting(bob).at(0).at("auth_req_id");
    terminal.type("\x03");
    EXPECT_NE(terminal.wait(), 0);
    // At once: nobody approves what was given up.
    EXPECT_NE(approve(bob, bobs, id), 0);
    EXPECT_TRUE(waiting(bob).empty());
    sandbox.wait_for_log("state=cancelled");
    sandbox.wait_for_log("reason=withdrawn");
}

// A program that ends while it waits, whatever it was told last, has given up; so has one that ends before it
// heard of a request at all.
TEST_F(SudoApprovers, A11_WhoHangsUpAtAnyMomentHasWithdrawn) {
    // Root's, alive until it has heard as many steps as it was told to. Its request is tied to its process.
    constexpr const char* asks = R"(
import json, signal, socket, sys
peer = socket.socket(socket.AF_UNIX)
peer.connect('/run/warifu/root.sock')
def call(method, **parameters):
    peer.sendall(json.dumps({'method': 'io.warifu.' + method, 'parameters': parameters}).encode() + b'\0')
call('StartAction', protocol=int(sys.argv[2]), user='alice', service='sudo-approval', tty='', uid=1000, run_as='root',
     directory='/', argv=['/usr/local/bin/systemctl', 'restart', 'nginx'])
for _ in range(int(sys.argv[1])):
    answer = b''
    while not answer.endswith(b'\0'):
        answer += peer.recv(65536)
    print(answer[:-1].decode(), flush=True)
    call('Answer', kind='none')
if sys.argv[1] == '0':
    signal.pause()
)";
    int given_up = 0;
    for (const int steps : {2, 1, 0}) {
        const Command asking =
            as_root({"python3", "-c", asks, std::to_string(steps), std::to_string(wire::protocol)});
        Result asked;
        if (steps == 0) {
            // Who is gone before it was looked at asked for nothing: it ends once there is a request.
            const Process deaf(sandbox, asking);
            sandbox.wait_for_log("state=pending", given_up + 1);
        } else {
            asked = run(sandbox, asking);
        }
        ASSERT_EQ(asked.status, 0) << asked.err;
        if (steps == 2) {
            EXPECT_THAT(asked.out, HasSubstr("\"step\":\"wait\"")) << asked.out;
        }
        // At once, not when the next word to the caller is lost: nobody approves what was given up.
        if (steps > 0) {
            const std::string log = sandbox.log();
            const auto id = log.rfind("request=") + std::string_view("request=").size();
            EXPECT_NE(approve(bob, bobs, log.substr(id, log.find(' ', id) - id)), 0) << steps << "\n" << log;
        }
        ++given_up;
        sandbox.wait_for_log("state=cancelled", given_up);
        EXPECT_TRUE(waiting(bob).empty()) << steps;
    }
}

// Without a daemon it is the same: the child that serves this command and those of the approvers share the
// store.
TEST_F(SudoApprovers, A11_WhomNoRuleNamesRunsAndWithoutADaemonTheRuleHolds) {
    Terminal root(sandbox, as_root({"sudo", "/usr/local/bin/systemctl", "restart", "nginx"}));
    EXPECT_EQ(root.wait(), 0) << root.transcript();
    daemon.stop();
    Terminal terminal(sandbox, sudo({"restart", "nginx"}));
    terminal.expect("0 of 2");
    const auto list = warifu(sandbox, {"requests"}).object.at("requests");
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(warifu(sandbox, {"deny", list[0].at("auth_req_id").get<std::string>()}).status, 0);
    EXPECT_EQ(terminal.wait(), 1) << terminal.transcript();
}

}  // namespace
}  // namespace warifu::integration
