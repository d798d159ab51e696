// Where what could not be done is said: whoever loads this code decides, PAM's syslog or sudo's.
#pragma once

#include <cstddef>

namespace warifu::pam {

class Log {
  public:
    // `priority` is one of syslog(3)'s, without a facility; `line` has no end of line.
    using Write = void (*)(void* to, int priority, const char* line) noexcept;
    static constexpr std::size_t max_line_bytes = 1024;  // what is longer is cut

    // `to` outlives this.
    Log(Write write, void* to) noexcept : write_(write), to_(to) {}

    [[gnu::format(printf, 3, 4)]] void say(int priority, const char* format, ...) const noexcept;

  private:
    Write write_;
    void* to_;
};

}  // namespace warifu::pam
