// Remembered sign-ins at real doors: sudo and su in sessions at terminals, sshd from addresses.
#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char doors_that_remember[] =
    "[service.sudo]\nremember_minutes = 60\n[service.su]\nremember_minutes = 60\n"
    "[service.sshd]\nremember_minutes = 60\n";

class RememberedDoor : public ::testing::Test {
  protected:
    RememberedDoor()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon((sandbox.write("/etc/warifu/warifu.conf", doors_that_remember), sandbox)),
          phone(std::in_place, sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
        // sudo itself asks each time.
        sandbox.write("/etc/sudoers", "Defaults lecture=never, timestamp_timeout=0\nALL ALL=(ALL:ALL) ALL\n",
                      0440);
    }

    // A login shell's session of alice's, or of somebody else's.
    std::unique_ptr<Terminal> session(const Account& account) const {
        auto terminal = std::make_unique<Terminal>(sandbox, as_user(account, {"/bin/sh"}));
        terminal->expect("$ ");
        return terminal;
    }
    // Whether `line`, typed there, asks for a code after the password; gives it then.
    bool asks(Terminal& terminal, const std::string& line, const std::string& password) {
        terminal.type_line(line + " && echo let''in");
        terminal.expect("assword");
        terminal.type_line(password);
        const bool asked = terminal.expect_any({"letin", "One-time code: "}) == 1;
        if (asked) {
            terminal.type_line(phone->code());
            terminal.expect("letin");
        }
        terminal.expect("$ ");
        return asked;
    }
    bool sudo_asks(Terminal& terminal) { return asks(terminal, "sudo true", alice.password); }

    std::size_t remembered() const {
        return warifu(sandbox, {"status", "--user", "alice"}).object.at("remembered").get<std::size_t>();
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
    std::optional<Phone> phone;
};

TEST_F(RememberedDoor, S15_SudoAsksForTheCodeOnceInEachSession) {
    const auto first = session(alice), second = session(alice);
    EXPECT_TRUE(sudo_asks(*first));
    EXPECT_FALSE(sudo_asks(*first));
    sandbox.wait_for_log("verdict=ignored reason=remembered");
    EXPECT_TRUE(sudo_asks(*second)) << "another terminal";
    EXPECT_FALSE(sudo_asks(*first));
    EXPECT_EQ(remembered(), 2U);
    EXPECT_TRUE(asks(*first, "su alice -c true", alice.password)) << "another service";
    EXPECT_FALSE(asks(*first, "su alice -c true", alice.password));
    // A session of its own at the same terminal is another session; without a terminal there is none.
    EXPECT_TRUE(asks(*first, "script -qec 'sudo true' /dev/null", alice.password));
    const auto of_bob = session(bob);
    EXPECT_TRUE(asks(*of_bob, "su alice -c true", alice.password)) << "somebody else, who becomes alice";
}

// The child that warifud is then, knows the session of the program that started it.
TEST_F(RememberedDoor, S15_ItIsTheSameWithWarifudAndWithout) {
    const auto terminal = session(alice), other = session(alice);
    EXPECT_TRUE(sudo_asks(*terminal));
    daemon.stop();
    EXPECT_FALSE(sudo_asks(*terminal));
    EXPECT_TRUE(sudo_asks(*other));
    daemon.start();
    EXPECT_FALSE(sudo_asks(*other));
}

// Process ids come round again, and so do terminals' names.
TEST_F(RememberedDoor, S15_ALaterSessionWithTheSamePidAndTerminalInheritsNothing) {
    const auto who = [](Terminal& terminal) {
        terminal.type_line("echo \"<$$ $(tty)>\"; true");
        terminal.expect("\n<");
        const std::string said = terminal.expect(">");
        terminal.expect("$ ");
        return said;
    };
    auto terminal = session(alice);
    const std::string before = who(*terminal);
    const long pid = std::stol(before);
    EXPECT_TRUE(sudo_asks(*terminal));
    EXPECT_FALSE(sudo_asks(*terminal));
    terminal.reset();
    const int times = 100;
    for (int i = 0; i < times; ++i) {
        sandbox.inside([pid] {
            std::ofstream file("/proc/sys/kernel/ns_last_pid");
            file << pid - 1;
            if (!file.flush()) throw std::runtime_error("ns_last_pid");
        });
        terminal = session(alice);
        if (who(*terminal) == before) break;
        terminal.reset();
    }
    ASSERT_NE(terminal, nullptr) << "never the same pid and terminal again";
    EXPECT_TRUE(sudo_asks(*terminal));
}

TEST_F(RememberedDoor, S15_TheClockSetBackIsNoPermissionAndTimeEndsIt) {
    const auto terminal = session(alice);
    const auto at = [&](int minutes) {
        sandbox.set_clock(std::chrono::minutes(minutes));
        daemon.restart();
        return sudo_asks(*terminal);
    };
    EXPECT_TRUE(at(600));
    EXPECT_FALSE(at(659));
    EXPECT_TRUE(at(660));
    EXPECT_FALSE(at(661));
    EXPECT_TRUE(at(300)) << "what was remembered lies ahead";
}

class RememberedSshDoor : public RememberedDoor {
  protected:
    RememberedSshDoor() {
        for (const char* address : {"192.0.2.7/32", "192.0.2.8/32", "2001:db8:1::1/128", "2001:db8:1::7/128",
                                    "2001:db8:1::8/128"}) {
            add_address(sandbox, address);
        }
        sshd = std::make_unique<Sshd>(sandbox,
                                      "ListenAddress 2001:db8:1::1\n" + sample("sshd_config.d/warifu.conf"));
    }

