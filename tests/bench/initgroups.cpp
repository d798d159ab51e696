// What one look-up of somebody's groups costs with libnss_warifu, with ten people enrolled and with many,
// beside a look-up of a login name in /etc/passwd and of the groups without the module. Each in a process of
// its own, after one look-up that loads what is needed.
//
// usage: bench_initgroups [ROUNDS [MANY]]

#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace {

using namespace warifu::integration;
using Clock = std::chrono::steady_clock;

constexpr char markers[] = "/var/lib/warifu/enrolled/enrolled/";

void look_up_name() {
    if (::getpwnam("user7") == nullptr) ::_exit(1);
}

void look_up_groups() {
    gid_t groups[64];
    int count = 64;
    if (::getgrouplist("user7", 20'000, groups, &count) < 0) ::_exit(1);
}

// The median, in microseconds.
double measured(const Sandbox& sandbox, std::size_t rounds, const std::function<void()>& work) {
    Pipe answer = make_pipe();
    const pid_t child = sandbox.fork();
    if (child == 0) {
        work();
        std::vector<double> times;
        for (std::size_t i = 0; i < rounds; ++i) {
            const auto start = Clock::now();
            work();
            times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
        }
        std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(rounds / 2), times.end());
        const double median = times[rounds / 2];
        ::_exit(::write(answer.writer.number(), &median, sizeof median) == sizeof median ? 0 : 1);
    }
    double median = 0;
    const bool got = ::read(answer.reader.number(), &median, sizeof median) == sizeof median;
    ::waitpid(child, nullptr, 0);
    if (!got) std::exit(1);
    return median;
}

void mark(int from, int to) {
    const std::string first = std::string(markers) + "user0";
    for (int i = from; i < to; ++i) {
        checked(::link(first.c_str(), (markers + std::string("user") + std::to_string(i)).c_str()), "link");
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
    const int many = argc > 2 ? std::atoi(argv[2]) : 1'000'000, few = 10;
    Sandbox sandbox;
    sandbox.add_user("user7", "x");
    output_of(sandbox, as_root({"systemd-sysusers", WARIFU_SOURCE_DIR "/packaging/sysusers.d/warifu.conf"}));
    output_of(sandbox, as_root({"warifu", "init"}));
    output_of(sandbox, as_root({"touch", markers + std::string("user0")}));
    sandbox.inside([] { mark(1, few); });

    sandbox.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
    const double name = measured(sandbox, rounds, look_up_name);
    const auto row = [name](const std::string& what, double took) {
        std::printf("%-44s %10.2f us %8.2f of getpwnam's\n", what.c_str(), took, took / name);
    };
    row("getpwnam, files", name);
    row("initgroups, files", measured(sandbox, rounds, look_up_groups));
    sandbox.write("/etc/nsswitch.conf", "passwd: files\ngroup: files warifu\n");
    row("initgroups, files warifu, 10 enrolled", measured(sandbox, rounds, look_up_groups));
    sandbox.inside([many] { mark(few, many); });
    row("initgroups, files warifu, " + std::to_string(many) + " enrolled",
        measured(sandbox, rounds, look_up_groups));
    return 0;
}
