// Switches and TurnSwitch: what root turns for any realm, and an API key with the scope policy for its own.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/methods.h"
#include "daemon/params.h"

namespace warifu {

// Throws the errors of core/error.
Task<nlohmann::json> call_about_switches(Services& services, Peer peer, Method method, Params& params);

}  // namespace warifu
