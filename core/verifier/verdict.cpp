#include "core/verifier/verdict.h"

namespace warifu {

std::string_view name(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::success:
            return "success";
        case Verdict::denied:
            return "denied";
        case Verdict::limited:
            return "limited";
        case Verdict::ignored:
            return "ignored";
        case Verdict::unavailable:
            return "unavailable";
    }
    return "unavailable";
}

std::string_view name(Reason reason) noexcept {
    switch (reason) {
        case Reason::ok:
            return "ok";
        case Reason::bad_code:
            return "bad_code";
        case Reason::replayed:
            return "replayed";
        case Reason::mark_ahead:
            return "mark_ahead";
        case Reason::not_enrolled:
            return "not_enrolled";
        case Reason::suspended:
            return "suspended";
        case Reason::limited:
            return "limited";
        case Reason::junk:
            return "junk";
        case Reason::password_typed:
            return "password_typed";
        case Reason::first_factor_failed:
            return "first_factor_failed";
        case Reason::not_listed:
            return "not_listed";
        case Reason::unenrolled_pass:
            return "unenrolled_pass";
        case Reason::switched_off:
            return "switched_off";
        case Reason::exempt:
            return "exempt";
        case Reason::remembered:
            return "remembered";
        case Reason::enrolled:
            return "enrolled";
        case Reason::cannot_enrol:
            return "cannot_enrol";
        case Reason::mailed_code:
            return "mailed_code";
        case Reason::approved:
            return "approved";
        case Reason::approval_denied:
            return "approval_denied";
        case Reason::approval_expired:
            return "approval_expired";
        case Reason::withdrawn:
            return "withdrawn";
        case Reason::approval_needed:
            return "approval_needed";
        case Reason::approval_refused:
            return "approval_refused";
        case Reason::window_closed:
            return "window_closed";
        case Reason::bad_option:
            return "bad_option";
        case Reason::unavailable:
            return "unavailable";
    }
    return "unavailable";
}

}  // namespace warifu
