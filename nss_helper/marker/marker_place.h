// Where warifud says who is enrolled, and libnss_warifu finds it: MARKERS/GROUP/NAME, an empty file for each
// member.
#pragma once

#include <cstddef>

namespace warifu {

// For searching alone (0711), as the directories of the groups in it are.
inline constexpr char marker_directory[] = "/var/lib/warifu/enrolled";

struct MarkerGroup {
    const char* directory;  // in the one above; it belongs to the group whose members it holds
    const char* group;
    bool expires;  // a marker counts until its modification time
};

inline constexpr MarkerGroup marker_groups[] = {
    {"enrolled", "warifu-enrolled", false},
    {"pending", "warifu-pending", true},
    {"exempt", "warifu-exempt", false},
};

}  // namespace warifu
