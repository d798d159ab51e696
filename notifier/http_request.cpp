#include "notifier/http_request.h"

#include "notifier/encoding.h"
#include "notifier/shown.h"

namespace warifu::notifier {

namespace {

using nlohmann::json;

// Both make a phone ring: of 5 (ntfy) and of 10 (Gotify).
constexpr int ntfy_priority = 4, gotify_priority = 8;

json ntfy_body(const Channel& channel, const Message& message, const std::string& text) {
    json body = {{"topic", channel.topic},
                 {"title", message.title},
                 {"message", text},
                 {"priority", ntfy_priority},
                 {"tags", {"key"}}};
    json actions = json::array();
    const auto post = [&actions](const std::string& label, const std::string& url) {
        if (!url.empty()) {
            actions.push_back({{"action", "http"},
                               {"label", label},
                               {"url", url},
                               {"method", "POST"},
                               // What tells the button from a form that a mail scanner submits.
                               {"headers", {{"Content-Type", "application/json"}}},
                               {"clear", true}});
        }
    };
    post(message.approve_label, message.approve);
    post(message.deny_label, message.deny);
    if (!message.link.empty()) {
        body["click"] = message.link;
        actions.push_back({{"action", "view"}, {"label", message.open_label}, {"url", message.link}});
    }
    if (!actions.empty()) {
        body["actions"] = std::move(actions);
    }
    return body;
}

// The text is what gives way.
std::string ntfy_text(const Channel& channel, const Message& message) {
    std::size_t fits = 0, too_long = message.text.size() + 1;
    std::string body = ntfy_body(channel, message, message.text).dump();
    if (body.size() <= most_ntfy_bytes) {
        return body;
    }
    while (too_long - fits > 1) {
        const std::size_t middle = fits + (too_long - fits) / 2;
        body = ntfy_body(channel, message, shortened(message.text, middle)).dump();
        (body.size() <= most_ntfy_bytes ? fits : too_long) = middle;
    }
    body = ntfy_body(channel, message, shortened(message.text, fits)).dump();
    if (body.size() > most_ntfy_bytes) {
        throw Problem("ntfy: the links of the message are too long for its 4096 bytes");
    }
    return body;
}

// Slack's mark-up is made of these three.
std::string slack_escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    }
    return result;
}

json slack_body(const Message& message) {
    std::string text = slack_escaped(message.title) + "\n" + slack_escaped(message.text);
    if (!message.link.empty()) {
        text += "\n<" + slack_escaped(message.link) + "|" + slack_escaped(message.open_label) + ">";
    }
    // Nobody fetches the link for a picture of it.
    return {{"text", text}, {"unfurl_links", false}, {"unfurl_media", false}};
}

json gotify_body(const Message& message) {
    json body = {
        {"title", message.title}, {"message", text_with_links(message)}, {"priority", gotify_priority}};
    if (!message.link.empty()) {
        body["extras"] = {{"client::notification", {{"click", {{"url", message.link}}}}}};
    }
    return body;
}

}  // namespace

std::string text_with_links(const Message& message) {
    std::string text = message.text + "\n";
    const auto add = [&text](const std::string& label, const std::string& url) {
        if (!url.empty()) {
            text += "\n" + label + ": " + url;
        }
    };
    if (!message.link.empty()) {
        add(message.open_label, message.link);
    } else {
        add(message.approve_label, message.approve);
        add(message.deny_label, message.deny);
    }
    return text.ends_with("\n") ? message.text : text;
}

HttpRequest http_request(const Channel& channel, const Message& message, std::int64_t now) {
    HttpRequest request{channel.url, {"Content-Type: application/json"}, ""};
    if (channel.type == "gotify") {
        request.url += channel.url.ends_with('/') ? "message" : "/message";
        request.headers.push_back("X-Gotify-Key: " + channel.token);
        request.body = gotify_body(message).dump();
        return request;
    }
    if (!channel.token.empty()) {
        request.headers.push_back("Authorization: Bearer " + channel.token);
    }
    if (channel.type == "ntfy") {
        request.body = ntfy_text(channel, message);
    } else if (channel.type == "slack") {
        request.body = slack_body(message).dump();
    } else {
        request.body = message.facts.dump();
        if (!channel.secret.empty()) {
            const std::string time = std::to_string(now);
            request.headers.push_back("Warifu-Signature: t=" + time +
                                      ",v1=" + hmac_sha256(channel.secret, time + "." + request.body));
        }
    }
    return request;
}

}  // namespace warifu::notifier
