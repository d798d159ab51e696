// Bytes from outside, made fit for a log line: printable ASCII stays, everything else and the backslash
// becomes
// \xHH, so that nobody forges a second line or talks to a terminal. Bounded; what is cut off ends in "...".
#pragma once

#include <cstddef>
#include <string_view>

namespace warifu::pam {

class Printable {
  public:
    static constexpr std::size_t max_bytes = 256;

    explicit Printable(std::string_view text) noexcept;
    const char* text() const noexcept { return text_; }

  private:
    char text_[max_bytes];
};

}  // namespace warifu::pam
