// Wrong answers to one shared key of all who have not signed in with it before, each from where they come
// now: without it every account that shares the key would give a guesser a budget more. Kept in a record of
// its own, as large as an account's row, so that charging it and committing a row cost the same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/account/state.h"

namespace warifu {

inline constexpr int common_hour = 100, common_day = 300;    // attempts
inline constexpr std::int64_t common_alarm_seconds = 3'600;  // between two alarms, at the least

class CommonBudget {
  public:
    // An empty document is a fresh one. Throws Unavailable as decode_state does.
    static CommonBudget decode(std::string_view document);
    std::string encode() const;

    // nullopt: an attempt of this weight (in thirds, see limits.h) may be evaluated. Otherwise the Unix
    // second at which it may.
    std::optional<std::int64_t> spent_until(std::uint32_t weight, std::int64_t now) const noexcept;
    void charge(std::uint32_t weight, std::int64_t now);
    // The attempt charged at `at` was right.
    void take_back(std::uint32_t weight, std::int64_t at);

    // Nothing is counted any more, and what was charged before cannot be given back: another epoch.
    void begin_anew();
    std::uint32_t epoch() const noexcept { return row_.resets; }

    // Whether the operator is to be told that it is spent; note_alarm() says that it happened.
    bool alarm_due(std::int64_t now) const noexcept;
    void note_alarm(std::int64_t now) noexcept;

  private:
    State row_;  // its one budget; last_failure: the last alarm; resets: the epoch
};

}  // namespace warifu
