// Who is at the other end of a connection, as the kernel says it.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace warifu {

inline constexpr std::uint32_t overflow_uid = 65'534;  // "somebody from another user namespace"

struct Peer {
    pid_t pid = 0;
    std::uint32_t uid = overflow_uid;
    bool root() const noexcept { return uid == 0; }
};

// SO_PEERCRED of a connected socket. Throws std::system_error.
Peer peer_of(int socket);

}  // namespace warifu
