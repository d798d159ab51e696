// Recovery codes cost an scrypt each (16 MiB, tens of milliseconds). Two run at once and one for each
// subject; the rest wait, the source with the fewest recent failures first, and nobody is refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "core/engine/ports.h"
#include "daemon/asio.h"

namespace warifu {

class ScryptQueue {
  public:
    static constexpr std::size_t most_running = 2;
    static constexpr std::size_t most_recent = 1'024;
    static constexpr std::chrono::minutes recently{10};

    // Calls back on `io`'s thread.
    explicit ScryptQueue(asio::io_context& io) : io_(io) {}
    ~ScryptQueue();

    // Beside `failures`, what `source` had computed in the last ten minutes counts.
    void digest(std::string subject, const SourceId& source, std::uint32_t failures, Secret code,
                RecoverySalt salt, std::function<void(DigestAnswer)> done);
    void new_set(std::function<void(std::shared_ptr<NewRecoverySet>)> done);

  private:
    struct Job {
        std::string subject;
        std::uint32_t failures = 0;
        std::uint64_t order = 0;
        std::function<void()> work;    // on the pool
        std::function<void()> finish;  // on io's thread
    };

    struct Recent {
        std::string source;
        std::uint32_t count = 0;
        std::chrono::steady_clock::time_point last;
    };

    // How many digests `source` had computed lately, this one counted from now on.
    std::uint32_t count_recent(std::string source);
    void add(Job job);
    void start_what_can_run();

    asio::io_context& io_;
    std::optional<asio::thread_pool> pool_;  // made for the first job: most sign-ins have none
    std::list<Job> waiting_;
    std::list<Recent> recent_;        // the one that asked last at the end; most_recent of them
    std::list<std::string> running_;  // subjects
    std::uint64_t next_order_ = 0;
};

}  // namespace warifu
