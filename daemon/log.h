// Syslog (authpriv) from a thread of its own, begun with the first line, so that a syslog that hangs holds up
// no sign-in. Bounded: what does not fit is counted and the count is logged.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace warifu {

class Log {
  public:
    static constexpr std::size_t most_waiting = 4'096;

    Log();
    // Waits for what is queued, two seconds at the most.
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void line(int priority, std::string_view text);

  private:
    struct Queue;
    std::shared_ptr<Queue> queue_;
};

}  // namespace warifu
