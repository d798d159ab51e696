// What a module must leave as it was in the process, and the thread, that called it: ids, groups, umask,
// signals, working directory, environment, descriptors, limits, locale and the like, as text.
#pragma once

#include <nlohmann/json.hpp>

namespace warifu::testing_support {

nlohmann::json process_state();

}  // namespace warifu::testing_support
