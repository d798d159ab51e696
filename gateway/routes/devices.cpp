// POST /v1/devices/{id}/press: a push-button that signs its call, or what relays it.
#include "core/error/error.h"
#include "gateway/api/failure.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

awaitable<HttpResponse> press(Services services, Call call) {
    call.query.end();
    Input input = Input::from_body(media_type(call.http.content_type), call.http.body);
    ipc::Request request("Press");
    request.text("device", call.argument);
    const auto counter = input.maybe_number("counter");
    if (!counter) throw Invalid("counter", "this is missing");
    request.number("counter", *counter);
    request.text("body", input.maybe_text("body").value_or(""));
    request.text("mac", input.text("mac"));
    if (const auto relay = input.maybe_text("relay")) request.text("relay", *relay);
    input.end();
    const ipc::Reply reply = co_await services.warifud.call(std::move(request));
    const AuthenticationRequest pressed = request_in(reply);
    co_return json_response({{"result", reply.text("result")}, {"state", pressed.state}});
}

}  // namespace warifu::gateway::routes
