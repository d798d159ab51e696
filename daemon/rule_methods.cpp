#include "daemon/rule_methods.h"

#include "core/engine/approver_rules.h"
#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_value = 256;
constexpr std::int64_t default_seconds = 90 * 86'400, most_seconds = most_approver_rule_days * 86'400;

template <typename Value>
std::vector<Value> parsed(Params& params, const char* field, const char* takes) {
    std::vector<Value> values;
    if (params.has(field)) {
        for (const auto& text : params.texts(field, most_value)) {
            auto value = Value::parse(text);
            if (!value) {
                throw Invalid(field, takes);
            }
            values.push_back(std::move(*value));
        }
    }
    return values;
}

std::vector<std::string> words(Params& params, const char* field) {
    return params.has(field) ? params.texts(field, most_value) : std::vector<std::string>();
}

ApproverRule rule_in(Params& params, std::int64_t now) {
    ApproverRule rule;
    rule.approve = !params.maybe_flag("deny").value_or(false);
    rule.users = words(params, "users");
    rule.services = words(params, "services");
    rule.hosts = words(params, "hosts");
    rule.networks =
        parsed<Network>(params, "networks", "takes networks such as 192.0.2.0/24, local or private");
    rule.hours = parsed<Hours>(params, "hours", "takes hours such as \"Mo-Fr 08:00-18:00\"");
    rule.until = now + params.maybe_number("seconds", 1, most_seconds).value_or(default_seconds);
    params.end();
    return rule;
}

template <typename Value>
json texts(const std::vector<Value>& values) {
    json list = json::array();
    for (const auto& value : values) {
        list.push_back(value.text());
    }
    return list;
}

json describe(const ApproverRule& rule) {
    return {{"rule", rule.id},
            {"says", rule.approve ? "approve" : "deny"},
            {"users", rule.users},
            {"services", rule.services},
            {"hosts", rule.hosts},
            {"networks", texts(rule.networks)},
            {"hours", texts(rule.hours)},
            {"created", rule.created},
            {"until", rule.until}};
}

}  // namespace

Task<json> call_about_rules(Services& services, Subject owner, Caller caller, bool own, Method method,
                            Params& params) {
    ApproverRules rules(services.engine);
    const std::string user = owner.name;
    if (method == Method::remove_rule) {
        const std::string id = params.text("rule", most_value);
        params.end();
        auto waits = rules.remove(std::move(owner), id, std::move(caller));
        (void)co_await waits;
        co_return json{{"user", user}, {"rule", id}};
    }
    if (method == Method::add_rule) {
        if (!own) {
            throw NotPermitted("a rule is a word given beforehand: only whose word it is gives it");
        }
        ApproverRule wanted = rule_in(params, services.ports.now());
        auto waits = rules.add(std::move(owner), std::move(wanted), std::move(caller));
        const ApproverRule added = co_await waits;
        json reply = describe(added);
        reply["user"] = user;
        co_return reply;
    }
    params.end();
    json reply = {{"user", user}, {"rules", json::array()}};
    for (const auto& rule : rules.of(owner)) {
        reply["rules"].push_back(describe(rule));
    }
    co_return reply;
}

}  // namespace warifu
