#include "core/policy/policy.h"

#include <algorithm>
#include <array>

namespace warifu {

namespace {

constexpr std::array<std::string_view, 5> outcome_words{"by-line", "refuse", "enrol", "pass", "exempt"};

bool names(const std::vector<std::string>& list, std::string_view word) noexcept {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

void keep_each_once(std::vector<std::string>& words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
}

bool tightens(PolicyOutcome outcome) noexcept {
    return outcome == PolicyOutcome::refuse || outcome == PolicyOutcome::enrol;
}

Membership in_groups(const PolicyRule& rule, const PolicyFacts& facts) noexcept {
    if (rule.groups.empty()) {
        return Membership::yes;
    }
    bool told = true;
    for (const auto& group : rule.groups) {
        const auto found = facts.groups.find(group);
        const auto membership = found == facts.groups.end() ? Membership::unknown : found->second;
        if (membership == Membership::yes) {
            return Membership::yes;
        }
        told = told && membership != Membership::unknown;
    }
    return told ? Membership::no : Membership::unknown;
}

// What lets nobody in whom either of the two would keep out. by-line is refuse or pass, as the PAM line has
// it: so beside enrol nothing but a refusal is sure.
PolicyOutcome stricter(PolicyOutcome one, PolicyOutcome other) noexcept {
    const auto either = [&](PolicyOutcome outcome) { return one == outcome || other == outcome; };
    if (either(PolicyOutcome::enrol) && either(PolicyOutcome::by_line)) {
        return PolicyOutcome::refuse;
    }
    for (const auto outcome :
         {PolicyOutcome::refuse, PolicyOutcome::enrol, PolicyOutcome::by_line, PolicyOutcome::pass}) {
        if (either(outcome)) {
            return outcome;
        }
    }
    return PolicyOutcome::exempt;
}

// The outcome of the rules that fit or may fit.
class Decided {
  public:
    void add(PolicyOutcome outcome, const PolicyRule* rule) noexcept {
        const PolicyOutcome now = any_ ? stricter(outcome_, outcome) : outcome;
        if (!any_ || (now != outcome_ && now == outcome)) {
            rule_ = rule;
        }
        outcome_ = now;
        any_ = true;
    }
    void give(PolicyDecision& decision) const noexcept {
        decision.outcome = outcome_;
        decision.rule = rule_;
    }

  private:
    bool any_ = false;
    PolicyOutcome outcome_ = PolicyOutcome::refuse;
    const PolicyRule* rule_ = nullptr;
};

}  // namespace

Membership fits(const PolicyRule& rule, const PolicyFacts& facts) noexcept {
    const bool rest =
        names(rule.services, facts.service) && names(rule.users, facts.user) &&
        (rule.networks.empty() || in_any(rule.networks, facts.source)) &&
        (rule.hours.empty() || std::any_of(rule.hours.begin(), rule.hours.end(),
                                           [&](const Hours& hours) { return hours.contain(facts.time); }));
    return rest ? in_groups(rule, facts) : Membership::no;
}

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
    Decided decided;
    bool sure = false;
    for (auto rule = rules.begin(); rule != rules.end() && !sure; ++rule) {
        const Membership fit = fits(*rule, facts);
        if (fit == Membership::no) {
            continue;
        }
        if (!rule->from || *rule->from <= date_of(facts.time)) {
            decided.add(rule->outcome, &*rule);
            sure = fit == Membership::yes;
        } else if (decision.announced == nullptr && tightens(rule->outcome)) {
            decision.announced = &*rule;
        }
    }
    if (!sure) {
        decided.add(otherwise, nullptr);
    }
    decided.give(decision);
    return decision;
}

bool always_exempt(const std::vector<PolicyRule>& rules, std::string_view service, std::string_view user,
                   const Date& today) noexcept {
    for (const auto& rule : rules) {
        if (!names(rule.services, service) || !names(rule.users, user)) {
            continue;
        }
        if (rule.outcome != PolicyOutcome::exempt) {
            return false;
        }
        const bool depends = !rule.groups.empty() || !rule.networks.empty() || !rule.hours.empty();
        if (!rule.users.empty() && !depends && (!rule.from || *rule.from <= today)) {
            return true;
        }
    }
    return false;
}

std::vector<std::string> exempt_users(const std::vector<PolicyRule>& rules) {
    std::vector<std::string> all;
    for (const auto& rule : rules) {
        if (rule.outcome == PolicyOutcome::exempt) {
            all.insert(all.end(), rule.users.begin(), rule.users.end());
        }
    }
    keep_each_once(all);
    return all;
}

std::vector<std::string> group_names(const std::vector<PolicyRule>& rules) {
    std::vector<std::string> all;
    for (const auto& rule : rules) {
        all.insert(all.end(), rule.groups.begin(), rule.groups.end());
    }
    keep_each_once(all);
    return all;
}

}  // namespace warifu
