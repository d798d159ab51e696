// Signing in while warifud does not do its part: root's programs help themselves, others fail, and nobody
// gets in for it.
#include <gmock/gmock.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <optional>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

// Connections that nobody takes, until no more of them fit. They wait there although their callers are gone.
void fill_backlog(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    for (int result = 0; result == 0;) {
        const Descriptor caller(
            checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
        result = ::connect(caller.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    if (errno != EAGAIN) throw std::system_error(errno, std::generic_category(), path);
}

class Outage : public ::testing::Test {
  protected:
    Outage()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        daemon.emplace(sandbox);
        phone.emplace(sandbox, alice, PhoneKind::hotp);
    }
    ~Outage() override {
        if (daemon) daemon->kill(SIGCONT);  // it cannot end while it is stopped
    }

    void kill_warifud() {
        daemon->kill(SIGKILL);
        daemon.reset();
    }
    // A right code lets root's programs in once, a wrong one never does, and other programs get no verdict.
    void expect_that_root_helps_itself() {
        const std::string code = phone->code();
        EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->wrong_code()), PAM_AUTH_ERR) << sandbox.log();
        EXPECT_EQ(sign_in(sandbox, "code", "alice", code), PAM_SUCCESS) << sandbox.log();
        EXPECT_EQ(sign_in(sandbox, "code", "alice", code), PAM_AUTH_ERR) << sandbox.log();
        EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->code(), alice.uid), PAM_SYSTEM_ERR);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    std::optional<Warifud> daemon;
    std::optional<Phone> phone;
};

TEST_F(Outage, X34_AProgramOfTheUsersOwnSignsInThroughWarifud) {
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->wrong_code(), alice.uid), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->code(), alice.uid), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Outage, X34_Absent) {
    kill_warifud();
    expect_that_root_helps_itself();
}

TEST_F(Outage, X34_Stopped) {
    daemon->kill(SIGSTOP);
    const std::string code = phone->code();
    EXPECT_EQ(sign_in(sandbox, "code", "alice", code), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->wrong_code()), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->code(), alice.uid), PAM_SYSTEM_ERR);
    daemon->kill(SIGCONT);
    // What was spent meanwhile is spent for it as well.
    EXPECT_EQ(sign_in(sandbox, "code", "alice", code), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Outage, X34_KilledWhileSomebodyIsAtThePrompt) {
    PamHost right(sandbox, "code", "alice"), wrong(sandbox, "code", "alice"),
        own(sandbox, "code", "alice", alice.uid);
    ASSERT_TRUE(right.asked() && wrong.asked() && own.asked());
    kill_warifud();
    wrong.answer(phone->wrong_code());
    EXPECT_EQ(wrong.verdict(), PAM_AUTH_ERR) << sandbox.log();
    right.answer(phone->code());
    EXPECT_EQ(right.verdict(), PAM_SUCCESS) << sandbox.log();
    own.answer(phone->code());
    EXPECT_EQ(own.verdict(), PAM_SYSTEM_ERR) << sandbox.log();
}

TEST_F(Outage, X34_RestartedWhileSomebodyIsAtThePrompt) {
    PamHost right(sandbox, "code", "alice"), wrong(sandbox, "code", "alice"),
        own(sandbox, "code", "alice", alice.uid);
    ASSERT_TRUE(right.asked() && wrong.asked() && own.asked());
    kill_warifud();
    daemon.emplace(sandbox);
    wrong.answer(phone->wrong_code());
    EXPECT_EQ(wrong.verdict(), PAM_AUTH_ERR) << sandbox.log();
    right.answer(phone->code());
    EXPECT_EQ(right.verdict(), PAM_SUCCESS) << sandbox.log();
    own.answer(phone->code());
    EXPECT_EQ(own.verdict(), PAM_SUCCESS) << sandbox.log();
}

