// An account with its state, and somebody who signs in to it: what the verifier needs, without a store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/verifier/verifier.h"

namespace warifu {

// 2026-01-01T00:00:00Z, a multiple of every bucket's width below a day.
inline constexpr std::int64_t new_year = 1'767'225'600;
inline constexpr std::int64_t minute = 60, hour = 3'600, day = 86'400;

SourceId home();               // an address that owners use
SourceId stranger(int n = 0);  // addresses that strangers use

class SampleAccount {
  public:
    SampleAccount();

    // Adds an authenticator with a secret made from `seed`; returns its index.
    std::size_t add(OtpParameters otp = {}, std::uint8_t seed = 1);
    // Ten recovery codes, of which the digests are made up: no scrypt here.
    void add_recovery_set();

    void add_scratch_codes(const std::vector<std::string>& codes);

    // The code of a time step or counter.
    std::string code(std::int64_t step, std::size_t authenticator = 0) const;
    // The code that the phone shows at `now`.
    std::string code_now(std::int64_t now, std::size_t authenticator = 0) const;
    // Six digits that are no code of the first authenticator within `around` steps of now.
    std::string wrong_code(std::int64_t now, std::int64_t around = 150) const;
    std::int64_t step(std::int64_t now, std::size_t authenticator = 0) const;

    Outcome answer(const Answer& answer, std::int64_t now, const SourceId& from);
    Outcome type(std::string_view typed, std::int64_t now, const SourceId& from = home());
    Outcome use_recovery(std::size_t index, std::int64_t now, const SourceId& from = home());
    Outcome guess_recovery(std::int64_t now, const SourceId& from = home());
    Outcome two_codes(std::int64_t first_step, std::int64_t now, const SourceId& from = home(),
                      std::size_t authenticator = 0);

    // Where the state remembers an authenticator; an untouched one where it does not.
    AuthenticatorState mark(std::size_t authenticator = 0) const;

    Credentials credentials;
    std::vector<Tag> tags;
    State state;
    Limits limits;
    int window = 1;
    int look_ahead = 20;
    bool learn_drift = true;
    bool decoy = false;
    std::uint64_t compartment = 0;

  private:
    Attempt attempt(const Answer& answer, std::int64_t now, const SourceId& from) const;
    StoreKey key_;
};

}  // namespace warifu
