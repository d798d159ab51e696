// What is secret stays with warifud and its store: not in the log, not in any process' arguments or
// environment, not in another file, and not in reach of who may not trace it.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Silence : public ::testing::Test {
  protected:
    Silence() : alice(sandbox.add_user("alice", "alice's password")) {
        // The host's own temporary files are none of this test's.
        for (const char* place : {"/tmp", "/var/tmp"})
            output_of(sandbox, as_root({"mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", place}));
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so debug\n");
        sandbox.write("/etc/pam.d/tail",
                      "auth required pam_unix.so nullok_secure\nauth required pam_warifu.so debug\n");
        daemon = std::make_unique<Warifud>(sandbox);
        phone = std::make_unique<Phone>(sandbox, alice, PhoneKind::hotp);
        secrets = phone->recovery_codes();
        secrets.push_back(phone->secret());
        secrets.push_back(alice.password);
    }
    // From here on what nobody may see.
    std::string secret(const std::string& text) {
        secrets.push_back(text);
        return text;
    }
    void expect_none_in(const std::string& text, const std::string& where) {
        for (const std::string& each : secrets) EXPECT_THAT(text, Not(HasSubstr(each))) << where;
    }
    // Of every process of the sandbox, its name first.
    std::string arguments_and_environments() {
        return output_of(sandbox, as_root({"sh", "-c",
                                           "for p in /proc/[0-9]*; do cat $p/comm $p/cmdline $p/environ "
                                           "2>/dev/null; echo; done; true"}));
    }
    // Whether a process that is not one's better may reach into the memory of `pid`: what a process that is
    // not dumpable keeps from others of its own uid.
    bool can_trace(Command reader, const std::string& pid) {
        reader.words.insert(reader.words.end(), {"cat", "/proc/" + pid + "/mem"});
        return run(sandbox, reader).err.find("Permission denied") == std::string::npos;
    }
    // A process bears its program's name only once it has become it.
    std::string pid_inside(const std::string& program) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < end) {
            const Result found = run(sandbox, as_root({"pgrep", "-o", "-x", program}));
            if (found.status == 0) return found.out.substr(0, found.out.find('\n'));
        }
        throw std::runtime_error("no process is called " + program);
    }

    Sandbox sandbox;
    const Account& alice;
    std::unique_ptr<Warifud> daemon;
    std::unique_ptr<Phone> phone;
    std::vector<std::string> secrets;
};

TEST_F(Silence, X06_FailuresWithDebugSayNoSecret) {
    const auto all_ways = [&] {
        (void)sign_in(sandbox, "code", "alice", secret(phone->wrong_code()));
        (void)sign_in(sandbox, "code", "alice", secret("a1b2c3 no code at all"));
        (void)sign_in(sandbox, "code", "alice", secret("abcd efgh ijkl mnop"));
        (void)sign_in(sandbox, "code", "alice", secret(std::string(300, '7')));
        (void)sign_in(sandbox, "code", "nosuch", secret("918273"));
        (void)sign_in(sandbox, "tail", "alice", alice.password);
        (void)sign_in(sandbox, "tail", "alice", secret("not her password"));
        const std::string code = secret(phone->code());
        (void)sign_in(sandbox, "code", "alice", code);
        (void)sign_in(sandbox, "code", "alice", code);
        (void)sign_in(sandbox, "code", "alice", secret(phone->code()), alice.uid);
    };
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone->recovery_codes().at(0)), PAM_SUCCESS);
    (void)sign_in(sandbox, "code", "alice", phone->recovery_codes().at(0));
    all_ways();
    PamHost lost(sandbox, "code", "alice");
    ASSERT_TRUE(lost.asked());
    daemon->kill(SIGKILL);
    daemon.reset();
    lost.answer(secret(phone->code()));
    EXPECT_EQ(lost.verdict(), PAM_SUCCESS);
    all_ways();
    output_of(sandbox, as_root({"mv", "/etc/warifu/secret.key", "/etc/warifu/away"}));
    all_ways();
    output_of(sandbox, as_root({"mv", "/var/lib/warifu/store", "/var/lib/warifu/away"}));
    all_ways();
    sandbox.wait_for_log("reason=bad_code");
    expect_none_in(sandbox.log(), "the log");

    output_of(sandbox, as_root({"mv", "/var/lib/warifu/away", "/var/lib/warifu/store"}));
    const std::string files = output_of(
        sandbox, as_root({"sh", "-c",
                          "find /run /var/log /var/lib/warifu /etc/warifu /home /dev/shm /tmp /var/tmp "
                          "-path /var/lib/warifu/store -prune -o -type f -exec cat {} +"}));
    expect_none_in(files, "a file");
}

TEST_F(Silence, X06_NothingInArgumentsOrEnvironments) {
    // With warifud, and with a child of the module's own.
    for (const bool listening : {true, false}) {
        if (!listening) daemon.reset();
        PamHost host(sandbox, "code", "alice");
        ASSERT_TRUE(host.asked());
        const std::string seen = arguments_and_environments();
        EXPECT_THAT(seen, HasSubstr("warifud"));
        expect_none_in(seen, "arguments and environments");
        host.answer(secret(phone->code()));
        EXPECT_EQ(host.verdict(), PAM_SUCCESS) << sandbox.log();
    }
}

// A code that was an argument is gone from there before anything waits for warifud.
TEST_F(Silence, X06_TheToolHidesTheCodesAmongItsArguments) {
    daemon->kill(SIGSTOP);
    const std::string proof = secret(phone->wrong_code()), code = secret("246813");
    const Process verifying(sandbox, as_user(alice, {"warifu", "confirm", "--proof", proof, code}));
    const auto end = std::chrono::steady_clock::now() + patience;
    std::string connected;
    while (connected.empty() && std::chrono::steady_clock::now() < end) {
        connected =
            run(sandbox, as_root({"sh", "-c", "ls -l /proc/$(pgrep -o -x warifu)/fd | grep socket"})).out;
    }
    ASSERT_NE(connected, "");
    const std::string tool = pid_inside("warifu");
    expect_none_in(arguments_and_environments(), "arguments and environments");
    const std::string arguments = sandbox.read("/proc/" + tool + "/cmdline");
    EXPECT_THAT(arguments, HasSubstr("confirm"));
    const Process control(sandbox, as_user(alice, {"sleep", "1000"}));
    EXPECT_TRUE(can_trace(as_user(alice, {}), pid_inside("sleep"))) << "the control";
    EXPECT_FALSE(can_trace(as_user(alice, {}), tool));
    daemon->kill(SIGCONT);
}

TEST_F(Silence, X06_WarifudIsNeitherDumpedNorTraced) {
    // Where nothing but dumpability stands between two processes of root's: none of them has CAP_SYS_PTRACE.
    daemon.reset();
    const std::vector<std::string> without = {"setpriv", "--bounding-set=-sys_ptrace",
                                              "--inh-caps=-sys_ptrace"};
    std::vector<std::string> words = without, control = without;
    words.push_back("/usr/sbin/warifud");
    control.insert(control.end(), {"sleep", "1000"});
    const Process guarded(sandbox, as_root(words)), open(sandbox, as_root(control));
    sandbox.wait_for_log("]: ready", 2);
    const std::string warifud = pid_inside("warifud");
    EXPECT_TRUE(can_trace(as_root(without), pid_inside("sleep"))) << "the control";
    EXPECT_FALSE(can_trace(as_root(without), warifud));
    EXPECT_THAT(sandbox.read("/proc/" + warifud + "/limits"),
                ::testing::ContainsRegex("Max core file size +0 +0 "));
}

}  // namespace
}  // namespace warifu::integration
