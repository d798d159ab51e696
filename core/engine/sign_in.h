// A sign-in as the engine sees it: what warifud believes about the caller, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/account/credentials.h"
#include "core/account/source_id.h"
#include "core/policy/key_file_place.h"
#include "core/verifier/answer.h"
#include "core/verifier/verdict.h"

namespace warifu {

// Who calls and from where, as far as it is believed (a peer without uid 0: its own uid, whatever it says).
struct Caller {
    std::uint32_t uid = 0;
    bool admin = false;  // effective uid 0 at the other end
    // The client that speaks (core/engine/client.h), by its number; 0: none. Its source is one through it.
    std::uint64_t client = 0;
    SourceId source;
    std::string service;  // bounded, escaped where it is shown
    std::string rhost, tty, ruser;
    // Exactly where: an address, or a session at a terminal of this host. Empty: nothing can be remembered
    // for it.
    std::string place;
    // The one sign-in that this is: the process that asks (for sshd its session's leader), its start and the
    // boot. Empty: nothing can be found again for it.
    std::string origin;
};

// One attempt at one door.
struct AttemptRequest {
    Subject subject;
    Caller caller;
    Answer answer;
    Reason decoy_reason = Reason::ok;  // not ok: this attempt runs on a decoy, and this is why
    std::string problem;               // with Reason::unavailable: what did not answer
    std::string hindrance;             // why whoever is not enrolled cannot enrol here, for the log
    bool single_field = false;         // the door has budgets of its own
    KeyFilePlace key_file;             // of root's PAM line
    bool learn_drift = true;
    std::uint32_t remember_seconds = 0;  // a success is remembered for so long
};

struct AttemptResult {
    Verdict verdict = Verdict::unavailable;
    Reason reason = Reason::unavailable;
    std::string authenticator;  // id, on success with a code
    std::string label;          // for the log and the person
    std::optional<std::size_t> candidate;
    std::optional<std::size_t> recovery_left;  // after a recovery code
    std::int64_t retry_at = 0;
    std::int64_t clock_off_seconds = 0;
    std::int64_t replaced_from = 0;  // on success with a shared key that has a successor: it ends then
    std::uint32_t resets = 0;        // how often the account had been reset when the attempt was committed
    std::string detail;              // for the log, with unavailable
};

}  // namespace warifu
