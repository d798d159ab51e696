// Brings the markers into line with the store and the configuration: what a killed process left undone, what
// a restored store or an edited rule changed.
#pragma once

#include "core/engine/engine.h"
#include "daemon/marker_publisher.h"

namespace warifu {

class MarkerKeeper {
  public:
    // Names looked at between two turns of whoever else has something to do.
    static constexpr std::size_t most_at_once = 64;

    // All outlive this object.
    MarkerKeeper(Engine& engine, MarkerPublisher& publisher) : engine_(engine), publisher_(publisher) {}

    // Whoever is exempt no more under `config` leaves the exempt: before that configuration is in force.
    void withdraw_exemptions(const Config& config);
    // Whoever is exempt under the one in force joins them, and whoever was suspended leaves: after it is.
    void grant_exemptions();

    // Everybody else, a few at a time. Ends at the first thing that cannot be read, which is logged.
    void reconcile();

  private:
    Task<bool> reconcile_all();
    // Markers of whom the store says otherwise.
    Task<bool> look_at_markers(const MarkerGroup& group);
    // Records of whom no marker tells.
    Task<bool> look_at_credentials();
    Task<bool> look_at_offers();
    Task<bool> look_at_states();
    Task<bool> publish_all(std::vector<std::string> names);

    Engine& engine_;
    MarkerPublisher& publisher_;
};

}  // namespace warifu
