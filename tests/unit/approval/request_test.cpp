// One request for an approval: what may be done to it, by whom, in which state.
#include "core/approval/request.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/approval/request_json.h"
#include "core/approval/rule.h"
#include "core/error/error.h"

namespace warifu {
namespace {

using testing::HasSubstr;

constexpr std::int64_t moment = 1'767'225'600;

Request sign_in(std::size_t count = 1) {
    Request request;
    request.id = "abcdefghijklmnop";
    request.subject = {"host", "alice"};
    request.created = moment;
    request.expires = moment + 60;
    request.needs = {{"group:admins", {"user:bob", "user:carol", "user:dave"}, count}};
    return request;
}

// A pair without people: a token turns it over.
Request pair(bool active = false) {
    Request request = sign_in();
    request.needs.clear();
    request.active = active;
    return request;
}

Act holder(Verb verb, std::string by = "user:bob") {
    Act act;
    act.verb = verb;
    act.by = std::move(by);
    return act;
}

Act asker(Verb verb) {
    Act act;
    act.verb = verb;
    act.actor = Actor::asker;
    return act;
}

constexpr Verb all_verbs[] = {Verb::approve,    Verb::not_now, Verb::not_me, Verb::activate,
                              Verb::deactivate, Verb::toggle,  Verb::arm,    Verb::disarm,
                              Verb::redeem,     Verb::cancel,  Verb::expire};
constexpr RequestState all_states[] = {RequestState::pending, RequestState::approved,  RequestState::denied,
                                       RequestState::expired, RequestState::cancelled, RequestState::consumed,
                                       RequestState::revoked};

// Whatever the state, verb and actor: what is in no row changes nothing, and what is in one does what it
// says.
TEST(Request, A03_EveryStateVerbAndActorIsInTheTableOrDoesNothing) {
    int rows_seen = 0;
    for (const auto state : all_states) {
        for (const bool active : {false, true}) {
            for (const auto verb : all_verbs) {
                for (const auto actor : {Actor::holder, Actor::asker, Actor::clock, Actor::policy}) {
                    // A pair for what redeems or turns over, people for what approves.
                    Request request = verb == Verb::approve ? sign_in() : pair();
                    request.state = state;
                    request.active = active;
                    request.armed = verb != Verb::arm;
                    const Request before = request;
                    Act act;
                    act.verb = verb;
                    act.actor = actor;
                    act.by = "user:bob";
                    act.seq = 7;
                    const ActResult result = warifu::act(request, act, moment);
                    const Transition* row = nullptr;
                    for (const auto& one : transitions()) {
                        if (one.from == state && one.verb == verb && one.actor == actor &&
                            (!one.active || *one.active == active)) {
                            ASSERT_EQ(row, nullptr) << "two rows for one case";
                            row = &one;
                        }
                    }
                    const std::string what = std::string(name(state)) + ' ' + std::string(name(verb)) +
                                             (active ? " active" : " inactive");
                    if (row == nullptr) {
                        EXPECT_EQ(result, ActResult::gone) << what;
                        EXPECT_EQ(request, before) << what;
                        continue;
                    }
                    ++rows_seen;
                    EXPECT_EQ(result, ActResult::done) << what;
                    EXPECT_EQ(request.state, row->to) << what;
                    EXPECT_EQ(request.active, row->becomes_active.value_or(active)) << what;
                    EXPECT_GT(request.rev, before.rev) << what;
                }
            }
        }
    }
    EXPECT_GE(rows_seen, static_cast<int>(transitions().size()));
}

TEST(Request, A03_TheDocumentPrintsTheTable) {
    std::ifstream file(WARIFU_DOCS_DIRECTORY "/approvals.md");
    std::stringstream text;
    text << file.rdbuf();
    for (const auto& row : transitions()) {
        const auto activity = [](std::optional<bool> active) {
            return !active ? "–" : *active ? "active" : "inactive";
        };
        const std::string who = row.actor == Actor::holder  ? "holder"
                                : row.actor == Actor::asker ? "asker"
                                : row.actor == Actor::clock ? "clock"
                                                            : "policy";
        const std::string line = "| " + std::string(name(row.from)) + " | " + activity(row.active) + " | " +
                                 std::string(name(row.verb)) + " | " + who + " | " +
                                 std::string(name(row.to)) + " | " + activity(row.becomes_active) + " | " +
                                 (row.when_armed ? "armed" : "–") + " |\n";
        EXPECT_THAT(text.str(), HasSubstr(line));
    }
}

TEST(Request, A10_WhereASwitchSaysSoNotNowIsNotedAndLetsIn) {
    Request request = sign_in(2);
    Act no = holder(Verb::not_now);
    no.not_now_lets_in = true;
    EXPECT_EQ(act(request, no, moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
    EXPECT_TRUE(is_redeemable(request, moment));
    EXPECT_EQ(request.deny_reason, DenyReason::none);
    EXPECT_EQ(request.decisions.at(0).what, Verb::not_now);
    EXPECT_EQ(request.decisions.at(1).by, "switch:not_now");
    Request mine = sign_in();
    Act not_me = holder(Verb::not_me);
    not_me.not_now_lets_in = true;
    EXPECT_EQ(act(mine, not_me, moment), ActResult::done);
    EXPECT_EQ(mine.state, RequestState::denied) << "whatever the switches say";
    Request late = sign_in();
    EXPECT_EQ(act(late, no, moment + 60), ActResult::gone);
    EXPECT_EQ(late.state, RequestState::expired) << "silence refuses";
}

TEST(Request, A09_OutsideItsHoursAYesAnswersNotYetAndANoCounts) {
    Request request = sign_in();
    request.hours = {*Hours::parse("Mo-Fr 08:00-18:00")};
    LocalTime thursday;
    thursday.weekday = 3;
    thursday.minute = 12 * 60;
    LocalTime night = thursday;
    night.minute = 18 * 60;
    EXPECT_TRUE(within_hours(request, thursday));
    EXPECT_FALSE(within_hours(request, night));
    Act yes = holder(Verb::approve);
    yes.within_hours = within_hours(request, night);
    EXPECT_EQ(act(request, yes, moment), ActResult::not_yet);
    EXPECT_EQ(decode_request(encode_request(request), request.id), request);
    yes.within_hours = true;
    EXPECT_EQ(act(request, yes, moment), ActResult::done);
    Request other = sign_in();
    Act no = holder(Verb::not_now);
    no.within_hours = false;
    EXPECT_EQ(act(other, no, moment), ActResult::done);
    EXPECT_TRUE(within_hours(sign_in(), night)) << "no hours: always";
}

TEST(Request, A03_APairTurnsOverUntilItIsRedeemedAndThenItsSessionEnds) {
    Request request = pair();
    EXPECT_EQ(act(request, asker(Verb::redeem), moment), ActResult::gone) << "inactive";
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(act(request, holder(Verb::activate), moment), ActResult::done);
        EXPECT_EQ(act(request, holder(Verb::activate), moment), ActResult::gone);
        EXPECT_TRUE(is_redeemable(request, moment));
        EXPECT_EQ(act(request, holder(Verb::deactivate), moment), ActResult::done);
        EXPECT_EQ(request.state, RequestState::pending) << "deactivating is not denying";
        EXPECT_FALSE(is_redeemable(request, moment));
    }
    EXPECT_EQ(act(request, holder(Verb::activate), moment), ActResult::done);
    EXPECT_EQ(act(request, asker(Verb::redeem), moment), ActResult::done);
    EXPECT_EQ(act(request, asker(Verb::redeem), moment), ActResult::gone) << "once";
    EXPECT_EQ(act(request, holder(Verb::deactivate), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::revoked);
}

TEST(Request, A03_DisarmedATokenAnswersNotYetAndIsNotSpent) {
    Request request = pair();
    EXPECT_EQ(act(request, holder(Verb::disarm, "user:guardian"), moment), ActResult::done);
    EXPECT_EQ(act(request, holder(Verb::activate), moment), ActResult::not_yet);
    EXPECT_EQ(act(request, holder(Verb::arm, "user:guardian"), moment), ActResult::done);
    EXPECT_EQ(act(request, holder(Verb::activate), moment), ActResult::done);
    Request people = sign_in();
    people.armed = false;
    EXPECT_EQ(act(people, holder(Verb::approve), moment), ActResult::not_yet);
    EXPECT_TRUE(waits_for(people, "user:bob"));
}

TEST(Request, A09_OutsideTheHoursAnApprovalIsNotYet) {
    Request request = sign_in();
    Act early = holder(Verb::approve);
    early.within_hours = false;
    EXPECT_EQ(act(request, early, moment), ActResult::not_yet);
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::done);
}

TEST(Request, A03_AToggleWantsARisingNumber) {
    Request request = pair();
    Act toggle = holder(Verb::toggle, "device:lamp");
    EXPECT_EQ(act(request, toggle, moment), ActResult::gone) << "without a number";
    toggle.seq = 5;
    EXPECT_EQ(act(request, toggle, moment), ActResult::done);
    EXPECT_TRUE(request.active);
    EXPECT_EQ(act(request, toggle, moment), ActResult::gone) << "replayed";
    toggle.seq = 6;
    EXPECT_EQ(act(request, toggle, moment), ActResult::done);
    EXPECT_FALSE(request.active);
    EXPECT_EQ(act(request, toggle, moment), ActResult::gone) << "replayed, later";
}

TEST(Request, A03_HoweverOftenItIsTurnedOverItsRecordStaysSmall) {
    Request request = pair();
    for (std::size_t i = 0; i < most_people + 5; ++i) {
        Act toggle = holder(Verb::toggle, "device:" + std::to_string(i));
        toggle.seq = 1;
        EXPECT_EQ(act(request, toggle, moment), i < most_people ? ActResult::done : ActResult::gone) << i;
    }
    EXPECT_EQ(request.sequences.size(), most_people);
    request = pair();
    for (int i = 0; i < 1'000; ++i) {
        EXPECT_EQ(act(request, holder(Verb::activate), moment + 1), ActResult::done);
        EXPECT_EQ(act(request, holder(Verb::deactivate), moment + 2), ActResult::done);
    }
    const std::vector<Decision> latest = {{"user:bob", Verb::activate, moment + 1, {}},
                                          {"user:bob", Verb::deactivate, moment + 2, {}}};
    EXPECT_EQ(request.decisions, latest);
}

TEST(Request, A03_ArmingWhatIsArmedDoesNothing) {
    Request request = pair();
    for (const auto verb : {Verb::arm, Verb::disarm}) {
        const std::uint64_t before = request.rev;
        const bool changes = verb == Verb::disarm;
        EXPECT_EQ(act(request, holder(verb), moment), changes ? ActResult::done : ActResult::gone);
        EXPECT_EQ(request.rev, before + (changes ? 1 : 0));
    }
    EXPECT_EQ(act(request, holder(Verb::disarm), moment), ActResult::gone);
    EXPECT_FALSE(request.armed);
}

// Who is needed has to say yes, whether or not the asker's half is active.
TEST(Request, A03_WhatOthersHaveToApproveIsNotRedeemedBefore) {
    Request request = sign_in();
    request.active = true;
    EXPECT_FALSE(is_redeemable(request, moment));
    const Request before = request;
    EXPECT_EQ(act(request, asker(Verb::redeem), moment), ActResult::gone);
    EXPECT_EQ(request, before);
    EXPECT_EQ(act(request, holder(Verb::approve), moment + 1), ActResult::done);
    EXPECT_EQ(act(request, asker(Verb::redeem), moment + 7), ActResult::done);
    EXPECT_EQ(request.decided, moment + 7);
}

TEST(Request, A04_ANoSaysWhichAndWaitsForNobodyAnyMore) {
    for (const auto verb : {Verb::not_now, Verb::not_me}) {
        Request request = sign_in();
        EXPECT_TRUE(waits_for(request, "user:bob"));
        EXPECT_FALSE(waits_for(request, "user:mallory"));
        EXPECT_FALSE(names_holder(request, "user:mallory"));
        EXPECT_EQ(act(request, holder(verb, "user:carol"), moment), ActResult::done);
        EXPECT_EQ(request.deny_reason, verb == Verb::not_me ? DenyReason::not_me : DenyReason::not_now);
        EXPECT_FALSE(waits_for(request, "user:bob"));
        EXPECT_TRUE(names_holder(request, "user:bob"));
    }
}

TEST(Request, A07_PeopleCountAndTokensDoNot) {
    Request request = sign_in(2);
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::pending);
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::gone) << "the same person twice";
    EXPECT_EQ(act(request, holder(Verb::approve, "user:mallory"), moment), ActResult::gone)
        << "nobody named them";
    EXPECT_EQ(request.approvals(), 1U);
    EXPECT_EQ(act(request, holder(Verb::approve, "user:carol"), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
}

TEST(Request, A07_SeveralKindsTogether) {
    Request request = sign_in();
    request.needs = {{"self", {"user:alice"}, 1}, {"device:door", {"device:door"}, 1}};
    EXPECT_EQ(act(request, holder(Verb::approve, "device:door"), moment), ActResult::done);
    EXPECT_FALSE(is_redeemable(request, moment));
    EXPECT_EQ(act(request, holder(Verb::approve, "user:alice"), moment), ActResult::done);
    EXPECT_TRUE(is_redeemable(request, moment));
}

// Somebody who stands in two needs counts for one.
TEST(Request, A07_OnePersonIsNotTwo) {
    Request request = sign_in();
    request.needs = {{"group:a", {"user:bob"}, 1}, {"group:b", {"user:bob", "user:carol"}, 1}};
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::pending);
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::gone);
    EXPECT_EQ(act(request, holder(Verb::approve, "user:carol"), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
}

// Two people who stand in both needs meet both, and what is no approval counts for none.
TEST(Request, A07_EachCountsForANeedThatLacksOne) {
    Request request = sign_in();
    request.needs = {{"group:a", {"user:bob", "user:carol"}, 1}, {"group:b", {"user:bob", "user:carol"}, 1}};
    EXPECT_EQ(act(request, holder(Verb::disarm), moment), ActResult::done);
    EXPECT_EQ(act(request, holder(Verb::arm), moment), ActResult::done);
    EXPECT_EQ(request.approvals(), 0U);
    EXPECT_EQ(act(request, holder(Verb::approve), moment), ActResult::done);
    EXPECT_EQ(act(request, holder(Verb::disarm), moment), ActResult::done);
    EXPECT_EQ(act(request, holder(Verb::arm), moment), ActResult::done);
    EXPECT_EQ(request.approvals(), 1U);
    EXPECT_EQ(request.state, RequestState::pending);
    EXPECT_EQ(act(request, holder(Verb::approve, "user:carol"), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
}

TEST(Request, A04_AButtonTypesNoNumberAndEverybodyElseDoes) {
    Request request = sign_in();
    request.number_mode = NumberMode::typed;
    request.number = "42";
    request.needs[0].holders.push_back("device:door");
    EXPECT_EQ(act(request, holder(Verb::approve, "user:carol"), moment), ActResult::wrong_number);
    EXPECT_EQ(act(request, holder(Verb::approve, "device:door"), moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
}

// Where the number is shown nobody need type it, but whoever does types the right one.
TEST(Request, A04_AWrongNumberIsRefusedWhereNoneHasToBeTyped) {
    Request request = sign_in();
    request.active = true;
    request.number_mode = NumberMode::shown;
    request.number = "42";
    Act approve = holder(Verb::approve);
    approve.number = "24";
    EXPECT_EQ(act(request, approve, moment), ActResult::wrong_number);
    EXPECT_EQ(request.state, RequestState::pending);
    approve.number = "42";
    Request typed = request;
    EXPECT_EQ(act(typed, approve, moment), ActResult::done);
    approve.number.reset();
    EXPECT_EQ(act(request, approve, moment), ActResult::done);
}

TEST(Request, A04_ThreeWrongNumbersDeny) {
    Request request = sign_in();
    request.active = true;
    request.number_mode = NumberMode::typed;
    request.number = "42";
    Act approve = holder(Verb::approve);
    EXPECT_EQ(act(request, approve, moment), ActResult::wrong_number) << "none typed";
    approve.number = "24";
    EXPECT_EQ(act(request, approve, moment), ActResult::wrong_number);
    EXPECT_EQ(request.state, RequestState::pending);
    EXPECT_EQ(act(request, approve, moment), ActResult::wrong_number);
    EXPECT_EQ(request.state, RequestState::denied);
    EXPECT_EQ(request.deny_reason, DenyReason::policy);
    EXPECT_FALSE(request.active);
    EXPECT_EQ(request.decided, moment);
    EXPECT_EQ(request.decisions, (std::vector<Decision>{{"user:bob", Verb::not_now, moment, {}}}));
    approve.number = "42";
    EXPECT_EQ(act(request, approve, moment), ActResult::gone);
}

TEST(Request, A04_TheRightNumberApproves) {
    Request request = sign_in();
    request.number_mode = NumberMode::typed;
    request.number = "42";
    Act approve = holder(Verb::approve);
    approve.number = "42";
    EXPECT_EQ(act(request, approve, moment), ActResult::done);
    EXPECT_EQ(request.state, RequestState::approved);
}

TEST(Request, A09_TimeEndsIt) {
    for (const auto verb : {Verb::approve, Verb::not_now, Verb::not_me}) {
        Request request = sign_in();
        EXPECT_EQ(act(request, holder(verb), moment + 60), ActResult::gone);
        EXPECT_EQ(request.state, RequestState::expired);
    }
    Request request = sign_in();
    EXPECT_EQ(act(request, holder(Verb::approve), moment + 59), ActResult::done);
    EXPECT_TRUE(is_redeemable(request, moment + 60 + redeem_grace_seconds - 1));
    EXPECT_FALSE(is_redeemable(request, moment + 60 + redeem_grace_seconds));
    EXPECT_EQ(act(request, asker(Verb::redeem), moment + 60 + redeem_grace_seconds), ActResult::gone);
    EXPECT_EQ(request.state, RequestState::expired);
}

// A time later than moment came of a clock that was wrong: a permission, and so never.
TEST(Request, A09_ARequestFromTheFutureIsOver) {
    Request request = sign_in();
    EXPECT_TRUE(is_open(request, moment - clock_slack_seconds));
    EXPECT_FALSE(is_open(request, moment - clock_slack_seconds - 1));
    EXPECT_EQ(act(request, holder(Verb::approve), moment - 100), ActResult::gone);
}

TEST(Request, X29_ATokenIsHashedAndFitsItsRequestAlone) {
    Request one = sign_in(), other = sign_in();
    one.id = new_request_id();
    other.id = new_request_id();
    const IssuedToken issued = issue_token(one.id, Verb::approve, "user:bob", false);
    one.tokens = {issued.token};
    other.tokens = {issue_token(other.id, Verb::approve, "user:bob", false).token};
    const std::string text(issued.text.text());
    EXPECT_EQ(text.size(), request_id_characters + token_secret_characters);
    EXPECT_EQ(request_of_token(text), one.id);
    ASSERT_NE(find_token(one, text), nullptr);
    EXPECT_EQ(find_token(one, text)->holder, "user:bob");
    EXPECT_EQ(find_token(other, text), nullptr);
    EXPECT_EQ(encode_request(one).find(text.substr(request_id_characters)), std::string::npos);
    for (const std::string& wrong :
         {std::string(), text.substr(1), text + "a", std::string(text).replace(0, 1, "A"),
          std::string(text).replace(20, 1, "!")}) {
        EXPECT_EQ(request_of_token(wrong), "") << wrong;
    }
    std::string altered = text;
    altered.back() = altered.back() == 'a' ? 'b' : 'a';
    EXPECT_EQ(find_token(one, altered), nullptr);
}

// Every character of the alphabet comes, and what is no hash is none.
TEST(Token, X29_TokensAndCodesAreSpreadAndHashesAreReadWhole) {
    std::set<char> letters, digits;
    for (int i = 0; i < 100; ++i) {
        for (const char one : random_base32(token_secret_characters)) {
            letters.insert(one);
        }
        const std::string code = random_digits(8);
        EXPECT_EQ(code.size(), 8U);
        digits.insert(code.begin(), code.end());
    }
    EXPECT_EQ(letters.size(), 32U);
    EXPECT_EQ(std::string(digits.begin(), digits.end()), "0123456789");
    EXPECT_TRUE(is_lower_base32(std::string(letters.begin(), letters.end())));
    for (const char* wrong : {"A", "a1", "8", "a!", " "}) {
        EXPECT_FALSE(is_lower_base32(wrong)) << wrong;
    }
    const TokenHash hash = hash_of_token("abc");
    const std::string hex = hex_of(hash);
    EXPECT_EQ(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash_from_hex(hex), hash);
    for (const std::string& wrong : {std::string(), hex.substr(2), hex + "00", "g" + hex.substr(1)}) {
        EXPECT_THROW((void)hash_from_hex(wrong), std::invalid_argument) << wrong;
    }
}

TEST(Rule, A07_ApproversAreNamedByKind) {
    for (const char* good : {"self", "guardians", "user:bob", "group:admins", "device:door"}) {
        EXPECT_TRUE(valid_approver(good)) << good;
    }
    for (const char* wrong : {"", "user:", "group:", "device:", "bob", "Self", "role:x"}) {
        EXPECT_FALSE(valid_approver(wrong)) << wrong;
    }
}

// A rule of which it cannot be told whether it fits is the one, and not sure: never skipped for a later one.
TEST(Rule, A07_ARuleThatCannotBeToldIsNotSkipped) {
    ApprovalRule unsure, everywhere;
    unsure.where.services = {"sshd"};
    unsure.where.groups = {"admins"};
    unsure.count = 2;
    const std::vector<ApprovalRule> rules{unsure, everywhere};
    PolicyFacts facts;
    facts.service = "sshd";
    facts.groups = {{"admins", Membership::unknown}};
    EXPECT_EQ(choose(rules, facts).rule, &rules[0]);
    EXPECT_FALSE(choose(rules, facts).sure);
    facts.groups = {{"admins", Membership::no}};
    EXPECT_EQ(choose(rules, facts).rule, &rules[1]);
    EXPECT_TRUE(choose(rules, facts).sure);
    facts.groups = {{"admins", Membership::yes}};
    EXPECT_EQ(choose(rules, facts).rule, &rules[0]);
    EXPECT_TRUE(choose(rules, facts).sure);
    EXPECT_EQ(choose({}, facts).rule, nullptr);
    EXPECT_TRUE(any_rule_at({unsure}, "sshd"));
    EXPECT_FALSE(any_rule_at({unsure}, "su"));
    EXPECT_TRUE(any_rule_at({everywhere}, "su"));
}

TEST(Request, A04_NumbersHaveTwoDigitsAndAreSpread) {
    std::set<std::string> seen;
    for (int i = 0; i < 2'000; ++i) {
        const std::string number = new_number();
        ASSERT_EQ(number.size(), 2U);
        ASSERT_NE(number[0], '0');
        seen.insert(number);
    }
    EXPECT_GT(seen.size(), 80U);
}

TEST(Request, A03_ADocumentIsReadAsItWasWritten) {
    Request request = sign_in(2);
    request.facts = {"sshd",     "h", "192.0.2.1", "ssh", "agent", "cmd", "root", "/", "message \xE3\x81\x82",
                     "sha256:00"};
    request.tokens = {issue_token(request.id, Verb::toggle, "device:x", true).token};
    request.sequences = {{"device:x", 7}};
    request.source = "192.0.2.1";
    request.asker = "process 1";
    request.request_key = "key";
    request.number_mode = NumberMode::shown;
    request.number = "42";
    request.wrong_numbers = 1;
    (void)act(request, holder(Verb::approve), moment);
    const std::string document = encode_request(request);
    EXPECT_EQ(decode_request(document, request.id), request);
    EXPECT_THROW(decode_request(document, "another"), Unavailable);
    for (std::size_t i = 0; i < document.size(); ++i) {
        std::string damaged = document;
        damaged[i] = damaged[i] == '9' ? '8' : '9';
        try {
            (void)decode_request(damaged, request.id);
        } catch (const Unavailable&) {
        }
        EXPECT_THROW(decode_request(document.substr(0, i), request.id), Unavailable);
    }
}

}  // namespace
}  // namespace warifu
