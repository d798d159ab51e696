// One conversation with somebody at a door: Start, then answers, until a step is `done`. What is asked and
// how depends on the door alone, never on the account; but whom policy wants enrolled, and who surely is not,
// is shown a key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/door_approval.h"
#include "core/engine/door_enrolment.h"
#include "core/engine/engine.h"
#include "core/engine/step.h"

namespace warifu {

inline constexpr std::uint32_t pam_silent = 0x8000;  // PAM_SILENT of Linux-PAM

struct StartRequest {
    std::string user;
    Caller caller;
    std::uint32_t flags = 0;
    std::vector<std::string> options;
    bool has_authtok = false;  // a password was typed before this line
    std::string auth_info;     // the SSH methods that are done, "publickey password"
    bool single_field = false;
};

class Conversation {
  public:
    explicit Conversation(Engine& engine) : engine_(engine) {}

    Task<Step> start(StartRequest request);
    // Throws Conflict where no answer is awaited.
    Task<Step> answer(ReplyKind kind, std::string text);
    // Whoever was asked is gone: what waits for others is withdrawn.
    void abandon();

  private:
    std::string_view say(Phrase phrase) const;
    Step prompt() const;
    Step prompt_again();
    Step end(const AttemptResult& result);
    Step pass(Reason reason, std::string text, std::string detail = {});
    bool door_counts() const;
    Task<PersonAnswer> identify();
    // Without a word of policy's, but with the work of asking for it.
    Task<bool> ask_policy_in_vain(PersonAnswer person);
    // The step that ends the conversation before any question, or begins an enrolment; nullopt: ask for a
    // code.
    Task<std::optional<Step>> without_a_code(PersonAnswer person);
    Task<std::optional<Step>> for_the_unenrolled(DoorPolicy policy, PersonAnswer person);
    // Whether an approval can be waited for at this door, for whomever.
    bool approval_door() const;
    std::string approval_prompt() const;
    // Whether a code does not do here, not even beside an approval that cannot be had.
    bool code_is_worthless() const;
    Task<std::optional<Step>> ask_for_approval();
    Task<Step> wait_for_approval();
    Task<Step> after_approval(AttemptResult result);
    Task<Step> after_code(AttemptResult result, int tail);
    Task<Step> check(ReplyKind kind, std::string text);
    bool mail_door() const;
    // Nobody's phone rings, and no mail goes out, for somebody who has the name alone.
    bool may_send() const;
    Task<Step> mail_a_code();
    Task<std::optional<Step>> try_mailed(ReplyKind kind, const std::string& text);
    // For how long a sign-in at this door is remembered; 0: not at all.
    std::uint32_t remember_seconds() const;
    Task<std::optional<Step>> for_the_remembered();
    // Why nobody can enrol here; empty: somebody can.
    std::string hindrance(const DoorPolicy& policy) const;
    std::string sentence(const AttemptResult& result) const;

    Engine& engine_;
    StartRequest request_;
    LineOptions options_;
    Subject subject_;
    std::string problem_;    // what did not answer before the prompt: nobody gets in past that
    std::string hindrance_;  // policy wants the unenrolled to enrol here, and this is why they cannot
    bool awaiting_ = false;
    std::optional<DoorEnrolment> enrolment_;
    std::optional<ApprovalRule> rule_;       // who has to approve this sign-in
    std::optional<ApprovalRule> vain_rule_;  // the same, where nothing may be sent
    std::optional<DoorApproval> approval_;   // at every door where some rule could
    bool suspended_ = false;
    bool code_done_ = false, approval_done_ = false;  // where both are wanted
    bool asked_again_ = false, person_found_ = false;
    int mails_ = 0;  // how often one was asked for
};

}  // namespace warifu
