#include "pam_module/printable.h"

#include <cstring>

namespace warifu::pam {
namespace {

constexpr char hex[] = "0123456789abcdef";
constexpr char cut[] = "...";
constexpr std::size_t escaped_bytes = 4;  // \xHH

}  // namespace

Printable::Printable(std::string_view text) noexcept {
    std::size_t used = 0;
    for (char const c : text) {
        if (used + escaped_bytes + sizeof cut > max_bytes) {
            std::memcpy(text_ + used, cut, sizeof cut);
            return;
        }
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F && byte != '\\') {
            text_[used++] = c;
            continue;
        }
        text_[used++] = '\\';
        text_[used++] = 'x';
        text_[used++] = hex[byte >> 4];
        text_[used++] = hex[byte & 0xF];
    }
    text_[used] = '\0';
}

}  // namespace warifu::pam
