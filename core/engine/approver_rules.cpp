#include "core/engine/approver_rules.h"

#include <syslog.h>

#include <algorithm>
#include <set>

#include "core/approval/token.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::string_view user_prefix = "user:";

RecordKey rules_record(const Subject& owner) {
    return {RecordKind::approver_rules, owner.realm, owner.name};
}

std::string_view document_of(const Record& record) noexcept {
    return record.version == 0 ? std::string_view() : std::string_view(record.document);
}

}  // namespace

std::vector<ApproverRule> ApproverRules::of(const Subject& owner) {
    const auto records = engine_.ports().load({rules_record(owner)});
    return decode_approver_rules(document_of(records[0]));
}

Task<std::vector<ApproverRule>> ApproverRules::change(Subject owner,
                                                      std::function<void(std::vector<ApproverRule>&)> how) {
    const RecordKey record = rules_record(owner);
    for (;;) {
        const auto records = engine_.ports().load({record});
        std::vector<ApproverRule> rules = decode_approver_rules(document_of(records[0]));
        how(rules);
        std::optional<std::string> document;
        if (!rules.empty()) {
            document = encode_approver_rules(rules);
        }
        auto waits = engine_.commit_record(record, records[0].version, std::move(document));
        const bool committed = co_await waits;
        if (committed) {
            co_return rules;
        }
    }
}

Task<ApproverRule> ApproverRules::add(Subject owner, ApproverRule rule, Caller caller) {
    const std::int64_t now = engine_.ports().now();
    check_approver_rule(rule, now);
    rule.id = random_base32(approver_rule_characters);
    rule.created = now;
    auto waits = change(owner, [&](std::vector<ApproverRule>& rules) {
        std::erase_if(rules, [&](const ApproverRule& old) { return old.until <= now; });
        if (rules.size() >= most_approver_rules) {
            throw Conflict("there are 16 rules, and no more may be: remove one");
        }
        rules.push_back(rule);
    });
    (void)co_await waits;
    auto audit_waits = engine_.note_act(std::move(caller), owner, "rule-add",
                                        "rule=" + rule.id + (rule.approve ? " says=approve" : " says=deny"));
    (void)co_await audit_waits;
    co_return rule;
}

Task<bool> ApproverRules::remove(Subject owner, std::string id, Caller caller) {
    auto waits = change(owner, [&](std::vector<ApproverRule>& rules) {
        if (std::erase_if(rules, [&](const ApproverRule& rule) { return rule.id == id; }) == 0) {
            throw NotFound("there is no such rule: see `warifu rule list`");
        }
    });
    (void)co_await waits;
    auto audit_waits =
        engine_.note_act(std::move(caller), owner, "rule-remove", "rule=" + escape_for_log(id));
    (void)co_await audit_waits;
    co_return true;
}

std::map<std::string, std::vector<ApproverRule>> ApproverRules::of_holders(const std::vector<Need>& needs) {
    std::vector<std::string> holders;
    std::vector<RecordKey> keys;
    std::set<std::string> seen;
    for (const auto& need : needs) {
        for (const auto& holder : need.holders) {
            if (holder.starts_with(user_prefix) && seen.insert(holder).second) {
                holders.push_back(holder);
                keys.push_back(rules_record({"host", holder.substr(user_prefix.size())}));
            }
        }
    }
    std::map<std::string, std::vector<ApproverRule>> all;
    const auto records = keys.empty() ? std::vector<Record>() : engine_.ports().load(keys);
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].version == 0) {
            continue;
        }
        try {
            all[holders[i]] = decode_approver_rules(records[i].document);
        } catch (const Unavailable& error) {
            engine_.ports().log(LOG_WARNING,
                                "approval: rules of " + escape_for_log(holders[i]) + ": " + error.what());
        }
    }
    return all;
}

}  // namespace warifu
