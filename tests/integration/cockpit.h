// Debian's Cockpit inside a sandbox, and a sign-in as its login page makes it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/integration/http.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

// cockpit-ws on 127.0.0.1 without TLS, started by its first connection, as systemd would; what it writes goes
// to the log. Its package for Warifu stands at its installed place.
class Cockpit {
  public:
    static constexpr std::uint16_t port = 9090;

    explicit Cockpit(Sandbox& sandbox);

  private:
    Process process_;
};

// What the login page is told.
struct LoginReply {
    int status = 0;       // 200: in
    std::string reason;   // what it says about a refusal: "Authentication failed"
    std::string prompt;   // of a further question
    std::string message;  // shown above it
    bool echo = false;
    std::string cookie;  // of the session
};

// One sign-in over HTTP: the password, then an answer to each further question.
class CockpitLogin {
  public:
    explicit CockpitLogin(const Sandbox& sandbox) : sandbox_(sandbox) {}

    LoginReply begin(const std::string& user, const std::string& password);
    LoginReply answer(const std::string& text);

  private:
    LoginReply ask(const std::string& authorization);

    const Sandbox& sandbox_;
    std::string conversation_;
};

}  // namespace warifu::integration
