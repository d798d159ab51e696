#include "pam_module/log.h"

#include <cstdarg>
#include <cstdio>

namespace warifu::pam {

// As printf is called: what is logged is put together in place, without a heap.
// NOLINTNEXTLINE(cert-dcl50-cpp)
void Log::say(int priority, const char* format, ...) const noexcept {
    char line[max_line_bytes];
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(line, sizeof line, format, values);
    va_end(values);
    write_(to_, priority, line);
}

}  // namespace warifu::pam
