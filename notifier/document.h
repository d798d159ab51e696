// What is to be delivered: one message over one channel, as warifud writes it (docs/man/warifu-notify.8.scd).
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace warifu::notifier {

// Longest document, in bytes.
inline constexpr std::size_t most_document_bytes = 64 * 1024;

// Why nothing was delivered: one line for an administrator, without a token, topic, link or secret.
struct Problem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Channel {
    std::string type;  // ntfy, gotify, slack, webhook, mail, command
    // Each is empty where the channel has none. Printable ASCII without blanks, but for the secret.
    std::string url, token, topic, address, from, secret;
    std::vector<std::string> argv;
};

struct Message {
    // Fit to be shown (shown.h); the title is one line of at most 256 bytes.
    std::string title, text;
    std::string language;             // "en", "ja"
    std::string link, approve, deny;  // URLs; empty where the receiver gets none
    std::string open_label, approve_label, deny_label;
    // All of it for programs: title and text as above, the rest as it came, without the labels.
    nlohmann::json facts;
};

struct Document {
    Channel channel;
    Message message;
};

// Throws Problem for what is no such document, and for a channel that lacks what its type needs.
Document parse(std::string_view text);

// "https://ntfy.example.org:8443": what an error may say of a URL. Its path may be a secret.
std::string where(std::string_view url);

}  // namespace warifu::notifier
