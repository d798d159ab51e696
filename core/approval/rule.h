// Who has to approve a sign-in or an action: an ordered list of rules, of which the first that fits decides.
// Pure: whoever asks brings the facts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/approval/request.h"
#include "core/policy/policy.h"

namespace warifu {

// What a one-time code does where an approval is asked for.
enum class CodeMode : std::uint8_t {
    either,  // it takes the place of the approval
    both,    // it is wanted as well
    none,    // it does not count
};
std::string_view name(CodeMode mode) noexcept;  // "either", …

struct ApprovalRule {
    PolicyRule where;              // its conditions; the outcome is not looked at
    std::vector<std::string> ask;  // "self", "guardians", "user:NAME", "group:NAME", "device:ID"
    std::size_t count = 1;         // how many of all of them
    bool together = false;         // instead: `count` of each
    CodeMode code = CodeMode::either;
    std::vector<Hours> armed;  // an approval counts in these hours alone; none: always
};

// "self", "guardians", or one of the three kinds with a name.
bool valid_approver(std::string_view text) noexcept;

struct ApprovalChoice {
    const ApprovalRule* rule = nullptr;  // null: nobody is asked
    bool sure = true;                    // false: a group could not be told, and the rule may not be the one
};
ApprovalChoice choose(const std::vector<ApprovalRule>& rules, const PolicyFacts& facts) noexcept;

// Whether any rule could ever fit at this service: then everybody there sees the same prompt.
bool any_rule_at(const std::vector<ApprovalRule>& rules, std::string_view service) noexcept;

// What a prompt at a service says of approvals. Of the service, and of nobody there: the same for everybody.
struct ApprovalPrompt {
    bool own_phone = true;  // false: some rule there asks somebody else than who signs in
    CodeMode code = CodeMode::either;
};
ApprovalPrompt prompt_at(const std::vector<ApprovalRule>& rules, std::string_view service) noexcept;

// The groups that any condition names, each once.
std::vector<std::string> group_names(const std::vector<ApprovalRule>& rules);

}  // namespace warifu
