// What warifud asks of the kernel for one sign-in does not tell one account from another.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/one_time_code.h"
#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/system_calls.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

// What sshd answers for those whom it refuses itself, cut to the typed length.
constexpr char junk_of_sshd[] = "\b\n\r\177INCORRECT";

constexpr const char* not_compared[] = {
    // How often the loop wakes, tries or awaits a socket and sets its timer depends on which events come
    // together.
    "epoll_wait", "epoll_ctl", "recvfrom", "timerfd_settime",
    // What the allocator still has of what others used.
    "brk", "mmap", "munmap", "mprotect", "madvise",
    // NSS reads /etc/passwd until it has found the name; sshd and pam_unix have it do the same before.
    "read",
    // Pages of the store that a connection's cache has not got: three less where the account has no rows, of
    // more than sixty calls, one of which waits for the disk.
    "pread64"};

using Counts = std::map<std::string, int>;

struct Attempt {
    std::string service, user, answer;
};

class Sameness : public ::testing::Test {
  protected:
    Sameness()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          dave(sandbox.add_user("dave", "dave's password")) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        sandbox.write("/etc/pam.d/after", "auth required pam_warifu.so first_factor_failed\n");
        // Further services are asked for unknown names alone: that is NSS's, and the administrator's.
        sandbox.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
        output_of(sandbox, as_root({"warifu", "init"}));
        Command command = as_root({"/usr/sbin/warifud"});
        command.calls = &calls;
        daemon.emplace(sandbox, command);
        sandbox.wait_for_log("ready");
    }

    // Waits until the thread that commits has let go of the store.
    void wait_for_the_store() const {
        const Descriptor file = sandbox.open("/var/lib/warifu/store/lock", O_RDWR);
        struct flock all{};
        all.l_type = F_WRLCK;
        all.l_whence = SEEK_SET;
        checked(::fcntl(file.number(), F_OFD_SETLKW, &all), "the store's lock");
    }

    // The calls of one sign-in, from its connection to the next one's.
    Counts calls_of(const Attempt& attempt) {
        const int before = verdicts();
        calls.watch(every_call());
        calls.rest_at_accept(3);  // each connection is followed by a look for another
        EXPECT_EQ(sign_in(sandbox, attempt.service, attempt.user, attempt.answer), PAM_AUTH_ERR)
            << sandbox.log();
        sandbox.wait_for_log("verdict=", before + 1);
        wait_for_the_store();
        // What is asked of warifud after the connection ended is answered after it was closed.
        ask(held.back());
        ask(held.emplace_back(sandbox, 0, roots_socket));
        Counts named;
        for (const auto& [number, count] : calls.counts()) named[name_of_call(number)] = count;
        return named;
    }
    static void ask(VarlinkPeer& peer) {
        EXPECT_EQ(error_of(peer.call("io.warifu.Health", nlohmann::json::object())), "");
    }
    int verdicts() const {
        const std::string log = sandbox.log();
        int count = 0;
        for (auto at = log.find("verdict="); at != log.npos; at = log.find("verdict=", at + 1)) ++count;
        return count;
    }

    // The same, of a sign-in after which no checkpoint was due and the log of the store did not begin anew:
    // that comes with every few commits, whosever they are. So the first counts that are seen twice.
    Counts compared(const Attempt& attempt, int commits = 1) {
        constexpr int tries = 40;
        std::vector<Counts> seen;
        for (int i = 0; i < tries; ++i) {
            Counts counts = calls_of(attempt);
            if (counts["fdatasync"] != commits) continue;
            // Every so many look-ups the C library asks again whether an nscd is there.
            if (counts.contains("connect")) continue;
            for (const char* call : not_compared) counts.erase(call);
            if (std::find(seen.begin(), seen.end(), counts) != seen.end()) return counts;
            seen.push_back(std::move(counts));
        }
        throw std::runtime_error("no two sign-ins asked the same of the kernel");
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    const Account& dave;
    SystemCalls calls;
    std::optional<Process> daemon;
    std::list<VarlinkPeer> held;  // whose ends would be counted too
};

