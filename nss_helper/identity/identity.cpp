#include "nss_helper/identity/identity.h"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace warifu {

namespace {

constexpr std::size_t max_name_bytes = 256;
constexpr std::size_t first_buffer_bytes = 1024;
constexpr std::size_t max_buffer_bytes = 1024 * 1024;  // a group with some 50,000 members
constexpr int first_groups = 64;
constexpr int max_groups = 65'536;  // NGROUPS_MAX

// "No uid" and "no gid" to setresuid and chown: as an identity it would leave a process root.
constexpr std::uint32_t no_id = 0xffffffff;

bool can_be_asked(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_name_bytes && name.find('\0') == std::string_view::npos;
}

// getpwnam(3) lists ENOENT, ESRCH, EBADF and EPERM as ways to say "not found", and glibc itself says it with
// 0. ENOENT and ESRCH are believed: name services do answer so. EBADF and EPERM are what a broken descriptor
// or a sandbox makes of a question that was never answered, and "nobody" would be a guess: an error refuses,
// while somebody who is "not in a protected group" would be handed to the help desk.
bool means_nobody(int error) noexcept {
    return error == ENOENT || error == ESRCH;
}

// Calls `ask(record, buffer, size, result)`, a get…_r function, with a growing buffer, and returns what
// `take` makes of the record, or nullopt where there is none. Throws std::system_error.
template <typename Record, typename Ask, typename Take>
auto ask_nss(const char* function, const Ask& ask, const Take& take)
    -> std::optional<decltype(take(std::declval<Record&>()))> {
    std::vector<char> buffer(first_buffer_bytes);
    for (;;) {
        Record record{};
        Record* result = nullptr;
        const int error = ask(&record, buffer.data(), buffer.size(), &result);
        if (error == ERANGE && buffer.size() < max_buffer_bytes) {
            buffer.resize(buffer.size() * 2);
        } else if (error == 0 && result != nullptr) {
            return take(*result);
        } else if (error == 0 || means_nobody(error)) {
            return std::nullopt;
        } else {
            throw std::system_error(error, std::generic_category(), function);
        }
    }
}

Identity identity_of(const passwd& entry) {
    if (entry.pw_uid == no_id || entry.pw_gid == no_id) {
        throw std::system_error(EOVERFLOW, std::generic_category(),
                                "a passwd entry with uid or gid 4294967295");
    }
    return {entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir != nullptr ? entry.pw_dir : ""};
}

std::vector<gid_t> groups_of(const Identity& who) {
    std::vector<gid_t> groups(first_groups);
    for (;;) {
        int count = static_cast<int>(groups.size());
        if (::getgrouplist(who.name.c_str(), who.gid, groups.data(), &count) >= 0) {
            groups.resize(static_cast<std::size_t>(count));
            return groups;
        }
        // Too small a list is answered with the count that it takes; anything else is a lack of memory.
        if (count <= static_cast<int>(groups.size()) || count > max_groups) {
            throw std::system_error(ENOMEM, std::generic_category(), "getgrouplist");
        }
        groups.resize(static_cast<std::size_t>(count));
    }
}

}  // namespace

std::optional<Identity> find_by_name(std::string_view name) {
    if (!can_be_asked(name)) {
        return std::nullopt;
    }
    const auto ask = [text = std::string(name)](auto... out) { return ::getpwnam_r(text.c_str(), out...); };
    return ask_nss<passwd>("getpwnam_r", ask, identity_of);
}

std::optional<Identity> find_by_uid(std::uint32_t uid) {
    if (uid == no_id) {
        return std::nullopt;
    }
    return ask_nss<passwd>(
        "getpwuid_r", [uid](auto... out) { return ::getpwuid_r(uid, out...); }, identity_of);
}

std::optional<std::uint32_t> group_id(std::string_view group) {
    if (!can_be_asked(group)) {
        return std::nullopt;
    }
    const auto ask = [text = std::string(group)](auto... out) { return ::getgrnam_r(text.c_str(), out...); };
    return ask_nss<struct group>("getgrnam_r", ask, [](const struct group& entry) { return entry.gr_gid; });
}

std::optional<std::vector<std::string>> members_of(std::string_view group) {
    if (!can_be_asked(group)) {
        return std::nullopt;
    }
    const auto ask = [text = std::string(group)](auto... out) { return ::getgrnam_r(text.c_str(), out...); };
    return ask_nss<struct group>("getgrnam_r", ask, [](const struct group& entry) {
        std::vector<std::string> names;
        for (char** member = entry.gr_mem; member != nullptr && *member != nullptr; ++member) {
            names.emplace_back(*member);
        }
        return names;
    });
}

std::optional<bool> membership(const Identity& who, std::string_view group) {
    const auto wanted = group_id(group);
    if (!wanted) {
        return std::nullopt;
    }
    const auto groups = groups_of(who);
    return std::find(groups.begin(), groups.end(), *wanted) != groups.end();
}

bool in_group(const Identity& who, std::string_view group) {
    return membership(who, group).value_or(false);
}

}  // namespace warifu
