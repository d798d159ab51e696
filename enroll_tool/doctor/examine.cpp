#include <algorithm>
#include <array>
#include <iterator>

#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor {

namespace {

// What explains why warifud calls its store unhealthy.
bool explains_the_store(const Finding& finding) {
    constexpr std::array kinds{Kind::key_missing, Kind::store_missing, Kind::store_not_made,
                               Kind::config_refuses_all};
    return std::ranges::find(kinds, finding.kind) != kinds.end();
}

// Several services may include the line that is at fault.
void keep_first_of_each(Findings& findings) {
    Findings kept;
    for (Finding& finding : findings)
        if (std::ranges::find(kept, finding) == kept.end()) kept.push_back(std::move(finding));
    findings = std::move(kept);
}

}  // namespace

Findings examine(const Facts& facts) {
    Findings findings;
    for (const auto check : {check_config, check_files, check_store, check_warifud, check_pam, check_sshd,
                             check_clock, check_accounts})
        std::ranges::move(check(facts), std::back_inserter(findings));
    if (std::ranges::any_of(findings, explains_the_store))
        std::erase_if(findings, [](const Finding& found) { return found.kind == Kind::store_unhealthy; });
    keep_first_of_each(findings);
    std::ranges::stable_partition(
        findings, [](const Finding& found) { return row_of(found.kind).severity == Severity::fault; });
    return findings;
}

}  // namespace warifu::doctor
