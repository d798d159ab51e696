#include "daemon/place.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace warifu {
namespace {

TEST(Place, S15_AnAddressIsItselfAndNoOther) {
    EXPECT_EQ(remote_place("203.0.113.7"), "address 203.0.113.7");
    EXPECT_EQ(remote_place("::ffff:203.0.113.7"), remote_place("203.0.113.7"));
    EXPECT_EQ(remote_place("2001:DB8:0::1"), "address 2001:db8::1");
    EXPECT_NE(remote_place("2001:db8::1"), remote_place("2001:db8::2")) << "one /64, two hosts";
    EXPECT_NE(remote_place("fe80::1%eth0"), remote_place("fe80::1%eth1"));
    EXPECT_EQ(remote_place("[2001:db8::1]"), remote_place("2001:db8::1"));
}

TEST(Place, S15_NamesAndLoopbackAreNoPlace) {
    for (const char* host : {"", "example.org", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1",
                             "203.0.113", "203.0.113.7 ", "localhost"}) {
        EXPECT_EQ(remote_place(host), "") << host;
    }
}

TEST(Place, ServicesOfThisHostHaveNoRemoteHost) {
    EXPECT_TRUE(is_local_door("login", ""));
    EXPECT_TRUE(is_local_door("sudo", "tally"));
    EXPECT_FALSE(is_local_door("sshd", "203.0.113.7"));
}

// A session on a terminal of its own, whose leader waits; what `work` says with its pid.
std::string in_a_session(const std::function<std::string(pid_t)>& work) {
    int terminal = -1;
    const pid_t leader = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (leader == 0) {
        const bool said_so = write(STDOUT_FILENO, "r", 1) == 1;
        while (said_so) {
            pause();
        }
        _exit(1);
    }
    EXPECT_GT(leader, 0);
    char ready = 0;  // the session is the leader's own by now
    EXPECT_EQ(read(terminal, &ready, 1), 1);
    std::string said = work(leader);
    kill(leader, SIGKILL);
    waitpid(leader, nullptr, 0);
    close(terminal);
    return said;
}

TEST(Place, S15_ASessionIsKnownByAllThatMakesIt) {
    in_a_session([](pid_t leader) {
        const std::string place = local_place(1000, "pts/1", leader);
        EXPECT_NE(place, "");
        EXPECT_EQ(local_place(1000, "pts/1", leader), place);
        EXPECT_NE(local_place(1001, "pts/1", leader), place);
        EXPECT_NE(local_place(1000, "pts/2", leader), place);
        EXPECT_EQ(local_place(1000, "", leader), "") << "a service that names no terminal";
        const std::string other = in_a_session([](pid_t next) { return local_place(1000, "pts/1", next); });
        EXPECT_NE(other, "");
        EXPECT_NE(other, place);
        return place;
    });
}

TEST(Place, S15_WithoutATerminalOrALeaderThereIsNoPlace) {
    (void)std::signal(SIGCHLD, SIG_DFL);  // other tests of this binary have children reaped by themselves
    const pid_t lonely = fork();
    if (lonely == 0) {
        setsid();
        for (;;) {
            pause();
        }
    }
    while (getsid(lonely) != lonely) {
        sched_yield();
    }
    EXPECT_EQ(local_place(1000, "pts/1", lonely), "");
    kill(lonely, SIGKILL);
    EXPECT_EQ(waitpid(lonely, nullptr, 0), lonely);
    EXPECT_EQ(local_place(1000, "pts/1", lonely), "") << "it has ended";
    EXPECT_EQ(local_place(1000, "pts/1", 0), "") << "a peer outside this namespace";
    EXPECT_EQ(local_place(1000, "pts/1", -1), "");
}

TEST(Place, A03_AnOriginIsOneProcessAtOneDoorForOneName) {
    const std::string own = origin_of(getpid(), "su", "alice");
    EXPECT_NE(own, "");
    EXPECT_EQ(origin_of(getpid(), "su", "alice"), own);
    EXPECT_NE(origin_of(getppid(), "su", "alice"), own);
    EXPECT_NE(origin_of(getpid(), "sudo", "alice"), own);
    EXPECT_NE(origin_of(getpid(), "su", "bob"), own);
    EXPECT_NE(origin_of(getpid(), "su", "ualice"), origin_of(getpid(), "suu", "alice"));
    EXPECT_EQ(origin_of(0, "su", "alice"), "");
    EXPECT_EQ(origin_of(-1, "su", "alice"), "");
}

}  // namespace
}  // namespace warifu
