// The blocks of test_malloc and its kin that are not free yet.
#pragma once

#include <cstddef>
#include <vector>

#include "tests/cmocka/adapter/run.h"

namespace warifu::cmocka {

// A moment: blocks are older or younger than that.
using Moment = std::size_t;
Moment heap_now();

// Frees the blocks younger than that and tells where each was allocated.
std::vector<Failure> reclaim_since(Moment moment);

}  // namespace warifu::cmocka
