// The configuration in words, for `warifu config check` and for whoever documents it.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.h"

namespace warifu {

// The whole of what is in force, as TOML that parses to the same: every key of every table, and every key of
// each door that has a table of its own, set there or not.
std::string describe(const Config& config);

// Every key that parse_config takes, as "table.key", those of doors as "service.NAME.key", in describe's
// order.
std::vector<std::string> config_keys();

}  // namespace warifu
