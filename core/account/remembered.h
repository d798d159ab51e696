// Sign-ins that are remembered: for a while nobody is asked again at the same door, from exactly the same
// place, with the same credentials. Pure. A permission, so a time that lies ahead counts as never.
#pragma once

#include <cstdint>

#include "core/account/state.h"

namespace warifu {

// A success at `door` (a keyed hash, see Engine::door_hash()) is remembered for `seconds`. In a full list the
// oldest leaves.
void remember(State& state, std::uint64_t door, std::int64_t now, std::uint32_t seconds);

// Whether one stands: within what it was remembered for, and within `seconds`, what is permitted now.
bool is_remembered(const State& state, std::uint64_t door, std::int64_t now, std::uint32_t seconds) noexcept;

// How many stand, as far as each was remembered.
std::size_t count_remembered(const State& state, std::int64_t now) noexcept;

}  // namespace warifu
