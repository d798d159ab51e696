#include "enroll_tool/line.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "core/error/error.h"

namespace warifu {

namespace {

// One byte; false at the end of input and where it cannot be read.
bool read_byte(int descriptor, std::uint8_t& byte) noexcept {
    for (;;) {
        const ssize_t got = read(descriptor, &byte, 1);
        if (got >= 0) return got == 1;
        if (errno == EAGAIN) {
            pollfd waiting{descriptor, POLLIN, 0};
            poll(&waiting, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
}

}  // namespace

std::optional<Secret> read_line(int descriptor) {
    Secret line(max_line_bytes);
    std::size_t used = 0;
    while (used < line.size() && read_byte(descriptor, line.writable()[used])) {
        ++used;
        if (line.bytes()[used - 1] == '\n') break;
    }
    if (used == 0) return std::nullopt;
    if (used == max_line_bytes && line.bytes()[used - 1] != '\n')
        throw Invalid("stdin", "standard input: a line is longer than 4 KiB");
    line.truncate(used);
    drop_line_end(line);
    return line;
}

void drop_line_end(Secret& line) noexcept {
    if (line.text().ends_with('\n')) line.truncate(line.size() - 1);
    if (line.text().ends_with('\r')) line.truncate(line.size() - 1);
}

}  // namespace warifu
