#include "gateway/routes/request_object.h"

#include <algorithm>

namespace warifu::gateway {

nlohmann::json object_of(const AuthenticationRequest& request, std::int64_t now) {
    nlohmann::json object = {{"auth_req_id", request.auth_req_id},
                             {"state", request.state},
                             {"active", request.active},
                             {"rev", request.rev},
                             {"expires_in", std::max<std::int64_t>(request.expires - now, 0)},
                             {"needed", request.needed},
                             {"approvals", request.approvals}};
    if (request.number) object["number"] = *request.number;
    if (!request.pending() && !request.decisions.empty()) {
        object["decided_by"] = request.decisions.back().by;
        object["decided_at"] = request.decisions.back().at;
    }
    if (request.deny_reason) object["deny_reason"] = *request.deny_reason;
    if (request.assertion) object["assertion"] = *request.assertion;
    return object;
}

}  // namespace warifu::gateway
