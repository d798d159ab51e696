// Who begins a conversation, and what it is believed about: the daemon's part of the table of roles for
// doors.
#pragma once

#include "core/engine/conversation.h"
#include "daemon/methods.h"

namespace warifu {

// admin, self, or a client; throws NotPermitted for everybody else, with the same words whoever `user` is,
// and Unavailable where NSS or the store cannot tell.
Task<Role> door_role(Services& services, Peer peer, std::string user);

// Sets what `role` is believed about in `request`, which holds what the peer claims; `real_uid` is the
// claimed one of a PAM host that is root's. Throws NotPermitted for an option that counts only from root,
// where the line asks at all.
void believe(StartRequest& request, Role role, Peer peer, std::uint32_t real_uid, const Config& config);

}  // namespace warifu
