#include "nss_helper/libnss_warifu/group_list.h"

#include <climits>
#include <cstdlib>

namespace warifu::nss {
namespace {

constexpr long most_groups = LONG_MAX / 2 / static_cast<long>(sizeof(gid_t));

Added make_room(const GroupList& list) noexcept {
    if (*list.start < *list.size) {
        return Added::yes;
    }
    if (list.limit > 0 && *list.size >= list.limit) {
        return Added::full;
    }
    if (*list.size > most_groups / 2) {
        return Added::out_of_memory;
    }
    long wanted = *list.size > 0 ? 2 * *list.size : 1;
    if (list.limit > 0 && wanted > list.limit) {
        wanted = list.limit;
    }
    void* const larger = std::realloc(*list.groups, static_cast<std::size_t>(wanted) * sizeof(gid_t));
    if (larger == nullptr) {
        return Added::out_of_memory;
    }
    *list.groups = static_cast<gid_t*>(larger);
    *list.size = wanted;
    return Added::yes;
}

}  // namespace

Added add(const GroupList& list, gid_t gid) noexcept {
    for (long i = 0; i < *list.start; ++i) {
        if ((*list.groups)[i] == gid) {
            return Added::yes;
        }
    }
    const Added room = make_room(list);
    if (room == Added::yes) {
        (*list.groups)[(*list.start)++] = gid;
    }
    return room;
}

}  // namespace warifu::nss
