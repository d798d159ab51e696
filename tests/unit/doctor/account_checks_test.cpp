// Accounts whose owners are about to be, or are, locked out.
#include <gmock/gmock.h>

#include "tests/unit/doctor/findings.h"

namespace warifu::doctor::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Facts with_accounts(std::vector<AccountFact> accounts) {
    Facts facts = good_facts();
    facts.accounts.accounts = std::move(accounts);
    facts.accounts.administrators = {"root", "alice"};
    return facts;
}

TEST(AccountChecks, E10_NoRecoveryCodesLeft) {
    EXPECT_THAT(ids(check_accounts(with_accounts({{"root", "active", 1, 0, {}},
                                                  {"alice", "active", 1, 1, {}},
                                                  {"bob", "none", 0, 0, {}},
                                                  {"carol", "suspended", 1, 0, {}}}))),
                ElementsAre("no-recovery-codes root"));
    std::vector<AccountFact> many;
    for (int i = 0; i < 25; ++i) many.push_back({"user" + std::to_string(i), "active", 1, 0, {}});
    const Findings findings = check_accounts(with_accounts(many));
    EXPECT_EQ(findings.size(), 21U);
    EXPECT_EQ(findings.back().message.english(), "further accounts without recovery codes: 5");
}

TEST(AccountChecks, E10_MarksAheadAndCredentialsGone) {
    const Findings findings = check_accounts(with_accounts(
        {{"root", "active", 1, 3, {"the spent mark of 1 is 2880 steps ahead of the clock: check it"}},
         {"bob", "missing", 0, 0, {"credentials of this account were seen and are gone"}},
         {"carol", "unavailable", 0, 0, {}},
         {"dave", "active", 1, 3, {"something else"}}}));
    EXPECT_THAT(ids(findings), ElementsAre("mark-ahead root", "credentials-gone bob",
                                           "account-unreadable carol", "account-note dave"));
    EXPECT_THAT(findings.front().remedy.english(), HasSubstr("warifu reset --replay --user root"));
}

TEST(AccountChecks, E10_NoWayBack) {
    const std::vector<AccountFact> nobody{{"root", "none", 0, 0, {}}, {"bob", "active", 1, 9, {}}};
    Facts facts = with_accounts(nobody);
    EXPECT_THAT(ids(check_accounts(facts)), IsEmpty()) << "the lines say nullok";
    for (const Unenrolled policy : {Unenrolled::refuse, Unenrolled::enrol}) {
        facts.config.in_force->unenrolled = policy;
        EXPECT_THAT(ids(check_accounts(facts)), ElementsAre("no-way-back root"));
    }
    facts.accounts.complete = false;
    EXPECT_THAT(ids(check_accounts(facts)), IsEmpty()) << "who is enrolled is not known";
}

TEST(AccountChecks, E10_NoWayBackWhereNoLineSaysNullok) {
    Facts facts = with_accounts({});
    for (const char* service : {"sshd", "sudo"})
        put_pam_file(facts, service, "auth required pam_unix.so\nauth required pam_warifu.so\n");
    EXPECT_THAT(ids(check_accounts(facts)), ElementsAre("no-way-back root"));
    facts.config.in_force->unenrolled = Unenrolled::pass;
    EXPECT_THAT(ids(check_accounts(facts)), IsEmpty()) << "policy lets them pass without it";
    facts.config.in_force->unenrolled = Unenrolled::by_line;
    put_pam_file(facts, "sudo", good_stack);
    EXPECT_THAT(ids(check_accounts(facts)), IsEmpty());
}

TEST(AccountChecks, E10_OneAdministratorIsAWayBack) {
    Facts facts = with_accounts({{"alice", "active", 1, 1, {}}});
    facts.config.in_force->unenrolled = Unenrolled::refuse;
    EXPECT_THAT(ids(check_accounts(facts)), IsEmpty());
    facts.accounts.accounts.front().recovery_codes_left = 0;
    EXPECT_THAT(ids(check_accounts(facts)), ElementsAre("no-recovery-codes alice", "no-way-back root"));
    facts.accounts.accounts.front() = {"alice", "suspended", 1, 9, {}};
    EXPECT_THAT(ids(check_accounts(facts)), ElementsAre("no-way-back root"));
}

}  // namespace
}  // namespace warifu::doctor::test
