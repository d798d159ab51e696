// POST /v1/ask: asks, waits up to a minute, and says allow or deny; curl alone will do.
#include <algorithm>
#include <ctime>

#include "core/error/error.h"
#include "gateway/api/bearer.h"
#include "gateway/api/failure.h"
#include "gateway/routes/ask_parameters.h"
#include "gateway/routes/routes.h"

namespace warifu::gateway::routes {

namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds longest_wait{60};

AskParameters parameters_of(const HttpRequest& http) {
    const std::string type = media_type(http.content_type);
    const bool form = type == "application/x-www-form-urlencoded";
    if (!form && type != "application/json") throw UnsupportedMedia();
    AskParameters parameters = form ? ask_parameters_of_form(Input::from_form(http.body))
                                    : ask_parameters(Input::from_json(http.body));
    // Nobody is there to redeem it later.
    if (!parameters.purposes.empty())
        throw Invalid("purposes", "one call hands out no tokens: /v1/bc-authorize does");
    const std::int64_t wanted = parameters.requested_expiry.value_or(longest_wait.count());
    parameters.requested_expiry = std::min<std::int64_t>(wanted, longest_wait.count());
    return parameters;
}

ipc::Request on_request(const char* method, const Secret& key, const std::string& id) {
    ipc::Request request(method);
    request.secret("key", key).text("auth_req_id", id);
    return request;
}

HttpResponse verdict(bool allowed, const std::string& reason) {
    return json_response({{"result", allowed ? "allow" : "deny"}, {"reason", reason}});
}

// Why it was not allowed, of a request that is neither pending nor approved.
std::string reason_of(const AuthenticationRequest& request) {
    return request.state == "denied" ? request.deny_reason.value_or("policy") : request.state;
}

awaitable<AuthenticationRequest> until_decided(Services services, const Secret& key,
                                               AuthenticationRequest request, Clock::time_point end) {
    while (request.pending() && !request.redeemable()) {
        const auto left = std::chrono::ceil<seconds>(end - Clock::now());
        if (left.count() <= 0) break;
        request = co_await services.long_polls.poll(key, request.auth_req_id, request.rev, left);
    }
    co_return request;
}

// An approval counts once it is redeemed; somebody else may have been first.
awaitable<HttpResponse> redeem(Services services, const Secret& key, const std::string& id) {
    std::optional<bool> consumed;
    try {
        const ipc::Reply reply = co_await services.warifud.call(on_request("Consume", key, id));
        consumed = request_in(reply).state == "consumed";
    } catch (const Conflict&) {
        consumed.reset();
    }
    if (consumed) co_return verdict(*consumed, "ok");
    const AuthenticationRequest now = co_await services.long_polls.poll(key, id, std::nullopt, seconds(0));
    co_return verdict(false, now.approved() ? "inactive" : reason_of(now));
}

// The minute is over. An approval that came in this very moment still counts.
awaitable<HttpResponse> withdraw(Services services, const Secret& key, const std::string& id) {
    bool cancelled = false;
    try {
        co_await services.warifud.call(on_request("CancelRequest", key, id));
        cancelled = true;
    } catch (const Conflict&) {
        cancelled = false;
    }
    if (cancelled) co_return verdict(false, "expired");
    const AuthenticationRequest now = co_await services.long_polls.poll(key, id, std::nullopt, seconds(0));
    if (now.redeemable()) {
        HttpResponse redeemed = co_await redeem(services, key, id);
        co_return redeemed;
    }
    co_return verdict(false, reason_of(now));
}

awaitable<HttpResponse> conclude(Services services, const Secret& key, AuthenticationRequest request) {
    const auto end = Clock::now() + longest_wait;
    request = co_await until_decided(services, key, std::move(request), end);
    if (request.redeemable()) {
        HttpResponse redeemed = co_await redeem(services, key, request.auth_req_id);
        co_return redeemed;
    }
    if (request.pending() || request.approved()) {
        HttpResponse withdrawn = co_await withdraw(services, key, request.auth_req_id);
        co_return withdrawn;
    }
    co_return verdict(false, reason_of(request));
}

// For a client that went away: nobody waits for the answer to this either, and what cannot be withdrawn ends
// by itself within the minute.
awaitable<bool> forget(Services services, Secret key, std::string id) {
    try {
        co_await services.warifud.call(on_request("CancelRequest", key, id));
    } catch (const std::exception&) {
        co_return false;
    }
    co_return true;
}

}  // namespace

awaitable<HttpResponse> ask(Services services, Call call) {
    Secret key = bearer_key(call.http.authorization);
    call.query.end();
    const AskParameters parameters = parameters_of(call.http);
    const ipc::Reply asked = co_await services.warifud.call(ask_request(key, parameters));
    const AuthenticationRequest request = request_in(asked);
    std::exception_ptr failed;
    try {
        HttpResponse response = co_await conclude(services, key, request);
        co_return response;
    } catch (...) {
        failed = std::current_exception();
    }
    if (was_cancelled(co_await asio::this_coro::cancellation_state)) {
        const auto executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, forget(services, std::move(key), request.auth_req_id), asio::detached);
    }
    std::rethrow_exception(failed);
}

}  // namespace warifu::gateway::routes
