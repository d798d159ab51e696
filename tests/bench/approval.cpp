// From the approver's yes to the door's verdict: the time that whoever is signing in waits after the phone
// was pressed, with `PENDING` other sign-ins waiting meanwhile. Through warifud's sockets, every commit
// durable.
//
// usage: bench_approval [ROUNDS [PENDING]]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <future>
#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace {

using namespace warifu::integration;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int default_rounds = 200, default_pending = 100;

json start(const std::string& user, int address) {
    return {{"protocol", 2},
            {"user", user},
            {"service", "sshd"},
            {"rhost", "198.51.100." + std::to_string(address % 250 + 1)},
            {"tty", "ssh"},
            {"ruser", ""},
            {"uid", 0},
            {"flags", 0},
            {"options", json::array()},
            {"has_authtok", true},
            {"single_field", false},
            {"auth_info", ""}};
}

std::string only_request(VarlinkPeer& root, const std::string& user) {
    const json list = root.call("io.warifu.Requests", {{"user", user}});
    return list.at("parameters").at("requests").at(0).at("auth_req_id");
}

double percentile(const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : default_rounds;
    const int pending = argc > 2 ? std::atoi(argv[2]) : default_pending;
    Sandbox sandbox;
    sandbox.write(
        "/etc/warifu/warifu.conf",
        "[approval]\nseconds = 120\nsign_ins_an_hour = 60\n[[approval.rule]]\nservice = [\"sshd\"]\n"
        "ask = [\"user:root\"]\n");
    std::string accounts;
    for (int i = 0; i < rounds + pending; ++i) {
        accounts += "u" + std::to_string(i) + ":x:" + std::to_string(40'000 + i) +
                    ":40000::/nonexistent:/bin/false\n";
    }
    sandbox.write("/etc/passwd", sandbox.read("/etc/passwd") + accounts);
    const Warifud daemon(sandbox);
    VarlinkPeer root(sandbox, 0, roots_socket);
    std::deque<VarlinkPeer> waiting;
    for (int i = 0; i < pending; ++i) {
        VarlinkPeer& peer = waiting.emplace_back(sandbox, 0, roots_socket);
        (void)peer.call("io.warifu.Start", start("u" + std::to_string(rounds + i), i));
    }
    std::vector<double> milliseconds;
    for (int i = 0; i < rounds; ++i) {
        const std::string user = "u" + std::to_string(i);
        VarlinkPeer door(sandbox, 0, roots_socket);
        (void)door.call("io.warifu.Start", start(user, i));
        auto verdict = std::async(std::launch::async, [&door] {
            const json done = door.call("io.warifu.Answer", {{"kind", "text"}, {"text", ""}});
            return std::pair(done, Clock::now());
        });
        const std::string id = only_request(root, user);
        const auto pressed = Clock::now();
        (void)root.call("io.warifu.Approve", {{"auth_req_id", id}});
        const auto [done, at] = verdict.get();
        if (done.at("parameters").value("verdict", "") != "success") {
            std::fprintf(stderr, "not a success: %s\n", done.dump().c_str());
            return 1;
        }
        milliseconds.push_back(std::chrono::duration<double, std::milli>(at - pressed).count());
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("from yes to verdict, %d rounds, %d others waiting: median %.2f ms, p99 %.2f ms\n", rounds,
                pending, percentile(milliseconds, 0.5), percentile(milliseconds, 0.99));
    return 0;
}
