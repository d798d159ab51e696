// Many processes at one prompt, let go together.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct Racer {
    std::string user;
    std::string answer;
    std::string rhost;  // empty: a local door
};

// A process for each racer, all inside the sandbox, goes through the PAM service `service` until it is asked;
// when every one of them is, all answer. What pam_authenticate said, in the racers' order.
std::vector<int> race(const Sandbox& sandbox, const std::string& service, const std::vector<Racer>& racers);

// One process, one attempt.
int attempt(const Sandbox& sandbox, const std::string& service, const Racer& racer);

}  // namespace warifu::integration
