// The verifier: (credentials, state, attempt, now) to (verdict, new state). Pure: it reads no clock, no store
// and no configuration; who calls it commits the new state and begins again when somebody else was first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/account/state.h"
#include "core/limits/limits.h"
#include "core/verifier/answer.h"
#include "core/verifier/verdict.h"

namespace warifu {

inline constexpr int most_drift = 4;                      // steps that drift may grow to, either way
inline constexpr int resync_steps = most_resynced_drift;  // either way; HOTP: ahead
inline constexpr std::size_t scratch_code_digits = 8;
inline constexpr int clock_off_steps = 2;  // from here on a phone's clock is said to be off

// Credentials as the verifier needs them: tags[i] names authenticators[i], and behind those come the tags of
// the scratch codes.
struct Account {
    const Credentials& credentials;
    const std::vector<Tag>& tags;
};

struct Attempt {
    const Answer& answer;
    Origin origin;
    std::optional<RecoveryDigest> digest;  // set where the answer has the shape of a recovery code
    std::int64_t now = 0;
    int window = 1;             // TOTP steps to either side (RFC 6238 section 5.2)
    int look_ahead = 20;        // HOTP counters (RFC 4226 section 7.4)
    bool usual_window = false;  // these hold for an authenticator with a wider window of its own, too
    bool learn_drift = true;
    Limits limits;
    // A decoy account answers like the real ones, but its limits never fill up.
    bool decoy = false;
};

struct Outcome {
    Verdict verdict = Verdict::denied;
    Reason reason = Reason::bad_code;
    std::optional<std::size_t> authenticator;  // index, where one matched
    std::optional<std::size_t> candidate;      // index into the answer's candidates, on success
    std::optional<std::size_t> recovery_left;  // after a recovery code, or a scratch code
    std::int64_t retry_at = 0;                 // Unix seconds, with limited
    std::int64_t mark_ahead = 0;               // steps, with Reason::mark_ahead
    std::int64_t clock_off = 0;  // after success: steps that the phone is off, 0 where it is near
    bool usual_window = false;   // a wider window of the authenticator's waits, since wrong codes used it up
};

// What an attempt is answered that a limit refuses until then (Unix seconds): nothing was looked at.
Outcome limited(std::int64_t retry_at);

// The most codes that one attempt with a code of an authenticator's compares where only the usual windows
// count, `window` and `look_ahead`.
std::uint32_t usual_codes_compared(const Credentials& credentials, int window, int look_ahead) noexcept;

// The codes that an attempt with this answer would compare.
std::uint32_t codes_compared(const Account& account, const Attempt& attempt) noexcept;

// The newest time step that counts at `now` (Unix seconds) with this drift, `window` steps to either side
// where the authenticator says nothing else. TOTP alone.
std::int64_t newest_step(const Authenticator& authenticator, int drift, std::int64_t now,
                         int window) noexcept;

// Those of another module's file that were not used yet.
std::size_t scratch_codes_left(const Account& account, const State& state);

// Changes `state` in every case (its serial at the least), so that every attempt costs one commit. Secrets
// that are sealed under a key that is not here are skipped: the caller answers `unavailable`.
Outcome verify(const Account& account, State& state, const Attempt& as_made);

// Two codes in a row of one authenticator, searched wide: sets drift or counter and spends both. Counts as
// one attempt.
Outcome resync(const Account& account, State& state, const Attempt& first, const Answer& second,
               std::size_t authenticator);

}  // namespace warifu
