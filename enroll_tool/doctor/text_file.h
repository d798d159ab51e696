// Small files of the host, as far as they can be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace warifu::doctor {

inline constexpr std::size_t max_text_file_bytes = 256 * 1024;  // what is beyond is left out

// nullopt: it cannot be read, or is no regular file (once links are followed).
std::optional<std::string> text_of_file(const std::string& path);

// When its content last changed, in Unix seconds.
std::optional<std::int64_t> change_of_file(const std::string& path);

}  // namespace warifu::doctor
