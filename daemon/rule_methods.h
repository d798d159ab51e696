// AddRule, ListRules and RemoveRule: what people who approve for others have decided beforehand.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/methods.h"
#include "daemon/params.h"

namespace warifu {

// `owner` is whom the call is about, and `caller` may speak for them by the table of roles; root adds none in
// another's name. Throws the errors of core/error.
Task<nlohmann::json> call_about_rules(Services& services, Subject owner, Caller caller, bool own,
                                      Method method, Params& params);

}  // namespace warifu
