// Sentences with holes. A translation may need the values in another order, so the holes are numbered: "%1"
// to
// "%9". Whole sentences are translated, never halves.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace warifu {

// `pattern` with each %N replaced by the N-th of `values`; "%%" is a percent sign, and a hole without a value
// stays as it is. What a value holds is never read as a pattern.
std::string fill(std::string_view pattern, std::initializer_list<std::string_view> values);

// Marks a text for the translators where it cannot be translated yet (xgettext's keyword N_).
constexpr const char* N_(const char* text) noexcept {
    return text;
}

}  // namespace warifu
