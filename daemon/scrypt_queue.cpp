#include "daemon/scrypt_queue.h"

#include <algorithm>
#include <tuple>

namespace warifu {

ScryptQueue::~ScryptQueue() {
    waiting_.clear();
    if (pool_) {
        pool_->join();
    }
}

std::uint32_t ScryptQueue::count_recent(std::string source) {
    const auto now = std::chrono::steady_clock::now();
    const auto found = std::find_if(recent_.begin(), recent_.end(),
                                    [&](const Recent& entry) { return entry.source == source; });
    const std::uint32_t before = found != recent_.end() && now - found->last < recently ? found->count : 0;
    if (found != recent_.end()) {
        recent_.erase(found);
    } else if (recent_.size() == most_recent) {
        recent_.pop_front();
    }
    recent_.push_back({std::move(source), before + 1, now});
    return before;
}

void ScryptQueue::digest(std::string subject, const SourceId& source, std::uint32_t failures, Secret code,
                         RecoverySalt salt, std::function<void(DigestAnswer)> done) {
    const auto held = std::make_shared<Secret>(std::move(code));
    const auto answer = std::make_shared<DigestAnswer>();
    Job job;
    job.subject = std::move(subject);
    job.failures = std::min<std::uint32_t>(failures, UINT16_MAX) + count_recent(source.text());
    job.work = [held, salt, answer] {
        try {
            answer->digest = recovery_digest(held->text(), salt);
        } catch (const std::exception&) {
            answer->digest.reset();
        }
    };
    job.finish = [answer, done = std::move(done)] { done(*answer); };
    add(std::move(job));
}

void ScryptQueue::new_set(std::function<void(std::shared_ptr<NewRecoverySet>)> done) {
    const auto made = std::make_shared<std::shared_ptr<NewRecoverySet>>();
    // Ten runs each: one set at a time, behind everybody who waits to sign in.
    Job job;
    job.subject = "\n";  // no login name
    job.failures = UINT32_MAX;
    job.work = [made] {
        try {
            *made = std::make_shared<NewRecoverySet>(make_recovery_set());
        } catch (const std::exception&) {
            made->reset();
        }
    };
    job.finish = [made, done = std::move(done)] { done(std::move(*made)); };
    add(std::move(job));
}

void ScryptQueue::add(Job job) {
    job.order = next_order_++;
    waiting_.push_back(std::move(job));
    start_what_can_run();
}

void ScryptQueue::start_what_can_run() {
    while (running_.size() < most_running) {
        auto best = waiting_.end();
        for (auto job = waiting_.begin(); job != waiting_.end(); ++job) {
            const bool own_runs = !job->subject.empty() &&
                                  std::find(running_.begin(), running_.end(), job->subject) != running_.end();
            const bool sooner = best == waiting_.end() ||
                                std::tie(job->failures, job->order) < std::tie(best->failures, best->order);
            if (!own_runs && sooner) {
                best = job;
            }
        }
        if (best == waiting_.end()) {
            return;
        }
        auto job = std::make_shared<Job>(std::move(*best));
        waiting_.erase(best);
        running_.push_back(job->subject);
        if (!pool_) {
            pool_.emplace(most_running);
        }
        asio::post(*pool_, [this, job] {
            job->work();
            asio::post(io_, [this, job] {
                running_.erase(std::find(running_.begin(), running_.end(), job->subject));
                job->finish();
                start_what_can_run();
            });
        });
    }
}

}  // namespace warifu
