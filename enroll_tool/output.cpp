#include "enroll_tool/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/secret/secret.h"

namespace warifu {

namespace {

[[noreturn]] void fail() {
    throw OutputFailed(std::string("the output could not be written: ") + std::strerror(errno));
}

// Whoever gave us the descriptor may have made it non-blocking.
void wait_for_room(int descriptor) noexcept {
    pollfd waiting{descriptor, POLLOUT, 0};
    poll(&waiting, 1, -1);
}

}  // namespace

Output::~Output() {
    wipe(pending_);
}

void Output::object(const nlohmann::json& value) {
    // A file's name or a PAM module's message need not be UTF-8.
    std::string line = value.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
    pending_.append(line).append("\n");
    wipe(line);
}

void Output::flush() {
    for (std::string_view rest = pending_; !rest.empty();) {
        const ssize_t written = write(descriptor_, rest.data(), rest.size());
        if (written >= 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (errno == EAGAIN)
            wait_for_room(descriptor_);
        else if (errno != EINTR)
            fail();
    }
    wipe(pending_);
}

void Output::finish() {
    flush();
    if (close(descriptor_) != 0 && errno != EINTR) fail();
}

bool Output::is_terminal() const noexcept {
    return isatty(descriptor_) == 1;
}

}  // namespace warifu
