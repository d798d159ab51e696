// The switches of a realm: read with every sign-in, so that one that is turned counts from the next on.
#pragma once

#include <string>
#include <string_view>

#include "core/engine/engine.h"
#include "core/policy/switches.h"

namespace warifu {

RecordKey switches_record(std::string_view realm);

class Switchboard {
  public:
    explicit Switchboard(Engine& engine) : engine_(engine) {}

    SwitchSet of(std::string_view realm);  // throws Unavailable
    // Turns one and notes it in the audit log. `by` is who, as it is kept: "uid:0", "key:ID". Throws Invalid
    // and Unavailable. A record that cannot be read is begun anew, and the log says so.
    Task<SwitchSet> turn(std::string realm, std::string service, std::string name, std::string value,
                         std::string by, Caller caller);

  private:
    Engine& engine_;
};

}  // namespace warifu
