// One action that waits for others at a door of root's (sudo's approval plugin): what is waited for is shown,
// then the verdict. Where no rule asks for an approval the action is `ignored`: it goes on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/approvals.h"
#include "core/engine/step.h"

namespace warifu {

inline constexpr std::string_view action_service_ending = "-approval";  // "sudo" asks as "sudo-approval"

struct ActionRequest {
    std::string user;
    Caller caller;
    std::string run_as, directory;
    std::vector<std::string> argv;  // as it will be run
};

class ActionApproval {
  public:
    explicit ActionApproval(Engine& engine) : engine_(engine), approvals_(engine) {}

    Task<Step> start(ActionRequest request);
    // After a step "info": waits until something has happened. Throws Conflict where no answer is awaited.
    Task<Step> next();
    void abandon();

  private:
    Step shown(const Request& request) const;
    Step end(Verdict verdict, Reason reason, std::string detail);
    Task<Step> settle(Request request);

    Engine& engine_;
    Approvals approvals_;
    Subject subject_;
    Caller caller_;
    std::optional<Request> seen_;
    std::shared_ptr<bool> abandoned_ = std::make_shared<bool>(false);
};

// As a shell would take it: words that need it in single quotes.
std::string shown_command(const std::vector<std::string>& argv);
// SHA-256 of the words, each ended by a NUL: "sha256:…".
std::string digest_of(const std::vector<std::string>& argv);

}  // namespace warifu
