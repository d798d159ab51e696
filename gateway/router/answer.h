// From a request to its answer, whatever happens on the way.
#pragma once

#include <span>

#include "gateway/http/server.h"
#include "gateway/log.h"
#include "gateway/router/router.h"

namespace warifu::gateway {

// Throws where it is cancelled, and never else. `routes`, `services` and
// `log` live as long as it does.
awaitable<Answered> answer(std::span<const Route> routes, Services services, Log& log, HttpRequest request);

}  // namespace warifu::gateway
