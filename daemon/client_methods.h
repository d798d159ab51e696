// AddClient, RemoveClient and ListClients: which uids may verify for others. For uid 0 alone, by the table of
// roles.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/methods.h"
#include "daemon/params.h"

namespace warifu {

// Throws the errors of core/error.
Task<nlohmann::json> call_about_clients(Services& services, Peer peer, Method method, Params& params);

}  // namespace warifu
