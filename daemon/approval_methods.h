// The calls about approvals: who asks is known by its uid or an API key, who decides by a token, a button's
// key or its login name.
#pragma once

#include <nlohmann/json.hpp>

#include "core/approval/request.h"
#include "daemon/methods.h"
#include "daemon/params.h"

namespace warifu {

bool is_about_approvals(Method method) noexcept;

// Throws the errors of core/error; `proof` is read.
Task<nlohmann::json> call_about_approvals(Services& services, Peer peer, const Proof& proof, Method method,
                                          Params& params);

}  // namespace warifu
