// Credentials made up from a random generator: every field within its bounds, and often at their edges.
#pragma once

#include <random>

#include "core/account/credentials.h"

namespace warifu::testing {

using Random = std::mt19937_64;

Credentials generated_credentials(Random& random, const Subject& subject);

// Equal in everything, secrets too.
bool same(const Credentials& a, const Credentials& b);

}  // namespace warifu::testing
