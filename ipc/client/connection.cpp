#include "ipc/client/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ipc/client/errors.h"
#include "ipc/wire/protocol.h"

namespace warifu::ipc {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool worth_waiting(int error) noexcept {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

[[noreturn]] void throw_ended() {
    throw NoReply(
        "warifud ended the connection before it answered; `warifu status` tells whether it was done");
}

}  // namespace

Reply Connection::call(Request request, milliseconds deadline) {
    return call(std::move(request).finish(), deadline);
}

Reply Connection::call(Secret message, milliseconds deadline) {
    const Secret reply = exchange(std::move(message), steady_clock::now() + deadline);
    return Reply::parse(reply.text().substr(0, reply.size() - 1));
}

Secret Connection::exchange(Secret message, TimePoint until) {
    if (socket_.number() < 0) throw_ended();
    try {
        send(message, until);
        message = Secret();
        return receive(until);
    } catch (const NoReply&) {
        // A late reply must not be taken for the next call's.
        socket_ = Descriptor(-1);
        throw;
    }
}

void Connection::send(const Secret& message, TimePoint until) {
    for (auto rest = message.bytes(); !rest.empty();) {
        const ssize_t sent = ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            rest = rest.subspan(static_cast<std::size_t>(sent));
        else if (worth_waiting(errno))
            wait_for(POLLOUT, until);
        else
            throw_ended();
    }
}

Secret Connection::receive(TimePoint until) {
    Secret message(wire::max_reply_bytes);
    for (std::size_t used = 0; used < message.size();) {
        const ssize_t got =
            recv(socket_.number(), message.writable().data() + used, message.size() - used, 0);
        if (got < 0 && worth_waiting(errno)) {
            wait_for(POLLIN, until);
            continue;
        }
        if (got <= 0) throw_ended();
        const auto fresh = message.bytes().subspan(used, static_cast<std::size_t>(got));
        used += fresh.size();
        const auto end = std::ranges::find(fresh, std::uint8_t{0});
        if (end == fresh.end()) continue;
        if (end + 1 != fresh.end()) throw NoReply("warifud answered more than it was asked");
        message.truncate(used);
        return message;
    }
    throw NoReply("warifud's reply is longer than 64 KiB");
}

void Connection::wait_for(short events, TimePoint until) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    pollfd waiting[] = {{socket_.number(), events, 0}, {interruption_, POLLIN, 0}};
    const int ready = left.count() > 0 ? poll(waiting, 2, static_cast<int>(left.count())) : 0;
    if (ready == 0) throw NoReply("warifud does not answer; `warifu status` tells later whether it was done");
    if (ready < 0 && errno != EINTR) throw_ended();
    if (ready > 0 && waiting[1].revents != 0) throw Interrupted("interrupted");
}

}  // namespace warifu::ipc
