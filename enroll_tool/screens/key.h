// A key as it was pressed, whatever terminal it came from.
#pragma once

#include <cstdint>

namespace warifu::screens {

enum class KeyName : std::uint8_t {
    character,
    enter,
    escape,
    backspace,
    tab,
    up,
    down,
    page_up,
    page_down,
    first,  // Home
    last,   // End
    other,  // what no screen knows
};

struct Key {
    KeyName name = KeyName::other;
    char32_t character = 0;  // of KeyName::character: Unicode
};

constexpr Key key_of(char32_t character) noexcept {
    return {KeyName::character, character};
}

}  // namespace warifu::screens
