// What a check found, in a form that a test can compare, and facts with nothing wrong in them.
#pragma once

#include <string>
#include <vector>

#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor::test {

// "ID SUBJECT" of each.
std::vector<std::string> ids(const Findings& findings);

// The text of the one finding of this kind; the test fails where there is none.
Finding only(const Findings& findings, Kind kind);

// /etc/pam.d/NAME with this text.
void put_pam_file(Facts& facts, const std::string& name, const std::string& text);

// As the samples of conf/ have it.
inline constexpr const char* good_stack =
    "auth optional pam_faildelay.so delay=2000000\n"
    "auth [success=2 default=ignore] pam_unix.so\n"
    "auth [default=die] pam_warifu.so first_factor_failed\n"
    "auth requisite pam_deny.so\n"
    "auth requisite pam_warifu.so nullok\n"
    "auth required pam_permit.so\n";

// A host with nothing wrong: the sample's stack for sshd and sudo, sshd as its sample has it, root enrolled.
Facts good_facts();

}  // namespace warifu::doctor::test
