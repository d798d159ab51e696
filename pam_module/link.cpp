#include "pam_module/link.h"

#include <fcntl.h>
#include <poll.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ipc/wire/connect.h"

namespace warifu::pam {
namespace {

constexpr int backlog_pause = 5;  // milliseconds

bool is_root() noexcept {
    return geteuid() == 0;
}

// A full backlog (EAGAIN) is worth a moment's patience: warifud empties it within milliseconds if it lives.
int connect_patiently(const char* path) noexcept {
    wire::Deadline const deadline = wire::Deadline::after(backlog_patience);
    for (;;) {
        int const fd = wire::connect_to(path);
        if (fd != -EAGAIN || deadline.remaining() == 0) return fd;
        poll(nullptr, 0, backlog_pause);
    }
}

// In English whatever the host's locale, as all of the log is.
const char* describe(int error) noexcept {
    if (error == ETIMEDOUT) return "no answer in time";
    if (error == ECONNRESET) return "it closed the connection";
    const char* const text = strerrordesc_np(error);
    return text == nullptr ? "unknown error" : text;
}

const char* describe_listener(int error) noexcept {
    if (error == EPERM) return "it is not root's: somebody else listens there, or can";
    if (error == EAGAIN) return "its backlog is full";
    return describe(error);
}

// Nobody is there, as on a host that runs no warifud: nothing to report where a child serves instead.
bool nobody_listens(int error) noexcept {
    return error == ENOENT || error == ECONNREFUSED;
}

}  // namespace

void Link::close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    inbox_->clear();
}

int Link::send(const char* message, std::size_t size) noexcept {
    return wire::send_message(fd_, message, size, wire::Deadline::after(step_patience));
}

int Link::receive(int milliseconds, const char** reply) noexcept {
    return take_reply(wire::Deadline::after(milliseconds), reply);
}

// As Inbox::receive; -EINTR: interrupted.
int Link::take_reply(wire::Deadline deadline, const char** reply) noexcept {
    interrupted_ = false;
    if (interruption_ < 0) return inbox_->receive(fd_, deadline, reply);
    for (;;) {
        pollfd entries[] = {{fd_, POLLIN, 0}, {interruption_, POLLIN, 0}};
        int const length = inbox_->receive(fd_, wire::Deadline::after(0), reply);
        if (length != -ETIMEDOUT) return length;
        int const ready = poll(entries, 2, deadline.remaining());
        if (ready == 0) return -ETIMEDOUT;
        if (ready < 0 && errno != EINTR) return -errno;
        interrupted_ = ready > 0 && entries[1].revents != 0;
        if (interrupted_) return -EINTR;
    }
}

// 0, or -errno with the connection closed.
int Link::first_reply(const char* start, std::size_t size, int milliseconds, const char** reply) noexcept {
    wire::Deadline const deadline = wire::Deadline::after(milliseconds);
    int failed = wire::send_message(fd_, start, size, deadline);
    if (failed == 0) failed = take_reply(deadline, reply);
    if (failed >= 0) return 0;
    close();
    return failed == -EPIPE ? -ECONNRESET : failed;  // whichever of the two calls met its end
}

bool Link::begin_socket(const char* start, std::size_t size, const char** reply) noexcept {
    const char* path = is_root() ? wire::root_socket : wire::user_socket;
    if (options_.socket != nullptr) path = options_.socket;
    fd_ = connect_patiently(path);
    int const failed = fd_ < 0 ? fd_ : first_reply(start, size, first_step_patience, reply);
    if (failed >= 0) return true;
    if (interrupted_) return false;
    if (!is_root()) {
        log_.say(LOG_ERR, "cannot reach warifud at %s: %s; is the service warifud running?", path,
                 describe_listener(-failed));
    } else if (!nobody_listens(-failed)) {
        log_.say(LOG_WARNING, "cannot reach warifud at %s: %s; starting one for this sign-in", path,
                 describe_listener(-failed));
    } else if (options_.debug) {
        log_.say(LOG_DEBUG, "no warifud listens at %s; starting one for this sign-in", path);
    }
    return false;
}

bool Link::begin_child(const char* start, std::size_t size, const char** reply) noexcept {
    const char* const program = options_.daemon == nullptr ? WARIFUD_PATH : options_.daemon;
    fd_ = wire::start_daemon(program, options_.config);
    int failed = fd_ < 0 ? fd_ : first_reply(start, size, child_patience, reply);
    if (failed >= 0) return true;
    if (interrupted_) return false;
    // A program that cannot be run ends the connection too: say which it was. Asked as who started it, root,
    // and not as the caller of sudo.
    if (failed == -ECONNRESET && faccessat(AT_FDCWD, program, X_OK, AT_EACCESS) != 0) failed = -errno;
    log_.say(LOG_ERR, "cannot start %s --stdio: %s", program, describe(-failed));
    return false;
}

bool Link::begin(const char* start, std::size_t size, bool child_only, const char** reply) noexcept {
    close();
    interrupted_ = false;
    // A configuration of the line's own is not that of the warifud that listens.
    bool const use_socket = !child_only && (options_.socket != nullptr || options_.config == nullptr);
    if (use_socket && begin_socket(start, size, reply)) return true;
    if (interrupted_) return false;
    if (is_root()) return begin_child(start, size, reply);
    if (!use_socket)
        log_.say(LOG_ERR, "only root can start a warifud for config=%s; give socket= beside it",
                 options_.config == nullptr ? "" : options_.config);
    return false;
}

}  // namespace warifu::pam
