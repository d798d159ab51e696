// How a login name is written as the name of a marker file, which warifud makes and libnss_warifu looks for:
// bytes that are not letters, digits, '_' or '-', or '.' inside, as %XX (RFC 3986 section 2.1, upper case).
// So no name leaves the directory, and each name has one spelling. Without a C++ runtime, since other
// people's processes load it.
#pragma once

#include <cstddef>

namespace warifu {

inline constexpr std::size_t max_marker_name_bytes = 255;  // NAME_MAX of the file systems that matter
inline constexpr std::size_t marker_name_size = max_marker_name_bytes + 1;

// Writes the spelling of the `size` bytes at `name`, with a NUL at its end, into `encoded`, which has
// marker_name_size bytes. False where nobody can have such a marker: an empty name, or one whose spelling is
// too long.
bool encode_marker_name(const char* name, std::size_t size, char* encoded) noexcept;

// The login name that `encoded` spells, with a NUL at its end, into `name`, which has marker_name_size bytes.
// False where encode_marker_name() never writes this.
bool decode_marker_name(const char* encoded, char* name) noexcept;

}  // namespace warifu
