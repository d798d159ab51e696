// Stands in for libc's syslog in the target `session`: the host's log takes no line from it, and a line that
// is not escaped ends the program. <syslog.h> may define these inline, so it is not included.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/fuzz_target.h"

namespace {

__attribute__((format(printf, 1, 0))) void take(const char* format, std::va_list arguments) {
    char line[16 * 1024];
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    const std::string_view text(
        line, length < 0 ? 0 : std::min<std::size_t>(static_cast<std::size_t>(length), sizeof line - 1));
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            std::fprintf(stderr, "a line of the log is not escaped: %s\n", line);
            std::abort();
        }
    }
}

}  // namespace

extern "C" {

void openlog(const char*, int, int);
void openlog(const char*, int, int) {}

__attribute__((format(printf, 2, 3))) void syslog(int, const char* format, ...);
void syslog(int, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    take(format, arguments);
    va_end(arguments);
}

// What syslog() becomes with _FORTIFY_SOURCE.
__attribute__((format(printf, 3, 4))) void __syslog_chk(int, int, const char* format, ...);
void __syslog_chk(int, int, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    take(format, arguments);
    va_end(arguments);
}
}
