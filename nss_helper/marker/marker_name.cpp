#include "nss_helper/marker/marker_name.h"

#include <cstring>

namespace warifu {
namespace {

constexpr char hex[] = "0123456789ABCDEF";

bool is_plain(char byte, bool first) noexcept {
    // By value: what isalnum() says depends on the locale of the process.
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool digit = byte >= '0' && byte <= '9';
    return letter || digit || byte == '_' || (!first && (byte == '.' || byte == '-'));
}

int value_of(char digit) noexcept {
    const char* const found = digit == '\0' ? nullptr : std::strchr(hex, digit);
    return found == nullptr ? -1 : static_cast<int>(found - hex);
}

// The byte that "%XX" at `text` spells; -1: none.
int byte_at(const char* text) noexcept {
    const int high = value_of(text[1]);
    const int low = high < 0 ? -1 : value_of(text[2]);
    return low < 0 ? -1 : high * 16 + low;
}

}  // namespace

bool encode_marker_name(const char* name, std::size_t size, char* encoded) noexcept {
    std::size_t length = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const bool plain = is_plain(name[i], i == 0);
        if (length + (plain ? 1 : 3) > max_marker_name_bytes) {
            return false;
        }
        if (plain) {
            encoded[length++] = name[i];
        } else {
            const auto byte = static_cast<unsigned char>(name[i]);
            encoded[length++] = '%';
            encoded[length++] = hex[byte >> 4];
            encoded[length++] = hex[byte & 15];
        }
    }
    encoded[length] = '\0';
    return size != 0;
}

bool decode_marker_name(const char* encoded, char* name) noexcept {
    std::size_t length = 0;
    for (const char* at = encoded; *at != '\0'; ++length) {
        if (length == max_marker_name_bytes) {
            return false;
        }
        const int byte = *at == '%' ? byte_at(at) : static_cast<unsigned char>(*at);
        if (byte <= 0) {
            return false;
        }
        name[length] = static_cast<char>(byte);
        at += *at == '%' ? 3 : 1;
    }
    name[length] = '\0';
    char again[marker_name_size];
    return encode_marker_name(name, length, again) && std::strcmp(again, encoded) == 0;
}

}  // namespace warifu
