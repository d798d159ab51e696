// The list of groups that glibc hands to initgroups_dyn (nss.h, nss_initgroups_dyn): made with malloc, *start
// of its *size places used, to grow with realloc up to `limit` where that is above 0.
#pragma once

#include <sys/types.h>

namespace warifu::nss {

struct GroupList {
    long* start;
    long* size;
    gid_t** groups;
    long limit;
};

enum class Added : unsigned char { yes, full, out_of_memory };

// A gid that is in the list already is not put there again.
Added add(const GroupList& list, gid_t gid) noexcept;

}  // namespace warifu::nss
