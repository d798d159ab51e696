#include "gateway/api/failure.h"

#include "core/error/error.h"
#include "gateway/api/input.h"
#include "ipc/client/errors.h"

namespace warifu::gateway {

namespace {

constexpr std::int64_t unavailable_retry_seconds = 5;

std::string described(const Invalid& error) {
    return error.field.empty() ? error.what() : error.field + ": " + error.what();
}

// warifud says of a key that it does not know what it says of one that may not do this; who calls has to be
// told.
constexpr std::string_view unknown_key = "this API key is unknown";

Failure failure_of_permission(const NotPermitted& error) {
    if (error.what() == unknown_key) return {401, "invalid_client", error.what(), {}};
    return {403, "access_denied", error.what(), {}};
}

// A limit is told by when to come again; a wrong value by its reason.
Failure failure_of_denial(const ipc::Denied& error) {
    if (error.retry_after || error.reason == "limited") {
        return {429, "slow_down", error.what(), error.retry_after.value_or(1)};
    }
    const bool value =
        error.reason == "bad_code" || error.reason == "wrong_number" || error.reason == "replayed";
    return {value ? 422 : 403, error.reason.empty() ? "access_denied" : error.reason, error.what(), {}};
}

}  // namespace

Failure failure_of(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const HttpFailure& error) {
        return error.failure;
    } catch (const UnsupportedMedia&) {
        return {
            415, "invalid_request", "application/json or application/x-www-form-urlencoded is wanted", {}};
    } catch (const Invalid& error) {
        return {400, "invalid_request", described(error), {}};
    } catch (const ipc::Denied& error) {
        return failure_of_denial(error);
    } catch (const NotFound& error) {
        return {404, "not_found", error.what(), {}};
    } catch (const NotPermitted& error) {
        return failure_of_permission(error);
    } catch (const Conflict& error) {
        return {409, "conflict", error.what(), {}};
    } catch (const std::exception&) {
        // What it was is for the log of this host and not for strangers.
        return {503, "temporarily_unavailable", "this cannot be answered at the moment: try again",
                unavailable_retry_seconds};
    }
}

HttpResponse response_of(const Failure& failure, nlohmann::json object) {
    object["error"] = failure.error;
    object["error_description"] = failure.description;
    if (failure.retry_after) object["retry_after"] = *failure.retry_after;
    HttpResponse response = json_response(object, failure.status);
    if (failure.retry_after)
        response.headers.emplace_back("Retry-After", std::to_string(*failure.retry_after));
    if (failure.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

HttpResponse json_response(const nlohmann::json& object, int status) {
    HttpResponse response;
    response.status = status;
    response.body = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    return response;
}

}  // namespace warifu::gateway
