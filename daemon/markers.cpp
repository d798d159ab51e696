#include "daemon/markers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "nss_helper/identity/identity.h"
#include "nss_helper/marker/marker_name.h"

namespace warifu {

namespace {

constexpr mode_t searched = 0711, marker_mode = 0400;

std::string said(const std::string& path, int error) {
    return "NSS groups: " + path + ": " + std::system_category().message(error) +
           ": `id` may be wrong until this is mended and warifud restarted";
}

// A directory, judged by its descriptor, which only looks names up.
class Directory {
  public:
    explicit Directory(const std::string& path) {
        number_ = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat found{};
        if (number_ < 0 || ::fstat(number_, &found) != 0) {
            error_ = errno;
        } else if (found.st_uid != ::geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
            error_ = EPERM;  // somebody else's, or others can write it
        }
    }
    ~Directory() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    int error() const noexcept { return error_; }
    int number() const noexcept { return number_; }

  private:
    int number_ = -1;
    int error_ = 0;
};

int made(const std::string& path) {
    if (::mkdir(path.c_str(), searched) != 0) {
        return errno == EEXIST ? 0 : errno;
    }
    return ::chmod(path.c_str(), searched) == 0 ? 0 : errno;  // whatever the umask
}

// Gives the directory to its group. Without CAP_CHOWN only tmpfiles.d can.
int give(const std::string& path, const std::string& group) {
    const Directory directory(path);
    if (directory.error() != 0) {
        return directory.error();
    }
    struct stat found{};
    const auto gid = group_id(group);
    if (!gid || ::fstat(directory.number(), &found) != 0 || found.st_gid == *gid) {
        return 0;
    }
    return ::fchownat(directory.number(), "", static_cast<uid_t>(-1), *gid, AT_EMPTY_PATH) == 0 ? 0 : errno;
}

// Whatever else has the name of a marker goes: a link's target is none of ours.
int clear_place(const Directory& directory, const char* name, bool* there) {
    struct stat found{};
    *there = ::fstatat(directory.number(), name, &found, AT_SYMLINK_NOFOLLOW) == 0;
    if (*there && !S_ISREG(found.st_mode)) {
        *there = false;
        return ::unlinkat(directory.number(), name, 0) == 0 ? 0 : errno;
    }
    return *there || errno == ENOENT ? 0 : errno;
}

int make(const Directory& directory, const char* name) {
    bool there = false;
    if (const int error = clear_place(directory, name, &there); error != 0 || there) {
        return error;
    }
    const int file =
        ::openat(directory.number(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, marker_mode);
    if (file < 0) {
        return errno == EEXIST ? 0 : errno;  // somebody else's marker of the same
    }
    ::close(file);
    return 0;
}

int date(const Directory& directory, const char* name, std::int64_t until) {
    struct stat found{};
    if (::fstatat(directory.number(), name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? 0 : errno;  // somebody took it away meanwhile
    }
    if (found.st_mtim.tv_sec == until) {
        return 0;
    }
    const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, timespec{until, 0}};
    return ::utimensat(directory.number(), name, times.data(), AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

int remove(const Directory& directory, const char* name) {
    return ::unlinkat(directory.number(), name, 0) == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

std::string Markers::make_directories() const {
    if (const int error = made(directory_); error != 0) {
        return said(directory_, error);
    }
    for (const auto& group : marker_groups) {
        if (const int error = made(path(group)); error != 0) {
            return said(path(group), error);
        }
    }
    return {};
}

std::string Markers::prepare() const {
    std::string problem = make_directories();
    for (const auto& group : marker_groups) {
        if (!problem.empty()) {
            break;
        }
        try {
            if (const int error = give(path(group), group.group); error != 0) {
                problem = "NSS groups: " + path(group) + " cannot be given to the group " + group.group +
                          ": " + std::system_category().message(error) + ": run `chgrp " + group.group + ' ' +
                          path(group) + '`';
            }
        } catch (const std::exception& error) {
            problem = std::string("NSS groups: ") + group.group + " could not be looked up: " + error.what();
        }
    }
    return problem;
}

std::string Markers::set(const MarkerGroup& group, const std::string& name, bool member,
                         std::int64_t until) const {
    char encoded[marker_name_size];
    if (!encode_marker_name(name.data(), name.size(), encoded)) {
        return {};  // nobody could find it
    }
    for (const bool again : {false, true}) {
        const Directory directory(path(group));
        if (directory.error() == ENOENT && !again) {
            if (!member) {
                return {};
            }
            if (std::string problem = make_directories(); !problem.empty()) {
                return problem;
            }
            continue;
        }
        int error = directory.error();
        if (error == 0) {
            error = member ? make(directory, encoded) : remove(directory, encoded);
        }
        if (error == 0 && member && group.expires) {
            error = date(directory, encoded, until);
        }
        return error == 0 ? std::string() : said(path(group), error);
    }
    return {};
}

bool Markers::has(const MarkerGroup& group, const std::string& name) const {
    char encoded[marker_name_size];
    struct stat found{};
    return encode_marker_name(name.data(), name.size(), encoded) &&
           ::lstat((path(group) + '/' + encoded).c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

std::string Markers::tell(const std::string& name, const Standing& standing) const {
    // What is withdrawn goes first, so that nobody is ever in more groups than before and after.
    std::string problem;
    for (const bool joining : {false, true}) {
        const std::array<std::pair<const MarkerGroup*, bool>, 3> wanted{
            {{&exempt, standing.exempt},
             {&pending, standing.pending_until != 0},
             {&enrolled, standing.enrolled}}};
        for (const auto& [group, member] : wanted) {
            if (member != joining) {
                continue;
            }
            std::string one = set(*group, name, member, standing.pending_until);
            if (problem.empty()) {
                problem = std::move(one);
            }
        }
    }
    return problem;
}

Markers::Listing Markers::list(const MarkerGroup& group) const {
    Listing listing;
    const int number = ::open(path(group).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    listing.stream_.reset(number >= 0 ? ::fdopendir(number) : nullptr);
    if (!listing.stream_ && number >= 0) {
        ::close(number);
    }
    return listing;
}

std::vector<std::string> Markers::Listing::next(std::size_t most) {
    std::vector<std::string> names;
    while (stream_ && names.size() < most) {
        const dirent* entry = ::readdir(stream_.get());
        if (entry == nullptr) {
            stream_.reset();
            break;
        }
        char name[marker_name_size];
        if (decode_marker_name(entry->d_name, name)) {
            names.emplace_back(name);
        }
    }
    return names;
}

}  // namespace warifu
