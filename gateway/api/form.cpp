#include "gateway/api/form.h"

#include <algorithm>

#include "core/error/error.h"
#include "ipc/wire/utf8.h"

namespace warifu::gateway {

namespace {

enum class Plus { is_blank, is_plus };

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text, Plus plus) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::is_blank) {
            result += ' ';
        } else if (text[i] != '%') {
            result += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0) throw Invalid("", "after % come two hexadecimal digits");
            result += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (!wire::valid_utf8(result)) throw Invalid("", "this is not UTF-8");
    return result;
}

std::string_view take_part(std::string_view& rest, char separator) noexcept {
    const auto part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

}  // namespace

FormFields parse_form(std::string_view text) {
    FormFields fields;
    while (!text.empty()) {
        std::string_view value = take_part(text, '&');
        if (value.empty()) continue;
        if (fields.size() == most_form_fields) throw Invalid("", "too many fields");
        const std::string_view name = take_part(value, '=');
        fields.emplace_back(decoded(name, Plus::is_blank), decoded(value, Plus::is_blank));
    }
    return fields;
}

std::string parse_segment(std::string_view text) {
    std::string segment = decoded(text, Plus::is_plus);
    const auto hidden = [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(segment, hidden)) throw Invalid("", "a path does not hide such characters");
    return segment;
}

}  // namespace warifu::gateway
