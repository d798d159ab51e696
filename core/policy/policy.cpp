#include "core/policy/policy.h"

#include <algorithm>
#include <array>

namespace warifu {

namespace {

constexpr std::array<std::string_view, 5> outcome_words{"by-line", "refuse", "enrol", "pass", "exempt"};

bool names(const std::vector<std::string>& list, std::string_view word) noexcept {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

bool tightens(PolicyOutcome outcome) noexcept {
    return outcome == PolicyOutcome::refuse || outcome == PolicyOutcome::enrol;
}

bool in_groups(const PolicyRule& rule, const PolicyFacts& facts) noexcept {
    return rule.groups.empty() || std::any_of(rule.groups.begin(), rule.groups.end(), [&](const auto& group) {
               const auto found = facts.groups.find(group);
               const auto membership = found == facts.groups.end() ? Membership::unknown : found->second;
               return membership == Membership::yes ||
                      (membership == Membership::unknown && tightens(rule.outcome));
           });
}

// Whether all but the day of its coming into force fits.
bool fits(const PolicyRule& rule, const PolicyFacts& facts) noexcept {
    return names(rule.services, facts.service) && names(rule.users, facts.user) && in_groups(rule, facts) &&
           (rule.networks.empty() || in_any(rule.networks, facts.source)) &&
           (rule.hours.empty() || std::any_of(rule.hours.begin(), rule.hours.end(),
                                              [&](const Hours& hours) { return hours.contain(facts.time); }));
}

}  // namespace

std::string_view name(PolicyOutcome outcome) noexcept {
    return outcome_words[static_cast<std::size_t>(outcome)];
}

std::optional<PolicyOutcome> parse_policy_outcome(std::string_view text) noexcept {
    const auto found = std::find(outcome_words.begin(), outcome_words.end(), text);
    if (found == outcome_words.end()) {
        return std::nullopt;
    }
    return static_cast<PolicyOutcome>(found - outcome_words.begin());
}

PolicyDecision decide(const std::vector<PolicyRule>& rules, PolicyOutcome otherwise,
                      const PolicyFacts& facts) noexcept {
    PolicyDecision decision;
    decision.outcome = otherwise;
    for (const auto& rule : rules) {
        if (!fits(rule, facts)) {
            continue;
        }
        if (!rule.from || *rule.from <= date_of(facts.time)) {
            decision.outcome = rule.outcome;
            decision.rule = &rule;
            break;
        }
        if (decision.announced == nullptr && tightens(rule.outcome)) {
            decision.announced = &rule;
        }
    }
    return decision;
}

std::vector<std::string> group_names(const std::vector<PolicyRule>& rules) {
    std::vector<std::string> all;
    for (const auto& rule : rules) {
        all.insert(all.end(), rule.groups.begin(), rule.groups.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace warifu
