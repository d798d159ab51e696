// Text from outside (labels, names, sources, warifud's messages) made fit for a terminal: it can neither move
// the cursor nor turn the direction of the line. What is taken out shows as \x1b or \u{202e}; in a locale
// that is not UTF-8 everything beyond ASCII shows so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace warifu {

bool locale_is_utf8() noexcept;

// Bytes that are not UTF-8 show as \xNN.
std::string printable(std::string_view text);

// Text that is UTF-8, as its characters, and one of them as UTF-8.
std::u32string code_points(std::string_view text);
std::string utf8_of(char32_t character);

// How many columns printable text takes.
std::size_t columns(std::string_view text) noexcept;

// `text` in at most `most` columns, its end given up for "..." where it is longer.
std::string cut(std::string_view text, std::size_t most);

// Filled up with blanks to `width` columns.
std::string padded(std::string_view text, std::size_t width);

// Lines of at most `width` columns, broken at blanks and, since Japanese has none, between wide characters
// (but before no closing mark); what fits no line is broken anywhere. "\n" ends a line.
std::vector<std::string> broken(std::string_view text, std::size_t width);

// Lines of at most 80 columns, broken as above, each begun with `indent` blanks and ended by a newline.
std::string wrapped(std::string_view text, std::size_t indent = 0);

}  // namespace warifu
