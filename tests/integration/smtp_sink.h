// A mail server that keeps what it gets for the test. It misbehaves towards these receivers:
//   refused@…    550
//   hang@…       no answer to RCPT
//   endless@…    an answer to RCPT without end
//   lingers@…    no answer to QUIT
// It takes no other password than "open-sesame" (AUTH PLAIN).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "tests/integration/local_server.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

struct Mail {
    std::string from, to;                        // of the envelope
    std::string user;                            // who signed in, or empty
    std::string head, body;                      // as they came, lines ended by CR LF
    std::map<std::string, std::string> headers;  // their names in lower case, folded lines joined
    std::string text;                            // the body, decoded
    std::string subject;                         // decoded
};

class SmtpSink {
  public:
    explicit SmtpSink(const Sandbox& sandbox, std::uint16_t port = 2525);

    std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
    // Throws std::runtime_error where none comes in time.
    Mail next(std::chrono::seconds within = patience);
    bool has_next() const { return server_.has_next(); }

  private:
    std::uint16_t port_;
    LocalServer server_;
};

}  // namespace warifu::integration
