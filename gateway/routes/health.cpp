// GET /healthz: whether this gateway and warifud behind it answer.
#include "gateway/api/failure.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

awaitable<HttpResponse> health(Services services, Call call) {
    call.query.end();
    const ipc::Reply reply = co_await services.warifud.call(ipc::Request("Health"));
    const bool well = reply.text("store") == "ok";
    co_return json_response({{"status", well ? "ok" : "unavailable"}}, well ? 200 : 503);
}

}  // namespace warifu::gateway::routes
