#include "tests/unit/client/fake_warifud.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <system_error>

namespace warifu::test {

namespace {

void require(bool so, const char* what) {
    if (!so) throw std::system_error(errno, std::generic_category(), what);
}

std::string make_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "warifu-client-XXXXXX").string();
    require(mkdtemp(name.data()) != nullptr, "mkdtemp");
    require(chmod(name.c_str(), 0755) == 0, "chmod");
    return name;
}

int listen_at(const std::string& path, uid_t as) {
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    require(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
    require(chmod(path.c_str(), 0666) == 0, "chmod");
    // Whoever connects sees the credentials that listen() was called with.
    require(seteuid(as) == 0 && listen(listener, 8) == 0 && seteuid(0) == 0, "listen");
    return listener;
}

// False when the test is over instead.
bool wait_readable(int descriptor, int stop) {
    pollfd waiting[] = {{descriptor, POLLIN, 0}, {stop, POLLIN, 0}};
    while (poll(waiting, 2, -1) < 0) {
    }
    return waiting[1].revents == 0;
}

bool send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

FakeWarifud::FakeWarifud(std::vector<std::string> replies, uid_t listener)
    : directory_(make_directory()),
      socket_(directory_ + "/socket"),
      listener_(listen_at(socket_, listener)),
      replies_(std::move(replies)),
      held_from_(std::numeric_limits<std::size_t>::max()) {
    int ends[2];
    require(pipe2(ends, O_CLOEXEC) == 0, "pipe");
    stop_read_ = ends[0];
    stop_write_ = ends[1];
    thread_ = std::thread([this] { serve(); });
}

FakeWarifud::~FakeWarifud() {
    release();
    close(stop_write_);
    thread_.join();
    close(stop_read_);
    close(listener_);
    std::filesystem::remove_all(directory_);
}

void FakeWarifud::hold_from(std::size_t index) {
    const std::lock_guard lock(mutex_);
    held_from_ = index;
}

void FakeWarifud::release() {
    const std::lock_guard lock(mutex_);
    held_from_ = std::numeric_limits<std::size_t>::max();
    changed_.notify_all();
}

void FakeWarifud::wait_for_requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, std::chrono::minutes(1), [&] { return requests_.size() >= count; });
    EXPECT_TRUE(came) << requests_.size() << " requests came";
}

std::vector<std::string> FakeWarifud::raw_requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<nlohmann::json> FakeWarifud::requests() {
    std::vector<nlohmann::json> parsed;
    for (const std::string& request : raw_requests()) parsed.push_back(nlohmann::json::parse(request));
    return parsed;
}

std::size_t FakeWarifud::connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
}

void FakeWarifud::serve() {
    while (wait_readable(listener_, stop_read_)) {
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        {
            const std::lock_guard lock(mutex_);
            ++connections_;
        }
        serve_one(connection);
        close(connection);
    }
}

void FakeWarifud::serve_one(int connection) {
    std::string received;
    while (wait_readable(connection, stop_read_)) {
        char bytes[4096];
        const ssize_t got = recv(connection, bytes, sizeof bytes, 0);
        if (got <= 0) return;
        received.append(bytes, static_cast<std::size_t>(got));
        const std::size_t end = received.find('\0');
        if (end == received.npos) continue;
        if (!answer(connection, received.substr(0, end))) return;
        received.erase(0, end + 1);
    }
}

bool FakeWarifud::answer(int connection, std::string request) {
    std::unique_lock lock(mutex_);
    const std::size_t index = requests_.size();
    requests_.push_back(std::move(request));
    changed_.notify_all();
    changed_.wait(lock, [&] { return index < held_from_; });
    const std::string reply = index < replies_.size() ? replies_[index] : std::string(hang_up);
    lock.unlock();
    if (reply == hang_up) return false;
    return send_all(connection, {reply.c_str(), reply.size() + 1});
}

std::string reply(const nlohmann::json& parameters) {
    return nlohmann::json{{"parameters", parameters}}.dump();
}

std::string error(const std::string& name, const nlohmann::json& parameters) {
    return nlohmann::json{{"error", "io.warifu." + name}, {"parameters", parameters}}.dump();
}

std::string proof_wanted() {
    return error("NotPermitted",
                 {{"message", "this wants a code of yours first: give it with --proof CODE"}});
}

}  // namespace warifu::test
