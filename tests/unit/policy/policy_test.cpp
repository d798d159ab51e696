#include "core/policy/policy.h"

#include <gtest/gtest.h>

#include <functional>

namespace warifu {
namespace {

PolicyFacts facts() {
    PolicyFacts facts;
    facts.service = "sshd";
    facts.user = "alice";
    facts.source = SourceId::remote("192.0.2.7");
    facts.time = {.year = 2026, .month = 11, .day = 25, .weekday = 2, .minute = 600};
    return facts;
}

PolicyRule rule(PolicyOutcome outcome) {
    PolicyRule made;
    made.outcome = outcome;
    return made;
}

PolicyOutcome outcome_of(const PolicyRule& only, const PolicyFacts& about) {
    return decide({only}, PolicyOutcome::by_line, about).outcome;
}

TEST(Policy, S07_TheFirstRuleThatFitsDecides) {
    auto elsewhere = rule(PolicyOutcome::exempt);
    elsewhere.services = {"sudo"};
    const std::vector<PolicyRule> rules{elsewhere, rule(PolicyOutcome::enrol), rule(PolicyOutcome::pass)};
    const auto decision = decide(rules, PolicyOutcome::refuse, facts());
    EXPECT_EQ(decision.outcome, PolicyOutcome::enrol);
    EXPECT_EQ(decision.rule, &rules[1]);
    EXPECT_EQ(decide({elsewhere}, PolicyOutcome::refuse, facts()).outcome, PolicyOutcome::refuse);
    EXPECT_EQ(decide({elsewhere}, PolicyOutcome::refuse, facts()).rule, nullptr);
}

// Each condition alone fits, and broken does not; together all have to fit.
TEST(Policy, S07_EveryConditionHasToHold) {
    auto all = rule(PolicyOutcome::pass);
    all.services = {"sudo", "sshd"};
    all.users = {"alice"};
    all.groups = {"staff", "wheel"};
    all.networks = {Network::parse("192.0.2.0/24").value()};
    all.hours = {Hours::parse("We 09:00-11:00").value()};
    auto about = facts();
    about.groups = {{"staff", Membership::no}, {"wheel", Membership::yes}};
    EXPECT_EQ(outcome_of(all, about), PolicyOutcome::pass);
    const auto broken = [&](auto change) {
        auto other = about;
        change(other);
        return outcome_of(all, other);
    };
    EXPECT_EQ(broken([](PolicyFacts& f) { f.service = "su"; }), PolicyOutcome::by_line);
    EXPECT_EQ(broken([](PolicyFacts& f) { f.user = "bob"; }), PolicyOutcome::by_line);
    EXPECT_EQ(broken([](PolicyFacts& f) { f.groups["wheel"] = Membership::no; }), PolicyOutcome::by_line);
    EXPECT_EQ(broken([](PolicyFacts& f) { f.source = SourceId::local(0); }), PolicyOutcome::by_line);
    EXPECT_EQ(broken([](PolicyFacts& f) { f.time.minute = 11 * 60; }), PolicyOutcome::by_line);
    EXPECT_EQ(broken([](PolicyFacts& f) { f.time.weekday = 3; }), PolicyOutcome::by_line);
}

// Whatever the answer would have been, nobody gets more than either of the two would give.
TEST(Policy, S07_WhatCannotBeToldOfAGroupIsDecidedByTheStricterOfBoth) {
    using enum PolicyOutcome;
    const auto decided = [](PolicyOutcome of_the_group, PolicyOutcome otherwise, bool as_a_rule) {
        auto first = rule(of_the_group);
        first.groups = {"staff"};
        auto about = facts();
        about.groups = {{"staff", Membership::unknown}};
        std::vector<PolicyRule> rules{first};
        if (as_a_rule) {
            rules.push_back(rule(otherwise));
        }
        const auto outcome = decide(rules, as_a_rule ? exempt : otherwise, about).outcome;
        about.groups.clear();  // nobody asked
        EXPECT_EQ(decide(rules, as_a_rule ? exempt : otherwise, about).outcome, outcome);
        return outcome;
    };
    struct Case {
        PolicyOutcome one, other, stricter;
    };
    for (const auto& [one, other, stricter] :
         {Case{refuse, enrol, refuse}, Case{refuse, by_line, refuse}, Case{refuse, pass, refuse},
          Case{refuse, exempt, refuse}, Case{enrol, pass, enrol}, Case{enrol, exempt, enrol},
          Case{by_line, pass, by_line}, Case{by_line, exempt, by_line}, Case{pass, exempt, pass},
          Case{enrol, by_line, refuse}, Case{enrol, enrol, enrol}, Case{by_line, by_line, by_line}}) {
        for (const bool as_a_rule : {false, true}) {
            EXPECT_EQ(decided(one, other, as_a_rule), stricter) << name(one) << " " << name(other);
            EXPECT_EQ(decided(other, one, as_a_rule), stricter) << name(other) << " " << name(one);
        }
    }
}

TEST(Policy, S07_OneGroupThatIsSureIsEnough) {
    auto of_groups = rule(PolicyOutcome::exempt);
    of_groups.groups = {"gone", "staff"};
    auto about = facts();
    about.groups = {{"gone", Membership::unknown}, {"staff", Membership::yes}};
    const std::vector<PolicyRule> rules{of_groups};
    EXPECT_EQ(decide(rules, PolicyOutcome::refuse, about).rule, &rules[0]);
    // Who is in none is asked; who may be in one is no further than that.
    about.groups["staff"] = Membership::no;
    EXPECT_EQ(decide(rules, PolicyOutcome::refuse, about).rule, nullptr);
    about.groups["gone"] = Membership::no;
    EXPECT_EQ(decide(rules, PolicyOutcome::refuse, about).rule, nullptr);
}

TEST(Policy, S07_ARuleCountsFromItsDayOnAndIsAnnouncedBefore) {
    auto later = rule(PolicyOutcome::enrol);
    later.from = Date{2026, 11, 26};
    const std::vector<PolicyRule> rules{later, rule(PolicyOutcome::pass)};
    auto about = facts();
    auto decision = decide(rules, PolicyOutcome::refuse, about);
    EXPECT_EQ(decision.outcome, PolicyOutcome::pass);
    EXPECT_EQ(decision.announced, &rules[0]);
    about.time.day = 26;
    decision = decide(rules, PolicyOutcome::refuse, about);
    EXPECT_EQ(decision.outcome, PolicyOutcome::enrol);
    EXPECT_EQ(decision.announced, nullptr);
}

TEST(Policy, S07_ALooserRuleOfLaterIsNotAnnounced) {
    auto later = rule(PolicyOutcome::exempt);
    later.from = Date{2027, 1, 1};
    EXPECT_EQ(decide({later}, PolicyOutcome::refuse, facts()).announced, nullptr);
}

// ---- who is exempt at a door whatever the network and the hour, which is all that NSS can be told

constexpr Date today{2026, 11, 25};

PolicyRule exempting(std::vector<std::string> users) {
    auto made = rule(PolicyOutcome::exempt);
    made.users = std::move(users);
    return made;
}

bool exempt(const std::vector<PolicyRule>& rules, std::string_view user = "robot") {
    return always_exempt(rules, "sshd", user, today);
}

TEST(Policy, N01_WhomARuleNamesIsExempt) {
    EXPECT_FALSE(exempt({}));
    EXPECT_TRUE(exempt({exempting({"other", "robot"})}));
    EXPECT_FALSE(exempt({exempting({"other"})}));
    EXPECT_FALSE(exempt({exempting({})})) << "a rule for everybody names nobody";
    auto at_sudo = exempting({"robot"});
    at_sudo.services = {"sudo"};
    EXPECT_FALSE(exempt({at_sudo}));
    at_sudo.services = {"sudo", "sshd"};
    EXPECT_TRUE(exempt({at_sudo}));
}

TEST(Policy, N01_WhatDependsOnMoreThanTheNameExemptsNobody) {
    auto by_network = exempting({"robot"}), by_hour = by_network, by_group = by_network, later = by_network;
    by_network.networks = {Network::parse("192.0.2.0/24").value()};
    by_hour.hours = {Hours::parse("08:00-18:00").value()};
    by_group.groups = {"warifu-exempt"};
    later.from = Date{2026, 11, 26};
    for (const auto& one : {by_network, by_hour, by_group, later}) {
        EXPECT_FALSE(exempt({one}));
        EXPECT_TRUE(exempt({one, exempting({"robot"})})) << "another rule may do it";
    }
    later.from = today;
    EXPECT_TRUE(exempt({later}));
}

TEST(Policy, N01_ARuleBeforeItThatCouldDecideOtherwiseWins) {
    for (const auto outcome :
         {PolicyOutcome::by_line, PolicyOutcome::refuse, PolicyOutcome::enrol, PolicyOutcome::pass}) {
        const auto before = [outcome](const std::function<void(PolicyRule&)>& change) {
            auto made = rule(outcome);
            change(made);
            return exempt({made, exempting({"robot"})});
        };
        EXPECT_FALSE(before([](PolicyRule&) {}));
        EXPECT_FALSE(before([](PolicyRule& made) { made.groups = {"staff"}; }));
        EXPECT_FALSE(before([](PolicyRule& made) { made.from = Date{2030, 1, 1}; }));
        EXPECT_FALSE(
            before([](PolicyRule& made) { made.networks = {Network::parse("192.0.2.0/24").value()}; }));
        EXPECT_TRUE(before([](PolicyRule& made) { made.users = {"alice"}; }));
        EXPECT_TRUE(before([](PolicyRule& made) { made.services = {"sudo"}; }));
        EXPECT_TRUE(exempt({exempting({"robot"}), rule(outcome)}));
    }
}

TEST(Policy, N01_TheExemptAreNamedOnce) {
    auto refused = exempting({"carol"});
    refused.outcome = PolicyOutcome::refuse;
    EXPECT_EQ(exempt_users({exempting({"b", "a"}), refused, exempting({"b"})}),
              (std::vector<std::string>{"a", "b"}));
}

TEST(Policy, GroupsAreNamedOnce) {
    auto one = rule(PolicyOutcome::pass), other = rule(PolicyOutcome::pass);
    one.groups = {"b", "a"};
    other.groups = {"b"};
    EXPECT_EQ(group_names({one, other}), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace warifu
