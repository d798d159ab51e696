// What went wrong as an HTTP answer: one table from errors to status codes.
#pragma once

#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "gateway/http/message.h"

namespace warifu::gateway {

struct Failure {
    int status = 503;
    std::string error;                        // the code for programs, "invalid_request"
    std::string description;                  // one line for whoever writes the program
    std::optional<std::int64_t> retry_after;  // seconds
};

// What a route throws that knows better than the table.
struct HttpFailure : std::runtime_error {
    explicit HttpFailure(Failure a_failure)
        : std::runtime_error(a_failure.error), failure(std::move(a_failure)) {}
    Failure failure;
};

// Any exception that a route may end with.
Failure failure_of(std::exception_ptr thrown);

// {"error", "error_description", "retry_after"?} and, where there is one, the object as it is.
HttpResponse response_of(const Failure& failure, nlohmann::json object = nlohmann::json::object());

HttpResponse json_response(const nlohmann::json& object, int status = 200);

}  // namespace warifu::gateway
