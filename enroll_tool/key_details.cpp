#include "enroll_tool/key_details.h"

#include <algorithm>
#include <charconv>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::string_view scheme = "otpauth://";

// RFC 3986 section 2.1; a '%' that begins nothing stands for itself.
std::string percent_decoded(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        unsigned char byte = 0;
        const char* const hex = text.data() + 1;
        const bool encoded =
            text[0] == '%' && text.size() >= 3 && std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2;
        result += encoded ? static_cast<char>(byte) : text[0];
        text.remove_prefix(encoded ? 3 : 1);
    }
    return result;
}

// Up to `end`, which is taken off with it.
std::string_view take_until(std::string_view& text, char end) {
    const std::string_view taken = text.substr(0, text.find(end));
    text.remove_prefix(std::min(taken.size() + 1, text.size()));
    return taken;
}

void take_name(std::string_view encoded, KeyDetails& details) {
    const std::string name = percent_decoded(encoded);
    const std::size_t colon = name.find(':');
    if (colon == name.npos) {
        details.account = name;
        return;
    }
    details.issuer = name.substr(0, colon);
    details.account = name.substr(std::min(name.find_first_not_of(' ', colon + 1), name.size()));
}

void take_parameter(std::string_view name, std::string_view value, KeyDetails& details) {
    if (name == "secret") details.key_characters = value.size();
    if (name == "issuer") details.issuer = percent_decoded(value);
    if (name == "algorithm") details.algorithm = percent_decoded(value);
    if (name == "digits") details.digits = percent_decoded(value);
    if (name == "period") details.period = percent_decoded(value);
    if (name == "counter") details.counter = percent_decoded(value);
}

}  // namespace

KeyDetails read_key_details(std::string_view uri) {
    if (!uri.starts_with(scheme)) throw Unavailable("warifud's reply has no key URI");
    uri.remove_prefix(scheme.size());
    KeyDetails details;
    details.type = take_until(uri, '/');
    take_name(take_until(uri, '?'), details);
    while (!uri.empty()) {
        std::string_view parameter = take_until(uri, '&');
        const std::string_view name = take_until(parameter, '=');
        take_parameter(name, parameter, details);
    }
    return details;
}

}  // namespace warifu
