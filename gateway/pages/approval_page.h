// The pages behind a token's link: what is asked, and what became of it. They work without scripts.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/api/failure.h"
#include "gateway/pages/language.h"
#include "gateway/warifud/authentication_request.h"

namespace warifu::gateway {

// What warifud says of a token.
struct Holding {
    AuthenticationRequest request;
    std::string purpose;  // approve, deny, activate, deactivate, toggle, arm, disarm
    std::string holder;   // "user:alice"
    bool blind = true;    // its holder sees nothing about the person
};

// `now`: Unix seconds.
std::string approval_page(const Holding& holding, Language language, std::int64_t now);

// What a decision came to.
struct Outcome {
    std::string result;    // done, wrong_number, not_yet
    std::string decision;  // as it was sent; empty: the token's own purpose
    AuthenticationRequest request;
};
std::string outcome_page(const Outcome& outcome, Language language);

// Instead of either. 404 is the same whether a token was spent or never there.
std::string failure_page(const Failure& failure, Language language);

}  // namespace warifu::gateway
