#include "core/approval/rule.h"

#include <algorithm>
#include <array>

namespace warifu {

namespace {

constexpr std::array<std::string_view, 3> mode_words{"either", "both", "none"};

bool may_fit_at(const ApprovalRule& rule, std::string_view service) noexcept {
    const auto& services = rule.where.services;
    return services.empty() || std::find(services.begin(), services.end(), service) != services.end();
}

}  // namespace

std::string_view name(CodeMode mode) noexcept {
    return mode_words[static_cast<std::size_t>(mode)];
}

bool valid_approver(std::string_view text) noexcept {
    if (text == "self" || text == "guardians") {
        return true;
    }
    for (const std::string_view kind : {"user:", "group:", "device:"}) {
        if (text.starts_with(kind)) {
            return text.size() > kind.size();
        }
    }
    return false;
}

ApprovalChoice choose(const std::vector<ApprovalRule>& rules, const PolicyFacts& facts) noexcept {
    for (const auto& rule : rules) {
        const Membership fit = fits(rule.where, facts);
        if (fit != Membership::no) {
            return {&rule, fit == Membership::yes};
        }
    }
    return {};
}

bool any_rule_at(const std::vector<ApprovalRule>& rules, std::string_view service) noexcept {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const ApprovalRule& rule) { return may_fit_at(rule, service); });
}

ApprovalPrompt prompt_at(const std::vector<ApprovalRule>& rules, std::string_view service) noexcept {
    ApprovalPrompt prompt;
    bool first = true;
    for (const auto& rule : rules) {
        if (!may_fit_at(rule, service)) {
            continue;
        }
        prompt.own_phone = prompt.own_phone && rule.ask.size() == 1 && rule.ask.front() == "self";
        prompt.code = first || prompt.code == rule.code ? rule.code : CodeMode::either;
        first = false;
    }
    return prompt;
}

std::vector<std::string> group_names(const std::vector<ApprovalRule>& rules) {
    std::vector<PolicyRule> conditions;
    for (const auto& rule : rules) {
        conditions.push_back(rule.where);
    }
    return group_names(conditions);
}

}  // namespace warifu
