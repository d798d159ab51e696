// When something ends, for people: how long from now, and at what time.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/pages/language.h"

namespace warifu::gateway {

// "in 54 s (15:04:05 JST)"; in the time zone of this host. Both are Unix seconds.
std::string until(std::int64_t moment, std::int64_t now, Language language);

}  // namespace warifu::gateway
