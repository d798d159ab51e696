// One line of a descriptor, as a secret.
#pragma once

#include <cstddef>
#include <optional>

#include "core/secret/secret.h"

namespace warifu {

inline constexpr std::size_t max_line_bytes = 4'096;  // its end included

// The line without its end (LF or CR LF). Takes no byte beyond it, so that whoever reads the descriptor next
// finds the next line. nullopt where there is no line any more; throws Invalid for one that is longer than
// max_line_bytes.
std::optional<Secret> read_line(int descriptor);

// What one read() of a terminal or a file gave, without the end of its line.
void drop_line_end(Secret& line) noexcept;

}  // namespace warifu
