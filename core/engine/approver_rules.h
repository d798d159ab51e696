// Rules by which people approve for others without being asked each time: made, listed and removed by their
// owner, and read when a request is made. Of realm host.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/approval/approver_rule.h"
#include "core/engine/engine.h"

namespace warifu {

class ApproverRules {
  public:
    explicit ApproverRules(Engine& engine) : engine_(engine) {}

    std::vector<ApproverRule> of(const Subject& owner);  // throws Unavailable
    // Takes all but id and created. Invalid for one that is none, Conflict for one too many.
    Task<ApproverRule> add(Subject owner, ApproverRule rule, Caller caller);
    Task<bool> remove(Subject owner, std::string id, Caller caller);  // NotFound

    // The rules of everybody whom `needs` names, by holder. Whose rules cannot be read has none: they are
    // asked.
    std::map<std::string, std::vector<ApproverRule>> of_holders(const std::vector<Need>& needs);

  private:
    Task<std::vector<ApproverRule>> change(Subject owner,
                                           std::function<void(std::vector<ApproverRule>&)> how);

    Engine& engine_;
};

}  // namespace warifu
