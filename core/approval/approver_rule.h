// What somebody who approves for others has decided beforehand: which requests of whom, from where, on which
// host and when they say yes or no to without being asked. A word given by a rule counts as theirs, and is
// marked as given by a rule. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/approval/request.h"
#include "core/policy/calendar.h"
#include "core/policy/network.h"

namespace warifu {

inline constexpr std::size_t most_approver_rules = 16;        // of one person
inline constexpr std::size_t most_approver_rule_values = 16;  // of one condition
inline constexpr std::int64_t most_approver_rule_days = 366;  // after which it has to be made again
inline constexpr std::size_t approver_rule_characters = 8;    // of its id

// Every condition that is given has to hold; within one, any of its values.
struct ApproverRule {
    std::string id;
    bool approve = true;             // false: no
    std::vector<std::string> users;  // for whom; a rule that says yes names them
    std::vector<std::string> services, hosts;
    std::vector<Network> networks;
    std::vector<Hours> hours;
    std::int64_t created = 0, until = 0;  // Unix seconds; `until` exclusive
    bool operator==(const ApproverRule&) const = default;
};

// Throws Invalid by the name of a condition that takes no such value, is too long, or is missing.
void check_approver_rule(const ApproverRule& rule, std::int64_t now);

// The first of `rules` that fits this sign-in or action of realm host; null: none. Nobody has a word by rule
// in what is about themselves, nor where a number has to be typed. A rule from the future is none.
const ApproverRule* fitting(const std::vector<ApproverRule>& rules, const std::string& holder,
                            const Request& request, const SourceId& source, const LocalTime& time,
                            std::int64_t now) noexcept;

std::string encode_approver_rules(const std::vector<ApproverRule>& rules);
// "" is an empty list. Throws Unavailable for a document that is damaged or a newer Warifu's.
std::vector<ApproverRule> decode_approver_rules(std::string_view document);

}  // namespace warifu
