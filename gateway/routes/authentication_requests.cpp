// POST /v1/bc-authorize, and what becomes of the request: OpenID CIBA's terms, API keys' realms.
#include <ctime>

#include "core/error/error.h"
#include "gateway/api/bearer.h"
#include "gateway/api/failure.h"
#include "gateway/routes/ask_parameters.h"
#include "gateway/routes/request_object.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

namespace {

std::string id_of(const Call& call) {
    if (!is_opaque_id(call.argument)) throw NotFound("there is no such request");
    return call.argument;
}

std::chrono::seconds wait_of(Input& query) {
    const std::int64_t wait = query.maybe_number("wait").value_or(0);
    if (wait < 0) throw Invalid("wait", "seconds, from 0 to 25, are wanted");
    return std::chrono::seconds(std::min<std::int64_t>(wait, LongPolls::longest.count()));
}

// What the asker does to its request, without a body. Where that is too late the answer has the request as it
// is.
awaitable<HttpResponse> change(Services services, Call call, const char* method) {
    const Secret key = bearer_key(call.http.authorization);
    const std::string id = id_of(call);
    call.query.end();
    Input::from_body(media_type(call.http.content_type), call.http.body).end();
    std::exception_ptr conflict;
    try {
        ipc::Request request(method);
        request.secret("key", key).text("auth_req_id", id);
        const ipc::Reply reply = co_await services.warifud.call(std::move(request));
        co_return json_response(object_of(request_in(reply), std::time(nullptr)));
    } catch (const Conflict&) {
        conflict = std::current_exception();
    }
    const AuthenticationRequest as_it_is =
        co_await services.long_polls.poll(key, id, std::nullopt, std::chrono::seconds(0));
    co_return response_of(failure_of(conflict), object_of(as_it_is, std::time(nullptr)));
}

}  // namespace

awaitable<HttpResponse> ask_for_authentication(Services services, Call call) {
    const Secret key = bearer_key(call.http.authorization);
    call.query.end();
    if (media_type(call.http.content_type) != "application/json") throw UnsupportedMedia();
    const AskParameters parameters = ask_parameters(Input::from_json(call.http.body));
    const ipc::Reply reply = co_await services.warifud.call(ask_request(key, parameters));
    nlohmann::json object = object_of(request_in(reply), std::time(nullptr));
    object["interval"] = reply.number("interval");
    if (const auto tokens = reply.maybe_objects("tokens")) {
        for (const ipc::Reply& token : *tokens) {
            object["tokens"].push_back({{"purpose", token.text("purpose")}, {"token", token.text("token")}});
        }
    }
    co_return json_response(object);
}

awaitable<HttpResponse> poll_authentication(Services services, Call call) {
    const Secret key = bearer_key(call.http.authorization);
    const std::string id = id_of(call);
    const std::chrono::seconds wait = wait_of(call.query);
    const std::optional<std::int64_t> rev = call.query.maybe_number("rev");
    call.query.end();
    const AuthenticationRequest request = co_await services.long_polls.poll(key, id, rev, wait);
    co_return json_response(object_of(request, std::time(nullptr)));
}

awaitable<HttpResponse> consume_authentication(Services services, Call call) {
    co_return co_await change(services, std::move(call), "Consume");
}

awaitable<HttpResponse> cancel_authentication(Services services, Call call) {
    co_return co_await change(services, std::move(call), "CancelRequest");
}

}  // namespace warifu::gateway::routes