// Whether the code is spent cannot be known: no second try, and no verdict.
TEST_F(Outage, X34_StoppedAfterThePrompt) {
    PamHost host(sandbox, "code", "alice"), own(sandbox, "code", "alice", alice.uid);
    ASSERT_TRUE(host.asked() && own.asked());
    daemon->kill(SIGSTOP);
    const std::string code = phone->code();
    host.answer(code);
    own.answer(code);
    EXPECT_EQ(host.verdict(), PAM_SYSTEM_ERR) << sandbox.log();
    EXPECT_EQ(own.verdict(), PAM_SYSTEM_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Outage, X34_ItsBacklogFull) {
    daemon->kill(SIGSTOP);
    for (const char* path : {roots_socket, everybodys_socket}) fill_backlog(sandbox.outside(path));
    EXPECT_THROW(VarlinkPeer(sandbox, alice.uid), std::system_error);
    expect_that_root_helps_itself();
}

// It starts, takes a connection, and is gone, over and over.
TEST_F(Outage, X34_CrashLooping) {
    kill_warifud();
    for (const char* path : {roots_socket, everybodys_socket}) {
        output_of(sandbox, as_root({"rm", "-f", path}));
    }
    const Descriptor of_root = listen_as(sandbox, 0, roots_socket);
    const Descriptor of_everybody = listen_as(sandbox, 0, everybodys_socket);
    const pid_t crashing = sandbox.fork();
    if (crashing == 0) {
        std::array<pollfd, 2> events{pollfd{of_root.number(), POLLIN, 0},
                                     pollfd{of_everybody.number(), POLLIN, 0}};
        while (::poll(events.data(), events.size(), -1) > 0) {
            (void)sent_to(of_root);
            (void)sent_to(of_everybody);
        }
        ::_exit(1);
    }
    expect_that_root_helps_itself();
    ::kill(crashing, SIGKILL);
    // Who is not waited for keeps the sandbox from ending.
    ::waitpid(crashing, nullptr, 0);
}

TEST_F(Outage, X34_NeitherASocketNorAProgram) {
    kill_warifud();
    sandbox.write("/etc/pam.d/nothing", "auth required pam_warifu.so nullok daemon=/bin/false\n");
    sandbox.write("/etc/pam.d/nowhere", "auth required pam_warifu.so nullok daemon=/nowhere/warifud\n");
    for (const Account* who : {&alice, &bob}) {
        EXPECT_EQ(sign_in(sandbox, "nothing", who->name, "123456"), PAM_SYSTEM_ERR);
        EXPECT_EQ(sign_in(sandbox, "nowhere", who->name, "123456"), PAM_SYSTEM_ERR);
    }
}

TEST_F(Outage, X34_ItsDirectoryIsSomebodyElses) {
    kill_warifud();
    output_of(sandbox, as_root({"rm", "-rf", "/run/warifu"}));
    output_of(sandbox, as_root({"install", "-d", "-o", "bob", "/run/warifu"}));
    const Descriptor of_root = listen_as(sandbox, bob.uid, roots_socket);
    const Descriptor of_everybody = listen_as(sandbox, bob.uid, everybodys_socket);
    expect_that_root_helps_itself();
    EXPECT_THAT(sent_to(of_root), ::testing::Each(::testing::IsEmpty()));
    EXPECT_THAT(sent_to(of_everybody), ::testing::Each(::testing::IsEmpty()));
    // warifud itself takes no such place.
    EXPECT_NE(run(sandbox, as_root({"/usr/sbin/warifud"})).status, 0);
    sandbox.wait_for_log("/run/warifu must be a directory of root's");
}

TEST_F(Outage, X34_ItsDirectoryIsEverybodysToWrite) {
    kill_warifud();
    output_of(sandbox, as_root({"rm", "-rf", "/run/warifu"}));
    output_of(sandbox, as_root({"install", "-d", "-m", "1777", "/run/warifu"}));
    // Root's name on a socket that somebody else listens at would prove nothing here.
    const Descriptor of_root = listen_as(sandbox, 0, roots_socket);
    const Descriptor of_everybody = listen_as(sandbox, bob.uid, everybodys_socket);
    expect_that_root_helps_itself();
    EXPECT_THAT(sent_to(of_root), ::testing::Each(::testing::IsEmpty()));
    EXPECT_THAT(sent_to(of_everybody), ::testing::Each(::testing::IsEmpty()));
}

}  // namespace
}  // namespace warifu::integration
