// Who is asked for a second factor, and what becomes of those who have none: an ordered list of rules, of
// which the first that fits decides. Pure: whoever asks brings the facts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/calendar.h"
#include "core/policy/network.h"

namespace warifu {

// Whoever is enrolled is asked, unless exempt; the others differ in what becomes of those who are not.
enum class PolicyOutcome : std::uint8_t {
    by_line,  // they pass where the PAM line says nullok, and are refused elsewhere
    refuse,
    enrol,   // they enrol at this sign-in, where the door can show it; elsewhere they are refused
    pass,    // they pass
    exempt,  // nobody is asked, the enrolled neither
};

std::string_view name(PolicyOutcome outcome) noexcept;  // "by-line", "refuse", …
std::optional<PolicyOutcome> parse_policy_outcome(std::string_view text) noexcept;

// Every condition that is given has to hold; within one, any of its values.
struct PolicyRule {
    std::vector<std::string> services, users, groups;
    std::vector<Network> networks;
    std::vector<Hours> hours;
    std::optional<Date> from;  // in force from this day on
    PolicyOutcome outcome = PolicyOutcome::by_line;
    std::size_t line = 0;  // in the file, for whoever asks which rule it was
};

// absent: there is no such group, so that nobody is in it.
enum class Membership : std::uint8_t { no, yes, unknown, absent };
using Memberships = std::map<std::string, Membership, std::less<>>;  // by group

struct PolicyFacts {
    std::string_view service, user;
    SourceId source;
    LocalTime time;
    Memberships groups;  // those of group_names()
};

// Whether all but the day of its coming into force fits.
Membership fits(const PolicyRule& rule, const PolicyFacts& facts) noexcept;

struct PolicyDecision {
    PolicyOutcome outcome = PolicyOutcome::by_line;
    const PolicyRule* rule = nullptr;       // the one that decided; null: none did
    const PolicyRule* announced = nullptr;  // one that will refuse or enrol from its day on; null: none
};

// Where it could not be told whether somebody is in a group, the rule may fit or not, and the strictest of
// what would be decided either way is decided.
PolicyDecision decide(const std::vector<PolicyRule>& rules, PolicyOutcome otherwise,
                      const PolicyFacts& facts) noexcept;

// Whether a rule that names this user exempts it at `service` from anywhere and at any hour, and none before
// that rule could ever decide otherwise. Rules with groups, networks or hours, and those that are not in
// force yet, exempt nobody here.
bool always_exempt(const std::vector<PolicyRule>& rules, std::string_view service, std::string_view user,
                   const Date& today) noexcept;

// Whom always_exempt() may be true of, each once: the users whom exempting rules name.
std::vector<std::string> exempt_users(const std::vector<PolicyRule>& rules);

// The groups that any rule names, each once.
std::vector<std::string> group_names(const std::vector<PolicyRule>& rules);

}  // namespace warifu
