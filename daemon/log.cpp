#include "daemon/log.h"

#include <syslog.h>

#include <chrono>
#include <memory>
#include <utility>

namespace warifu {

// Shared with the thread, which may outlive the Log when syslog hangs.
struct Log::Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::pair<int, std::string>> lines;
    std::size_t dropped = 0;
    bool started = false, ending = false, idle = true;

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [&] { return ending || !lines.empty(); });
            if (lines.empty()) {
                return;
            }
            auto [priority, text] = std::move(lines.front());
            lines.pop_front();
            const std::size_t lost = std::exchange(dropped, 0);
            idle = false;
            lock.unlock();
            syslog(LOG_AUTHPRIV | priority, "%s", text.c_str());
            if (lost != 0) {
                syslog(LOG_AUTHPRIV | LOG_ERR, "%zu log lines were lost: syslog is too slow", lost);
            }
            lock.lock();
            idle = lines.empty();
            changed.notify_all();
        }
    }
};

Log::Log() : queue_(std::make_shared<Queue>()) {
    openlog("warifud", LOG_PID, LOG_AUTHPRIV);
}

Log::~Log() {
    std::unique_lock lock(queue_->mutex);
    queue_->ending = true;
    queue_->changed.notify_all();
    queue_->changed.wait_for(lock, std::chrono::seconds(2),
                             [&] { return queue_->lines.empty() && queue_->idle; });
}

void Log::line(int priority, std::string_view text) {
    const std::lock_guard lock(queue_->mutex);
    if (!std::exchange(queue_->started, true)) {
        std::thread([queue = queue_] { queue->run(); }).detach();
    }
    if (queue_->lines.size() >= most_waiting) {
        ++queue_->dropped;
        return;
    }
    queue_->lines.emplace_back(priority, text);
    queue_->changed.notify_all();
}

}  // namespace warifu
