#include "notifier/document.h"

#include <algorithm>
#include <array>
#include <utility>

#include "notifier/shown.h"

namespace warifu::notifier {

namespace {

using nlohmann::json;

constexpr std::size_t most_title_bytes = 256, most_label_bytes = 64;
// Writing nested JSON out takes stack for each level.
constexpr int most_levels = 16;

struct Kind {
    std::string_view type;
    std::array<std::string_view, 3> needs;
};
constexpr std::array<Kind, 6> kinds{{{"ntfy", {"url", "topic"}},
                                     {"gotify", {"url", "token"}},
                                     {"slack", {"url"}},
                                     {"webhook", {"url"}},
                                     {"mail", {"url", "from", "address"}},
                                     {"command", {"argv"}}}};

json read(std::string_view text) {
    if (text.size() > most_document_bytes) {
        throw Problem("what came on standard input is longer than 64 KiB");
    }
    try {
        return json::parse(text, [](int depth, json::parse_event_t, const json&) {
            if (depth > most_levels) {
                throw Problem("what came on standard input is nested too deep");
            }
            return true;
        });
    } catch (const json::exception&) {
        throw Problem("what came on standard input is not JSON");
    }
}

const json& object_in(const json& parent, const char* name) {
    const auto found = parent.is_object() ? parent.find(name) : parent.end();
    if (!parent.is_object() || found == parent.end() || !found->is_object()) {
        throw Problem(std::string("standard input has no object \"") + name + "\"");
    }
    return *found;
}

// Empty where it is absent or null.
std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) {
        return "";
    }
    if (!found->is_string()) {
        throw Problem(std::string(name) + " is not a string");
    }
    return found->get<std::string>();
}

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// What goes into a request's or a mail's head, or into a command of SMTP: nothing in it can end the line.
std::string plain_in(const json& object, const char* name) {
    std::string text = text_in(object, name);
    if (!is_plain(text)) {
        throw Problem(std::string(name) + " has blanks, control characters or letters outside ASCII");
    }
    return text;
}

bool has_scheme(std::string_view url, std::initializer_list<std::string_view> schemes) {
    return std::ranges::any_of(schemes, [&](std::string_view scheme) { return url.starts_with(scheme); });
}

std::string link_in(const json& object, const char* name) {
    std::string link = text_in(object, name);
    if (!link.empty() && (!has_scheme(link, {"https://", "http://"}) || !is_plain(link) ||
                          link.find_first_of("<>|\"\\") != link.npos)) {
        throw Problem(std::string("message.") + name + " is not an address of the web");
    }
    return link;
}

// RFC 5321's Mailbox without quoted local parts; a local name alone is for the host's own mail server.
bool is_mailbox(std::string_view text) {
    return text.find_first_of("()<>[]:;,\\\"") == text.npos && text.find('@') == text.rfind('@') &&
           !text.starts_with('@') && !text.ends_with('@') && !text.starts_with('-');
}

bool is_topic(std::string_view text) {
    return text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_';
           });
}

void check(const Channel& channel, const json& object) {
    const auto kind = std::ranges::find(kinds, channel.type, &Kind::type);
    if (kind == kinds.end()) {
        throw Problem("channel.type is none of ntfy, gotify, slack, webhook, mail and command");
    }
    for (const std::string_view need : kind->needs) {
        const auto found = object.find(std::string(need));
        if (!need.empty() && (found == object.end() || found->empty() || *found == "")) {
            throw Problem(channel.type + ": the channel has no " + std::string(need));
        }
    }
    const bool is_mail = channel.type == "mail";
    if (channel.type == "command") {
        if (!channel.argv.front().starts_with('/')) {
            throw Problem("command: argv does not begin with the whole path of a program");
        }
    } else if (is_mail ? !has_scheme(channel.url, {"smtp://", "smtps://"})
                       : !has_scheme(channel.url, {"https://", "http://"})) {
        throw Problem(channel.type + ": url begins with neither " +
                      (is_mail ? "smtp:// nor smtps://" : "https:// nor http://"));
    }
    if (is_mail && !(is_mailbox(channel.from) && is_mailbox(channel.address))) {
        throw Problem("mail: from or address is not one plain address, as name@example.org");
    }
    if (!is_topic(channel.topic)) {
        throw Problem(channel.type + ": a topic is 1 to 64 letters, digits, - and _");
    }
}

Channel channel_of(const json& object) {
    Channel channel;
    channel.type = text_in(object, "type");
    channel.url = plain_in(object, "url");
    channel.token = plain_in(object, "token");
    channel.topic = plain_in(object, "topic");
    channel.address = plain_in(object, "address");
    channel.from = plain_in(object, "from");
    channel.secret = text_in(object, "secret");
    if (const auto argv = object.find("argv"); argv != object.end() && !argv->is_null()) {
        if (!argv->is_array() || !std::ranges::all_of(*argv, [](const json& word) {
                return word.is_string() && word.get_ref<const std::string&>().find('\0') == std::string::npos;
            })) {
            throw Problem("argv is not a list of words");
        }
        channel.argv = argv->get<std::vector<std::string>>();
    }
    check(channel, object);
    return channel;
}

std::string label_in(const json& object, const char* name, const char* otherwise) {
    const auto labels = object.find("labels");
    std::string label = labels != object.end() && labels->is_object() ? text_in(*labels, name) : "";
    return shortened(in_one_line(label.empty() ? otherwise : label), most_label_bytes);
}

Message message_of(const json& object) {
    Message message;
    message.title = shortened(in_one_line(text_in(object, "title")), most_title_bytes);
    message.text = in_lines(text_in(object, "text"));
    message.language = text_in(object, "language") == "ja" ? "ja" : "en";
    message.link = link_in(object, "link");
    message.approve = link_in(object, "approve");
    message.deny = link_in(object, "deny");
    message.open_label = label_in(object, "open", "Open");
    message.approve_label = label_in(object, "approve", "Approve");
    message.deny_label = label_in(object, "deny", "Deny");
    if (message.title.empty() || message.text.empty()) {
        throw Problem("the message has no title or no text");
    }
    message.facts = object;
    message.facts.erase("labels");
    message.facts["title"] = message.title;
    message.facts["text"] = message.text;
    return message;
}

}  // namespace

Document parse(std::string_view text) {
    const json whole = read(text);
    return {channel_of(object_in(whole, "channel")), message_of(object_in(whole, "message"))};
}

std::string where(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == url.npos) {
        return "";
    }
    std::string_view authority = url.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    if (const auto at = authority.rfind('@'); at != authority.npos) {
        authority.remove_prefix(at + 1);
    }
    return std::string(url.substr(0, scheme + 3)) + std::string(authority);
}

}  // namespace warifu::notifier
