// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace warifu::wire {

// U+FFFD, which stands for every byte that is not UTF-8.
inline constexpr char replacement[] = "\xEF\xBF\xBD";

// Bytes of the character that begins `text`, 1 to 4, or 0 where none does.
std::size_t utf8_character(std::string_view text) noexcept;

bool valid_utf8(std::string_view text) noexcept;

// Writes one code point as 1 to 4 bytes and returns how many; a surrogate or what is above U+10FFFF becomes
// U+FFFD.
std::size_t utf8_encode(unsigned long code_point, char (&out)[4]) noexcept;

}  // namespace warifu::wire
