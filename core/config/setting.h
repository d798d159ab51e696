// One value of the configuration file on its way to its place: what it is checked for, and how a refusal
// names it. Each function returns the value, or throws Invalid (field "FILE:LINE: table.key") and says what
// is permitted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/toml_document.h"

namespace warifu {

inline constexpr std::size_t max_path_bytes = 1024;
inline constexpr std::size_t max_file_name_bytes = 255;  // NAME_MAX
inline constexpr std::size_t max_group_name_bytes = 256;
inline constexpr std::size_t max_service_name_bytes = 64;

// A PAM service: lower-case letters (libpam lowers all others), digits, '-', '_', '.', '+' and '@', not first
// '.' or '-'; 1 to max_service_name_bytes.
bool valid_service_name(std::string_view name) noexcept;

class Setting {
  public:
    // `entry` outlives the setting; `warnings` may be null.
    Setting(const TomlEntry& entry, std::string_view file, std::vector<std::string>* warnings);

    bool yes_or_no() const;
    int whole_number(int least, int most) const;
    // Printable UTF-8 (no control characters), `least` to `most` bytes.
    std::string text(std::size_t least, std::size_t most) const;
    std::string absolute_path() const;
    std::string file_name() const;
    void table() const;  // only checks that it is one
    // No more than `most` different strings.
    std::vector<std::string> list(std::size_t most) const;

    [[noreturn]] void refuse(const std::string& permitted) const;
    // Accepted, though it should be mended.
    void warn(const std::string& message) const;

  private:
    template <typename T>
    const T& as(const std::string& permitted) const;

    const TomlEntry& entry_;
    std::string field_;
    std::vector<std::string>* warnings_;
};

// "FILE:LINE: table.key"
std::string field_of(const TomlEntry& entry, std::string_view file);

}  // namespace warifu
