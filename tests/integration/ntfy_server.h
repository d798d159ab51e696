// What a phone's ntfy server sees: every POST is kept for the test and answered as ntfy does. Gotify, a
// webhook's receiver and a chat are served as well, for it looks at no path but these, which misbehave:
//   /status/NNN       that status
//   /redirect         302 to /
//   /hang             no answer
//   /flood            200 and 100 MB of body
//   /endless-head     200 and header lines without end
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/http.h"
#include "tests/integration/local_server.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct Post {
    std::string method, target;
    HttpHeaders headers;  // their names in lower case
    std::string body;
    nlohmann::json json;  // the body, null where it is none

    // One of ntfy's buttons ("actions") by its label. Throws where it has none.
    const nlohmann::json& button(const std::string& label) const;
};

class NtfyServer {
  public:
    explicit NtfyServer(const Sandbox& sandbox, std::uint16_t port = 2586);

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // Throws std::runtime_error where none comes in time.
    Post next(std::chrono::seconds within = patience);
    bool has_next() const { return server_.has_next(); }

    // Presses one of ntfy's http buttons, whose address is http://127.0.0.1:PORT/… inside.
    HttpAnswer press(const Post& post, const std::string& label) const;

  private:
    const Sandbox& sandbox_;
    std::uint16_t port_;
    LocalServer server_;
};

}  // namespace warifu::integration
