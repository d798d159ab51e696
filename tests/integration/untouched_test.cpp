// What the module leaves in real hosts, with warifud and without: a probe before it and one after it in the
// stack see the same process.
#include <gmock/gmock.h>
#include <pthread.h>
#include <security/pam_appl.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <thread>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char states_file[] = "/run/states", probe[] = WARIFU_BUILD_DIR "/tests/unit/pam_probe.so";

enum class DaemonIs { listening, absent };

std::string named(const ::testing::TestParamInfo<DaemonIs>& info) {
    return info.param == DaemonIs::listening ? "WithWarifud" : "WithoutWarifud";
}

// Looks as late as can be before the line, and as early after it: what libc keeps of syslog would show.
std::string watched(const std::string& line) {
    const std::string look = std::string("auth optional ") + probe,
                      record = std::string(" record=") + states_file;
    return look + " say" + record + "\n" + line + "\n" + look + record + " say\n";
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream all(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(all, line);) lines.push_back(line);
    return lines;
}

class Untouched : public ::testing::TestWithParam<DaemonIs> {
  protected:
    Untouched() : alice(sandbox.add_user("alice", "alice's password")) {
        output_of(sandbox, as_root({"warifu", "init"}));
        if (GetParam() == DaemonIs::listening) daemon = std::make_unique<Warifud>(sandbox);
        phone = std::make_unique<Phone>(sandbox, alice, PhoneKind::hotp);
    }

    void watch_service(const std::string& service) {
        sandbox.write("/etc/pam.d/" + service,
                      "auth [success=4 default=ignore] pam_unix.so\n" +
                          watched("auth required pam_warifu.so first_factor_failed") +
                          "auth requisite pam_deny.so\n" + watched("auth required pam_warifu.so") +
                          "auth required pam_permit.so\n@include common-account\n@include common-session\n");
    }

    // What the probes saw of `calls` calls into the module: each time the same before and after.
    void expect_the_same(std::size_t calls) {
        const std::vector<std::string> states = lines_of(sandbox.read(states_file));
        ASSERT_THAT(states, SizeIs(2 * calls)) << sandbox.log();
        for (std::size_t i = 0; i < states.size(); i += 2) {
            const json before = json::parse(states[i]), after = json::parse(states[i + 1]);
            EXPECT_FALSE(before["descriptors"].empty()) << before;
            EXPECT_EQ(json::diff(before, after), json::array()) << "call " << i / 2 + 1;
        }
    }

    // Every line that the probes sent bears the name of the host, with its pid or without, as the first did.
    void expect_one_syslog_identity(std::size_t calls, const std::string& identity) {
        std::vector<std::string> said;
        for (const std::string& line : lines_of(sandbox.log())) {
            const auto at = line.find(": the probe's line");
            if (at == std::string::npos) continue;
            const auto from = line.rfind(' ', at - 1) + 1;
            said.push_back(line.substr(0, line.find('>') + 1) + line.substr(from, at - from));
        }
        ASSERT_THAT(said, SizeIs(2 * calls)) << sandbox.log();
        for (std::size_t i = 0; i < said.size(); i += 2) {
            EXPECT_THAT(said[i], HasSubstr(identity));
            EXPECT_EQ(said[i], said[i + 1]);
        }
    }

    Sandbox sandbox;
    const Account& alice;
    std::unique_ptr<Warifud> daemon;
    std::unique_ptr<Phone> phone;
};

TEST_P(Untouched, X04_Sshd) {
    watch_service("sshd");
    const Sshd sshd(sandbox);
    const auto sign_in = [&](const std::string& password, const std::string& code) {
        Terminal terminal(sandbox, ssh("alice", "id -un"));
        terminal.expect("Password: ");
        terminal.type_line(password);
        terminal.expect("One-time code: ");
        terminal.type_line(code);
        return terminal.wait();
    };
    EXPECT_EQ(sign_in(alice.password, phone->code()), 0) << sandbox.log();
    EXPECT_NE(sign_in(alice.password, phone->wrong_code()), 0);
    EXPECT_NE(sign_in("no password", phone->code()), 0);
    expect_the_same(3);
    expect_one_syslog_identity(3, "sshd");
}

TEST_P(Untouched, X04_Sudo) {
    watch_service("sudo");
    sandbox.write("/etc/sudoers", "Defaults lecture=never\nalice ALL=(ALL:ALL) ALL\n", 0440);
    Terminal terminal(sandbox, as_user(alice, {"sudo", "id", "-un"}));
    const auto answer = [&](const std::string& password, const std::string& code) {
        terminal.expect("assword");
        terminal.type_line(password);
        terminal.expect("One-time code: ");
        terminal.type_line(code);
    };
    answer(alice.password, phone->wrong_code());
    answer("no password", phone->wrong_code());
    answer(alice.password, phone->code());
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript() << sandbox.log();
    expect_the_same(3);
    expect_one_syslog_identity(3, "sudo");
}

int answer_all(int count, const pam_message**, pam_response** responses, void* answer) {
    auto* answers =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; answers != nullptr && i < count; ++i)
        answers[i].resp = ::strdup(static_cast<const char*>(answer));
    *responses = answers;
    return answers == nullptr ? PAM_BUF_ERR : PAM_SUCCESS;
}

// A host whose other threads allocate and take locks meanwhile, without a pause.
int sign_in_among_busy_threads(std::string answer) {
    std::atomic<bool> stop{false};
    std::vector<std::thread> busy;
    for (int i = 0; i < 3; ++i) {
        busy.emplace_back([&] {
            while (!stop) std::vector<std::string>(64, std::string(100, 'x')).clear();
        });
    }
    const pam_conv conversation{answer_all, answer.data()};
    pam_handle_t* handle = nullptr;
    int verdict = ::pam_start("code", "alice", &conversation, &handle);
    std::thread signs_in([&] {
        if (verdict == PAM_SUCCESS) verdict = ::pam_authenticate(handle, 0);
    });
    signs_in.join();
    ::pam_end(handle, verdict);
    stop = true;
    for (std::thread& thread : busy) thread.join();
    return verdict;
}

TEST_P(Untouched, X04_AHostOfManyThreads) {
    sandbox.write("/etc/pam.d/code",
                  watched("auth required pam_warifu.so") + "auth required pam_permit.so\n");
    const auto sign_in = [&](const std::string& answer) {
        const pid_t host = sandbox.fork();
        if (host == 0) ::_exit(sign_in_among_busy_threads(answer));
        int status = 0;
        checked(::waitpid(host, &status, 0), "waitpid");
        return integration::status_of(status);
    };
    EXPECT_EQ(sign_in(phone->code()), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(sign_in(phone->wrong_code()), PAM_AUTH_ERR);
    expect_the_same(2);
    expect_one_syslog_identity(2, "integration_calls");
}

INSTANTIATE_TEST_SUITE_P(Hosts, Untouched, ::testing::Values(DaemonIs::listening, DaemonIs::absent), named);

}  // namespace
}  // namespace warifu::integration
