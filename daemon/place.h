// Exactly where a sign-in comes from, as far as that can be known: what is remembered for one place stands
// for no other. Each is empty where a place cannot be told from others.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace warifu {

// Whether it is called on this host: no remote host is named, or the service has none. (What sudo gives as
// the remote host is this host's own name.)
bool is_local_door(std::string_view service, std::string_view rhost) noexcept;

// The address, whole and in one spelling. Empty for a name, which whoever runs a DNS zone chooses, and for
// loopback, where everybody on this host is.
std::string remote_place(std::string_view rhost);

// The session that the process `peer` is in: its real uid, its terminal, and the boot, pid and start time of
// the session's leader, so that no later session with the same pid inherits anything. Empty without a
// terminal, and where /proc does not know the process or the leader has ended.
std::string local_place(std::uint32_t uid, std::string_view tty, pid_t peer);

// Which sign-in the process that asks is at: its pid and start (sshd: those of its session's leader, where
// that is root's and runs the same program), the boot, the service and the name. Empty where /proc does not
// say.
std::string origin_of(pid_t peer, std::string_view service, std::string_view user);

}  // namespace warifu
