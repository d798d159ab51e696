#include "ipc/wire/json_writer.h"

#include <cstring>

#include "ipc/wire/utf8.h"

namespace warifu::wire {

void JsonWriter::put(char byte) noexcept {
    if (used_ == capacity_) {
        failed_ = true;
        return;
    }
    buffer_[used_++] = byte;
}

void JsonWriter::put(std::string_view text) noexcept {
    if (text.size() > capacity_ - used_) {
        failed_ = true;
        return;
    }
    std::memcpy(buffer_ + used_, text.data(), text.size());
    used_ += text.size();
}

void JsonWriter::begin_value(const char* key) noexcept {
    if (!first_) put(',');
    first_ = false;
    if (key == nullptr) return;
    put('"');
    put(key);
    put("\":");
}

void JsonWriter::open(const char* key, char bracket, char closing) noexcept {
    if (depth_ == max_depth) {
        failed_ = true;
        return;
    }
    begin_value(key);
    put(bracket);
    closing_[depth_++] = closing;
    first_ = true;
}

void JsonWriter::close() noexcept {
    if (depth_ == 0) {
        failed_ = true;
        return;
    }
    put(closing_[--depth_]);
    first_ = false;
}

void JsonWriter::integer(const char* key, long long value) noexcept {
    char digits[24];
    std::size_t at = sizeof digits;
    bool const negative = value < 0;
    // Unsigned, since the smallest number has no opposite.
    auto rest =
        negative ? 0ULL - static_cast<unsigned long long>(value) : static_cast<unsigned long long>(value);
    do {
        digits[--at] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (negative) digits[--at] = '-';
    begin_value(key);
    put(std::string_view(digits + at, sizeof digits - at));
}

void JsonWriter::boolean(const char* key, bool value) noexcept {
    begin_value(key);
    put(value ? "true" : "false");
}

void JsonWriter::put_escaped(std::string_view character) noexcept {
    constexpr char hex[] = "0123456789abcdef";
    auto const byte = static_cast<unsigned char>(character[0]);
    if (byte == '"' || byte == '\\') {
        put('\\');
        put(character);
    } else if (byte < 0x20) {
        put("\\u00");
        put(hex[byte >> 4]);
        put(hex[byte & 0xF]);
    } else {
        put(character);
    }
}

void JsonWriter::string(const char* key, std::string_view text, std::size_t most) noexcept {
    begin_value(key);
    put('"');
    std::size_t written = 0;
    while (!text.empty()) {
        std::size_t const length = utf8_character(text);
        std::size_t const step = length == 0 ? 1 : length;
        written += step;
        if (written > most) {
            put(replacement);
            break;
        }
        put_escaped(length == 0 ? std::string_view(replacement) : std::string_view(text.data(), length));
        text.remove_prefix(step);
    }
    put('"');
}

std::size_t JsonWriter::finish() noexcept {
    put('\0');
    return failed_ || depth_ != 0 ? 0 : used_;
}

}  // namespace warifu::wire
