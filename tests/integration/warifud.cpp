#include "tests/integration/warifud.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace warifu::integration {
namespace {

constexpr char notify_socket[] = "/run/notify";
constexpr char output_file[] = "/run/warifud.out";

// Where warifud says that it is ready (sd_notify(3)).
Descriptor listen_for_readiness(const Sandbox& sandbox) {
    const std::string path = sandbox.outside(notify_socket);
    std::filesystem::remove(path);
    Descriptor listener(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    checked(::bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), path);
    return listener;
}

void wait_for_readiness(const Descriptor& listener, const Sandbox& sandbox) {
    pollfd event{listener.number(), POLLIN, 0};
    char state[256] = {};
    if (::poll(&event, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1 ||
        ::recv(listener.number(), state, sizeof state - 1, 0) < 0 ||
        std::strstr(state, "READY=1") == nullptr) {
        throw std::runtime_error("warifud is not ready:\n" + sandbox.log() + sandbox.read(output_file));
    }
}

Answer answer_of(const Sandbox& sandbox, const Command& command) {
    const Result result = run(sandbox, command);
    Answer answer;
    answer.status = result.status;
    answer.object = nlohmann::json::parse(result.out, nullptr, false);
    if (!answer.object.is_object()) {
        throw std::runtime_error("warifu printed no JSON object: " + result.out + result.err);
    }
    return answer;
}

std::vector<std::string> words_of_warifu(std::vector<std::string> words) {
    words.insert(words.begin(), "warifu");
    words.push_back("--json");
    return words;
}

}  // namespace

Warifud::Warifud(const Sandbox& sandbox) : sandbox_(sandbox) {
    if (run(sandbox, as_root({"test", "-e", "/etc/warifu/secret.key"})).status != 0) {
        output_of(sandbox, as_root({"warifu", "init"}));
    }
    start();
}

void Warifud::start() {
    Command command = as_root({"/usr/sbin/warifud"});
    command.environment.push_back(std::string("NOTIFY_SOCKET=") + notify_socket);
    // A changed clock is heard at once, and timers keep the real time.
    command.environment.insert(command.environment.end(),
                               {"FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"});
    const Descriptor listener = listen_for_readiness(sandbox_);
    process_ = std::make_unique<Process>(sandbox_, command, output_file);
    wait_for_readiness(listener, sandbox_);
}

void Warifud::stop() {
    if (process_ == nullptr) return;
    if (!disturbed_) {
        process_->kill(SIGTERM);
        const int status = process_->wait();
        if (status != 0) {
            ADD_FAILURE() << "warifud ended with status " << status << ":\n"
                          << sandbox_.log() << sandbox_.read(output_file);
        }
    }
    process_.reset();
    disturbed_ = false;
}

Warifud::~Warifud() {
    try {
        stop();
    } catch (const std::exception& error) {
        ADD_FAILURE() << "warifud: " << error.what();
    }
}

void Warifud::kill(int signal) {
    disturbed_ = true;
    process_->kill(signal);
}

void Warifud::restart() {
    stop();
    start();
}

Answer warifu(const Sandbox& sandbox, std::vector<std::string> words) {
    return answer_of(sandbox, as_root(words_of_warifu(std::move(words))));
}

Answer warifu(const Sandbox& sandbox, const Account& account, std::vector<std::string> words) {
    return answer_of(sandbox, as_user(account, words_of_warifu(std::move(words))));
}

}  // namespace warifu::integration
