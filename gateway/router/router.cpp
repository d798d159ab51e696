#include "gateway/router/router.h"

#include <algorithm>
#include <optional>

#include "core/error/error.h"

namespace warifu::gateway {

namespace {

std::string_view take_segment(std::string_view& path) noexcept {
    path.remove_prefix(1);  // its "/"
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

// The argument, which may be empty where the pattern has none; nullopt where the path is another one.
std::optional<std::string> argument_of(std::string_view pattern, std::string_view path) {
    std::string argument;
    while (!pattern.empty() && !path.empty()) {
        if (path.front() != '/') return std::nullopt;
        const std::string_view wanted = take_segment(pattern), segment = take_segment(path);
        if (!wanted.starts_with('{')) {
            if (wanted != segment) return std::nullopt;
            continue;
        }
        try {
            argument = parse_segment(segment);
        } catch (const Invalid&) {
            return std::nullopt;
        }
        if (argument.empty()) return std::nullopt;
    }
    return pattern.empty() && path.empty() ? std::optional(std::move(argument)) : std::nullopt;
}

std::string_view names_of(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET, HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::del:
            return "DELETE";
        default:
            return "";
    }
}

}  // namespace

Match match(std::span<const Route> routes, Method method, std::string_view path) {
    Match found;
    for (const Route& route : routes) {
        auto argument = argument_of(route.pattern, path);
        if (!argument) continue;
        if (route.method == (method == Method::head ? Method::get : method)) {
            found.route = &route;
            found.argument = *std::move(argument);
            return found;
        }
        found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(names_of(route.method));
    }
    return found;
}

}  // namespace warifu::gateway
