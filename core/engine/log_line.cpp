#include "core/engine/log_line.h"

#include <array>
#include <nlohmann/json.hpp>

namespace warifu {

namespace {

constexpr std::size_t most_logged_bytes = 256;

void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += "\\x";
    out += hex[byte >> 4];
    out += hex[byte & 15];
}

// The length of the UTF-8 character at the start of `text`, 0 where there is none.
std::size_t character_length(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return lead >= 0xc2 && length <= text.size() && printable_utf8(text.substr(0, length)) ? length : 0;
}

}  // namespace

std::string escape_for_log(std::string_view text) {
    std::string out;
    text = text.substr(0, most_logged_bytes);
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        std::size_t taken = 1;
        if (byte < 0x80) {
            if (byte <= ' ' || byte == 0x7f || byte == '"' || byte == '=' || byte == '\\') {
                append_hex(out, byte);
            } else {
                out += text[0];
            }
        } else if (const auto length = character_length(text); length != 0) {
            out += text.substr(0, length);
            taken = length;
        } else {
            append_hex(out, byte);
        }
        text.remove_prefix(taken);
    }
    return out;
}

std::string audit_row(std::int64_t now, const Caller& caller, const Subject& subject, std::string_view action,
                      std::string_view detail) {
    const nlohmann::json row = {{"time", now},
                                {"by", caller.uid},
                                {"source", caller.source.text()},
                                {"realm", subject.realm},
                                {"user", escape_for_log(subject.name)},
                                {"action", action},
                                {"detail", escape_for_log(detail)}};
    return row.dump();
}

std::string sign_in_line(const Subject& subject, const Caller& caller, const AttemptResult& result) {
    std::string line = "sign-in: user=" + escape_for_log(subject.name) +
                       " service=" + escape_for_log(caller.service) +
                       " rhost=" + escape_for_log(caller.rhost) + " tty=" + escape_for_log(caller.tty) +
                       " source=" + caller.source.text() + " verdict=" + std::string(name(result.verdict)) +
                       " reason=" + std::string(name(result.reason));
    if (!result.label.empty()) {
        line += " authenticator=" + escape_for_log(result.label);
    }
    if (result.recovery_left) {
        line += " recovery_codes_left=" + std::to_string(*result.recovery_left);
    }
    if (!result.detail.empty()) {
        line += ": " + result.detail;
    }
    return line;
}

}  // namespace warifu
