#include "tests/integration/ntfy_server.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace warifu::integration {
namespace {

using nlohmann::json;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

// As the record that next() takes apart.
json read_request(ServedConnection& connection) {
    const std::string first = connection.read_until("\r\n");
    const auto method_end = first.find(' '), target_end = first.rfind(' ');
    json request = {{"method", first.substr(0, method_end)},
                    {"target", first.substr(method_end + 1, target_end - method_end - 1)},
                    {"headers", json::object()}};
    for (std::string line = connection.read_until("\r\n"); !line.empty();
         line = connection.read_until("\r\n")) {
        const auto colon = line.find(':');
        request["headers"][lower(line.substr(0, colon))] =
            line.substr(line.find_first_not_of(' ', colon + 1));
    }
    const std::string length = request["headers"].value("content-length", "0");
    request["body"] = connection.read(std::stoul(length));
    return request;
}

std::string head(const std::string& status, const std::string& more = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + more;
}

void serve(ServedConnection& connection) {
    const json request = read_request(connection);
    connection.tell(request.dump(-1, ' ', false, json::error_handler_t::replace));
    const std::string target = request["target"];
    if (target.starts_with("/status/")) {
        connection.write(head(target.substr(8, 3) + " So", "Content-Length: 2\r\n\r\n{}"));
    } else if (target.starts_with("/redirect")) {
        connection.write(head("302 Found", "Location: /\r\nContent-Length: 0\r\n\r\n"));
    } else if (target.starts_with("/hang")) {
        connection.wait_for_end();
    } else if (target.starts_with("/flood")) {
        connection.write(head("200 OK", "\r\n"));
        const std::string megabyte(1024 * 1024, 'x');
        for (int i = 0; i < 100; ++i) connection.write(megabyte);
    } else if (target.starts_with("/endless-head")) {
        connection.write("HTTP/1.1 200 OK\r\n");
        for (;;) connection.write("X-More: " + std::string(1000, 'x') + "\r\n");
    } else {
        connection.write(head("200 OK", "Content-Length: 11\r\n\r\n{\"id\":\"x1\"}"));
    }
}

}  // namespace

const json& Post::button(const std::string& label) const {
    if (json.contains("actions")) {
        for (const auto& action : json["actions"])
            if (action.value("label", "") == label) return action;
    }
    throw std::runtime_error("no button \"" + label + "\" in " + body);
}

NtfyServer::NtfyServer(const Sandbox& sandbox, std::uint16_t port)
    : sandbox_(sandbox), port_(port), server_(sandbox, port, serve) {}

Post NtfyServer::next(std::chrono::seconds within) {
    const json record = json::parse(server_.next(within));
    Post post{record["method"], record["target"], record["headers"], record["body"], nullptr};
    if (json::accept(post.body)) post.json = json::parse(post.body);
    return post;
}

HttpAnswer NtfyServer::press(const Post& post, const std::string& label) const {
    const json& button = post.button(label);
    const std::string url = button.at("url"), here = "http://127.0.0.1:";
    if (!url.starts_with(here)) throw std::runtime_error("not on this host: " + url);
    std::size_t digits = 0;
    const int port = std::stoi(url.substr(here.size()), &digits);
    HttpHeaders headers = button.value("headers", HttpHeaders());
    headers["Content-Length"] = "0";
    return http(sandbox_, static_cast<std::uint16_t>(port),
                {button.value("method", "POST"), url.substr(here.size() + digits), headers, ""});
}

}  // namespace warifu::integration
