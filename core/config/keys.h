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

inline constexpr std::string_view service_table = "service";
inline constexpr std::size_t max_service_tables = 64;

// In the order in which they are documented; the keys of a table stand together.
std::span<const KeyRule> key_rules() noexcept;
std::span<const ServiceKeyRule> service_key_rules() noexcept;

}  // namespace warifu
