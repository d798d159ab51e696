// What an administrator, or a site, turns at run time without touching a configuration or an application. The
// file sets what is in force until then. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace warifu {

inline constexpr std::size_t most_switched_services = 64;  // of one realm
inline constexpr std::size_t most_switched_name = 64;      // bytes of a service's name

enum class Permit : std::uint8_t { allow, deny };
std::string_view name(Permit permit) noexcept;  // "allow", "deny"

// Each is as nobody ever turned it, or as it was turned last.
struct Switches {
    std::optional<bool> second_factor;   // false: off, nobody is asked for it
    std::optional<Permit> unregistered;  // what becomes of whoever has no second factor
    std::optional<Permit> not_now;       // what an approver's "not now" does; in clients' realms alone
    std::string by;                      // who turned the last of them: "uid:0", "key:ID"
    std::int64_t at = 0;                 // and when, Unix seconds
    bool operator==(const Switches&) const = default;
};

// Of one realm: by service, "" being all of them.
using SwitchSet = std::map<std::string, Switches, std::less<>>;

// A service's own switch goes before the one for all.
Switches in_force(const SwitchSet& set, std::string_view service);

// Turns one: `name` is second_factor (on, off), unregistered or not_now (allow, deny); "default" is as nobody
// ever turned it. Throws Invalid for other words, for not_now in realm host, and for one service too many.
void turn(SwitchSet& set, std::string_view realm, std::string_view service, std::string_view name,
          std::string_view value, std::string by, std::int64_t now);

std::string encode_switches(const SwitchSet& set);
// "" is an empty one. Throws Unavailable for a document that is damaged or a newer Warifu's.
SwitchSet decode_switches(std::string_view document);

}  // namespace warifu
