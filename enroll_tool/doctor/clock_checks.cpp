#include "enroll_tool/doctor/checks.h"

namespace warifu::doctor {

namespace {

using enum Kind;

constexpr std::int64_t write_tolerance_seconds = 60;  // a store on another machine's disk

}  // namespace

Findings check_clock(const Facts& facts) {
    if (!facts.clock) return {};
    const ClockFacts& clock = *facts.clock;
    Findings findings;
    if (clock.last_store_write && *clock.last_store_write > clock.now + write_tolerance_seconds)
        findings.push_back({clock_behind_store, "clock",
                            Sentence(N_("the clock is behind the store's last change by so many seconds: %1"),
                                     std::to_string(*clock.last_store_write - clock.now)),
                            N_("Set the clock; codes of a wrong time are refused.")});
    if (clock.synchronised) return findings;
    if (clock.time_service)
        findings.push_back(
            {clock_unsynchronised, "clock",
             N_("a time service runs, and the kernel says that the clock is not synchronised"),
             N_("Look whether the service reaches its servers: timedatectl timesync-status, or "
                "chronyc tracking.")});
    else
        findings.push_back({clock_no_time_service, "clock",
                            N_("nothing keeps the clock right, and codes go by the clock"),
                            N_("Install a time service: apt-get install systemd-timesyncd, or chrony.")});
    return findings;
}

}  // namespace warifu::doctor
