// What one client may cost. Tests shorten the times.
#pragma once

#include <chrono>
#include <cstddef>

namespace warifu::gateway {

struct HttpLimits {
    std::size_t header_bytes = 8 * 1024;  // request line and header
    std::size_t body_bytes = 16 * 1024;
    std::size_t connections = 512;
    std::size_t from_one_source = 32;  // connections, and requests in progress behind a proxy
    // From a request's first byte, or for a connection's first request from its beginning, to its last byte.
    std::chrono::milliseconds to_read{10'000};
    std::chrono::milliseconds idle{60'000};  // between two requests
    std::chrono::milliseconds to_write{10'000};
    std::chrono::milliseconds to_linger{2'000};  // for a refused client to take its answer
    // A client that has closed its sending side is served for so long, and then taken to be gone.
    std::chrono::milliseconds half_closed{1'000};
};

}  // namespace warifu::gateway
