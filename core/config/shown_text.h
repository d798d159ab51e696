// What a file holds, made fit for a message: hostile bytes never reach a log or a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace warifu {

// Printable ASCII as it is, every other byte as \xHH; what is beyond `most` bytes of `text` becomes "…".
std::string shown_text(std::string_view text, std::size_t most = 64);

}  // namespace warifu
