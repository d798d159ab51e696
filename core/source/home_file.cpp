#include "core/source/home_file.h"

#include <dirent.h>
#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

#include "core/error/error.h"
#include "core/source/owned_file.h"

namespace warifu {

namespace {

constexpr std::size_t random_name_bytes = 8;
constexpr std::string_view temporary_end = ".new";
constexpr std::int64_t abandoned_after = 60;      // seconds; no write takes that long
constexpr std::size_t most_names_swept = 10'000;  // a directory with more is not swept to its end

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
    throw Unavailable(path + ": " + problem);
}

// The names of `relative`, one after another.
std::vector<std::string> components(const std::string& relative) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= relative.size();) {
        const std::size_t end = std::min(relative.find('/', begin), relative.size());
        names.push_back(relative.substr(begin, end - begin));
        if (names.back().empty() || names.back() == "." || names.back() == ".." ||
            names.back().find('\0') != std::string::npos)
            throw Unavailable("not a path below a home: " + relative);
        begin = end + 1;
    }
    return names;
}

void judge_directory(const struct stat& status, const std::string& path) {
    if (S_ISLNK(status.st_mode)) refuse(path, "is a symbolic link");
    if (!S_ISDIR(status.st_mode)) refuse(path, "is not a directory");
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        refuse(path, "can be written to by others than its owner");
}

// Where a file lies: its directory, reached from the home step by step, and its name there.
struct Place {
    Descriptor directory;
    std::string directory_path, name;
    std::string path() const { return directory_path + "/" + name; }
};

