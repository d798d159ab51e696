// What people are told of a request that waits for them, one message for each way by which it may go out.
#pragma once

#include <string>
#include <vector>

#include "core/approval/request.h"
#include "core/config/config.h"
#include "core/engine/ports.h"

namespace warifu {

// The tokens of one person for one request; with and without a word about whom it is about.
struct HolderTokens {
    std::string holder;  // "user:bob"
    Secret approve, deny, blind_approve, blind_deny;
};

// One message for each of [approval] notify, in that order.
Notice notice_for(const Request& request, const HolderTokens& tokens, const Config& config, Ports& ports);

}  // namespace warifu
