#include "daemon/peer.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace warifu {

Peer peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        throw std::system_error(errno, std::system_category(), "SO_PEERCRED");
    }
    return {credentials.pid, credentials.uid};
}

}  // namespace warifu
