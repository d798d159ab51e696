// HTML that nothing from outside can break out of.
#pragma once

#include <string>
#include <string_view>

namespace warifu::gateway::html {

// Text from anywhere, for an element's content or a quoted attribute. Markup is escaped; what prints nothing
// and moves what is around it (control characters, marks of direction, joiners, bytes that are not UTF-8) is
// shown as
// \x1b or \u{202e}.
std::string text(std::string_view value);

// The same with its line breaks and tabs kept: for <pre> and its like.
std::string lines(std::string_view value);

}  // namespace warifu::gateway::html
