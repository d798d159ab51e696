#include "tests/integration/smtp_sink.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "tests/integration/http.h"

namespace warifu::integration {
namespace {

using nlohmann::json;

std::string between(const std::string& text, char first, char last) {
    const auto begin = text.find(first) + 1;
    return text.substr(begin, text.find(last, begin) - begin);
}

// Whether the line was answered with no more than that it is right.
bool greet_or_sign_in(ServedConnection& connection, const std::string& line, std::string& user) {
    if (line.starts_with("EHLO")) {
        connection.write("250-sink\r\n250 AUTH PLAIN\r\n");
        return true;
    }
    if (line != "AUTH PLAIN") return false;
    connection.write("334 \r\n");
    // RFC 4616: authorization identity, NUL, user, NUL, password.
    const std::string given = from_base64(connection.read_until("\r\n")),
                      password = given.substr(given.rfind('\0') + 1);
    const auto first = given.find('\0') + 1;
    user = given.substr(first, given.rfind('\0') - first);
    connection.write(password == "open-sesame" ? "235 In\r\n" : "535 No\r\n");
    return true;
}

void answer_to_receiver(ServedConnection& connection, const std::string& to) {
    if (to.starts_with("refused@")) {
        connection.write("550 Nobody here\r\n");
    } else if (to.starts_with("hang@")) {
        connection.wait_for_end();
    } else if (to.starts_with("endless@")) {
        for (;;) connection.write("250-" + std::string(500, 'x') + "\r\n");
    } else {
        connection.write("250 Go on\r\n");
    }
}

void serve(ServedConnection& connection) {
    json mail;
    std::string user;
    connection.write("220 sink\r\n");
    for (;;) {
        const std::string line = connection.read_until("\r\n");
        if (greet_or_sign_in(connection, line, user)) continue;
        if (line.starts_with("MAIL FROM:")) {
            mail = {{"from", between(line, '<', '>')}, {"user", user}};
            connection.write("250 Go on\r\n");
        } else if (line.starts_with("RCPT TO:")) {
            mail["to"] = between(line, '<', '>');
            answer_to_receiver(connection, mail["to"]);
        } else if (line == "DATA") {
            connection.write("354 Go on\r\n");
            mail["text"] = connection.read_until("\r\n.\r\n") + "\r\n";
            connection.tell(mail.dump(-1, ' ', false, json::error_handler_t::replace));
            connection.write("250 Kept\r\n");
        } else if (line == "QUIT") {
            if (std::string(mail["to"]).starts_with("lingers@")) connection.wait_for_end();
            connection.write("221 Bye\r\n");
            return;
        } else {
            connection.write("502 What\r\n");
        }
    }
}

std::string decoded_words(const std::string& text) {
    constexpr std::string_view head = "=?UTF-8?B?", tail = "?=";
    std::string result;
    std::size_t at = 0;
    for (auto word = text.find(head); word != text.npos; word = text.find(head, at)) {
        const std::string before = text.substr(at, word - at);
        if (before != " ") result += before;  // between two words a blank is none
        const auto begin = word + head.size(), end = text.find(tail, begin);
        result += from_base64(text.substr(begin, end - begin));
        at = end + tail.size();
    }
    return result + text.substr(at);
}

std::string without(std::string text, std::string_view part) {
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at)) text.erase(at, part.size());
    return text;
}

void read_headers(Mail& mail) {
    std::string* value = nullptr;
    std::string rest = mail.head;
    while (!rest.empty()) {
        const std::string line = rest.substr(0, rest.find("\r\n"));
        rest.erase(0, line.size() + 2);
        if (line.starts_with(' ') && value != nullptr) {
            *value += line;
            continue;
        }
        const auto colon = line.find(": ");
        std::string name = line.substr(0, colon);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        value = &mail.headers[name];
        *value = line.substr(colon + 2);
    }
}

}  // namespace

SmtpSink::SmtpSink(const Sandbox& sandbox, std::uint16_t port) : port_(port), server_(sandbox, port, serve) {}

Mail SmtpSink::next(std::chrono::seconds within) {
    const json record = json::parse(server_.next(within));
    const std::string text = record["text"];
    const auto blank = text.find("\r\n\r\n");
    Mail mail;
    mail.from = record["from"];
    mail.to = record["to"];
    mail.user = record["user"];
    mail.head = text.substr(0, blank + 2);
    mail.body = text.substr(blank + 4);
    read_headers(mail);
    mail.text = mail.headers["content-transfer-encoding"] == "base64"
                    ? from_base64(without(mail.body, "\r\n"))
                    : mail.body;
    mail.subject = decoded_words(mail.headers["subject"]);
    return mail;
}

}  // namespace warifu::integration
