// What is said when something fails, by warifud, on the way to it and by the tool: it comes as a whole
// sentence in English, with its values in it, since scripts are given the same. Here are the sentences with
// holes in place of the values, so that people can be told in their language.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace warifu {

inline constexpr std::size_t most_holes = 3;

// In English, with holes from %1 on in their order; marked for the translators. A test holds each to the
// source that says it.
std::span<const char* const> messages() noexcept;

struct Recognised {
    const char* pattern;
    std::array<std::string_view, most_holes> values;  // of `message`; empty where there is no such hole
};

// The first sentence that `message` is made of.
std::optional<Recognised> recognise(std::string_view message) noexcept;

}  // namespace warifu