TEST_F(Sameness, X13_WarifudsCallsDoNotTellAccountsApart) {
    Phone phone(sandbox, alice, PhoneKind::hotp), of_dave(sandbox, dave, PhoneKind::hotp);
    while (warifu(sandbox, {"verify", "--user", "dave", of_dave.wrong_code()}).object.at("verdict") !=
           "limited") {
    }
    const std::string wrong = phone.wrong_code();
    const Attempt enrolled{"code", "alice", wrong};
    const std::vector<Attempt> others = {
        {"code", "nobody-here", wrong},  {"code", "bob", wrong},    {"code", "dave", of_dave.code()},
        {"code", "alice", junk_of_sshd}, {"after", "alice", wrong}, {"after", "nobody-here", wrong},
    };
    held.emplace_back(sandbox, 0, roots_socket);
    ask(held.back());
    calls_of(enrolled);  // what happens once
    for (const Attempt& other : others) calls_of(other);
    const Counts expected = compared(enrolled);
    EXPECT_GT(expected.size(), 10U);
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(compared(enrolled), expected);
        for (const Attempt& other : others)
            EXPECT_EQ(compared(other), expected)
                << other.service << ", " << other.user << ", " << other.answer;
    }
}

// With a key that people share there is a common budget beside each row, and who is in which group is asked.
TEST_F(Sameness, X13_NorDoTheyWhereAKeyIsShared) {
    const Account& carol = sandbox.add_user("carol", "carol's password");
    std::vector<std::string> guessed_at, sharers = {bob.name, carol.name};
    for (int i = 0; i < 8; ++i) {
        guessed_at.push_back(sandbox.add_user("guessed-" + std::to_string(i), "a password").name);
        sharers.push_back(guessed_at.back());
    }
    sandbox.add_group("sharers", sharers);
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const auto shared = warifu(sandbox, {"shared", "add", "office", "--group", "sharers"}).object;
    const std::string code = totp(shared.at("secret").get<std::string>(), sandbox.now());
    ASSERT_EQ(warifu(sandbox, {"verify", "--user", "carol", code}).object.at("verdict"), "success");
    const std::string wrong = phone.wrong_code();
    const Attempt enrolled{"code", "alice", wrong};
    const std::vector<Attempt> others = {
        {"code", "nobody-here", wrong}, {"code", "dave", wrong},       {"code", "bob", wrong},
        {"code", "carol", wrong},       {"code", "bob", junk_of_sshd}, {"after", "bob", wrong},
    };
    held.emplace_back(sandbox, 0, roots_socket);
    ask(held.back());
    calls_of(enrolled);
    for (const Attempt& other : others) calls_of(other);
    constexpr int commits = 2;
    const Counts expected = compared(enrolled, commits);
    const auto all_the_same = [&](const char* when) {
        for (int round = 0; round < 3; ++round) {
            EXPECT_EQ(compared(enrolled, commits), expected) << when;
            for (const Attempt& other : others)
                EXPECT_EQ(compared(other, commits), expected)
                    << when << ": " << other.service << ", " << other.user << ", " << other.answer;
        }
    };
    all_the_same("before a flood");
    // Guesses at many names, until the common budget is spent: newcomers are refused unlooked at.
    std::string verdict;
    for (int i = 0; i < 8 && verdict != "limited"; ++i) {
        for (int guess = 0; guess < 20; ++guess)
            verdict = held.back()
                          .call("io.warifu.Verify",
                                {{"user", guessed_at[static_cast<std::size_t>(i)]}, {"code", wrong}})
                          .at("parameters")
                          .at("verdict");
    }
    ASSERT_EQ(verdict, "limited");
    ASSERT_THAT(sandbox.log(), ::testing::HasSubstr("shared rotate office --now"));
    all_the_same("the common budget is spent");
}

}  // namespace
}  // namespace warifu::integration
