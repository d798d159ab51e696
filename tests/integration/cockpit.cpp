#include "tests/integration/cockpit.h"

#include <nlohmann/json.hpp>
#include <sstream>

namespace warifu::integration {
namespace {

Command socket_activated(Sandbox& sandbox) {
    output_of(sandbox, as_root({"cmake", "--install", WARIFU_BUILD_DIR, "--component", "cockpit_page"}));
    // Nothing of the host's own Cockpit: who may sign in is the sandbox's.
    sandbox.write("/etc/cockpit/cockpit.conf", "[WebService]\nLoginTitle = tally\n");
    return as_root({"sh", "-c",
                    "systemd-socket-activate -l 127.0.0.1:" + std::to_string(Cockpit::port) +
                        " /usr/lib/cockpit/cockpit-ws --no-tls 2>&1 | logger -t cockpit-ws"});
}

}  // namespace

Cockpit::Cockpit(Sandbox& sandbox) : process_(sandbox, socket_activated(sandbox)) {
    sandbox.wait_for_log("Listening on 127.0.0.1:" + std::to_string(port));
}

LoginReply CockpitLogin::begin(const std::string& user, const std::string& password) {
    return ask("Basic " + to_base64(user + ":" + password));
}

LoginReply CockpitLogin::answer(const std::string& text) {
    return ask("X-Conversation " + conversation_ + " " + to_base64(text));
}

LoginReply CockpitLogin::ask(const std::string& authorization) {
    const HttpAnswer answer =
        http(sandbox_, Cockpit::port, {"GET", "/cockpit/login", {{"Authorization", authorization}}, ""});
    LoginReply reply;
    reply.status = answer.status;
    reply.reason = answer.reason;
    if (const auto cookie = answer.headers.find("set-cookie"); cookie != answer.headers.end())
        reply.cookie = cookie->second.substr(0, cookie->second.find(';'));
    const auto challenge = answer.headers.find("www-authenticate");
    if (challenge == answer.headers.end()) return reply;
    std::istringstream words(challenge->second);
    std::string scheme, prompt;
    words >> scheme >> conversation_ >> prompt;
    reply.prompt = from_base64(prompt);
    const auto more = nlohmann::json::parse(answer.body, nullptr, false);
    if (more.is_object()) {
        reply.message = more.value("message", more.value("error", ""));
        reply.echo = more.value("echo", false);
    }
    return reply;
}

}  // namespace warifu::integration
