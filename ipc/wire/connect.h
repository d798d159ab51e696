// Reaching warifud: its socket, or a child of our own. No C++ runtime, no allocation, no state; safe to call
// from inside any PAM host. Every descriptor is close-on-exec.
#pragma once

namespace warifu::wire {

inline constexpr char root_socket[] = "/run/warifu/root.sock";    // for euid 0
inline constexpr char user_socket[] = "/run/warifu/warifu.sock";  // for everybody

// Connects without blocking and checks that the listener is uid 0 (SO_PEERCRED) and, for the two default
// paths, that /run/warifu is root's and nobody else's to write. Returns a non-blocking descriptor, or -errno
// (-EPERM: somebody else listens there; -EAGAIN: the backlog is full).
int connect_to(const char* path) noexcept;

// Starts `DAEMON --stdio [--config CONFIG]` as root with its end of a socketpair as descriptors 0 and 1 and
// returns ours (non-blocking), or -errno. Only for geteuid() == 0. The child is nobody's: it comes from a
// fork that forks once more, so that the host sees no SIGCHLD and has nothing to reap; it has its own
// session, real uid 0, no supplementary groups, mended limits, nice, scheduling, oom_score_adj, umask and
// signals, an empty environment, cwd /, no other descriptor, and where it can be moved the root cgroup.
// `config` may be null.
int start_daemon(const char* daemon, const char* config) noexcept;

}  // namespace warifu::wire
