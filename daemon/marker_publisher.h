// Markers written on a thread of their own, so that a disk that hangs holds up nobody but who waits for it.
// The thread is there once something is published.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/engine/task.h"
#include "daemon/asio.h"
#include "daemon/log.h"
#include "daemon/markers.h"

namespace warifu {

class MarkerPublisher {
  public:
    // No `markers`: nothing is published, and all of it succeeds.
    MarkerPublisher(asio::io_context& io, std::optional<Markers> markers, Log& log)
        : io_(io), markers_(std::move(markers)), log_(log) {}
    // Writes what was begun.
    ~MarkerPublisher();
    MarkerPublisher(const MarkerPublisher&) = delete;
    MarkerPublisher& operator=(const MarkerPublisher&) = delete;

    // Each a line of work that returns a problem, which is logged once until one succeeds. False: there was
    // one.
    Later<bool> prepare();
    Later<bool> tell(std::string name, Standing standing);
    Later<bool> withdraw_exemption(std::string name);

    // The next part of a listing.
    Later<std::vector<std::string>> next(std::shared_ptr<Markers::Listing> listing, std::size_t most);
    // Those of `names` that have no marker in the group.
    Later<std::vector<std::string>> missing(const MarkerGroup& group, std::vector<std::string> names);

    const std::optional<Markers>& markers() const noexcept { return markers_; }
    // Says a problem unless it is the one said last; an empty one: all is well again. On io's thread.
    bool report(const std::string& problem);

  private:
    void start_thread();  // throws std::system_error
    template <typename T>
    Later<T> on_thread(std::function<T()> work);
    Later<bool> work(std::function<std::string(const Markers&)> write);

    asio::io_context& io_;
    const std::optional<Markers> markers_;
    Log& log_;
    std::string reported_;
    std::optional<asio::thread_pool> thread_;
};

}  // namespace warifu
