// Which route a request is for.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/api/input.h"
#include "gateway/asio.h"
#include "gateway/http/message.h"
#include "gateway/warifud/long_polls.h"
#include "gateway/warifud/pool.h"

namespace warifu::gateway {

// What the routes work with.
struct Services {
    Warifud& warifud;
    LongPolls& long_polls;
};

// A request at its route.
struct Call {
    HttpRequest http;
    std::string argument;  // what stands for "{…}" in the path
    Input query;
};

using Handler = awaitable<HttpResponse> (*)(Services services, Call call);

enum class Audience : std::uint8_t {
    programs,  // failures are JSON, and an unknown field behind "?" is one
    people,    // failures are pages where a browser asks; what mail programs put behind "?" is ignored
};

struct Route {
    Method method;  // get: HEAD as well
    std::string_view
        pattern;  // "/v1/bc-authorize/{id}"; at most one part in braces, which is a whole segment
    Audience audience;
    Handler handler;
};

struct Match {
    const Route* route = nullptr;  // null: nothing is there for this method
    std::string argument;
    std::string allowed;  // the methods that the path has, "GET, POST"; empty: the path is not there
};

// `path`: before the "?", as it came.
Match match(std::span<const Route> routes, Method method, std::string_view path);

}  // namespace warifu::gateway
