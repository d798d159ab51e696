#include "core/account/credentials.h"

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::size_t max_subject_name_bytes = 256;
// U+FFFD stands for what the PAM module could not send: bytes that are not UTF-8, and what was cut off.
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// Takes one code point off the front of `text`; nullopt where its UTF-8 is broken, overlong or a surrogate.
std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
    const auto lead = static_cast<std::uint8_t>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xc0) || lead > 0xf7 || text.size() < length) return std::nullopt;
    char32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<std::uint8_t>(text[i]);
        if ((next & 0xc0U) != 0x80) return std::nullopt;
        point = point << 6U | (next & 0x3fU);
    }
    constexpr char32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < lowest[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return std::nullopt;
    text.remove_prefix(length);
    return point;
}

}  // namespace

bool printable_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::optional<char32_t> point = take_code_point(text);
        if (!point || *point < 0x20 || (*point >= 0x7f && *point < 0xa0)) return false;
    }
    return true;
}

bool valid_subject_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_subject_name_bytes && name.front() != '-' && name != "." &&
           name != ".." && name.find('/') == std::string_view::npos &&
           name.find(replacement_character) == std::string_view::npos && printable_utf8(name);
}

void check_label(std::string_view label) {
    if (label.empty() || label.size() > max_label_bytes || !printable_utf8(label))
        throw Invalid("label", "a label is 1 to " + std::to_string(max_label_bytes) +
                                   " bytes of UTF-8 without control characters");
}

Authenticator Authenticator::clone() const {
    return {.id = id,
            .label = label,
            .otp = otp,
            .counter = counter,
            .created = created,
            .secret = Secret::copy_of(secret.bytes()),
            .window_codes = window_codes,
            .skew = skew};
}

Credentials Credentials::clone() const {
    Credentials copy{.subject = subject,
                     .uid = uid,
                     .authenticators = {},
                     .recovery = recovery,
                     .scratch = {},
                     .unknown_fields = unknown_fields};
    for (const Authenticator& authenticator : authenticators)
        copy.authenticators.push_back(authenticator.clone());
    for (const Secret& code : scratch) copy.scratch.push_back(Secret::copy_of(code.bytes()));
    return copy;
}

}  // namespace warifu
