#include "nss_helper/libnss_warifu/membership.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <cstring>

#include "nss_helper/marker/marker_name.h"

namespace warifu::nss {
namespace {

constexpr gid_t no_gid = static_cast<gid_t>(-1);
constexpr int directories_judged = 3;  // enrolled/GROUP, enrolled, /var/lib/warifu

// MARKERS/GROUP/NAME, cut shorter from its end.
class Path {
  public:
    bool append(const char* part) noexcept {
        const std::size_t size = std::strlen(part);
        if (length_ + 1 + size >= sizeof text_) {
            return false;
        }
        if (length_ != 0) {
            text_[length_++] = '/';
        }
        std::memcpy(text_ + length_, part, size + 1);
        length_ += size;
        return true;
    }
    void cut() noexcept {
        char* const slash = std::strrchr(text_, '/');
        if (slash != nullptr) {
            *slash = '\0';
        }
    }
    bool look(struct stat* found) const noexcept {
        return ::fstatat(AT_FDCWD, text_, found, AT_SYMLINK_NOFOLLOW) == 0;
    }

  private:
    char text_[max_marker_path_bytes + 2 * marker_name_size] = {};
    std::size_t length_ = 0;
};

bool is_roots_alone(const struct stat& found) noexcept {
    return found.st_uid == 0 && (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool counts_now(const MarkerGroup& group, const struct stat& marker) noexcept {
    return !group.expires || marker.st_mtim.tv_sec > ::time(nullptr);
}

}  // namespace

bool is_member(const char* markers, const MarkerGroup& group, const char* name, gid_t* gid) noexcept {
    Path path;
    struct stat found{};
    if (!path.append(markers) || !path.append(group.directory) || !path.append(name) || !path.look(&found)) {
        return false;
    }
    if (!S_ISREG(found.st_mode) || !is_roots_alone(found) || !counts_now(group, found)) {
        return false;
    }
    for (int i = 0; i < directories_judged; ++i) {
        path.cut();
        if (!path.look(&found) || !S_ISDIR(found.st_mode) || !is_roots_alone(found)) {
            return false;
        }
        if (i == 0) {
            *gid = found.st_gid;
        }
    }
    return *gid != 0 && *gid != no_gid;
}

}  // namespace warifu::nss
