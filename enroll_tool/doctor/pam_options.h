// The options of pam_warifu.so's lines, so far as a line with them denies everybody.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enroll_tool/doctor/facts.h"

namespace warifu::doctor {

// An option that warifud or the module refuses, and what to do.
struct RefusedOption {
    std::string option;
    const char* remedy;
};

// The first one of a line; nullopt where all are taken. Tests hold this against the module and warifud.
std::optional<RefusedOption> refused_option(const std::vector<std::string>& arguments);

// Whether secret= and user=, where they are there, mean what the configuration names.
bool names_configured_file(const std::vector<std::string>& arguments, const ConfigInForce& config);

}  // namespace warifu::doctor
