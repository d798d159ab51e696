// What a site asks with, as io.warifu's Ask takes it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/secret/secret.h"
#include "gateway/api/input.h"
#include "ipc/client/request.h"

namespace warifu::gateway {

struct AskParameters {
    std::string login_hint, kind = "sign_in", binding_message;
    std::optional<std::string> initially, request_key;
    std::optional<std::int64_t> requested_expiry;  // seconds
    std::vector<std::string> approvers;
    std::optional<std::int64_t> min_approvals;
    std::vector<std::string> purposes;  // tokens for the asker to hand out
    // Of `context`.
    std::optional<std::string> service, host, rhost, user_agent, tty, command, digest;
};

// Throws Invalid. In a form the fields of `context` stand beside the others.
AskParameters ask_parameters(Input input);
AskParameters ask_parameters_of_form(Input input);

ipc::Request ask_request(const Secret& key, const AskParameters& parameters);

}  // namespace warifu::gateway
