// A caller of su or sudo freezes everything in the cgroup that is theirs, at each step of their sign-in: the
// next person signs in all the same. A step is a call to the kernel by which processes meet, or which changes
// the store.
#include <gtest/gtest.h>
#include <security/pam_appl.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/system_calls.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char top[] = "/sys/fs/cgroup", code_file[] = "/run/code";

// A cgroup of version 2, delegated to an account as a service manager does it; gone with the object, and what
// is in it too. Cgroups are the machine's, whatever sandbox looks at them.
class OwnCgroup {
  public:
    OwnCgroup(const Sandbox& sandbox, const Account& account)
        : sandbox_(sandbox),
          account_(account),
          path_(std::string(top) + "/warifu-test-" + std::to_string(::getpid())) {
        sandbox.inside([&] {
            std::filesystem::create_directory(path_);
            for (const char* name : {"", "/cgroup.procs", "/cgroup.freeze", "/cgroup.kill"})
                checked(::chown((path_ + name).c_str(), account.uid, account.gid), path_ + name);
        });
    }
    ~OwnCgroup() {
        kill();
        write("/cgroup.freeze", "0");
        while (::rmdir(sandbox_.outside(path_).c_str()) != 0 && errno == EBUSY) std::this_thread::yield();
    }
    OwnCgroup(const OwnCgroup&) = delete;
    OwnCgroup& operator=(const OwnCgroup&) = delete;

    // `words` in it, as its owner, with the file `input` to read.
    Command holding(const std::string& words, const std::string& input) const {
        const std::string id = std::to_string(account_.uid);
        return as_root({"sh", "-c",
                        "echo 0 >" + path_ + "/cgroup.procs && exec setpriv --reuid " + id + " --regid " +
                            id + " --clear-groups " + words + " <" + input});
    }
    // As its owner does it; everything in it stands still then.
    void freeze() const {
        output_of(sandbox_, as_user(account_, {"sh", "-c", "echo 1 >" + path_ + "/cgroup.freeze"}));
        while (sandbox_.read(path_ + "/cgroup.events").find("frozen 1") == std::string::npos)
            std::this_thread::yield();
    }
    bool populated() const {
        return sandbox_.read(path_ + "/cgroup.events").find("populated 1") != std::string::npos;
    }
    void kill() const { write("/cgroup.kill", "1"); }

  private:
    void write(const std::string& name, const char* text) const {
        std::ofstream(sandbox_.outside(path_ + name)) << text << std::flush;
    }

    const Sandbox& sandbox_;
    const Account& account_;
    const std::string path_;
};

Errors steps() {
    Errors calls;
    for (const int call : {SYS_socket, SYS_connect, SYS_socketpair, SYS_clone, SYS_clone3, SYS_execve,
                           SYS_setresuid, SYS_sendto, SYS_recvfrom, SYS_waitid, SYS_dup3, SYS_close_range,
                           SYS_epoll_wait, SYS_poll, SYS_ppoll, SYS_pwrite64, SYS_fdatasync, SYS_fcntl})
        calls[call] = EIO;
    return calls;
}

enum class Daemon { listening, absent };
enum class Asked { the_caller, carol };

struct Door {
    const char* name;
    const char* words;
    Asked asked;
    Daemon daemon;
};

class Frozen : public ::testing::TestWithParam<Door> {
  protected:
    Frozen()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          carol(sandbox.add_user("carol", "carol's password")) {
        const std::string rest = "account required pam_permit.so\nsession required pam_permit.so\n";
        for (const char* service : {"su", "sudo", "code"})
            sandbox.write(std::string("/etc/pam.d/") + service, "auth required pam_warifu.so\n" + rest);
        sandbox.write("/etc/sudoers", "Defaults lecture=never, passwd_tries=1\nalice ALL=(ALL:ALL) ALL\n",
                      0440);
        output_of(sandbox, as_root({"warifu", "init"}));
        sandbox.inside([] { checked(::mount("cgroup2", top, "cgroup2", 0, nullptr), "cgroup2"); });
        if (GetParam().daemon == Daemon::listening) daemon = std::make_unique<Warifud>(sandbox);
        of_alice.emplace(sandbox, alice, PhoneKind::hotp);
        of_bob.emplace(sandbox, bob, PhoneKind::hotp);
        of_carol.emplace(sandbox, carol, PhoneKind::hotp);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    const Account& carol;
    std::unique_ptr<Warifud> daemon;
    std::optional<Phone> of_alice, of_bob, of_carol;
};

TEST_P(Frozen, X33_TheNextPersonSignsIn) {
    sandbox.write(code_file, of_alice->wrong_code() + "\n");
    int frozen = 0;
    for (int nth = 1;; ++nth) {
        const SystemCalls calls;
        calls.hold(steps(), nth);
        const OwnCgroup cgroup(sandbox, alice);
        Command command = cgroup.holding(GetParam().words, code_file);
        command.calls = &calls;
        const Process caller(sandbox, command);
        if (!calls.held()) break;
        cgroup.freeze();
        frozen += cgroup.populated() ? 1 : 0;
        calls.release();
        ASSERT_EQ(sign_in(sandbox, "code", "bob", of_bob->code()), PAM_SUCCESS)
            << "held at call " << nth << ", " << name_of_call(calls.struck()) << "\n"
            << sandbox.log();
        cgroup.kill();
    }
    EXPECT_GT(frozen, 20) << "no caller was there to be frozen";
}

// A service manager kills what is left in a cgroup and goes on to use it.
TEST_P(Frozen, X33_ACgroupWhereEverythingWasKilledBefore) {
    const OwnCgroup cgroup(sandbox, alice);
    cgroup.kill();
    Phone& phone = GetParam().asked == Asked::the_caller ? *of_alice : *of_carol;
    sandbox.write(code_file, phone.code() + "\n");
    EXPECT_EQ(run(sandbox, cgroup.holding(GetParam().words, code_file)).status, 0) << sandbox.log();
}

INSTANTIATE_TEST_SUITE_P(
    Doors, Frozen,
    ::testing::Values(Door{"SuWithWarifud", "su carol -c true", Asked::carol, Daemon::listening},
                      Door{"SuWithoutWarifud", "su carol -c true", Asked::carol, Daemon::absent},
                      Door{"SudoWithWarifud", "sudo -S true", Asked::the_caller, Daemon::listening},
                      Door{"SudoWithoutWarifud", "sudo -S true", Asked::the_caller, Daemon::absent}),
    [](const auto& door) { return door.param.name; });

}  // namespace
}  // namespace warifu::integration
