#include <algorithm>

#include "enroll_tool/doctor/checks.h"
#include "enroll_tool/doctor/pam_stack.h"

namespace warifu::doctor {

namespace {

using enum Kind;

constexpr std::size_t most_named = 20;  // accounts without recovery codes, a finding each

bool is_active(const AccountFact& account) {
    return account.state == "active" && account.authenticators > 0;
}

bool has_a_way_back(const AccountFact& account) {
    return is_active(account) && account.recovery_codes_left > 0;
}

void check_notes(const AccountFact& account, Findings& findings) {
    for (const std::string& note : account.notes) {
        if (account.state == "missing")
            findings.push_back(
                {credentials_gone,
                 account.user,
                 {"%1", note},
                 Sentence(N_("Restore them from a backup, or enrol anew after `warifu reset --user %1`."),
                          account.user)});
        else if (note.find("ahead of the clock") != note.npos)
            findings.push_back(
                {mark_ahead,
                 account.user,
                 {"%1", note},
                 Sentence(N_("Set the clock right; then `warifu reset --replay --user %1`."), account.user)});
        else
            findings.push_back({account_note,
                                account.user,
                                {"%1", note},
                                Sentence(N_("See `warifu status --user %1`."), account.user)});
    }
}

void check_recovery_codes(const std::vector<AccountFact>& accounts, Findings& findings) {
    std::size_t without = 0;
    for (const AccountFact& account : accounts) {
        if (!is_active(account) || account.recovery_codes_left > 0) continue;
        if (++without > most_named) continue;
        findings.push_back(
            {no_recovery_codes, account.user,
             N_("no recovery codes are left: a lost phone means a lost account"),
             Sentence(N_("Make new ones: warifu codes --regenerate --user %1"), account.user)});
    }
    if (without > most_named)
        findings.push_back({no_recovery_codes, "*",
                            Sentence(N_("further accounts without recovery codes: %1"),
                                     std::to_string(without - most_named)),
                            N_("See `warifu list`.")});
}

// Whether somebody who has not enrolled is refused at every door that asks for a code.
bool refuses_the_unenrolled(const Facts& facts) {
    if (const auto& config = facts.config.in_force; config && config->unenrolled != Unenrolled::by_line)
        return config->unenrolled != Unenrolled::pass;
    bool asked = false;
    for (const auto& [service, file] : facts.pam.files) {
        const AuthStack stack = auth_stack(facts.pam.files, service);
        const auto code = stack.first_code_line();
        if (!code) continue;
        if (stack.lines[*code].has("nullok")) return false;
        asked = true;
    }
    return asked;
}

bool somebody_gets_back(const AccountFacts& facts) {
    return std::ranges::any_of(facts.administrators, [&facts](const std::string& name) {
        const auto found = std::ranges::find(facts.accounts, name, &AccountFact::user);
        return found != facts.accounts.end() && has_a_way_back(*found);
    });
}

}  // namespace

Findings check_accounts(const Facts& facts) {
    Findings findings;
    for (const AccountFact& account : facts.accounts.accounts) {
        check_notes(account, findings);
        if (account.state == "unavailable")
            findings.push_back({account_unreadable, account.user,
                                N_("the account's credentials cannot be read"),
                                Sentence(N_("`warifu status --user %1` says why."), account.user)});
    }
    check_recovery_codes(facts.accounts.accounts, findings);
    if (facts.accounts.complete && refuses_the_unenrolled(facts) && !somebody_gets_back(facts.accounts))
        findings.push_back(
            {no_way_back, "root",
             N_("neither root nor any member of sudo has an authenticator and recovery codes, and "
                "whoever has not enrolled is refused"),
             N_("Enrol root or an administrator and print the codes: warifu enroll --user root")});
    return findings;
}

}  // namespace warifu::doctor
