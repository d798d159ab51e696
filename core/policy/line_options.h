// The options of a PAM line that concern warifud (the module keeps those that shape the conversation).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy/key_file_place.h"

namespace warifu {

struct LineOptions {
    bool nullok = false;               // who is surely not enrolled may pass, where policy says "by-line"
    bool listed = false;               // only the doors of [policy] services count
    bool first_factor_failed = false;  // the line reached only after a wrong password
    bool learn_drift = true;           // off with noskewadj
    bool passwordless = false;         // an approval alone, within a window that the person opened
    bool debug = false;
    std::optional<int>
        grace_seconds;      // grace_period=N: a sign-in from the same address within N seconds stands
    KeyFilePlace key_file;  // secret= and user=
};

// Throws Invalid (field: the option's name) for an unknown option, a malformed or repeated value, and for an
// option that this version does not have. no_increment_hotp is accepted: a wrong code never moves the
// counter.
LineOptions parse_line_options(const std::vector<std::string>& options);

}  // namespace warifu
