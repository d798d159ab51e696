// What the doctor finds: which kind of mistake, where, and what mends it. Every kind stands in one table,
// with the name that scripts and docs/operations.md know it by.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/doctor/sentence.h"

namespace warifu::doctor {

enum class Severity : std::uint8_t { warning, fault };

enum class Kind : std::uint8_t {
    // sshd
    sshd_unreadable,
    sshd_pam_off,
    sshd_keyboard_interactive_off,
    sshd_password_method,
    sshd_methods_unmet,
    sshd_method_list_unmet,
    sshd_key_alone,
    // PAM
    pam_missing,
    pam_line_malformed,
    pam_file_missing,
    pam_module_missing,
    pam_module_optional,
    pam_option,
    pam_nullok_refused,
    pam_file_alone,
    pam_code_first,
    pam_code_first_cockpit,
    pam_code_after_refusal,
    pam_code_skipped,
    pam_exemption,
    pam_failure_ignored,
    pam_outage_ignored,
    pam_never_succeeds,
    pam_ignored_refused,
    pam_no_final_line,
    // name services
    nss_group_strengthens,
    nss_not_asked,
    nss_module_missing,
    // the clock
    clock_no_time_service,
    clock_unsynchronised,
    clock_behind_store,
    // files
    file_kind,
    file_owner,
    file_mode,
    directory_mode,
    key_missing,
    store_missing,
    store_not_made,
    text_file_missing,
    store_not_writable,
    disk_full,
    disk_nearly_full,
    inodes_gone,
    inodes_nearly_gone,
    // configuration
    config_bad,
    config_refuses_all,
    config_warning,
    config_not_reloaded,
    config_unknown,
    sources_home,
    // warifud
    warifud_not_running,
    warifud_unreachable,
    warifud_version,
    store_unhealthy,
    switched_off,
    shared_key,
    shared_key_overdue,
    shared_key_guessed,
    shared_key_group,
    // accounts
    no_way_back,
    no_recovery_codes,
    credentials_gone,
    mark_ahead,
    account_unreadable,
    account_note,
};

struct KindRow {
    Kind kind;
    std::string_view id;  // of --json and of the documentation
    Severity severity;
};

// In the order of Kind.
std::span<const KindRow> kinds() noexcept;
const KindRow& row_of(Kind kind) noexcept;

// `subject` (a file, FILE:LINE, a program or an account), `message` and `remedy` may hold bytes from outside:
// whoever shows them escapes them.
struct Finding {
    Kind kind;
    std::string subject;
    Sentence message, remedy;
    bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

}  // namespace warifu::doctor
