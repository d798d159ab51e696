// The handlers that the table names, by group.
#pragma once

#include "gateway/router/router.h"

namespace warifu::gateway::routes {

// Approvers' links (approvals.cpp). Showing one changes nothing.
awaitable<HttpResponse> show_approval(Services services, Call call);
awaitable<HttpResponse> decide(Services services, Call call);

// Authentication requests, for whoever asks (authentication_requests.cpp).
awaitable<HttpResponse> ask_for_authentication(Services services, Call call);
awaitable<HttpResponse> poll_authentication(Services services, Call call);
awaitable<HttpResponse> consume_authentication(Services services, Call call);
awaitable<HttpResponse> cancel_authentication(Services services, Call call);

// The same in one call (ask.cpp).
awaitable<HttpResponse> ask(Services services, Call call);

// Push-buttons (devices.cpp).
awaitable<HttpResponse> press(Services services, Call call);

// A site's own switches (policy.cpp).
awaitable<HttpResponse> show_policy(Services services, Call call);
awaitable<HttpResponse> turn_policy(Services services, Call call);

// For whoever watches the host (health.cpp).
awaitable<HttpResponse> health(Services services, Call call);

}  // namespace warifu::gateway::routes
