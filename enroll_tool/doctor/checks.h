// The checks: each a function of facts to findings. None reads, asks or changes anything.
#pragma once

#include "enroll_tool/doctor/facts.h"
#include "enroll_tool/doctor/finding.h"

namespace warifu::doctor {

Findings check_sshd(const Facts& facts);
Findings check_pam(const Facts& facts);
Findings check_nss(const Facts& facts);
Findings check_clock(const Facts& facts);
Findings check_files(const Facts& facts);
Findings check_store(const Facts& facts);
Findings check_config(const Facts& facts);
Findings check_warifud(const Facts& facts);
Findings check_accounts(const Facts& facts);

// All of them, each finding once, the faults before the warnings.
Findings examine(const Facts& facts);

// "/etc/pam.d" and the like, in the order in which libpam looks.
inline constexpr const char* pam_directories[] = {"/etc/pam.d/", "/usr/lib/pam.d/"};

}  // namespace warifu::doctor
