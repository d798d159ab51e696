// How many wrong answers an account takes, and from where. Pure: state in, state out.
//
// All unknown sources of a subject share one budget (for a single-field service one of its own); a source
// known from a success in the last 30 days has a budget of its own, so that a stranger's guesses never keep
// the owner out. A limit refuses; nothing sleeps; what is refused is not evaluated, not counted and extends
// nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "core/account/state.h"

namespace warifu {

inline constexpr std::int64_t known_for_seconds = 30 * 86'400;

// Bounds as attempts; weights are in thirds of one.
struct Limits {
    int hour = 30, day = 60, month = 300;
    int known_day = 20, known_month = 100;
    int known_free_failures = 5;
    int delay_first = 10, delay_most = 3'600;  // seconds
};

// Where an attempt is counted.
struct Origin {
    SourceId source;
    std::uint64_t compartment = 0;
};

// The weight of an attempt that compares `codes` codes: max(1, codes / 3) attempts, in thirds.
std::uint32_t attempt_weight(std::uint32_t codes) noexcept;

// nullopt: it may be evaluated. Otherwise the Unix second at which an attempt of this weight will be again.
std::optional<std::int64_t> limited_until(const State& state, const Origin& origin, std::uint32_t weight,
                                          std::int64_t now, const Limits& limits) noexcept;

// A wrong answer was evaluated.
void charge(State& state, const Origin& origin, std::uint32_t weight, std::int64_t now, const Limits& limits);

// A right one was: the source becomes known where it can, and its delay ends. Budgets stay as they are.
void record_success(State& state, const SourceId& source, std::int64_t now);

bool is_known(const State& state, const SourceId& source, std::int64_t now) noexcept;

// An administrator's unlock: every budget and delay starts afresh; known sources stay known.
void clear_limits(State& state) noexcept;

}  // namespace warifu
