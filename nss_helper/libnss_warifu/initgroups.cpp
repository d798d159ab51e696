// libnss_warifu.so.2: the one question that it answers, in which of Warifu's groups somebody is besides those
// that the files say. glibc loads it into every process that asks for somebody's groups.
#include <nss.h>
#include <sys/types.h>

#include <cerrno>
#include <cstring>

#include "nss_helper/libnss_warifu/group_list.h"
#include "nss_helper/libnss_warifu/membership.h"
#include "nss_helper/marker/marker_name.h"

namespace warifu::nss {
namespace {

// NOTFOUND: in none of them. TRYAGAIN: no memory for a longer list.
nss_status add_groups(const char* name, gid_t primary, const GroupList& list) noexcept {
    char encoded[marker_name_size];
    if (!encode_marker_name(name, ::strnlen(name, marker_name_size), encoded)) {
        return NSS_STATUS_NOTFOUND;
    }
    nss_status status = NSS_STATUS_NOTFOUND;
    for (const MarkerGroup& group : marker_groups) {
        gid_t gid = 0;
        if (!is_member(marker_directory, group, encoded, &gid)) {
            continue;
        }
        const Added added = gid == primary ? Added::yes : add(list, gid);
        if (added == Added::out_of_memory) {
            return NSS_STATUS_TRYAGAIN;
        }
        status = NSS_STATUS_SUCCESS;  // also where the caller wants no more groups than it has
    }
    return status;
}

}  // namespace
}  // namespace warifu::nss

extern "C" __attribute__((visibility("default"))) nss_status _nss_warifu_initgroups_dyn(
    const char* name, gid_t primary, long* start, long* size, gid_t** groups, long limit, int* error) {
    // `error` is errno itself in most callers, and whoever asks for groups finds errno as it was.
    const int before = errno;
    const nss_status status =
        warifu::nss::add_groups(name, primary, warifu::nss::GroupList{start, size, groups, limit});
    errno = before;
    if (status == NSS_STATUS_TRYAGAIN) {
        *error = ENOMEM;
    }
    return status;
}
