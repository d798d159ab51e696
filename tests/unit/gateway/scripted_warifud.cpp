#include "tests/unit/gateway/scripted_warifud.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace warifu::test {

namespace {

using nlohmann::json;

constexpr std::chrono::minutes patience{1};

void demand(bool so, const char* what) {
    if (!so) throw std::system_error(errno, std::generic_category(), what);
}

std::string make_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "warifu-gateway-XXXXXX").string();
    demand(mkdtemp(name.data()) != nullptr, "mkdtemp");
    demand(chmod(name.c_str(), 0755) == 0, "chmod");
    return name;
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

ScriptedWarifud::ScriptedWarifud() : directory_(make_directory()), socket_(directory_ + "/socket") {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, sizeof address.sun_path - 1);
    demand(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
    demand(chmod(socket_.c_str(), 0666) == 0, "chmod");
    demand(listen(listener_, 1024) == 0, "listen");
    threads_.emplace_back([this] { accept_all(); });
}

ScriptedWarifud::~ScriptedWarifud() {
    shutdown(listener_, SHUT_RDWR);
    threads_.front().join();
    threads_.pop_front();
    hang_up();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
    std::filesystem::remove_all(directory_);
}

void ScriptedWarifud::on(const std::string& method, Script script) {
    const std::lock_guard lock(mutex_);
    scripts_[method] = std::move(script);
}

void ScriptedWarifud::answers(const std::string& method, const json& parameters) {
    on(method, [parameters](const json&) { return parameters; });
}

std::vector<json> ScriptedWarifud::calls(const std::string& method) {
    const std::lock_guard lock(mutex_);
    std::vector<json> found;
    for (const auto& [name, parameters] : calls_) {
        if (name == method) found.push_back(parameters);
    }
    return found;
}

std::vector<std::string> ScriptedWarifud::methods() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, parameters] : calls_) names.push_back(name);
    return names;
}

void ScriptedWarifud::wait_for_calls(const std::string& method, std::size_t count) {
    std::unique_lock lock(mutex_);
    const auto came = [&] {
        std::size_t found = 0;
        for (const auto& [name, parameters] : calls_) found += name == method ? 1U : 0U;
        return found >= count;
    };
    EXPECT_TRUE(changed_.wait_for(lock, patience, came)) << method << " was not called so often";
}

std::size_t ScriptedWarifud::connections() {
    const std::lock_guard lock(mutex_);
    return open_.size();
}

std::size_t ScriptedWarifud::most_connections() {
    const std::lock_guard lock(mutex_);
    return most_;
}

void ScriptedWarifud::wait_for_connections(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, patience, [&] { return open_.size() == count; })) << open_.size();
}

void ScriptedWarifud::hang_up() {
    const std::lock_guard lock(mutex_);
    for (const int connection : open_) shutdown(connection, SHUT_RDWR);
}

void ScriptedWarifud::accept_all() {
    for (;;) {
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const std::lock_guard lock(mutex_);
        open_.push_back(connection);
        most_ = std::max(most_, open_.size());
        changed_.notify_all();
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

void ScriptedWarifud::serve(int connection) {
    std::string received;
    char bytes[4096];
    try {
        for (;;) {
            const ssize_t got = recv(connection, bytes, sizeof bytes, 0);
            if (got <= 0) break;
            received.append(bytes, static_cast<std::size_t>(got));
            const std::size_t end = received.find('\0');
            if (end == received.npos) continue;
            const std::string reply = answer(received.substr(0, end));
            received.erase(0, end + 1);
            if (!send_all(connection, {reply.c_str(), reply.size() + 1})) break;
        }
    } catch (const HangUp&) {
    }
    const std::lock_guard lock(mutex_);
    open_.remove(connection);
    close(connection);
    changed_.notify_all();
}

std::string ScriptedWarifud::answer(const std::string& message) {
    constexpr std::string_view interface = "io.warifu.";
    const json call = json::parse(message);
    std::string method = call.at("method").get<std::string>();
    EXPECT_TRUE(method.starts_with(interface)) << method;
    method.erase(0, interface.size());
    Script script;
    {
        const std::lock_guard lock(mutex_);
        calls_.emplace_back(method, call.at("parameters"));
        changed_.notify_all();
        if (const auto found = scripts_.find(method); found != scripts_.end()) script = found->second;
    }
    try {
        if (!script) return json{{"error", "org.varlink.service.MethodNotFound"}}.dump();
        return json{{"parameters", script(call.at("parameters"))}}.dump();
    } catch (const Refused& refused) {
        return json{{"error", std::string(interface) + refused.name}, {"parameters", refused.parameters}}
            .dump();
    }
}

json sample_request(const json& changes) {
    const std::int64_t now = std::time(nullptr);
    json request = {{"auth_req_id", "req-1"},
                    {"kind", "sign_in"},
                    {"state", "pending"},
                    {"active", true},
                    {"rev", 1},
                    {"realm", "host"},
                    {"user", "alice"},
                    {"service", "sshd"},
                    {"host", "tally"},
                    {"rhost", "203.0.113.9"},
                    {"tty", "ssh"},
                    {"user_agent", ""},
                    {"command", ""},
                    {"run_as", ""},
                    {"directory", ""},
                    {"message", ""},
                    {"digest", ""},
                    {"created", now},
                    {"expires", now + 60},
                    {"needed", 1},
                    {"approvals", 0},
                    {"decisions", json::array()},
                    {"deny_reason", nullptr},
                    {"number_mode", "off"},
                    {"number", nullptr},
                    {"assertion", nullptr}};
    if (!changes.is_null()) request.update(changes);
    return request;
}

}  // namespace warifu::test
