// Times, and how people read them.
#pragma once

#include <cstdint>
#include <string>

namespace warifu {

// The clock: Unix seconds.
std::int64_t unix_now() noexcept;

// Local, to the minute: "2026-01-31 09:05".
std::string moment(std::int64_t unix_seconds);

// "30 seconds", "12 minutes", "3 hours": rounded up.
std::string span_of_time(std::int64_t seconds);

}  // namespace warifu
