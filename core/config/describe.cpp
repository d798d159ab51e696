#include "core/config/describe.h"

#include "core/config/keys.h"

namespace warifu {

std::string describe(const Config& config) {
    std::string text;
    std::string_view table;
    for (const auto& rule : key_rules()) {
        if (rule.table != table) {
            table = rule.table;
            text += (text.empty() ? "[" : "\n[") + std::string(table) + "]\n";
        }
        text += std::string(rule.key) + " = " + rule.show(config) + "\n";
    }
    for (const auto& rule : config.rules) {
        text += "\n[[policy.rule]]\n";
        for (const auto& key : policy_key_rules()) {
            const std::string shown = key.show(rule);
            text += shown.empty() ? "" : std::string(key.key) + " = " + shown + "\n";
        }
    }
    for (const auto& rule : config.approval_rules) {
        text += "\n[[approval.rule]]\n";
        for (const auto& key : policy_key_rules()) {
            const std::string shown = key.key == rule_outcome ? "" : key.show(rule.where);
            text += shown.empty() ? "" : std::string(key.key) + " = " + shown + "\n";
        }
        for (const auto& key : approval_key_rules()) {
            const std::string shown = key.show(rule);
            text += shown.empty() ? "" : std::string(key.key) + " = " + shown + "\n";
        }
    }
    if (!config.guardians.empty()) {
        text += "\n[approval.guardians]\n";
        for (const auto& [user, approvers] : config.guardians) {
            text += '"' + user + "\" = " + show_approvers(approvers) + "\n";
        }
    }
    for (const auto& [name, channel] : config.notify) {
        text += "\n[" + std::string(notify_table) + ".\"" + name + "\"]\n";
        for (const auto& key : notify_key_rules()) {
            const std::string shown = key.show(channel);
            text += shown.empty() ? "" : std::string(key.key) + " = " + shown + "\n";
        }
    }
    for (const auto& [service, settings] : config.service) {
        // Quoted, since a service may have a dot in its name.
        text += "\n[" + std::string(service_table) + ".\"" + service + "\"]\n";
        for (const auto& rule : service_key_rules()) {
            text += std::string(rule.key) + " = " + rule.show(config, service) + "\n";
        }
    }
    return text;
}

std::vector<std::string> config_keys() {
    std::vector<std::string> keys;
    for (const auto& rule : key_rules()) {
        keys.push_back(std::string(rule.table) + "." + std::string(rule.key));
    }
    for (const auto& rule : policy_key_rules()) {
        keys.push_back("policy.rule." + std::string(rule.key));
    }
    for (const auto& rule : approval_key_rules()) {
        keys.push_back("approval.rule." + std::string(rule.key));
    }
    for (const auto& rule : notify_key_rules()) {
        keys.push_back(std::string(notify_table) + ".NAME." + std::string(rule.key));
    }
    for (const auto& rule : service_key_rules()) {
        keys.push_back(std::string(service_table) + ".NAME." + std::string(rule.key));
    }
    return keys;
}

}  // namespace warifu
