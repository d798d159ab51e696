// An authentication request as its asker sees it in JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "gateway/warifud/authentication_request.h"

namespace warifu::gateway {

// `now`: Unix seconds. {auth_req_id, state, active, rev, expires_in, needed, approvals, number?, decided_by?,
// decided_at?, deny_reason?, assertion?}
nlohmann::json object_of(const AuthenticationRequest& request, std::int64_t now);

}  // namespace warifu::gateway
