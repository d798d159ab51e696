// A warifud that answers what a test tells it to: a listener of root's in a directory of its own.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace warifu::test {

class FakeWarifud {
  public:
    // One reply to each request in turn, sent byte for byte and followed by a NUL. hang_up: the connection is
    // closed instead; so it is when the replies are used up.
    static constexpr const char* hang_up = "";
    // `listener`: the uid that others see as this listener's.
    explicit FakeWarifud(std::vector<std::string> replies, uid_t listener = 0);
    ~FakeWarifud();
    FakeWarifud(const FakeWarifud&) = delete;
    FakeWarifud& operator=(const FakeWarifud&) = delete;

    const std::string& socket() const noexcept { return socket_; }
    const std::string& directory() const noexcept { return directory_; }

    // Replies from number `index` on are kept back until release(); the end of this object releases them too.
    void hold_from(std::size_t index);
    void release();
    // Returns once so many requests came; fails the test after a minute.
    void wait_for_requests(std::size_t count);

    // The messages as they came, without their NULs, and how many connections brought them.
    std::vector<std::string> raw_requests();
    std::vector<nlohmann::json> requests();
    std::size_t connections();

  private:
    void serve();
    void serve_one(int connection);
    bool answer(int connection, std::string request);

    std::string directory_, socket_;
    int listener_ = -1, stop_read_ = -1, stop_write_ = -1;
    std::vector<std::string> replies_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> requests_;
    std::size_t connections_ = 0, held_from_;
    std::thread thread_;
};

// {"parameters": …}, and an error of the interface.
std::string reply(const nlohmann::json& parameters);
std::string error(const std::string& name, const nlohmann::json& parameters);
// What warifud answers whom it wants a proof of first.
std::string proof_wanted();

}  // namespace warifu::test
