// The state of an account or authenticator, as a table shows it.
#pragma once

#include <string>
#include <string_view>

namespace warifu {

// "active" and the like in the language of the locale; what is not known stays as it is, escaped.
std::string word_of_state(std::string_view state);

}  // namespace warifu
