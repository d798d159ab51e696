// A message in the shape that each kind of receiver over HTTP takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "notifier/document.h"

namespace warifu::notifier {

// ntfy takes no longer body.
inline constexpr std::size_t most_ntfy_bytes = 4096;

struct HttpRequest {  // always a POST
    std::string url;
    std::vector<std::string> headers;  // "Name: value"
    std::string body;                  // JSON
};

// For ntfy, gotify, slack and webhook. now: Unix seconds. Throws Problem where it cannot be made short
// enough.
HttpRequest http_request(const Channel& channel, const Message& message, std::int64_t now);

// The text, and below it the link; without one, the links that approve and deny.
std::string text_with_links(const Message& message);

}  // namespace warifu::notifier
