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

inline constexpr std::string_view service_table = "service";
inline constexpr std::string_view rule_table = "policy", rule_list = "rule", rule_outcome = "outcome";
inline constexpr std::size_t max_policy_rules = 256;
inline constexpr std::size_t max_service_tables = 64;

// In the order in which they are documented; the keys of a table stand together.
std::span<const KeyRule> key_rules() noexcept;
std::span<const ServiceKeyRule> service_key_rules() noexcept;
std::span<const PolicyKeyRule> policy_key_rules() noexcept;

}  // namespace warifu
