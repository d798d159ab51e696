// Every key of the configuration file, once: where it stands, how it is read and how it is shown. What is
// here is accepted, described and checked against the shipped file; there is no other list.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/config/config.h"
#include "core/config/setting.h"

namespace warifu {

struct KeyRule {
    std::string_view table;
    std::string_view key;
    void (*read)(const Setting& setting, Config& config);
    std::string (*show)(const Config& config);  // the value in force, as TOML
};

// A key of [service.NAME]; shown is what is in force at that door, set there or not.
struct ServiceKeyRule {
    std::string_view key;
    void (*read)(const Setting& setting, ServiceConfig& service);
    std::string (*show)(const Config& config, std::string_view service);
};

// A key of a [[policy.rule]].
struct PolicyKeyRule {
    std::string_view key;
    void (*read)(const Setting& setting, PolicyRule& rule);
    std::string (*show)(const PolicyRule& rule);  // empty where the rule does not have it
};

// A key of an [[approval.rule]] beside the conditions, which are those of a [[policy.rule]].
struct ApprovalKeyRule {
    std::string_view key;
    void (*read)(const Setting& setting, ApprovalRule& rule);
    std::string (*show)(const ApprovalRule& rule);
};

// A key of a [notify.NAME].
struct NotifyKeyRule {
    std::string_view key;
    void (*read)(const Setting& setting, NotifyChannel& channel);
    std::string (*show)(const NotifyChannel& channel);  // empty where the channel does not have it
};

inline constexpr std::string_view approval_table = "approval", approval_ask = "ask",
                                  guardians_table = "guardians", notify_table = "notify";
inline constexpr std::size_t max_guarded = 1'024, max_channels = 16;
inline constexpr std::string_view service_table = "service";
inline constexpr std::string_view rule_table = "policy", rule_list = "rule", rule_outcome = "outcome",
                                  rule_from = "from";
inline constexpr std::size_t max_policy_rules = 256;
inline constexpr std::size_t max_service_tables = 64;

// In the order in which they are documented; the keys of a table stand together.
std::span<const KeyRule> key_rules() noexcept;
std::span<const ServiceKeyRule> service_key_rules() noexcept;
std::span<const PolicyKeyRule> policy_key_rules() noexcept;
std::span<const ApprovalKeyRule> approval_key_rules() noexcept;
std::span<const NotifyKeyRule> notify_key_rules() noexcept;

// The value of a guardian's line, read and shown.
std::vector<std::string> read_approvers(const Setting& setting);
std::string show_approvers(const std::vector<std::string>& approvers);

}  // namespace warifu
