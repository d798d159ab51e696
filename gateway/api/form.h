// application/x-www-form-urlencoded, in bodies and behind a path's "?" (WHATWG URL, section 5.1), read
// strictly.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace warifu::gateway {

inline constexpr std::size_t most_form_fields = 64;

using FormFields = std::vector<std::pair<std::string, std::string>>;

// In their order. Throws Invalid for what is no form, not UTF-8, or has too many fields.
FormFields parse_form(std::string_view text);

// One segment of a path; throws Invalid where it is not well-formed or not UTF-8, or hides a "/" or a control
// character.
std::string parse_segment(std::string_view text);

}  // namespace warifu::gateway
