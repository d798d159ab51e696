// A fuzz target: one function that takes any bytes. libFuzzer calls it in the preset `fuzz`; in every other
// build replay_test.cpp calls it with what is kept in corpus/TARGET.
//
// A target lets pass what its header says may be thrown and nothing else, and checks what must hold whatever
// the bytes were.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace warifu::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) noexcept {
    return {reinterpret_cast<const char*>(data), size};
}

// Throws what no target catches, so that libFuzzer keeps the input and the replay names it.
inline void must(bool holds, const char* what) {
    if (!holds) {
        throw std::logic_error(what);
    }
}

// Takes everything before the first `separator` off `rest`, and the separator.
inline std::string_view take_part(std::string_view& rest, char separator) noexcept {
    const auto part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
    return part;
}

}  // namespace warifu::fuzz
