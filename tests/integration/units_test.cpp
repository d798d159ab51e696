// packaging/systemd, judged by systemd's own tools, and what warifud does with what a service manager hands
// it.
#include <gmock/gmock.h>
#include <poll.h>
#include <security/pam_appl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/source_file.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> units = {"warifud.service", "warifud.socket", "warifud-root.socket",
                                        "warifu-gateway.service", "warifu-gateway.socket"};

std::string place_of(const std::string& unit) {
    return "/etc/systemd/system/" + unit;
}

void install_units(Sandbox& sandbox) {
    for (const std::string& unit : units) {
        sandbox.write(place_of(unit), source_file("packaging/systemd/" + unit));
    }
}

TEST(Units, P03_AreWhatSystemdUnderstands) {
    Sandbox sandbox;
    install_units(sandbox);
    Command verify = as_root({"systemd-analyze", "verify", "--man=no"});
    for (const std::string& unit : units) verify.words.push_back(place_of(unit));
    const Result result = run(sandbox, verify);
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out + result.err, IsEmpty());
}

// systemd's exposure of this service is 2.7 of 10, most of it what the homes of others and their directories
// need.
TEST(Units, P03_TheSandboxIsNoLooserThanItWas) {
    Sandbox sandbox;
    install_units(sandbox);
    const Result result = run(sandbox, as_root({"systemd-analyze", "security", "--no-pager", "--offline=true",
                                                "--threshold=27", place_of("warifud.service")}));
    EXPECT_EQ(result.status, 0) << result.out << result.err;
}

// It has the socket that it was given, and warifud's.
TEST(Units, P03_TheGatewayReachesNothingElse) {
    Sandbox sandbox;
    install_units(sandbox);
    const Result result = run(sandbox, as_root({"systemd-analyze", "security", "--no-pager", "--offline=true",
                                                "--threshold=5", place_of("warifu-gateway.service")}));
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    const std::string service = source_file("packaging/systemd/warifu-gateway.service");
    for (const char* line :
         {"\nUser=warifu-gateway\n", "\nCapabilityBoundingSet=\n", "\nPrivateNetwork=yes\n",
          "\nRestrictAddressFamilies=AF_UNIX\n", "\nNoNewPrivileges=yes\n"})
        EXPECT_THAT(service, HasSubstr(line));
    EXPECT_THAT(source_file("packaging/systemd/warifu-gateway.socket"),
                HasSubstr("\nListenStream=127.0.0.1:8442\n"));
}

TEST(Units, P03_KeepFourCapabilitiesAndNobodyCanStopThem) {
    const std::string service = source_file("packaging/systemd/warifud.service");
    EXPECT_THAT(service,
                HasSubstr("\nCapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL CAP_AUDIT_WRITE\n"));
    for (const char* line : {"\nRestart=always\n", "\nStartLimitIntervalSec=0\n", "\nNoNewPrivileges=yes\n"})
        EXPECT_THAT(service, HasSubstr(line));
    const std::string everybody = source_file("packaging/systemd/warifud.socket");
    EXPECT_THAT(everybody, HasSubstr("\nListenStream=/run/warifu/warifu.sock\nSocketMode=0666\n"));
    const std::string root = source_file("packaging/systemd/warifud-root.socket");
    EXPECT_THAT(root, HasSubstr("\nListenStream=/run/warifu/root.sock\nSocketMode=0600\n"));
    for (const std::string& socket : {everybody, root})
        EXPECT_THAT(socket, HasSubstr("\nTriggerLimitIntervalSec=0\n"));
}

// systemd-socket-activate starts warifud at the first connection, as systemd does. It gives the sockets no
// mode of their own: the test does.
TEST(Activation, P03_ASignInComesThroughThePassedSockets) {
    Sandbox sandbox;
    const Account& account = sandbox.add_user("kimiko", "correct horse");
    output_of(sandbox, as_root({"warifu", "init"}));
    const Phone made_without_warifud(sandbox, account, PhoneKind::hotp);
    Phone phone = made_without_warifud;
    sandbox.write("/etc/pam.d/door", "auth required pam_warifu.so debug\nauth required pam_permit.so\n");
    output_of(sandbox, as_root({"mkdir", "-m", "755", "-p", "/run/warifu"}));

    Terminal activator(sandbox, as_root({"systemd-socket-activate", "-l", "/run/warifu/root.sock", "-l",
                                         "/run/warifu/warifu.sock", "/usr/sbin/warifud"}));
    activator.expect("Listening on /run/warifu/warifu.sock");
    // Open to everybody, the first one too: that it is root's is then told by its name.
    output_of(sandbox, as_root({"chmod", "666", "/run/warifu/root.sock", "/run/warifu/warifu.sock"}));
    EXPECT_EQ(sign_in(sandbox, "door", account.name, phone.code()), PAM_SUCCESS);
    activator.expect("Execing /usr/sbin/warifud");
    EXPECT_THAT(sandbox.log(), Not(HasSubstr("for this sign-in")));

    EXPECT_EQ(warifu(sandbox, account, {"status"}).status, 0);
    EXPECT_EQ(warifu(sandbox, account, {"status", "--socket", "/run/warifu/root.sock"}).status, 4);
}

// The end of a notification socket that a service manager holds.
class Manager {
  public:
    explicit Manager(const Sandbox& sandbox)
        : socket_(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        sandbox.outside(path).copy(address.sun_path, sizeof address.sun_path - 1);
        checked(::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), path);
    }
    std::string next() const {
        pollfd event{socket_.number(), POLLIN, 0};
        if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1) {
            throw std::runtime_error("the manager was told nothing more");
        }
        char state[256] = {};
        checked(::recv(socket_.number(), state, sizeof state - 1, 0), "recv");
        return state;
    }
    static constexpr char path[] = "/run/notify";

  private:
    Descriptor socket_;
};

TEST(Activation, P03_TheManagerHearsThatWarifudIsReadyAndLives) {
    Sandbox sandbox;
    output_of(sandbox, as_root({"warifu", "init"}));
    const Manager manager(sandbox);
    Command command = as_root({"/usr/sbin/warifud"});
    command.environment.push_back(std::string("NOTIFY_SOCKET=") + Manager::path);
    command.environment.emplace_back("WATCHDOG_USEC=200000");
    Process process(sandbox, command);
    EXPECT_EQ(manager.next(), "READY=1");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(manager.next(), "WATCHDOG=1");
    process.kill(SIGTERM);
    std::string last = manager.next();
    while (last == "WATCHDOG=1") last = manager.next();
    EXPECT_EQ(last, "STOPPING=1");
    EXPECT_EQ(process.wait(), 0);
}

}  // namespace
}  // namespace warifu::integration
