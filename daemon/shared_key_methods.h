// The shared keys: root makes, replaces and removes them, and shows them again; who shares one, and proves it
// with a code of it, is shown its newest generation.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/methods.h"
#include "daemon/params.h"

namespace warifu {

bool is_about_shared_keys(Method method) noexcept;

// Throws the errors of core/error.
Task<nlohmann::json> call_about_shared_keys(Services& services, Peer peer, Proof& proof, Method method,
                                            Params& params);

}  // namespace warifu
