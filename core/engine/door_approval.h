// An approval in the middle of a sign-in: the request goes out when the question is put, and whoever is
// signing in presses Enter and waits, or types a code instead. At a door where anybody may have to be
// approved everybody is asked the same, waits as long and costs the same; for whom nothing was sent, nothing
// of the account is touched.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/engine/approvals.h"
#include "core/engine/sign_in.h"

namespace warifu {

// sshd notices a client that went away only when the stack returns, and gives up after LoginGraceTime (120
// s).
inline constexpr std::int64_t most_waited_at_sshd = 95;
// cockpit-session lets a module be silent for 30 s: then it asks again.
inline constexpr std::int64_t most_waited_at_cockpit = 25;

class DoorApproval {
  public:
    DoorApproval(Engine& engine, Subject subject, const Caller& caller, bool passwordless);

    // Sends the request that `rule` wants, or finds this sign-in's own. Without a rule, or where nothing may
    // be sent, only the work is done. A result ends the sign-in at once. Throws nothing: what goes wrong is
    // logged, and nothing was sent.
    Task<std::optional<AttemptResult>> begin(std::optional<ApprovalRule> rule, bool may_send);
    const std::string& number() const noexcept { return number_; }  // empty: none is shown

    // Waits for a decision, as long as this door can: nullopt where there is none yet.
    Task<std::optional<AttemptResult>> wait();
    // A code did instead: the request is withdrawn.
    Task<bool> withdraw();
    // Whoever was signing in is gone.
    void abandon();

  private:
    // What outlives the conversation while a wait comes to its end.
    struct Shared {
        bool abandoned = false;
    };

    Task<std::optional<AttemptResult>> ask(std::vector<Need> needs, std::vector<Hours> armed);
    Task<bool> work_in_vain(std::vector<Need> needs);
    Task<std::optional<AttemptResult>> take_up(std::string id);
    Task<bool> use_window();
    Task<std::optional<AttemptResult>> settle(Request request);
    Task<std::optional<AttemptResult>> wait_in_vain(std::int64_t until);
    AttemptResult result(Verdict verdict, Reason reason, std::string detail = {}) const;

    Engine& engine_;
    Approvals approvals_;
    Subject subject_;
    Caller caller_;
    bool passwordless_;
    bool desk_told_ = false;
    std::string id_;  // empty: nothing was sent
    std::string number_;
    std::int64_t begun_ = 0, expires_ = 0;
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace warifu
