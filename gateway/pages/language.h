// The languages that the pages speak.
#pragma once

#include <cstdint>
#include <string_view>

namespace warifu::gateway {

enum class Language : std::uint8_t { english, japanese };

// As it stands in io.warifu and in a page: "en", "ja".
std::string_view code_of(Language language) noexcept;

// The one that `code` names; `otherwise` where it names none of them.
Language language_named(std::string_view code, Language otherwise) noexcept;

// The one that an Accept-Language header likes best (RFC 9110 section 12.5.4); English where it likes
// neither.
Language preferred_language(std::string_view accept_language) noexcept;

}  // namespace warifu::gateway
