// The two environment variables of service managers, spoken directly (sd_listen_fds(3), sd_notify(3)).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace warifu {

// Descriptors 3, 4, … that LISTEN_FDS passed to this very process (LISTEN_PID), now close-on-exec.
std::vector<int> passed_sockets();

// Sends "READY=1", "WATCHDOG=1", "STOPPING=1" to $NOTIFY_SOCKET; without one nothing happens.
void notify_manager(std::string_view state) noexcept;

// How often the manager wants to hear WATCHDOG=1 (half of WATCHDOG_USEC).
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace warifu