Descriptor open_home(const std::string& home, uid_t uid) {
    if (home.empty() || home.front() != '/') refuse("\"" + home + "\"", "is not a home directory");
    Descriptor directory(::open(home.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat status{};
    if (!directory || ::fstat(directory.get(), &status) != 0) refuse_by_errno(home);
    judge_directory(status, home);
    if (status.st_uid != uid)
        refuse(home, "belongs to uid " + std::to_string(status.st_uid) + ", not to uid " +
                         std::to_string(uid) + ": is the home mounted?");
    return directory;
}

// nullopt: there is none, where that is an answer.
std::optional<Descriptor> step_into(const Descriptor& parent, const std::string& name, uid_t uid,
                                    const std::string& path, bool must_exist) {
    // As a directory, so that one which is mounted when it is wanted is mounted now.
    Descriptor directory(::openat(parent.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory && errno == ENOENT && !must_exist) return std::nullopt;
    struct stat status{};
    // What is none says what it is.
    const bool told = directory ? ::fstat(directory.get(), &status) == 0
                                : errno == ENOTDIR && ::fstatat(parent.get(), name.c_str(), &status,
                                                                AT_SYMLINK_NOFOLLOW) == 0;
    if (!told) refuse_by_errno(path);
    judge_directory(status, path);
    if (!directory) refuse(path, "changed while it was looked at");
    if (status.st_uid != uid && status.st_uid != 0)
        refuse(path, "belongs to uid " + std::to_string(status.st_uid));
    return std::optional(std::move(directory));
}

// nullopt: a directory behind the first `must_exist` is not there.
std::optional<Place> walk(Descriptor from, const std::string& path, uid_t uid, const std::string& relative,
                          std::size_t must_exist) {
    const std::vector<std::string> names = components(relative);
    Place place{std::move(from), path, names.back()};
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
        place.directory_path += "/" + names[i];
        auto next = step_into(place.directory, names[i], uid, place.directory_path, i < must_exist);
        if (!next) return std::nullopt;
        place.directory = std::move(*next);
    }
    return place;
}

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

std::optional<Secret> read_at(const std::optional<Place>& place, uid_t uid) {
    if (!place) return std::nullopt;
    const std::optional<Descriptor> file =
        open_owned_file(place->directory.get(), place->name, uid, place->path());
    if (!file) return std::nullopt;
    return read_owned_file(*file, place->path());
}

// A temporary file, taken away again unless it was put in its place.
class NewFile {
  public:
    // `directory` and `place` outlive it.
    NewFile(const Descriptor& directory, const Place& place)
        : directory_(directory),
          place_(place),
          name_(place.name + "." + random_name() + std::string(temporary_end)) {
        file_ = Descriptor(::openat(directory_.get(), name_.c_str(),
                                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600));
        if (!file_) refuse_by_errno(path());
        written_ = true;
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (written_) ::unlinkat(directory_.get(), name_.c_str(), 0);
    }

    void write(std::string_view content) {
        if (::fchmod(file_.get(), 0600) != 0) refuse_by_errno(path());  // whatever the umask was
        while (!content.empty()) {
            const ssize_t wrote = ::write(file_.get(), content.data(), content.size());
            if (wrote >= 0) content.remove_prefix(static_cast<std::size_t>(wrote));
            if (wrote < 0 && errno != EINTR) refuse_by_errno(path());
        }
        if (::fsync(file_.get()) != 0) refuse_by_errno(path());
    }

    void put_in_place() {
        if (::renameat(directory_.get(), name_.c_str(), directory_.get(), place_.name.c_str()) != 0)
            refuse_by_errno(place_.path());
        written_ = false;
        if (::fsync(directory_.get()) != 0) refuse_by_errno(place_.directory_path);
    }

    struct stat status() const {
        struct stat status{};
        if (::fstat(file_.get(), &status) != 0) refuse_by_errno(path());
        return status;
    }

  private:
    static std::string random_name() {
        const Secret random = Secret::random(random_name_bytes);
        std::string name;
        for (const std::uint8_t byte : random.bytes()) {
            std::array<char, 3> digits{};
            std::snprintf(digits.data(), digits.size(), "%02x", byte);
            name += digits.data();
        }
        return name;
    }
    std::string path() const { return place_.directory_path + "/" + name_; }

    const Descriptor& directory_;
    const Place& place_;
    std::string name_;
    Descriptor file_;
    bool written_ = false;
};

bool is_temporary_of(std::string_view name, const std::string& target) noexcept {
    return name.size() == target.size() + 1 + 2 * random_name_bytes + temporary_end.size() &&
           name.starts_with(target) && name[target.size()] == '.' && name.ends_with(temporary_end) &&
           name.substr(target.size() + 1, 2 * random_name_bytes).find_first_not_of("0123456789abcdef") ==
               std::string_view::npos;
}

struct CloseListing {
    void operator()(DIR* listing) const noexcept { ::closedir(listing); }
};
using Listing = std::unique_ptr<DIR, CloseListing>;

Listing list(const Descriptor& directory) {
    const int copy = ::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return nullptr;
    Listing listing(::fdopendir(copy));
    if (!listing) ::close(copy);
    return listing;
}

// Takes away what killed writers left: their files hold whole secrets. `now` is what the file system calls
// now.
void sweep(const Descriptor& directory, const Place& place, uid_t uid, std::int64_t now) {
    const Listing listing = list(directory);
    if (!listing) return;
    for (std::size_t names = 0; names < most_names_swept; ++names) {
        const dirent* entry = ::readdir(listing.get());
        if (entry == nullptr) return;
        struct stat status{};
        if (is_temporary_of(entry->d_name, place.name) &&
            ::fstatat(directory.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode) && status.st_uid == uid && status.st_mtime < now - abandoned_after)
            ::unlinkat(directory.get(), entry->d_name, 0);
    }
}

}  // namespace

std::optional<Secret> read_home(const std::string& home, uid_t uid, const std::string& relative) {
    return read_at(walk(open_home(home, uid), home, uid, relative, all), uid);
}

std::optional<Secret> read_key_file_in_home(const std::string& home, uid_t uid, const std::string& relative) {
    return read_at(walk(open_home(home, uid), home, uid, relative, 0), uid);
}

std::optional<Secret> read_key_file(uid_t uid, const std::string& relative, std::size_t must_exist) {
    Descriptor root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) refuse_by_errno("/");
    return read_at(walk(std::move(root), "", uid, relative, must_exist), uid);
}

void write_home(const std::string& home, uid_t uid, const std::string& relative, std::string_view content) {
    const Place place = *walk(open_home(home, uid), home, uid, relative, all);
    if (content.empty() || content.size() > max_owned_file_bytes)
        refuse(place.path(), "is not 1 byte to 64 KiB");
    // The walk's descriptor names the directory but cannot be fsynced.
    const Descriptor directory(
        ::openat(place.directory.get(), ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory) refuse_by_errno(place.directory_path);
    NewFile file(directory, place);
    file.write(content);
    const std::int64_t now = file.status().st_mtime;
    file.put_in_place();
    sweep(directory, place, uid, now);
}

}  // namespace warifu
