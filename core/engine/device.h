// A push-button: something with a key of its own that approves what waits for it, by a press that it signs
// itself or that its radio network's server (a relay, with a key of its own) signs for it. Its counter rises
// with every press, so that no press counts twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/approvals.h"

namespace warifu {

inline constexpr std::size_t most_devices = 256, most_device_name = 64, most_press_bytes = 1'024;

struct Device {
    std::string id, label;
    bool relay = false;  // it signs for others and approves nothing itself
    std::string by;      // the relay that signs for this button; empty: it signs itself
    std::uint64_t counter = 0;
    std::int64_t created = 0;
    Secret key;
};

struct Press {
    std::string device, body, mac;  // mac: 64 hex digits
    std::uint64_t counter = 0;
    std::string relay;  // empty: the button signs
};

// a-z 0-9 - _ ., 1 to most_device_name bytes.
bool valid_device_name(std::string_view name) noexcept;

// The text under the MAC (HMAC-SHA-256): "DEVICE\nCOUNTER\nBODY".
std::string signed_text(const Press& press);

class Devices {
  public:
    explicit Devices(Engine& engine) : engine_(engine), approvals_(engine) {}

    // The key, 32 random bytes; Conflict where the name is taken. `by`: an existing relay, which alone signs
    // for it; the button's own key is then good for nothing.
    Task<Device> add(std::string id, std::string label, bool relay, Caller caller, std::string by = {});
    Task<bool> remove(std::string id, Caller caller);  // NotFound
    std::vector<Device> all();

    // Approves (body "" or "approve") or denies ("deny") the one open request that waits for the button.
    // NotFound for an unknown button, a wrong MAC and a counter that does not rise, without a difference;
    // Conflict where nothing waits, or more than one thing.
    Task<Acted> press(Press press, Caller caller);

  private:
    Device load(const std::string& id, std::uint64_t& version);
    Task<bool> save(Device device, std::uint64_t version);

    Engine& engine_;
    Approvals approvals_;
};

}  // namespace warifu
