// What a command that shows a key says about apps before the key is taken over.
#pragma once

#include "enroll_tool/output.h"
#include "enroll_tool/session.h"

namespace warifu {

// With --app the warnings about that app, a line each; without it one line that names the apps which would
// get this key wrong, where there are any. `key`: a reply with a uri.
void warn_of_apps(const Session& session, const ipc::Reply& key, Output& page);

// The reply with the same as "warnings", in English; they are left out where there are none.
ipc::Reply with_app_warnings(const Session& session, const ipc::Reply& key);

}  // namespace warifu
