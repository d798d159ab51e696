// Who a login name is, asked of NSS (getpwnam_r and its kin), never parsed from a file. Blocking: NSS may go
// over a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

struct Identity {
    std::string name;  // canonical: as NSS spells it, which may differ from what was asked (aliases, case)
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string home;
};

// nullopt: NSS answered that there is nobody (ENOENT and its kin included, and names NSS cannot hold: empty,
// over 256 bytes, with NUL). Throws std::system_error when NSS could not answer: that is not "nobody".
std::optional<Identity> find_by_name(std::string_view name);
std::optional<Identity> find_by_uid(std::uint32_t uid);

// Whether `who` is in the group `group`, primary or supplementary, by getgrouplist; nullopt: there is no such
// group. Throws std::system_error as above.
std::optional<bool> membership(const Identity& who, std::string_view group);
// The same, and a group that does not exist has no members.
bool in_group(const Identity& who, std::string_view group);
std::optional<std::uint32_t> group_id(std::string_view group);
// The login names that the group's own entry lists (gr_mem): not those whose primary group it is. nullopt:
// there is no such group.
std::optional<std::vector<std::string>> members_of(std::string_view group);

}  // namespace warifu
