// Whether a login name has a marker, and the gid that goes with it. File names are looked up and nothing is
// opened: no daemon, no other name service, no memory, and the same calls however many markers there are.
#pragma once

#include <sys/types.h>

#include "nss_helper/marker/marker_place.h"

namespace warifu::nss {

// `markers`: an absolute path, of at most max_marker_path_bytes. `name`: as encode_marker_name() spells it.
//
// The gid is that of the group's directory, so that nothing has to be asked of NSS from within NSS. It counts
// only where that directory and the two above it are root's and nobody else may write them, and gid 0 never
// does: what is not made for this gives nobody a group. What cannot be looked up is no membership. Changes
// errno.
bool is_member(const char* markers, const MarkerGroup& group, const char* name, gid_t* gid) noexcept;

inline constexpr unsigned max_marker_path_bytes = 512;

}  // namespace warifu::nss
