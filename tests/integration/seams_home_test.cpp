// Keys in the homes, and in one file of root's: the every-day flows, and what a home's owner may lay in wait.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/fuse.h>
#include <security/pam_appl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>

#include "tests/integration/one_time_code.h"
#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char file[] = "/home/alice/.warifu", home_configuration[] = "/etc/warifu/warifu.conf";

class Sources : public ::testing::Test {
  protected:
    Sources() : alice(sandbox.add_user("alice", "alice's password")) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        sandbox.write("/etc/pam.d/nullok",
                      "auth required pam_warifu.so nullok\nauth required pam_permit.so\n");
    }

    void begin(const std::string& sources) {
        sandbox.write(home_configuration, "[store]\nsources = [" + sources + "]\n");
        daemon = std::make_unique<Warifud>(sandbox);
    }
    void shell(const std::string& line) { output_of(sandbox, as_root({"sh", "-ec", line})); }
    std::string stat_of(const std::string& path) {
        return output_of(sandbox, as_root({"stat", "-c", "%F %a %U:%G %h", path}));
    }
    int sign_in(const std::string& answer, const std::string& service = "code") {
        return integration::sign_in(sandbox, service, "alice", answer);
    }

    Sandbox sandbox;
    const Account& alice;
    std::unique_ptr<Warifud> daemon;
};

