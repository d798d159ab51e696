// The gateway in this very process, on a port of the loopback interface, and clients of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/limits.h"

namespace warifu::test {

struct GatewaySettings {
    gateway::HttpLimits http;
    std::size_t connections = 8;  // to warifud
    std::chrono::milliseconds to_answer{30'000};
    std::vector<std::string> proxies;
    std::string syslog = "/nonexistent";
};

class RunningGateway {
  public:
    // `socket`: warifud's.
    explicit RunningGateway(const std::string& socket, const GatewaySettings& settings = {});
    ~RunningGateway();
    RunningGateway(const RunningGateway&) = delete;
    RunningGateway& operator=(const RunningGateway&) = delete;

    std::uint16_t port() const noexcept;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;  // their names in lower case
    std::string body;

    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? "" : found->second;
    }
};

// One TCP connection, on which anything can be sent. Whatever does not come within a minute is a failure
// (std::runtime_error).
class HttpClient {
  public:
    // `from`: an address of the loopback network.
    explicit HttpClient(std::uint16_t port, const std::string& from = "127.0.0.1");
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // False where the other side no longer takes it.
    bool send(std::string_view bytes);
    void finish_sending();
    // The next answer; nullopt where the connection ends instead. `head`: to a request by HEAD.
    std::optional<HttpAnswer> receive(bool head = false);
    // Waits for the end of the connection, and returns what came before it.
    std::string receive_to_the_end();

  private:
    bool receive_more();

    int socket_ = -1;
    std::string received_;
};

using Headers = std::map<std::string, std::string>;

// "METHOD TARGET HTTP/1.1" with Host, the headers given and, where there is a body or a POST, its length.
std::string http_request(const std::string& method, const std::string& target, const Headers& headers = {},
                         const std::string& body = "");

// One request on a connection of its own; throws where there is no answer.
HttpAnswer ask(const RunningGateway& gateway, const std::string& method, const std::string& target,
               const Headers& headers = {}, const std::string& body = "");

}  // namespace warifu::test
