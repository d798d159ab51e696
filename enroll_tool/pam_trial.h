// A whole PAM conversation, as a program at the door would have it: authentication, and whether the account
// may be used. libpam and its modules do it; nothing is opened, and nobody is signed in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret/secret.h"

namespace warifu {

enum class PamMessageKind : std::uint8_t { prompt, hidden_prompt, info, error };

struct PamMessage {
    PamMessageKind kind;
    std::string text;
};

// The person at the door. Called for each message in turn; what it returns for info and error counts for
// nothing. nullopt for a prompt: no answer, and the conversation fails.
using PamPerson = std::function<std::optional<Secret>(const PamMessage& message)>;

struct PamTrial {
    int code = 0;                      // of pam_authenticate, or of pam_acct_mgmt where that was content
    bool authenticated = false;        // whether it was
    std::vector<PamMessage> messages;  // all that was asked and told, in order
};

// Whether a file of `service` is there; without one libpam takes the file "other". Names are compared as
// libpam does, in lower case; what is no name of a file has none.
bool has_pam_service(std::string_view service);

// An exception that `person` throws comes out of here, once PAM has ended.
PamTrial try_pam(const std::string& service, const std::string& user, const PamPerson& person);

// "PAM_AUTH_ERR"; a number for what has no name.
std::string name_of_pam_code(int code);

}  // namespace warifu
