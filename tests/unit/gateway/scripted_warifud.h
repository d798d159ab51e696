// A warifud that answers each method as a test tells it to, to any number of connections at once: a listener
// of root's in a directory of its own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace warifu::test {

// What a method throws to be answered with an error of the interface: {"Denied", {{"reason", …}, …}}.
struct Refused {
    std::string name;
    nlohmann::json parameters;
};
// What it throws to end the connection instead.
struct HangUp {};

class ScriptedWarifud {
  public:
    // From the parameters of a call to those of its reply. Runs in a thread of its own for each connection.
    using Script = std::function<nlohmann::json(const nlohmann::json&)>;

    ScriptedWarifud();
    ~ScriptedWarifud();
    ScriptedWarifud(const ScriptedWarifud&) = delete;
    ScriptedWarifud& operator=(const ScriptedWarifud&) = delete;

    const std::string& socket() const noexcept { return socket_; }

    // Methods without a script are MethodNotFound.
    void on(const std::string& method, Script script);
    // The same reply always.
    void answers(const std::string& method, const nlohmann::json& parameters);

    // The parameters of every call of this method, in their order; all calls by name.
    std::vector<nlohmann::json> calls(const std::string& method);
    std::vector<std::string> methods();
    // Returns once this method was called so often; fails the test after a minute.
    void wait_for_calls(const std::string& method, std::size_t count);

    // How many are open at the moment, and were at the most.
    std::size_t connections();
    std::size_t most_connections();
    void wait_for_connections(std::size_t count);
    // Ends them all, as a warifud does that is started anew.
    void hang_up();

  private:
    void accept_all();
    void serve(int connection);
    std::string answer(const std::string& message);

    std::string directory_, socket_;
    int listener_ = -1;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Script> scripts_;
    std::vector<std::pair<std::string, nlohmann::json>> calls_;
    std::list<int> open_;
    std::size_t most_ = 0;
    std::list<std::thread> threads_;
};

// The parameter `request` of a reply: a pending sign-in of alice's, changed by `changes`.
nlohmann::json sample_request(const nlohmann::json& changes = nlohmann::json::object());

}  // namespace warifu::test
