#include "tests/integration/http.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace warifu::integration {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void send_all(const Descriptor& connection, std::string_view text) {
    while (!text.empty()) {
        const ssize_t size =
            checked(::send(connection.number(), text.data(), text.size(), MSG_NOSIGNAL), "send");
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

// One piece more; false at the end.
bool receive(const Descriptor& connection, std::string& text) {
    char piece[16 * 1024];
    const ssize_t size = checked(::recv(connection.number(), piece, sizeof piece, 0), "the answer");
    text.append(piece, static_cast<std::size_t>(size));
    return size > 0;
}

std::string written(const HttpRequest& request) {
    std::string text =
        request.method + " " + request.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    if (!request.body.empty()) text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return text + "\r\n" + request.body;
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 2);
    return line;
}

HttpAnswer read_head(std::string_view head) {
    HttpAnswer answer;
    const std::string_view line = take_line(head);
    constexpr std::size_t status_at = 9;  // after "HTTP/1.1 "
    if (!line.starts_with("HTTP/1.") || line.size() < status_at + 3)
        throw std::runtime_error("no HTTP answer: " + std::string(line));
    std::from_chars(line.data() + status_at, line.data() + status_at + 3, answer.status);
    answer.reason = line.substr(std::min(line.size(), status_at + 4));
    while (!head.empty()) {
        const std::string_view field = take_line(head);
        const std::size_t colon = std::min(field.find(':'), field.size());
        std::string name(field.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
        std::string_view value = field.substr(std::min(colon + 1, field.size()));
        while (value.starts_with(' ')) value.remove_prefix(1);
        answer.headers[name] = value;
    }
    return answer;
}

// The body of RFC 9112 section 7.1; false while it is not there as a whole.
bool take_chunks(std::string_view text, std::string& body) {
    body.clear();
    for (;;) {
        if (text.find("\r\n") == text.npos) return false;
        const std::string_view line = take_line(text);
        std::size_t size = 0;
        std::from_chars(line.data(), line.data() + line.size(), size, 16);
        if (size == 0) return true;
        if (text.size() < size + 2) return false;
        body += text.substr(0, size);
        text.remove_prefix(size + 2);
    }
}

// Whether `text`, what came after the head, holds the whole body; where nothing tells, the connection's end
// does.
bool take_body(std::string_view text, HttpAnswer& answer) {
    if (answer.headers["transfer-encoding"] == "chunked") return take_chunks(text, answer.body);
    answer.body = text;
    const std::string& length = answer.headers["content-length"];
    return !length.empty() && text.size() >= std::stoul(length);
}

}  // namespace

HttpAnswer http(const Sandbox& sandbox, std::uint16_t port, const HttpRequest& request) {
    const Descriptor connection = sandbox.connect(port);
    const timeval limit{static_cast<time_t>(patience.count()), 0};
    checked(::setsockopt(connection.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "setsockopt");
    send_all(connection, written(request));
    constexpr std::string_view blank_line = "\r\n\r\n";
    std::string text;
    while (text.find(blank_line) == text.npos) {
        if (!receive(connection, text)) throw std::runtime_error("the answer ended early: " + text);
    }
    const std::size_t head = text.find(blank_line);
    HttpAnswer answer = read_head(std::string_view(text).substr(0, head));
    while (!take_body(std::string_view(text).substr(head + blank_line.size()), answer) &&
           receive(connection, text)) {
    }
    return answer;
}

std::string to_base64(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view three = bytes.substr(at, 3);
        unsigned value = 0;
        for (std::size_t i = 0; i < 3; ++i)
            value = value << 8 | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= three.size() ? alphabet[value >> (18 - 6 * i) & 63] : '=';
    }
    return text;
}

std::string from_base64(std::string_view text) {
    std::string bytes;
    unsigned value = 0, bits = 0;
    for (const char letter : text) {
        const std::size_t place = alphabet.find(letter);
        if (place == alphabet.npos) break;
        value = value << 6 | static_cast<unsigned>(place);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(value >> bits & 0xff);
    }
    return bytes;
}

}  // namespace warifu::integration
