// Each call to the kernel in a whole sign-in fails once, of the PAM host's, of warifud's that it starts, and
// of warifud's that listens: nobody gets in for it.
#include <gtest/gtest.h>
#include <security/pam_appl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/system_calls.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr int died = 256;  // no code of PAM's

int converse(int count, const pam_message**, pam_response** responses, void* answer) {
    auto* answers =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; answers != nullptr && i < count; ++i)
        answers[i].resp = ::strdup(static_cast<const char*>(answer));
    *responses = answers;
    return answers == nullptr ? PAM_BUF_ERR : PAM_SUCCESS;
}

// What pam_authenticate says in a process of root's that is watched, or died.
int sign_in_watched(const Sandbox& sandbox, const SystemCalls& calls, const std::string& user,
                    std::string answer) {
    const pid_t child = sandbox.fork();
    if (child == 0) {
        calls.enter();
        const pam_conv conversation{converse, answer.data()};
        pam_handle_t* handle = nullptr;
        int verdict = ::pam_start("code", user.c_str(), &conversation, &handle);
        if (verdict == PAM_SUCCESS) verdict = ::pam_authenticate(handle, 0);
        ::pam_end(handle, verdict);
        ::_exit(verdict);
    }
    int status = 0;
    checked(::waitpid(child, &status, 0), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : died;
}

// What touches neither memory, names, files, locks nor peers, and what nobody looks at the result of.
Errors worth_failing() {
    Errors errors = every_call();
    for (const int call : {SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_munmap, SYS_close, SYS_getpid,
                           SYS_getuid, SYS_geteuid, SYS_umask})
        errors.erase(call);
    return errors;
}

class Failures : public ::testing::Test {
  protected:
    Failures() : alice(sandbox.add_user("alice", "alice's password")) {
        // Whoever is ignored gets in.
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so nullok\nauth required pam_permit.so\n");
        sandbox.write("/etc/pam.d/other", "auth required pam_deny.so\n");
        output_of(sandbox, as_root({"warifu", "init"}));
        phone.emplace(sandbox, alice, PhoneKind::hotp);
    }

    // Calls `sign_in` with the first of the calls failing, then the second, and so on, until there are no
    // more.
    void fail_each(const Errors& errors, const std::function<int(const SystemCalls&, int)>& sign_in_under) {
        constexpr int attempts_within_the_budget = 15, fewest = 100;
        for (int nth = 1;; ++nth) {
            const SystemCalls calls;
            calls.watch(errors, nth);
            const int verdict = sign_in_under(calls, nth);
            calls.rest();
            calls.wait_until_over();  // or what the sign-in started would hold the store's lock for ever
            if (calls.struck() < 0) {
                EXPECT_GT(nth, fewest) << "this is no whole sign-in";
                return;
            }
            if (nth % attempts_within_the_budget == 0) unlock();
            if (HasFailure()) {
                ADD_FAILURE() << "call " << nth << ", " << name_of_call(calls.struck()) << ", verdict "
                              << verdict << "\n"
                              << sandbox.log();
                return;
            }
        }
    }
    void unlock() {
        const Answer answer = warifu(sandbox, {"unlock", "--user", "alice"});
        ASSERT_EQ(answer.status, 0) << answer.object;
    }

    void expect_no_way_in(const Errors& errors) {
        const std::string wrong = phone->wrong_code();
        fail_each(errors, [&](const SystemCalls& calls, int) {
            const int verdict = sign_in_watched(sandbox, calls, "alice", wrong);
            EXPECT_NE(verdict, PAM_SUCCESS);
            return verdict;
        });
    }

    // A code that let somebody in is spent; one that did not may be, and the next sign-in says which.
    void expect_settled(const std::string& code, int verdict) {
        const int again = sign_in(sandbox, "code", "alice", code);
        if (verdict == PAM_SUCCESS)
            EXPECT_EQ(again, PAM_AUTH_ERR) << "one code, two successes";
        else
            EXPECT_TRUE(again == PAM_SUCCESS || again == PAM_AUTH_ERR) << again;
    }

    Sandbox sandbox;
    const Account& alice;
    std::optional<Phone> phone;
};

TEST_F(Failures, X09_NoFailingCallLetsAWrongCodeIn) {
    expect_no_way_in(worth_failing());
}

TEST_F(Failures, X09_NothingThatSeemsAbsentLetsAWrongCodeIn) {
    expect_no_way_in(every_absence());
}

TEST_F(Failures, X09_ARightCodeLetsInOnceWhateverFails) {
    Errors errors = worth_failing();
    for (const int call : {SYS_mmap, SYS_mprotect, SYS_brk, SYS_prlimit64}) errors.erase(call);
    fail_each(errors, [&](const SystemCalls& calls, int) {
        const std::string code = phone->code();
        const int verdict = sign_in_watched(sandbox, calls, "alice", code);
        calls.rest();
        expect_settled(code, verdict);
        return verdict;
    });
}

// What did not reach the disk was told to nobody.
TEST_F(Failures, X09_WithoutASyncThereIsNoSuccess) {
    const std::string code = phone->code();
    Errors every_sync;
    for (const int call : {SYS_fdatasync, SYS_fsync, SYS_msync, SYS_sync_file_range}) every_sync[call] = EIO;
    const SystemCalls calls;
    calls.watch_all(every_sync);
    EXPECT_EQ(sign_in_watched(sandbox, calls, "alice", code), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    EXPECT_FALSE(calls.counts().empty());
}

// warifud that listens, and goes on listening.
class ListeningFailures : public Failures {
  protected:
    void start() {
        daemon.reset();
        calls.emplace();
        Command command = as_root({"/usr/sbin/warifud"});
        command.calls = &*calls;
        daemon.emplace(sandbox, command);
        sandbox.wait_for_log("ready", ++started);
    }
    bool answers() {
        try {
            VarlinkPeer peer(sandbox, 0, roots_socket);
            return error_of(peer.call("io.warifu.Health", nlohmann::json::object())).empty();
        } catch (const std::system_error&) {
            return false;
        }
    }

    std::optional<SystemCalls> calls;
    std::optional<Process> daemon;
    int started = 0;
};

TEST_F(ListeningFailures, X09_NoFailingCallOfWarifudsLetsIn) {
    constexpr int fewest = 30;
    start();
    for (int nth = 1;; ++nth) {
        int struck = -1;
        for (const bool right : {false, true}) {
            const std::string code = right ? phone->code() : phone->wrong_code();
            calls->watch(worth_failing(), nth);
            const int verdict = sign_in(sandbox, "code", "alice", code);
            calls->rest();
            struck = calls->struck();
            if (right)
                expect_settled(code, verdict);
            else
                EXPECT_NE(verdict, PAM_SUCCESS);
            ASSERT_FALSE(HasFailure()) << "call " << nth << ", " << name_of_call(struck) << "\n"
                                       << sandbox.log();
            if (!answers()) start();
        }
        unlock();
        if (struck < 0) {
            EXPECT_GT(nth, fewest) << "this is no whole sign-in";
            break;
        }
    }
}

}  // namespace
}  // namespace warifu::integration
