// How an attempt ended. The verdict is for the caller; the reason is for the log and the administrator.
#pragma once

#include <cstdint>
#include <string_view>

namespace warifu {

enum class Verdict : std::uint8_t { success, denied, limited, ignored, unavailable };

enum class Reason : std::uint8_t {
    ok,
    bad_code,
    replayed,    // right, but spent, or older than one that was accepted
    mark_ahead,  // spent marks are ahead of the clock: it was set back
    not_enrolled,
    suspended,
    limited,
    junk,            // neither a code nor a recovery code
    password_typed,  // the answer was the password
    first_factor_failed,
    not_listed,        // policy: this door does not ask
    unenrolled_pass,   // policy: whoever is surely not enrolled passes
    switched_off,      // an administrator has turned the second factor off here
    exempt,            // policy: this person is not asked at this door
    remembered,        // a sign-in of a while ago stands
    enrolled,          // enrolled at this sign-in
    cannot_enrol,      // policy wants that, and here it cannot be done
    mailed_code,       // one that was mailed
    approved,          // others said yes
    approval_denied,   // somebody said no
    approval_expired,  // nobody said anything in time
    withdrawn,         // whoever asked for the approval is gone
    approval_needed,   // a code alone does not do here
    approval_refused,  // this very sign-in was refused a moment ago
    window_closed,     // an approval alone signs in within a window alone
    bad_option,
    unavailable,
};

std::string_view name(Verdict verdict) noexcept;
std::string_view name(Reason reason) noexcept;

}  // namespace warifu
