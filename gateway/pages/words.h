// Every sentence of the pages, in each language: one table (words.cpp).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "gateway/pages/language.h"

namespace warifu::gateway {

enum class Word : std::uint8_t {
    // What the page asks.
    approve_sign_in,
    approve_action,
    approve_something,  // to a holder who is told nothing about the person
    deny_sign_in,
    deny_action,
    deny_something,
    activate_request,
    deactivate_request,
    toggle_request,
    arm_request,
    disarm_request,
    // The names of what it shows.
    label_user,
    label_service,
    label_host,
    label_from,
    label_terminal,
    label_user_agent,
    label_message,
    label_command,
    label_run_as,
    label_directory,
    label_digest,
    label_approvals,
    label_expires,
    label_number,
    // Values.
    approvals_of,  // %1 of %2
    in_seconds,    // %1, and at what time, %2
    in_minutes,    // the same
    in_hours,
    in_days,
    is_over,
    number_shown_hint,
    number_typed_hint,
    // Buttons.
    button_approve,
    button_not_now,
    button_not_me,       // the person's own sign-in
    button_not_genuine,  // somebody else's
    button_activate,
    button_deactivate,
    button_toggle,
    button_arm,
    button_disarm,
    not_me_hint,
    not_genuine_hint,
    // What became of it.
    title_approved,
    text_approved,
    title_recorded,
    text_recorded,  // %1 of %2
    title_refused,
    text_not_now,
    text_not_me,
    text_too_many_numbers,
    title_done,
    text_done,
    title_not_yet,
    text_not_yet,
    title_wrong_number,
    text_wrong_number,
    try_again,
    title_gone,
    text_gone,
    title_failed,
    text_bad_request,
    text_not_allowed,
    text_slow_down,
    text_conflict,
    text_unavailable,
    close_page,
    end_of_words,
};

std::string_view words(Word word, Language language);

// With %1 and %2 replaced.
std::string words(Word word, Language language, std::initializer_list<std::string_view> holes);

}  // namespace warifu::gateway
