// The type Request of io.warifu, read out of a reply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipc/client/reply.h"

namespace warifu::gateway {

struct AuthenticationRequest {
    struct Decision {
        std::string by, what;
        std::int64_t at = 0;
    };

    std::string auth_req_id, kind, state;
    bool active = false;
    std::int64_t rev = 0;
    std::string realm, user, service, host, rhost, tty, user_agent, command, run_as, directory, message,
        digest;
    std::int64_t created = 0, expires = 0;  // Unix seconds
    std::int64_t needed = 1, approvals = 0;
    std::vector<Decision> decisions;
    std::optional<std::string> deny_reason, number, assertion;
    std::string number_mode;

    bool pending() const noexcept { return state == "pending"; }
    bool approved() const noexcept { return state == "approved"; }
    // What its asker may try to redeem: where nobody has to say yes, being active is enough.
    bool redeemable() const noexcept { return active && (approved() || (pending() && needed == 0)); }
};

// The parameter `request` of a reply; throws NoReply where it is not what the interface says.
AuthenticationRequest request_in(const ipc::Reply& reply);

}  // namespace warifu::gateway
