#include "gateway/routes/table.h"

#include <array>

#include "gateway/routes/routes.h"

namespace warifu::gateway {

std::span<const Route> route_table() noexcept {
    using enum Method;
    using enum Audience;
    static const std::array table{
        Route{get, "/a/{token}", people, routes::show_approval},
        Route{post, "/a/{token}", people, routes::decide},
        Route{post, "/v1/bc-authorize", programs, routes::ask_for_authentication},
        Route{get, "/v1/bc-authorize/{id}", programs, routes::poll_authentication},
        Route{post, "/v1/bc-authorize/{id}/consume", programs, routes::consume_authentication},
        Route{del, "/v1/bc-authorize/{id}", programs, routes::cancel_authentication},
        Route{post, "/v1/ask", programs, routes::ask},
        Route{post, "/v1/devices/{id}/press", programs, routes::press},
        Route{get, "/v1/policy", programs, routes::show_policy},
        Route{put, "/v1/policy", programs, routes::turn_policy},
        Route{get, "/healthz", programs, routes::health},
    };
    return table;
}

}  // namespace warifu::gateway
