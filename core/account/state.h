// What changes at every sign-in: out of the user's reach, one fixed-size row for each subject. Names the
// credentials only by Tag, so that a copied secret is the same authenticator.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/credentials.h"
#include "core/account/source_id.h"
#include "core/limits/window_count.h"
#include "core/seal/store_key.h"

namespace warifu {

inline constexpr std::size_t state_document_bytes = 3840;  // one leaf page of the store with its key
inline constexpr std::size_t max_sources = 16;
inline constexpr std::size_t max_compartments = 4;  // one of them for every ordinary door
inline constexpr std::size_t max_remembered = 12;   // a full row keeps room for what a newer version adds
inline constexpr int most_resynced_drift = 120;     // steps, either way

struct AuthenticatorState {
    Tag tag{};
    std::int64_t last = -1;      // TOTP: last accepted step; HOTP: last accepted counter; -1: none
    std::int64_t last_used = 0;  // Unix seconds; 0: never
    std::int8_t drift = 0;       // steps: learnt -4 to 4, set by a resync up to most_resynced_drift
    std::int8_t side = 0;        // successes in a row off the middle: negative early, positive late, -1 to 1
    bool operator==(const AuthenticatorState&) const = default;
};

// Which codes of a recovery set are spent.
struct RecoveryState {
    RecoverySalt salt{};
    std::uint16_t spent = 0;  // bit i: the set's i-th code
    bool operator==(const RecoveryState&) const = default;
};

// Wrong answers of all unknown sources together. Weights are in thirds of an attempt.
struct SharedBudget {
    std::uint64_t compartment = 0;  // 0: every door; else a keyed hash of a single-field service's name
    WindowCount<300, 3'600> hour;
    WindowCount<3'600, 86'400> day;
    WindowCount<86'400, 2'592'000> month;
    bool operator==(const SharedBudget&) const = default;
};

struct KnownSource {
    SourceId source;
    std::int64_t last_success = 0;
    std::int64_t blocked_until = 0;
    std::uint16_t failures_in_a_row = 0;
    WindowCount<7'200, 86'400> day;
    WindowCount<172'800, 2'764'800> month;  // 32 days: at least 30
    bool operator==(const KnownSource&) const = default;
};

struct FailingSource {
    SourceId source;
    std::int64_t last = 0;
    std::uint32_t failures = 0;
    bool operator==(const FailingSource&) const = default;
};

// A sign-in that stands for a while, see remembered.h.
struct RememberedSignIn {
    std::uint64_t door = 0;
    std::int64_t at = 0;        // Unix seconds
    std::uint32_t seconds = 0;  // for so long
    bool operator==(const RememberedSignIn&) const = default;
};

struct State {
    bool seen = false;  // credentials of this subject were seen: from then on absence is an error
    bool suspended = false;
    bool required = false;  // an administrator wants this account enrolled, whatever policy lets pass
    bool shared = false;    // signed in with a shared key (core/engine/shared_key.h) since the last reset
    std::int64_t last_success = 0;
    std::int64_t last_failure = 0;
    std::uint32_t failures = 0;                      // since the last success
    std::uint64_t serial = 0;                        // commits of this row
    std::uint32_t resets = 0;                        // so that an enrolment notices one in between
    std::int64_t enrol_until = 0;                    // after a reset: until then the next sign-in enrols
    std::vector<AuthenticatorState> authenticators;  // at most max_authenticators, see authenticator_state()
    std::vector<RecoveryState> recovery;             // at most 2
    std::vector<SharedBudget> budgets;               // at most max_compartments
    std::vector<KnownSource> known;                  // at most max_sources
    std::vector<FailingSource> failing;              // at most max_sources
    std::vector<RememberedSignIn> remembered;        // at most max_remembered
    std::string unknown_fields;  // what a newer version wrote behind the fields of this one
    bool operator==(const State&) const = default;
};

// Exactly state_document_bytes bytes, little-endian. Decoding throws Unavailable for any other size, an
// unknown format number and values out of bounds; an empty document is a fresh State.
std::string encode(const State& state);
State decode_state(std::string_view document);

// The entry, made where there is none yet. In a full list the longest unused one leaves that is not in
// `active` (the account's authenticators): without its mark an authenticator's old codes would count again.
AuthenticatorState& authenticator_state(State& state, const Tag& tag, std::span<const Tag> active);
const AuthenticatorState* find_authenticator_state(const State& state, const Tag& tag) noexcept;
RecoveryState& recovery_state(State& state, const RecoverySalt& salt);
std::size_t recovery_codes_left(const Credentials& credentials, const State& state) noexcept;

}  // namespace warifu
