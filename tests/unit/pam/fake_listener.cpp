#include "tests/unit/pam/fake_listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

namespace warifu::testing_support {

using nlohmann::json;

namespace {

constexpr int hang_milliseconds = 30'000;

bool readable(int fd, int milliseconds) {
    pollfd entry{fd, POLLIN, 0};
    return poll(&entry, 1, milliseconds) == 1;
}

}  // namespace

json Peer::next() {
    for (;;) {
        auto const end = read_ahead_.find('\0');
        if (end != std::string::npos) {
            json const call = json::parse(read_ahead_.substr(0, end), nullptr, false);
            read_ahead_.erase(0, end + 1);
            EXPECT_FALSE(call.is_discarded());
            return call;
        }
        char part[4096];
        if (!readable(fd_, hang_milliseconds)) {
            ADD_FAILURE() << "the caller hangs";
            return nullptr;
        }
        ssize_t const n = recv(fd_, part, sizeof part, 0);
        if (n <= 0) return nullptr;
        record_({part, static_cast<std::size_t>(n)});
        read_ahead_.append(part, static_cast<std::size_t>(n));
    }
}

json Peer::next_parameters() {
    json const call = next();
    return call.is_object() ? call.value("parameters", json::object()) : json();
}

void Peer::say(const json& parameters) {
    std::string text = json({{"parameters", parameters}}).dump();
    text.push_back('\0');
    say_raw(text);
}

void Peer::say_raw(std::string_view bytes) {
    send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void Peer::hang_up() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
}

void Peer::shut_down() const {
    shutdown(fd_, SHUT_RDWR);
}

bool Peer::silent_for(int milliseconds) {
    return !readable(fd_, milliseconds);
}

json prompt(const std::string& text, bool echo) {
    return {{"step", "prompt"}, {"text", text}, {"echo", echo}};
}

json prompt_for_tails(const std::string& text, const std::string& tails) {
    return {{"step", "prompt"}, {"text", text}, {"echo", false}, {"tails", tails}};
}

json done(const std::string& verdict, const std::string& text, long long tail) {
    return {{"step", "done"},
            {"verdict", verdict},
            {"reason", "as scripted"},
            {"text", text.empty() ? json() : json(text)},
            {"tail", tail}};
}

FakeListener::FakeListener(const std::string& path, std::vector<Script> scripts)
    : scripts_(std::move(scripts)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0) << path;
    EXPECT_EQ(listen(listener_, 16), 0);
    EXPECT_EQ(pipe2(stop_, O_CLOEXEC), 0);
    thread_ = std::thread([this] { serve(); });
}

int FakeListener::accept_next() {
    pollfd entries[] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    while (poll(entries, 2, -1) < 0) {
    }
    return accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
}

void FakeListener::serve() {
    std::size_t served = 0;
    auto const record = [this](std::string_view bytes) {
        std::lock_guard const lock(mutex_);
        received_ += bytes;
    };
    for (int fd = accept_next(); fd >= 0; fd = accept_next()) {
        Peer peer(fd, record);
        if (served < scripts_.size()) {
            scripts_[served](peer);
        } else {
            ADD_FAILURE() << "a connection that nobody expected: " << peer.next();
        }
        ++served;
    }
    EXPECT_GE(served, scripts_.size()) << "connections that never came";
}

void FakeListener::finish() {
    if (!thread_.joinable()) return;
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
    close(listener_);
}

std::string FakeListener::received() {
    std::lock_guard const lock(mutex_);
    return received_;
}

}  // namespace warifu::testing_support
