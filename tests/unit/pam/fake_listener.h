// A scripted stand-in for the warifud that listens: one script for each connection, in turn. It keeps every
// byte that it received. Connections beyond the scripts, and scripts that nobody came for, fail the test.
#pragma once

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace warifu::testing_support {

class Peer {
  public:
    Peer(int fd, std::function<void(std::string_view)> record) : fd_(fd), record_(std::move(record)) {}
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() { hang_up(); }

    nlohmann::json next();                       // one call; null when the caller hung up
    nlohmann::json next_parameters();            // of one call
    void say(const nlohmann::json& parameters);  // a reply
    void say_raw(std::string_view bytes);
    void hang_up();
    void shut_down() const;             // as hang_up, from another thread
    bool silent_for(int milliseconds);  // false: the caller hung up or spoke

  private:
    int fd_;
    std::function<void(std::string_view)> record_;
    std::string read_ahead_;
};

// Replies.
nlohmann::json prompt(const std::string& text, bool echo = false);
nlohmann::json prompt_for_tails(const std::string& text, const std::string& tails);
nlohmann::json done(const std::string& verdict, const std::string& text = "", long long tail = 0);

class FakeListener {
  public:
    using Script = std::function<void(Peer&)>;

    FakeListener(const std::string& path, std::vector<Script> scripts);
    FakeListener(const FakeListener&) = delete;
    FakeListener& operator=(const FakeListener&) = delete;
    ~FakeListener() { finish(); }

    void finish();           // waits for the scripts to end
    std::string received();  // every byte, of all connections

  private:
    void serve();
    int accept_next();  // -1: no more are to come

    std::vector<Script> scripts_;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    std::mutex mutex_;
    std::string received_;
    std::thread thread_;
};

}  // namespace warifu::testing_support