    bool asked(const std::string& from) {
        std::vector<std::string> options = {"-o", "BindAddress=" + from};
        if (from.find(':') != from.npos) options.insert(options.end(), {"-o", "HostName=2001:db8:1::1"});
        Terminal terminal(sandbox, ssh("alice", "echo letin", options));
        terminal.expect("assword: ");
        terminal.type_line(alice.password);
        const bool prompt = terminal.expect_any({"letin", "One-time code: "}) == 1;
        if (prompt) terminal.type_line(phone->code());
        EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
        return prompt;
    }

    std::unique_ptr<Sshd> sshd;
};

TEST_F(RememberedSshDoor, S15_SshFromTheVerySameAddressIsNotAskedAgain) {
    EXPECT_TRUE(asked("192.0.2.7"));
    EXPECT_FALSE(asked("192.0.2.7"));
    EXPECT_TRUE(asked("192.0.2.8"));
    EXPECT_TRUE(asked("2001:db8:1::7"));
    EXPECT_FALSE(asked("2001:db8:1::7"));
    EXPECT_TRUE(asked("2001:db8:1::8")) << "the same network is not the same address";
    // Everybody on this host comes from loopback.
    EXPECT_TRUE(asked("127.0.0.1"));
    EXPECT_TRUE(asked("127.0.0.1"));
}

// A wrong password gets the question, remembered or not, and the refusal.
TEST_F(RememberedSshDoor, S15_AWrongPasswordIsAskedForTheCodeAllTheSame) {
    EXPECT_TRUE(asked("192.0.2.7"));
    Terminal terminal(sandbox, ssh("alice", "echo letin", {"-o", "BindAddress=192.0.2.7"}));
    terminal.expect("assword: ");
    terminal.type_line("no password");
    terminal.expect("One-time code: ");
    terminal.type_line(phone->code());
    EXPECT_EQ(terminal.wait(), 255);
    EXPECT_FALSE(asked("192.0.2.7"));
}

TEST_F(RememberedSshDoor, S15_ItEndsWithForgetAndEachChange) {
    const auto ends_with = [&](const std::vector<std::string>& words) {
        SCOPED_TRACE(words.front());
        if (remembered() == 0) {
            EXPECT_TRUE(asked("192.0.2.7"));
        }
        EXPECT_FALSE(asked("192.0.2.7"));
        EXPECT_EQ(remembered(), 1U);
        std::vector<std::string> all = words;
        all.insert(all.end(), {"--user", "alice"});
        const Answer answer = warifu(sandbox, all);
        EXPECT_EQ(answer.status, 0) << answer.object;
        EXPECT_EQ(remembered(), 0U);
        return answer.object;
    };
    EXPECT_EQ(ends_with({"forget"}).at("forgotten"), 1);
    ends_with({"codes", "--regenerate"});
    ends_with({"suspend"});
    ASSERT_EQ(warifu(sandbox, {"resume", "--user", "alice"}).status, 0);
    EXPECT_TRUE(asked("192.0.2.7"));
    ends_with({"reset"});
    phone.emplace(sandbox, alice, PhoneKind::hotp);
    EXPECT_TRUE(asked("192.0.2.7"));
    EXPECT_FALSE(asked("192.0.2.7"));
    const Phone second(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(remembered(), 0U) << "an authenticator was added";
    EXPECT_TRUE(asked("192.0.2.7"));
}

}  // namespace
}  // namespace warifu::integration
