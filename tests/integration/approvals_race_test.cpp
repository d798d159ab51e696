// A thousand requests pending at once, and 32 processes that decide them in orders of their own.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;

constexpr int requests = 1'000, deciders = 32;

// Tries to decide every one of them, and writes a line for each that it did: "ID approve". Half of the
// processes say yes and half say no.
void decide_all(const Sandbox& sandbox, std::vector<std::string> ids, unsigned number, int out) {
    VarlinkPeer peer(sandbox, 0, roots_socket);
    std::shuffle(ids.begin(), ids.end(), std::mt19937(number));
    const std::string method = number % 2 == 0 ? "Approve" : "Deny";
    for (const auto& id : ids) {
        const json reply = peer.call("io.warifu." + method, {{"auth_req_id", id}});
        const std::string error = error_of(reply);
        if (error.empty()) {
            const std::string line = id + ' ' + method + '\n';
            if (::write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(2);
        } else if (error != "Conflict") {
            _exit(1);
        }
    }
    _exit(0);
}

TEST(ApprovalsRace, X15_AThousandRequestsAreEachDecidedOnceAndNoneIsLost) {
    Sandbox sandbox;
    const Warifud daemon(sandbox);
    VarlinkPeer root(sandbox, 0, roots_socket);
    const json key =
        root.call("io.warifu.AddKey", {{"name", "shop"}, {"realm", "shop"}, {"scopes", {"ask"}}});
    const std::string secret = key.at("parameters").at("secret");
    std::vector<std::string> ids;
    for (int i = 0; i < requests; ++i) {
        const json asked = root.call("io.warifu.Ask", {{"key", secret},
                                                       {"user", "customer-" + std::to_string(i)},
                                                       {"kind", "action"},
                                                       {"message", "stamp document " + std::to_string(i)},
                                                       {"seconds", 3'600},
                                                       {"approvers", {"user:root"}}});
        ASSERT_EQ(error_of(asked), "") << asked;
        ids.push_back(asked.at("parameters").at("request").at("auth_req_id"));
    }

    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    std::vector<pid_t> children;
    for (unsigned i = 0; i < deciders; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            decide_all(sandbox, ids, i, ends[1]);
        }
        children.push_back(child);
    }
    ::close(ends[1]);
    std::string lines;
    char part[4'096];
    for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;) {
        lines.append(part, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    for (const pid_t child : children) {
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }

    std::map<std::string, std::string> decided;
    std::istringstream words(lines);
    for (std::string id, method; words >> id >> method;) {
        EXPECT_TRUE(decided.emplace(id, method).second) << id << " was decided twice";
    }
    EXPECT_EQ(decided.size(), ids.size());
    int approved = 0;
    for (const auto& id : ids) {
        const json polled = root.call("io.warifu.Poll", {{"key", secret}, {"auth_req_id", id}});
        const std::string state = polled.at("parameters").at("request").at("state");
        EXPECT_EQ(state, decided[id] == "Approve" ? "approved" : "denied") << id;
        approved += state == "approved" ? 1 : 0;
    }
    EXPECT_GT(approved, 0);
    EXPECT_LT(approved, requests);
}

}  // namespace
}  // namespace warifu::integration
