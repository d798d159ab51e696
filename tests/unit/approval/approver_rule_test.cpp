// Words given beforehand: for what, for whom, and never for oneself.
#include "core/approval/approver_rule.h"

#include <gmock/gmock.h>

#include "core/error/error.h"

namespace warifu {
namespace {

constexpr std::int64_t today = 1'767'225'600, in_a_week = today + 7 * 86'400;

Request of_alice() {
    Request request;
    request.subject = {"host", "alice"};
    request.facts.service = "sshd";
    request.facts.host = "web1";
    return request;
}

ApproverRule rule_for_alice() {
    ApproverRule rule;
    rule.id = "r";
    rule.users = {"alice"};
    rule.created = today;
    rule.until = in_a_week;
    return rule;
}

LocalTime at_noon(int weekday) {
    LocalTime time;
    time.weekday = weekday;
    time.minute = 12 * 60;
    return time;
}

bool fits(const ApproverRule& rule, const Request& request = of_alice(),
          const std::string& holder = "user:bob", const std::string& address = "192.0.2.7",
          std::int64_t now = today) {
    return fitting({rule}, holder, request, SourceId::remote(address), at_noon(0), now) != nullptr;
}

TEST(ApproverRule, A07_EveryConditionHasToHold) {
    ApproverRule rule = rule_for_alice();
    EXPECT_TRUE(fits(rule));
    rule.services = {"sudo", "sshd"};
    rule.hosts = {"web1"};
    rule.networks = {*Network::parse("192.0.2.0/24")};
    rule.hours = {*Hours::parse("Mo-Fr 08:00-18:00")};
    EXPECT_TRUE(fits(rule));
    EXPECT_FALSE(fits(rule, of_alice(), "user:bob", "198.51.100.1"));
    Request elsewhere = of_alice();
    elsewhere.facts.host = "web2";
    EXPECT_FALSE(fits(rule, elsewhere));
    Request other_door = of_alice();
    other_door.facts.service = "login";
    EXPECT_FALSE(fits(rule, other_door));
    Request of_carol = of_alice();
    of_carol.subject.name = "carol";
    EXPECT_FALSE(fits(rule, of_carol));
    EXPECT_EQ(fitting({rule}, "user:bob", of_alice(), SourceId::remote("192.0.2.7"), at_noon(6), today),
              nullptr)
        << "a Sunday";
}

TEST(ApproverRule, A07_NobodysWordIsAboutThemselvesOrAboutOtherRealms) {
    EXPECT_FALSE(fits(rule_for_alice(), of_alice(), "user:alice"));
    Request of_a_site = of_alice();
    of_a_site.subject.realm = "shop";
    EXPECT_FALSE(fits(rule_for_alice(), of_a_site));
}

TEST(ApproverRule, A07_WhereANumberIsTypedARuleSaysNothing) {
    Request request = of_alice();
    request.number_mode = NumberMode::typed;
    EXPECT_FALSE(fits(rule_for_alice(), request));
    request.number_mode = NumberMode::shown;
    EXPECT_TRUE(fits(rule_for_alice(), request));
}

TEST(ApproverRule, A07_HoldsUntilItsTimeAndNotFromTheFuture) {
    EXPECT_TRUE(fits(rule_for_alice(), of_alice(), "user:bob", "192.0.2.7", in_a_week - 1));
    EXPECT_FALSE(fits(rule_for_alice(), of_alice(), "user:bob", "192.0.2.7", in_a_week));
    EXPECT_FALSE(fits(rule_for_alice(), of_alice(), "user:bob", "192.0.2.7", today - 60));
}

TEST(ApproverRule, A07_AYesNamesForWhom) {
    ApproverRule rule = rule_for_alice();
    EXPECT_NO_THROW(check_approver_rule(rule, today));
    rule.users.clear();
    EXPECT_THROW(check_approver_rule(rule, today), Invalid);
    rule.approve = false;
    EXPECT_NO_THROW(check_approver_rule(rule, today)) << "a no may be for everybody";
    rule.users.assign(17, "alice");
    EXPECT_THROW(check_approver_rule(rule, today), Invalid);
    rule = rule_for_alice();
    rule.until = today;
    EXPECT_THROW(check_approver_rule(rule, today), Invalid);
    rule.until = today + 367 * 86'400;
    EXPECT_THROW(check_approver_rule(rule, today), Invalid);
    rule = rule_for_alice();
    rule.hosts = {""};
    EXPECT_THROW(check_approver_rule(rule, today), Invalid);
}

TEST(ApproverRule, A07_ComesBackAsItWasKept) {
    ApproverRule rule = rule_for_alice();
    rule.networks = {*Network::parse("private")};
    rule.hours = {*Hours::parse("22:00-06:00")};
    ApproverRule no;
    no.id = "n";
    no.approve = false;
    const std::vector<ApproverRule> rules{rule, no};
    EXPECT_EQ(decode_approver_rules(encode_approver_rules(rules)), rules);
    for (const char* document :
         {"[", "{}", R"({"version":2,"rules":[]})", R"({"version":1,"rules":[{"id":"r"}]})"}) {
        EXPECT_THROW(decode_approver_rules(document), Unavailable) << document;
    }
}

}  // namespace
}  // namespace warifu
