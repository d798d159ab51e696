#include "enroll_tool/doctor/finding.h"

#include <array>

namespace warifu::doctor {

namespace {

using enum Kind;
using enum Severity;

constexpr std::array rows{
    KindRow{sshd_unreadable, "sshd-unreadable", fault},
    KindRow{sshd_pam_off, "sshd-pam-off", fault},
    KindRow{sshd_keyboard_interactive_off, "sshd-keyboard-interactive-off", fault},
    KindRow{sshd_password_method, "sshd-password-method", warning},
    KindRow{sshd_methods_unmet, "sshd-methods-unmet", fault},
    KindRow{sshd_method_list_unmet, "sshd-method-list-unmet", warning},
    KindRow{sshd_key_alone, "sshd-key-alone", warning},
    KindRow{pam_missing, "pam-missing", warning},
    KindRow{pam_line_malformed, "pam-line-malformed", fault},
    KindRow{pam_file_missing, "pam-file-missing", fault},
    KindRow{pam_module_missing, "pam-module-missing", fault},
    KindRow{pam_module_optional, "pam-module-optional", fault},
    KindRow{pam_option, "pam-option", fault},
    KindRow{pam_nullok_refused, "pam-nullok-refused", warning},
    KindRow{pam_file_alone, "pam-file-alone", warning},
    KindRow{pam_code_first, "pam-code-first", warning},
    KindRow{pam_code_first_cockpit, "pam-code-first-cockpit", fault},
    KindRow{pam_code_after_refusal, "pam-code-after-refusal", fault},
    KindRow{pam_code_skipped, "pam-code-skipped", fault},
    KindRow{pam_exemption, "pam-exemption", warning},
    KindRow{pam_failure_ignored, "pam-failure-ignored", fault},
    KindRow{pam_outage_ignored, "pam-outage-ignored", fault},
    KindRow{pam_never_succeeds, "pam-never-succeeds", fault},
    KindRow{pam_ignored_refused, "pam-ignored-refused", fault},
    KindRow{pam_no_final_line, "pam-no-final-line", warning},
    KindRow{nss_group_strengthens, "nss-group-strengthens", fault},
    KindRow{nss_not_asked, "nss-not-asked", warning},
    KindRow{nss_module_missing, "nss-module-missing", warning},
    KindRow{clock_no_time_service, "clock-no-time-service", warning},
    KindRow{clock_unsynchronised, "clock-unsynchronised", warning},
    KindRow{clock_behind_store, "clock-behind-store", fault},
    KindRow{file_kind, "file-kind", fault},
    KindRow{file_owner, "file-owner", fault},
    KindRow{file_mode, "file-mode", fault},
    KindRow{directory_mode, "directory-mode", warning},
    KindRow{key_missing, "key-missing", fault},
    KindRow{store_missing, "store-missing", fault},
    KindRow{store_not_made, "store-not-made", fault},
    KindRow{text_file_missing, "text-file-missing", fault},
    KindRow{store_not_writable, "store-not-writable", fault},
    KindRow{disk_full, "disk-full", fault},
    KindRow{disk_nearly_full, "disk-nearly-full", warning},
    KindRow{inodes_gone, "inodes-gone", fault},
    KindRow{inodes_nearly_gone, "inodes-nearly-gone", warning},
    KindRow{config_bad, "config-bad", fault},
    KindRow{config_refuses_all, "config-refuses-all", fault},
    KindRow{config_warning, "config-warning", warning},
    KindRow{config_not_reloaded, "config-not-reloaded", warning},
    KindRow{config_unknown, "config-unknown", fault},
    KindRow{sources_home, "sources-home", warning},
    KindRow{warifud_not_running, "warifud-not-running", warning},
    KindRow{warifud_unreachable, "warifud-unreachable", fault},
    KindRow{warifud_version, "warifud-version", warning},
    KindRow{store_unhealthy, "store-unhealthy", fault},
    KindRow{switched_off, "switched-off", warning},
    KindRow{shared_key, "shared-key", warning},
    KindRow{shared_key_overdue, "shared-key-overdue", warning},
    KindRow{shared_key_guessed, "shared-key-guessed", warning},
    KindRow{shared_key_group, "shared-key-group", fault},
    KindRow{no_way_back, "no-way-back", fault},
    KindRow{no_recovery_codes, "no-recovery-codes", warning},
    KindRow{credentials_gone, "credentials-gone", fault},
    KindRow{mark_ahead, "mark-ahead", fault},
    KindRow{account_unreadable, "account-unreadable", fault},
    KindRow{account_note, "account-note", warning},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].kind != static_cast<Kind>(i)) return false;
    return rows.back().kind == account_note;
}
static_assert(in_order(), "the table and Kind have the same order");

}  // namespace

std::span<const KindRow> kinds() noexcept {
    return rows;
}

const KindRow& row_of(Kind kind) noexcept {
    return rows[static_cast<std::size_t>(kind)];
}

}  // namespace warifu::doctor
