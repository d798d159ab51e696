// Every route of the gateway, in one table.
#pragma once

#include <span>

#include "gateway/router/router.h"

namespace warifu::gateway {

std::span<const Route> route_table() noexcept;

}  // namespace warifu::gateway
