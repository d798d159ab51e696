#include "enroll_tool/screens/text_field.h"

#include "enroll_tool/printable.h"

namespace warifu::screens {

namespace {

constexpr char32_t full_width_first = 0xFF01, full_width_last = 0xFF5E, ideographic_space = 0x3000;

char32_t narrowed(char32_t character) noexcept {
    if (character == ideographic_space) return U' ';
    if (character >= full_width_first && character <= full_width_last) return character - 0xFEE0;
    return character;
}

bool is_digit(char32_t character) noexcept {
    return character >= U'0' && character <= U'9';
}

bool is_letter(char32_t character) noexcept {
    return (character >= U'a' && character <= U'z') || (character >= U'A' && character <= U'Z');
}

// Keys are printed in groups and in either case: what only helps the eye becomes U'-'.
char32_t base32_of(char32_t character) noexcept {
    if (character == U' ') return U'-';
    return character >= U'a' && character <= U'z' ? character - U'a' + U'A' : character;
}

bool fits(Accepts accepts, char32_t character) {
    switch (accepts) {
        case Accepts::digits:
            return is_digit(character);
        case Accepts::code:
        case Accepts::key:
            return is_digit(character) || is_letter(character) || character == U'-' || character == U' ';
        case Accepts::text:
            break;
    }
    const std::string text = utf8_of(character);
    return printable(text) == text;
}

}  // namespace

TextField::TextField(Accepts accepts, std::string_view value) : accepts_(accepts) {
    text_.reserve(most_bytes + 1);
    text_ = value.substr(0, most_bytes);
}

TextField::~TextField() {
    wipe(text_);
}

bool TextField::key(const Key& key) {
    if (key.name == KeyName::backspace) {
        std::size_t last = text_.size();
        // Back over the bytes that continue a character, and over the one that begins it.
        for (bool continues = true; last > 0 && continues;) {
            --last;
            continues = (static_cast<unsigned char>(text_[last]) & 0xC0U) == 0x80U;
        }
        text_.resize(last);
        return true;
    }
    if (key.name != KeyName::character) return false;
    const char32_t character = accepts_ == Accepts::text ? key.character : narrowed(key.character);
    if (!fits(accepts_, character)) return false;
    const std::string bytes = utf8_of(accepts_ == Accepts::key ? base32_of(character) : character);
    if (accepts_ == Accepts::key && bytes == "-") return true;
    if (text_.size() + bytes.size() <= most_bytes) text_ += bytes;
    return true;
}

void TextField::clear() {
    wipe(text_);
    text_.reserve(most_bytes + 1);
}

SharedSecret TextField::take() {
    auto secret = std::make_shared<const Secret>(Secret::copy_of(std::string_view(text_)));
    clear();
    return secret;
}

}  // namespace warifu::screens
