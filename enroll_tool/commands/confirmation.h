// What follows when an authenticator becomes active.
#pragma once

#include "enroll_tool/output.h"
#include "ipc/client/reply.h"

namespace warifu {

// `confirmed`: the reply to Confirm, or to an Enroll that confirmed at once.
void show_confirmation(const ipc::Reply& confirmed, Output& page);

}  // namespace warifu
