// What NSS is told of a login name: whether it is in the groups warifu-enrolled, warifu-pending and
// warifu-exempt.
#pragma once

#include <cstdint>

#include "core/account/state.h"

namespace warifu {

// The door that asks NSS who is exempt: sshd takes a key without asking PAM, so only its own configuration,
// by group, can tell whom it takes it from alone.
inline constexpr const char* exempting_service = "sshd";

// As long as an administrator wants somebody enrolled: 2100-01-01, which every file system can hold.
inline constexpr std::int64_t pending_until_further_notice = 4'102'444'800;

struct Standing {
    bool enrolled = false;
    std::int64_t pending_until = 0;  // Unix seconds; 0: not pending
    bool exempt = false;
    bool operator==(const Standing&) const = default;
};

struct StandingFacts {
    const State& state;
    bool has_credentials = false;    // in the store; those in homes and text files are known by State::seen
    std::int64_t offered_until = 0;  // a key waits for its confirmation until then; 0: none does
    std::int64_t reset_until = 0;    // who was reset may enrol until then; 0: not, or no more
    bool exempt_by_policy = false;   // always_exempt() at exempting_service
};

// Enrolled: has credentials, suspended or not. Pending: has none, and is expected to enrol, since a key is on
// offer, an administrator wants it or a reset opened the way. Exempt: policy says so, and nobody suspended
// the account.
Standing standing_of(const StandingFacts& facts) noexcept;

}  // namespace warifu
