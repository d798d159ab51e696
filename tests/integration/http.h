// HTTP/1.1 to a program inside a sandbox, one request a connection.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/integration/sandbox.h"

namespace warifu::integration {

using HttpHeaders = std::map<std::string, std::string>;

struct HttpRequest {
    std::string method = "GET";
    std::string path = "/";
    HttpHeaders headers;  // Host, Connection and Content-Length are there already
    std::string body;
};

struct HttpAnswer {
    int status = 0;
    std::string reason;   // of the status line
    HttpHeaders headers;  // their names in lower case; of several with one name, the last
    std::string body;
};

// Asks 127.0.0.1:`port` inside. Throws std::runtime_error, also where the answer takes longer than
// `patience`.
HttpAnswer http(const Sandbox& sandbox, std::uint16_t port, const HttpRequest& request);

// RFC 4648 section 4. from_base64() ends at the first character that is none of the alphabet.
std::string to_base64(std::string_view bytes);
std::string from_base64(std::string_view text);

}  // namespace warifu::integration