TEST_F(Sources, S20_TheHomeServesEveryDay) {
    begin("\"home\"");
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(stat_of(file), "regular file 600 alice:alice 1\n");
    EXPECT_THAT(sandbox.read(file), HasSubstr(phone.secret()));
    EXPECT_EQ(warifu(sandbox, alice, {"status"}).object.value("source", ""), "home");
    const std::string before = sandbox.read(file), code = phone.code();
    EXPECT_EQ(sign_in(phone.wrong_code()), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(code), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(code), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(phone.recovery_codes().at(0)), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(phone.recovery_codes().at(0)), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sandbox.read(file), before) << "a sign-in writes no file";

    // Somebody who puts an old copy back gains nothing.
    shell("cp -p ~alice/.warifu ~alice/copy; mv ~alice/copy ~alice/.warifu");
    EXPECT_EQ(sign_in(code), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(phone.recovery_codes().at(0)), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(phone.code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Sources, S20_AnAuthenticatorInTheHomeIsAddedAndRemoved) {
    begin("\"home\"");
    Phone first(sandbox, alice, PhoneKind::hotp);
    const std::string id = warifu(sandbox, {"status", "--user", "alice"}).object["authenticators"][0]["id"];
    Phone second(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(sign_in(first.code()), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(second.code()), PAM_SUCCESS) << sandbox.log();
    const Answer removed = warifu(sandbox, alice, {"remove", "--proof", second.code(), id});
    EXPECT_EQ(removed.status, 0) << removed.object;
    EXPECT_EQ(stat_of(file), "regular file 600 alice:alice 1\n");
    EXPECT_THAT(sandbox.read(file), Not(HasSubstr(first.secret())));
    EXPECT_EQ(sign_in(first.code()), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(second.code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Sources, S20_WithoutWarifudTheHomeServesAsWell) {
    begin("\"home\"");
    daemon.reset();
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(stat_of(file), "regular file 600 alice:alice 1\n");
    EXPECT_EQ(sign_in(phone.wrong_code()), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(phone.code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Sources, X11_WhoDeletesTheirOwnFileIsStillRefused) {
    begin("\"home\"");
    Phone phone(sandbox, alice, PhoneKind::hotp);
    shell(std::string("rm ") + file);
    EXPECT_EQ(sign_in(phone.code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    EXPECT_EQ(sign_in(phone.code(), "nullok"), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
}

// What was done is done, and said to be.
TEST_F(Sources, E07_AResetIsDoneThoughTheHomeCannotBeRead) {
    begin("\"central\", \"home\"");
    const Phone phone(sandbox, alice, PhoneKind::hotp);
    shell("chmod 0777 /home/alice");
    const Answer done = warifu(sandbox, {"reset", "--user", "alice"});
    EXPECT_EQ(done.status, 0) << done.object;
    EXPECT_EQ(done.object.value("removed", 0), 1);
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).status, 4) << "the control";
}

TEST_F(Sources, S20_OneTextFileServesEveryDay) {
    const std::string secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    begin("\"text\", \"central\"");
    const std::string keys = "# by hand\nalice otpauth://hotp/Warifu:alice?secret=" + secret + "&counter=0\n";
    sandbox.write("/etc/warifu/users.keys", keys, 0600);
    EXPECT_EQ(warifu(sandbox, alice, {"status"}).object.value("source", ""), "text");
    EXPECT_EQ(sign_in("000000"), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(hotp(secret, 0)), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(hotp(secret, 0)), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(hotp(secret, 1)), PAM_SUCCESS) << sandbox.log();
    const Answer added = warifu(sandbox, {"enroll", "--user", "alice"});
    EXPECT_EQ(added.object.value("error", ""), "conflict") << added.object;
    EXPECT_EQ(sandbox.read("/etc/warifu/users.keys"), keys);
    // Others still enrol, in the next source.
    const Account& bob = sandbox.add_user("bob", "bob's password");
    Phone phone(sandbox, bob, PhoneKind::hotp);
    EXPECT_EQ(integration::sign_in(sandbox, "code", "bob", phone.code()), PAM_SUCCESS) << sandbox.log();
}

class HomeTraps : public Sources {
  protected:
    HomeTraps() {
        begin("\"home\"");
        phone.emplace(sandbox, alice, PhoneKind::hotp);
        shell("cp -p ~alice/.warifu /srv/kept");
        target_before = target();
    }
    std::string target() { return stat_of("/etc/shadow") + sandbox.read("/etc/shadow"); }
    void mend() { shell("rm -rf ~alice/.warifu; cp -p /srv/kept ~alice/.warifu; chmod 700 ~alice"); }

    std::optional<Phone> phone;
    std::string target_before;
};

TEST_F(HomeTraps, X01_ASymlinkInPlaceOfTheFileHarmsNothing) {
    for (const char* target_path : {"/etc/shadow", "/srv/kept", "/nowhere"}) {
        shell(std::string("ln -sf ") + target_path + " ~alice/.warifu; chown -h alice:alice ~alice/.warifu");
        EXPECT_EQ(sign_in(phone->code()), PAM_AUTHINFO_UNAVAIL) << target_path << sandbox.log();
        EXPECT_EQ(sign_in(phone->code(), "nullok"), PAM_AUTHINFO_UNAVAIL) << target_path;
        EXPECT_NE(warifu(sandbox, alice, {"enroll"}).status, 0) << target_path;
        EXPECT_NE(warifu(sandbox, {"codes", "--user", "alice", "--regenerate"}).status, 0) << target_path;
    }
    sandbox.wait_for_log(std::string(file) + ": is a symbolic link");
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(sandbox.read("/etc/shadow").substr(0, 20))));
    EXPECT_EQ(target(), target_before);
    EXPECT_NE(run(sandbox, as_root({"test", "-e", "/nowhere"})).status, 0);
}

// New codes are written while alice lays links at every name that can be foreseen.
TEST_F(HomeTraps, X01_SymlinksAtTemporaryNamesHarmNothing) {
    for (const char* name : {".warifu.new", ".warifu.tmp", ".warifu~", ".warifu.0000000000000000.new"}) {
        output_of(sandbox, as_user(alice, {"ln", "-s", "/etc/shadow", name}));
    }
    EXPECT_EQ(warifu(sandbox, {"codes", "--user", "alice", "--regenerate"}).status, 0) << sandbox.log();
    EXPECT_EQ(stat_of(file), "regular file 600 alice:alice 1\n");
    EXPECT_EQ(sign_in(phone->code()), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(target(), target_before);
}

TEST_F(HomeTraps, X01_AHomeThatIsASymlinkOfItsOwnerHarmsNothing) {
    // The way to the home is root's; a home of somebody else's is refused.
    shell("mv ~alice /home/moved; ln -s /root /home/alice");
    EXPECT_EQ(sign_in(phone->code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    EXPECT_NE(run(sandbox, as_root({"test", "-e", "/root/.warifu"})).status, 0);
}

struct Trap {
    const char* laid;
    const char* said;
};

TEST_F(HomeTraps, X02_WhatIsNoPlainFileOfTheOwnersIsRefusedAndNamed) {
    const Trap traps[] = {
        {"rm .warifu; mkfifo -m 600 .warifu; chown alice .warifu", ".warifu: is a FIFO"},
        {"ln .warifu second", ".warifu: has 2 names"},
        {"rm -f .warifu; install -d -o alice -m 700 .warifu", ".warifu: is a directory"},
        {"rm .warifu; mknod -m 600 .warifu c 1 3; chown alice .warifu", ".warifu: is a device"},
        {"chmod 640 .warifu", "has mode 0640"},
        {"chmod 604 .warifu", "has mode 0604"},
        {"chmod 660 .warifu", "has mode 0660"},
        {"chmod 2600 .warifu", "has mode 2600"},
        {"chown root .warifu; chmod 600 .warifu", ".warifu"},
        {"chmod 777 .", "/home/alice: can be written to by others"},
        {"chmod 770 .", "/home/alice: can be written to by others"},
        {": > .warifu", ".warifu: is empty"},
        {"echo '{' > .warifu", "the home of alice"},
    };
    for (const Trap& trap : traps) {
        shell(std::string("cd ~alice; ") + trap.laid);
        EXPECT_EQ(sign_in(phone->code()), PAM_AUTHINFO_UNAVAIL) << trap.laid << sandbox.log();
        sandbox.wait_for_log(trap.said);
        mend();
        shell("rm -f ~alice/second");
    }
    const Descriptor listener = listen_as(sandbox, alice.uid, "/home/alice/socket");
    shell("cd ~alice; chmod 600 socket; mv socket .warifu");
    EXPECT_EQ(sign_in(phone->code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    sandbox.wait_for_log(".warifu: is a socket");
    mend();
    EXPECT_EQ(sign_in(phone->code()), PAM_SUCCESS) << sandbox.log();
    shell("chmod 400 ~alice/.warifu");
    EXPECT_EQ(sign_in(phone->code()), PAM_SUCCESS) << sandbox.log();
    EXPECT_THAT(sandbox.log(), Not(HasSubstr(phone->secret())));
}

// A file system over somebody's home that is mounted and answers nothing from then on, as a dead NFS server
// does: who asks it anything is out of reach of every signal until this ends.
class DeadHome {
  public:
    DeadHome(const Sandbox& sandbox, const Account& owner) {
        Pipe mounted = make_pipe();
        server_ = sandbox.fork();
        if (server_ != 0) {
            mounted.writer.close();
            char byte = 0;
            if (::read(mounted.reader.number(), &byte, 1) != 1) throw std::runtime_error("no FUSE here");
            return;
        }
        serve(owner, mounted.writer.number());
        ::_exit(1);
    }
    ~DeadHome() {
        ::kill(server_, SIGKILL);
        ::waitpid(server_, nullptr, 0);
    }
    DeadHome(const DeadHome&) = delete;
    DeadHome& operator=(const DeadHome&) = delete;

  private:
    static void serve(const Account& owner, int tell) noexcept {
        ::mknod("/dev/fuse", S_IFCHR | 0600, makedev(10, 229));
        const int device = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
        char options[128];
        std::snprintf(options, sizeof options, "fd=%d,rootmode=40700,user_id=%u,group_id=%u,allow_other",
                      device, owner.uid, owner.gid);
        if (device < 0 || ::mount("dead", owner.home.c_str(), "fuse", MS_NOSUID | MS_NODEV, options) != 0)
            return;
        alignas(8) static char request[256 * 1024];
        while (::read(device, request, sizeof request) > 0) {
            fuse_in_header asked{};
            std::memcpy(&asked, request, sizeof asked);
            if (asked.opcode != FUSE_INIT) continue;
            struct {
                fuse_out_header header{};
                fuse_init_out body{};
            } reply;
            reply.header = {sizeof reply, 0, asked.unique};
            reply.body.major = FUSE_KERNEL_VERSION;
            reply.body.minor = FUSE_KERNEL_MINOR_VERSION;
            reply.body.max_write = 4096;
            if (::write(device, &reply, sizeof reply) != sizeof reply || ::write(tell, "m", 1) != 1) return;
        }
    }

    pid_t server_ = -1;
};

// Whoever hangs in the kernel is abandoned, and counts for as long as it is there: nobody's sign-ins pile
// processes up.
TEST_F(Sources, X08_ReadersOfADeadHomeDoNotPileUp) {
    begin("\"home\"");
    const Account& bob = sandbox.add_user("bob", "bob's password");
    Phone phone(sandbox, bob, PhoneKind::hotp);
    const DeadHome dead(sandbox, alice);
    for (int i = 0; i < 4; ++i) {
        VarlinkPeer peer(sandbox, alice.uid);
        EXPECT_EQ(error_of(peer.call("io.warifu.Status", {{"user", "alice"}})), "Unavailable");
    }
    const std::string readers = output_of(
        sandbox,
        as_root({"sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -cx -- --read[-]home; true"}));
    EXPECT_EQ(readers, "2\n");
    EXPECT_EQ(integration::sign_in(sandbox, "code", "bob", phone.code()), PAM_SUCCESS) << sandbox.log();
}

}  // namespace
}  // namespace warifu::integration
