// GET and PUT /v1/policy: the switches of a site's own realm, for a key that may turn them.
#include "core/error/error.h"
#include "gateway/api/bearer.h"
#include "gateway/api/failure.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

namespace {

constexpr const char* switches[] = {"second_factor", "unregistered", "not_now"};

HttpResponse answer_of(const ipc::Reply& reply) {
    nlohmann::json object = {{"realm", reply.text("realm")}, {"switches", nlohmann::json::array()}};
    for (const ipc::Reply& one : reply.objects("switches")) {
        object["switches"].push_back({{"service", one.text("service")},
                                      {"second_factor", one.text("second_factor")},
                                      {"unregistered", one.text("unregistered")},
                                      {"not_now", one.text("not_now")},
                                      {"by", one.text("by")},
                                      {"at", one.number("at")}});
    }
    return json_response(object);
}

ipc::Request with_key(const char* method, const Secret& key) {
    ipc::Request request(method);
    request.secret("key", key);
    return request;
}

}  // namespace

awaitable<HttpResponse> show_policy(Services services, Call call) {
    const Secret key = bearer_key(call.http.authorization);
    call.query.end();
    co_return answer_of(co_await services.warifud.call(with_key("Switches", key)));
}

// Those that are named are turned, one after the other; what is wrong with one leaves those before it turned.
awaitable<HttpResponse> turn_policy(Services services, Call call) {
    const Secret key = bearer_key(call.http.authorization);
    call.query.end();
    Input input = Input::from_body(media_type(call.http.content_type), call.http.body);
    const std::string service = input.maybe_text("service").value_or("");
    std::vector<std::pair<const char*, std::string>> wanted;
    for (const char* name : switches) {
        if (auto value = input.maybe_text(name)) wanted.emplace_back(name, std::move(*value));
    }
    input.end();
    if (wanted.empty()) throw Invalid("second_factor", "this, unregistered or not_now is wanted");
    for (const auto& [name, value] : wanted) {
        ipc::Request request = with_key("TurnSwitch", key);
        request.text("service", service).text("name", name).text("value", value);
        (void)co_await services.warifud.call(std::move(request));
    }
    co_return answer_of(co_await services.warifud.call(with_key("Switches", key)));
}

}  // namespace warifu::gateway::routes
