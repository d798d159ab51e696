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

// Otherwise in the order in which they were found.
Findings faults_first(Findings findings) {
    Findings ordered;
    for (const bool fault : {true, false})
        for (const Finding& finding : findings)
            if ((row_of(finding.kind).severity == Severity::fault) == fault) ordered.push_back(finding);
    return ordered;
}

}  // namespace

Findings examine(const Facts& facts) {
    Findings findings;
    for (const auto check : {check_config, check_files, check_store, check_warifud, check_pam, check_sshd,
                             check_nss, check_clock, check_accounts})
        std::ranges::move(check(facts), std::back_inserter(findings));
    if (std::ranges::any_of(findings, explains_the_store))
        std::erase_if(findings, [](const Finding& found) { return found.kind == Kind::store_unhealthy; });
    keep_first_of_each(findings);
    return faults_first(std::move(findings));
}

}  // namespace warifu::doctor
