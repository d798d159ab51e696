// What one sign-in costs, from a process that is forked for it (as sshd does) to its verdict: Warifu with
// warifud and without, beside pam_google_authenticator and the floor of a stack that asks nothing.
// Interleaved, so that a drift of the machine's speed meets all of them alike. Counter-based codes, computed
// beforehand; every counted sign-in is a success.
//
// usage: bench_sign_in [ROUNDS]

#include <security/pam_appl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace {

using namespace warifu::integration;
using Clock = std::chrono::steady_clock;

struct Candidate {
    std::string name, service, user;
    std::vector<std::string> codes;
    std::vector<double> microseconds;
};

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
    auto* answers =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    for (int i = 0; answers != nullptr && i < count; ++i) {
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON) {
            answers[i].resp = ::strdup(static_cast<const char*>(data));
        }
    }
    *responses = answers;
    return answers == nullptr ? PAM_BUF_ERR : PAM_SUCCESS;
}

int authenticate(const Candidate& candidate, std::size_t round) {
    const pam_conv conversation{converse, const_cast<char*>(candidate.codes[round].c_str())};
    pam_handle_t* handle = nullptr;
    int verdict = ::pam_start(candidate.service.c_str(), candidate.user.c_str(), &conversation, &handle);
    if (verdict == PAM_SUCCESS) {
        verdict = ::pam_authenticate(handle, 0);
    }
    ::pam_end(handle, verdict);
    return verdict;
}

double one_sign_in(const Candidate& candidate, std::size_t round) {
    const auto before = Clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(authenticate(candidate, round));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const std::chrono::duration<double, std::micro> took = Clock::now() - before;
    if (status != 0) {
        std::fprintf(stderr, "%s: sign-in %zu failed with PAM code %d\n", candidate.name.c_str(), round,
                     WEXITSTATUS(status));
        std::exit(1);
    }
    return took.count();
}

std::vector<std::string> hotp_codes(const Sandbox& sandbox, const std::string& secret, std::size_t first,
                                    std::size_t count) {
    const std::string text =
        output_of(sandbox, as_root({"oathtool", "--hotp", "-b", "-c", std::to_string(first), "-w",
                                    std::to_string(count), secret}));
    std::istringstream lines(text);
    std::vector<std::string> codes;
    for (std::string line; std::getline(lines, line);) {
        codes.push_back(line);
    }
    return codes;
}

double percentile(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t rounds = argc > 1 ? static_cast<std::size_t>(std::atol(argv[1])) : 300;
    Sandbox sandbox;
    const Account& with = sandbox.add_user("with", "x");
    const Account& without = sandbox.add_user("without", "x");
    const Account& google = sandbox.add_user("google", "x");
    sandbox.write("/etc/pam.d/floor", "auth required pam_permit.so\n");
    sandbox.write("/etc/pam.d/with", "auth required pam_warifu.so\n");
    sandbox.write("/etc/pam.d/without", "auth required pam_warifu.so config=/etc/warifu/warifu.conf\n");
    sandbox.write("/etc/pam.d/google", "auth required pam_google_authenticator.so\n");
    output_of(sandbox, as_root({"warifu", "init"}));
    const Warifud daemon(sandbox);

    std::vector<Candidate> candidates(4);
    candidates[0] = {"pam_permit (floor)", "floor", "with", std::vector<std::string>(rounds), {}};
    Phone phone_with(sandbox, with, PhoneKind::hotp), phone_without(sandbox, without, PhoneKind::hotp);
    candidates[1] = {
        "warifu, warifud listening", "with", "with", hotp_codes(sandbox, phone_with.secret(), 1, rounds), {}};
    candidates[2] = {"warifu, without warifud",
                     "without",
                     "without",
                     hotp_codes(sandbox, phone_without.secret(), 1, rounds),
                     {}};
    const std::string secret = "2SH3V3GDW7ZNMGYE";
    sandbox.write(google.home + "/.google_authenticator", secret + "\n\" HOTP_COUNTER 1\n\" WINDOW_SIZE 3\n",
                  0400);
    output_of(sandbox, as_root({"chown", "google:google", google.home + "/.google_authenticator"}));
    candidates[3] = {
        "pam_google_authenticator", "google", "google", hotp_codes(sandbox, secret, 1, rounds), {}};

    // The times come back over a pipe from one host process inside.
    Pipe times = make_pipe();
    const pid_t host = sandbox.fork();
    if (host == 0) {
        for (std::size_t round = 0; round < rounds; ++round) {
            for (const auto& candidate : candidates) {
                const double took = one_sign_in(candidate, round);
                if (::write(times.writer.number(), &took, sizeof took) != sizeof took) {
                    ::_exit(1);
                }
            }
        }
        ::_exit(0);
    }
    times.writer.close();
    double took = 0;
    for (std::size_t i = 0; ::read(times.reader.number(), &took, sizeof took) == sizeof took; ++i) {
        candidates[i % candidates.size()].microseconds.push_back(took);
    }
    int status = 0;
    ::waitpid(host, &status, 0);
    if (status != 0) {
        return 1;
    }
    const double peer = percentile(candidates[3].microseconds, 0.5);
    std::printf("%-28s %10s %10s %10s %22s\n", "sign-in, forked host", "median us", "p90 us", "p99 us",
                "ratio to google's");
    for (const auto& candidate : candidates) {
        const double median = percentile(candidate.microseconds, 0.5);
        std::printf("%-28s %10.0f %10.0f %10.0f %22.2f\n", candidate.name.c_str(), median,
                    percentile(candidate.microseconds, 0.9), percentile(candidate.microseconds, 0.99),
                    median / peer);
    }
    return 0;
}
