#include "pam_module/outcome.h"

#include <security/_pam_types.h>

#include "ipc/wire/protocol.h"

namespace warifu::pam {
namespace {

struct Row {
    Outcome outcome;
    const char* verdict;  // null: warifud never says it
    int code;
};

constexpr Row table[] = {
    {Outcome::success, wire::verdict_success, PAM_SUCCESS},
    {Outcome::denied, wire::verdict_denied, PAM_AUTH_ERR},
    {Outcome::limited, wire::verdict_limited, PAM_AUTH_ERR},
    {Outcome::ignored, wire::verdict_ignored, PAM_IGNORE},
    {Outcome::unavailable, wire::verdict_unavailable, PAM_AUTHINFO_UNAVAIL},
    {Outcome::module_failed, nullptr, PAM_SYSTEM_ERR},
    {Outcome::conversation_failed, nullptr, PAM_CONV_ERR},
};

// What refuses a caller or its PAM line; every other error means that warifud could not judge.
constexpr const char* refusals[] = {wire::error_invalid, wire::error_denied, wire::error_not_permitted,
                                    wire::error_not_found};

}  // namespace

int pam_code(Outcome outcome) noexcept {
    for (const Row& row : table) {
        if (row.outcome == outcome) return row.code;
    }
    return PAM_SYSTEM_ERR;
}

bool outcome_of_verdict(std::string_view verdict, Outcome* outcome) noexcept {
    for (const Row& row : table) {
        if (row.verdict == nullptr || verdict != row.verdict) continue;
        *outcome = row.outcome;
        return true;
    }
    return false;
}

Outcome outcome_of_error(std::string_view error) noexcept {
    for (const char* const refusal : refusals) {
        if (error == refusal) return Outcome::denied;
    }
    return Outcome::unavailable;
}

}  // namespace warifu::pam
