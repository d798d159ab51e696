// Text with names that strangers chose, made fit for whatever shows it: control characters, line separators,
// marks of direction and what else prints nothing become \x1b or \u{202e}.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu::notifier {

// `text` is UTF-8. A newline stays one in several lines, and becomes \x0a in one.
std::string in_one_line(std::string_view text);
std::string in_lines(std::string_view text);

// The longest beginning of at most `most` bytes that ends no character in its middle, with "…" in them where
// something was cut off.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace warifu::notifier
