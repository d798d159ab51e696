// Enrolment in the middle of a sign-in: the key is shown, a code from the app confirms it, the recovery codes
// are shown in a prompt that wants the beginning of one, and the person is in. Only for somebody who has
// passed the first factor, whom policy wants enrolled, and at a door that can show it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/engine/step.h"

namespace warifu {

inline constexpr int most_wrong_confirmations = 3;
inline constexpr int most_wrong_beginnings = 5;
inline constexpr std::size_t recovery_beginning = 4;  // characters

class DoorEnrolment {
  public:
    // `caller` is the door; the key on offer belongs to its source.
    DoorEnrolment(Engine& engine, Subject subject, const Caller& caller);

    // The first step. Throws what Engine::enroll throws.
    Task<Step> begin();
    // The next one, after the step before it was answered; `done` ends it.
    Task<Step> answer(ReplyKind kind, std::string text);

  private:
    enum class Awaits { shown, confirmation, beginning };

    std::string_view say(Phrase phrase) const;
    Step show_key(bool ascii) const;
    Step prompt(Phrase before, bool repeated) const;
    Step prompt_of_codes(bool again) const;
    Task<Step> confirm(std::string text);
    Task<Step> check_beginning(std::string text);
    // The success, unless the account was suspended, reset or changed since the code was confirmed.
    Task<Step> let_in();
    Step end(Verdict verdict, Reason reason, std::string text, std::string detail = {}) const;

    Engine& engine_;
    Subject subject_;
    Caller caller_;
    Enrolled offered_;
    std::vector<Secret> recovery_codes_;
    Awaits awaits_ = Awaits::shown;
    bool draws_ = false;  // a QR code can be shown here
    int wrong_ = 0;
};

}  // namespace warifu
