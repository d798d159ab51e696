// One request and its answer as the routes see them: plain values, with nothing of the library that carried
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace warifu::gateway {

enum class Method : std::uint8_t { get, head, post, put, del, other };

struct HttpRequest {
    Method method = Method::other;
    std::string target;  // as it came: "/a/…?…"
    // Header fields that routes read; empty where there was none. Each came once at the most.
    std::string authorization, content_type, accept, accept_language;
    std::string body;
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // beside those that every answer has
};

// A media type without its parameters, in lower case: "application/json" of "Application/JSON;
// charset=utf-8".
std::string media_type(std::string_view content_type);

}  // namespace warifu::gateway
