#include "tests/unit/gateway/running_gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "gateway/service.h"

namespace warifu::test {

namespace {

constexpr int patience_ms = 60'000;

void require(bool so, const char* what) {
    if (!so) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    require(inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1, "inet_pton");
    return address;
}

void wait_for(int socket, short events) {
    pollfd event{socket, events, 0};
    if (poll(&event, 1, patience_ms) != 1)
        throw std::runtime_error("the gateway neither answers nor hangs up");
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

HttpAnswer parsed_head(std::string_view head) {
    HttpAnswer answer;
    answer.status = std::stoi(std::string(head.substr(9, 3)));
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(": ");
        answer.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
        head.remove_prefix(line.size() + 2);
    }
    return answer;
}

}  // namespace

struct RunningGateway::Parts {
    Parts(const gateway::Options& options, const GatewaySettings& settings)
        : gateway(io, options, settings.http, limits_of(settings)),
          port(gateway.server().listen(options.listen)),
          thread([this] { io.run(); }) {}
    ~Parts() {
        io.stop();
        thread.join();
    }
    static gateway::WarifudLimits limits_of(const GatewaySettings& settings) {
        gateway::WarifudLimits limits;
        limits.to_answer = settings.to_answer;
        return limits;
    }

    boost::asio::io_context io{1};
    gateway::Gateway gateway;
    std::uint16_t port;
    std::thread thread;
};

RunningGateway::RunningGateway(const std::string& socket, const GatewaySettings& settings) {
    gateway::Options options;
    options.socket = socket;
    options.connections = settings.connections;
    options.syslog = settings.syslog;
    options.listen.port(0);
    for (const std::string& proxy : settings.proxies) options.proxies.insert(*gateway::parse_address(proxy));
    parts_ = std::make_unique<Parts>(options, settings);
}

RunningGateway::~RunningGateway() = default;

std::uint16_t RunningGateway::port() const noexcept {
    return parts_->port;
}

HttpClient::HttpClient(std::uint16_t port, const std::string& from)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in own = address_of(from, 0), there = address_of("127.0.0.1", port);
    require(bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0, "bind");
    require(connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0, "connect");
}

HttpClient::~HttpClient() {
    close(socket_);
}

bool HttpClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        wait_for(socket_, POLLOUT);
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void HttpClient::finish_sending() {
    shutdown(socket_, SHUT_WR);
}

bool HttpClient::receive_more() {
    wait_for(socket_, POLLIN);
    char bytes[16 * 1024];
    const ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(got));
    return true;
}

std::optional<HttpAnswer> HttpClient::receive(bool head) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == received_.npos) {
        if (!receive_more()) return std::nullopt;
    }
    HttpAnswer answer = parsed_head(std::string_view(received_).substr(0, end + 2));
    received_.erase(0, end + 4);
    const std::string length = answer.header("content-length");
    const std::size_t size = head || length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size) {
        if (!receive_more()) return std::nullopt;
    }
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
}

std::string HttpClient::receive_to_the_end() {
    while (receive_more()) {
    }
    return received_;
}

std::string http_request(const std::string& method, const std::string& target, const Headers& headers,
                         const std::string& body) {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: gateway.example\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

HttpAnswer ask(const RunningGateway& gateway, const std::string& method, const std::string& target,
               const Headers& headers, const std::string& body) {
    HttpClient client(gateway.port());
    client.send(http_request(method, target, headers, body));
    auto answer = client.receive(method == "HEAD");
    if (!answer) throw std::runtime_error("the gateway hung up");
    return *std::move(answer);
}

}  // namespace warifu::test
