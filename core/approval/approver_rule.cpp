#include "core/approval/approver_rule.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr int rules_format = 1;
constexpr std::size_t most_value = 256;
constexpr std::int64_t seconds_in_a_day = 86'400;

[[noreturn]] void damaged() {
    throw Unavailable(
        "the record of somebody's rules for approving is damaged: remove the rules (warifu rule)");
}

void check_values(const char* field, const std::vector<std::string>& values) {
    if (values.size() > most_approver_rule_values) {
        throw Invalid(field, "takes at most 16 values");
    }
    for (const auto& value : values) {
        if (value.empty() || value.size() > most_value) {
            throw Invalid(field, "takes names of 1 to 256 bytes");
        }
    }
}

bool any_of(const std::vector<std::string>& values, const std::string& value) noexcept {
    return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

template <typename Value>
std::vector<std::string> texts(const std::vector<Value>& values) {
    std::vector<std::string> list;
    for (const auto& value : values) {
        list.push_back(value.text());
    }
    return list;
}

template <typename Value>
std::vector<Value> parsed(const json& list) {
    std::vector<Value> values;
    for (const auto& text : list) {
        auto value = Value::parse(text.get<std::string>());
        if (!value) {
            damaged();
        }
        values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace

void check_approver_rule(const ApproverRule& rule, std::int64_t now) {
    check_values("users", rule.users);
    check_values("services", rule.services);
    check_values("hosts", rule.hosts);
    if (rule.approve && rule.users.empty()) {
        throw Invalid("users", "has to name for whom a rule says yes");
    }
    if (rule.networks.size() > most_approver_rule_values || rule.hours.size() > most_approver_rule_values) {
        throw Invalid(rule.hours.size() > most_approver_rule_values ? "hours" : "networks",
                      "takes at most 16 values");
    }
    if (rule.until <= now || rule.until > now + most_approver_rule_days * seconds_in_a_day) {
        throw Invalid("until", "takes a time within the next 366 days");
    }
}

const ApproverRule* fitting(const std::vector<ApproverRule>& rules, const std::string& holder,
                            const Request& request, const SourceId& source, const LocalTime& time,
                            std::int64_t now) noexcept {
    if (request.subject.realm != "host" || holder == "user:" + request.subject.name ||
        request.number_mode == NumberMode::typed) {
        return nullptr;
    }
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const ApproverRule& rule) {
        const bool in_hours =
            rule.hours.empty() || std::any_of(rule.hours.begin(), rule.hours.end(),
                                              [&](const Hours& hours) { return hours.contain(time); });
        return rule.created <= now + clock_slack_seconds && now < rule.until && in_hours &&
               any_of(rule.users, request.subject.name) && any_of(rule.services, request.facts.service) &&
               any_of(rule.hosts, request.facts.host) &&
               (rule.networks.empty() || in_any(rule.networks, source));
    });
    return found == rules.end() ? nullptr : &*found;
}

std::string encode_approver_rules(const std::vector<ApproverRule>& rules) {
    json list = json::array();
    for (const auto& rule : rules) {
        list.push_back({{"id", rule.id},
                        {"approve", rule.approve},
                        {"users", rule.users},
                        {"services", rule.services},
                        {"hosts", rule.hosts},
                        {"networks", texts(rule.networks)},
                        {"hours", texts(rule.hours)},
                        {"created", rule.created},
                        {"until", rule.until}});
    }
    return json{{"version", rules_format}, {"rules", std::move(list)}}.dump(-1, ' ', false,
                                                                            json::error_handler_t::replace);
}

std::vector<ApproverRule> decode_approver_rules(std::string_view document) {
    std::vector<ApproverRule> rules;
    if (document.empty()) {
        return rules;
    }
    try {
        const json object = json::parse(document);
        if (object.at("version").get<int>() != rules_format) {
            throw Unavailable(
                "somebody's rules for approving were written by a newer Warifu: upgrade this host");
        }
        for (const auto& entry : object.at("rules")) {
            ApproverRule rule;
            rule.id = entry.at("id").get<std::string>();
            rule.approve = entry.at("approve").get<bool>();
            rule.users = entry.at("users").get<std::vector<std::string>>();
            rule.services = entry.at("services").get<std::vector<std::string>>();
            rule.hosts = entry.at("hosts").get<std::vector<std::string>>();
            rule.networks = parsed<Network>(entry.at("networks"));
            rule.hours = parsed<Hours>(entry.at("hours"));
            rule.created = entry.at("created").get<std::int64_t>();
            rule.until = entry.at("until").get<std::int64_t>();
            rules.push_back(std::move(rule));
        }
    } catch (const json::exception&) {
        damaged();
    }
    return rules;
}

}  // namespace warifu
