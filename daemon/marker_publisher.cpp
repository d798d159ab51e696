#include "daemon/marker_publisher.h"

#include <syslog.h>

#include <utility>

namespace warifu {

MarkerPublisher::~MarkerPublisher() {
    if (thread_) {
        thread_->join();
    }
}

bool MarkerPublisher::report(const std::string& problem) {
    if (!problem.empty() && problem != reported_) {
        log_.line(LOG_ERR, problem);
    }
    reported_ = problem;
    return problem.empty();
}

void MarkerPublisher::start_thread() {
    if (!thread_) {
        thread_.emplace(1);
    }
}

template <typename T>
Later<T> MarkerPublisher::on_thread(std::function<T()> work) {
    start_thread();
    return Later<T>([this, work = std::move(work)](typename Later<T>::Done done) {
        asio::post(*thread_, [this, work, done = std::move(done)] {
            auto value = std::make_shared<T>(work());
            asio::post(io_, [value, done] { done(std::move(*value)); });
        });
    });
}

Later<bool> MarkerPublisher::work(std::function<std::string(const Markers&)> write) {
    if (!markers_) {
        return Later<bool>([](Later<bool>::Done done) { done(true); });
    }
    try {
        start_thread();
    } catch (const std::exception& error) {
        const bool told =
            report(std::string("NSS groups: no thread could be started, `id` may be wrong until ") +
                   "warifud is restarted: " + error.what());
        return Later<bool>([told](Later<bool>::Done done) { done(told); });
    }
    return Later<bool>([this, write = std::move(write)](Later<bool>::Done done) {
        asio::post(*thread_, [this, write, done = std::move(done)] {
            const std::string problem = write(*markers_);
            asio::post(io_, [this, problem, done] { done(report(problem)); });
        });
    });
}

Later<bool> MarkerPublisher::prepare() {
    return work([](const Markers& markers) { return markers.prepare(); });
}

Later<bool> MarkerPublisher::tell(std::string name, Standing standing) {
    return work(
        [name = std::move(name), standing](const Markers& markers) { return markers.tell(name, standing); });
}

Later<bool> MarkerPublisher::withdraw_exemption(std::string name) {
    return work([name = std::move(name)](const Markers& markers) {
        return markers.set(Markers::exempt, name, false);
    });
}

Later<std::vector<std::string>> MarkerPublisher::next(std::shared_ptr<Markers::Listing> listing,
                                                      std::size_t most) {
    return on_thread<std::vector<std::string>>(
        [listing = std::move(listing), most] { return listing->next(most); });
}

Later<std::vector<std::string>> MarkerPublisher::missing(const MarkerGroup& group,
                                                         std::vector<std::string> names) {
    return on_thread<std::vector<std::string>>([this, &group, names = std::move(names)] {
        std::vector<std::string> without;
        for (const auto& name : names) {
            if (!markers_->has(group, name)) {
                without.push_back(name);
            }
        }
        return without;
    });
}

}  // namespace warifu
