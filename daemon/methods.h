// The calls of io.warifu.varlink that are not conversations: parameters in, engine, reply out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "daemon/daemon_ports.h"
#include "daemon/peer.h"
#include "daemon/roles.h"

namespace warifu {

// What one connection has proved: itself, to be this subject, until then.
struct Proof {
    std::string user;
    std::vector<std::string> authenticators;  // ids, of which one at least must still be active
    std::uint32_t resets = 0;                 // of the account before it: a reset ends it
    std::int64_t until = 0;                   // Unix seconds
};

struct Services {
    Engine& engine;
    DaemonPorts& ports;
};

// Who calls, of whatever is no sign-in.
Caller caller_of(Peer peer);

// The role in which `peer` speaks about `person`.
Task<Role> role_of(Services& services, Peer peer, Person person);

// Throws NotPermitted unless `proof` is this account's and still holds; root gives none.
Task<bool> demand_proof(Services& services, Peer peer, std::string user, Proof proof);

// Throws the errors of core/error; `proof` is read, and written by Prove.
Task<nlohmann::json> call(Services& services, Peer peer, Proof& proof, Method method,
                          nlohmann::json parameters);

}  // namespace warifu
