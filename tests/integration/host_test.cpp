// What a sandbox leaves behind on the host: nothing.
#include <gmock/gmock.h>

#include <chrono>

#include "tests/integration/host_state.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

TEST(Host, IsAsItWasAfterASandbox) {
    const auto before = host_state();
    {
        Sandbox sandbox;
        sandbox.add_user("alice", "pass word");
        sandbox.set_clock(std::chrono::hours(1));
        sandbox.write("/etc/pam.d/sshd", "auth required pam_unix.so\naccount required pam_unix.so\n");
        const Warifud daemon(sandbox);
        const Sshd sshd(sandbox);
        Terminal terminal(sandbox, ssh("alice", "touch kept"));
        terminal.expect("Password: ");
        terminal.type_line("pass word");
        EXPECT_EQ(terminal.wait(), 0);
    }
    EXPECT_THAT(host_state(), ::testing::ContainerEq(before));
}

}  // namespace
}  // namespace warifu::integration
