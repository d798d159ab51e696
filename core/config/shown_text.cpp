#include "core/config/shown_text.h"

namespace warifu {

std::string shown_text(std::string_view text, std::size_t most) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string result;
    for (const char character : text.substr(0, most)) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte >= 0x20 && byte < 0x7f) {
            result += character;
        } else {
            result += {'\\', 'x', hex[byte >> 4], hex[byte & 0xf]};
        }
    }
    return text.size() > most ? result + "…" : result;
}

}  // namespace warifu
