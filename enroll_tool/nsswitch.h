// nsswitch.conf(5): which name services are asked, in their order. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace warifu {

// The services of `database` ("passwd"), without what stands in brackets; as glibc, of the last line that
// names it, and "files" where none does.
std::vector<std::string> name_services(std::string_view nsswitch, std::string_view database);

}  // namespace warifu
