// The daemon inside a sandbox, and the tool that speaks to it.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/command.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"

namespace warifu::integration {

// warifud listening on /run/warifu, started by hand as `warifud` and ready. Its store is made (`warifu init`)
// unless there is one. The test fails if it ends by itself, or otherwise than well when it is told to: a
// sign-in does without it, so nothing else would show.
class Warifud {
  public:
    explicit Warifud(const Sandbox& sandbox);
    ~Warifud();
    Warifud(const Warifud&) = delete;
    Warifud& operator=(const Warifud&) = delete;

    void start();
    void stop();
    // For what a program hears of at its start alone: the first Sandbox::set_clock(), the configuration.
    void restart();
    // From then on its end is the caller's doing.
    void kill(int signal);
    pid_t pid() const { return process_->pid(); }

  private:
    const Sandbox& sandbox_;
    std::unique_ptr<Process> process_;
    bool disturbed_ = false;
};

struct Answer {
    int status = 0;
    nlohmann::json object;
};

// `warifu WORDS --json` as root, or as an account. Throws if what it prints is not one JSON object.
Answer warifu(const Sandbox& sandbox, std::vector<std::string> words);
Answer warifu(const Sandbox& sandbox, const Account& account, std::vector<std::string> words);

}  // namespace warifu::integration
