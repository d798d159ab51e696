#include "core/limits/limits.h"

#include <algorithm>
#include <limits>

namespace warifu {

namespace {

constexpr std::uint32_t thirds = 3;

std::uint32_t in_thirds(int attempts) noexcept {
    return static_cast<std::uint32_t>(std::max(attempts, 0)) * thirds;
}

// One more, without going round.
template <typename T>
void count_up(T& count) noexcept {
    if (count < std::numeric_limits<T>::max()) {
        ++count;
    }
}

const KnownSource* find_known(const State& state, const SourceId& source, std::int64_t now) noexcept {
    for (const auto& entry : state.known) {
        // A success that lies in the future (the clock was set back) is no permission.
        const bool fresh = entry.last_success <= now && now - entry.last_success <= known_for_seconds;
        if (entry.source == source && fresh && source.can_become_known()) {
            return &entry;
        }
    }
    return nullptr;
}

const SharedBudget* find_budget(const State& state, std::uint64_t compartment) noexcept {
    const SharedBudget* last = nullptr;
    std::size_t others = 0;
    for (const auto& entry : state.budgets) {
        if (entry.compartment == compartment) {
            return &entry;
        }
        if (entry.compartment != 0) {
            last = &entry;
            ++others;
        }
    }
    // One place is kept for the ordinary doors. What finds no other shares the last one.
    return compartment != 0 && others == max_compartments - 1 ? last : nullptr;
}

SharedBudget& budget(State& state, std::uint64_t compartment) {
    if (const auto* found = find_budget(state, compartment)) {
        return const_cast<SharedBudget&>(*found);
    }
    state.budgets.emplace_back().compartment = compartment;
    return state.budgets.back();
}

// An attempt heavier than the whole budget is let through when nothing was counted yet.
template <typename Window>
std::int64_t window_opens(const Window& window, std::uint32_t weight, std::uint32_t limit,
                          std::int64_t now) noexcept {
    return window.falls_to(now, weight >= limit ? 0 : limit - weight);
}

// Which known source leaves for a new one. A success under a clock that was ahead is no permission, and
// leaves first; what a client said leaves before what root's doors saw, where a client's own comes in its
// place.
auto leaving(std::vector<KnownSource>& list, const SourceId& newcomer, std::int64_t now) {
    const auto rank = [&](const KnownSource& entry) {
        const bool stays = newcomer.is_through_a_client() && !entry.source.is_through_a_client();
        return std::pair(stays, entry.last_success > now ? 0 : entry.last_success);
    };
    return std::min_element(list.begin(), list.end(),
                            [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

void remember_failing(State& state, const SourceId& source, std::int64_t now) {
    auto& list = state.failing;
    auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.source == source; });
    if (found == list.end()) {
        if (list.size() >= max_sources) {
            list.erase(std::min_element(list.begin(), list.end(),
                                        [](const auto& a, const auto& b) { return a.last < b.last; }));
        }
        list.emplace_back().source = source;
        found = list.end() - 1;
    }
    found->last = now;
    count_up(found->failures);
}

// What was counted under a clock that was ahead begins to age now.
void age_from(State& state, std::int64_t now) noexcept {
    for (auto& entry : state.budgets) {
        entry.hour.add(now, 0);
        entry.day.add(now, 0);
        entry.month.add(now, 0);
    }
    for (auto& entry : state.known) {
        entry.day.add(now, 0);
        entry.month.add(now, 0);
    }
}

}  // namespace

std::uint32_t attempt_weight(std::uint32_t codes) noexcept {
    return std::max(thirds, codes);
}

std::optional<std::int64_t> limited_until(const State& state, const Origin& origin, std::uint32_t weight,
                                          std::int64_t now, const Limits& limits) noexcept {
    std::int64_t opens = now;
    if (const auto* known = find_known(state, origin.source, now)) {
        // A delay that was set under a clock far ahead counts, at the most, as one that begins now.
        opens = std::max(opens, std::min(known->blocked_until, now + limits.delay_most));
        opens = std::max(opens, window_opens(known->day, weight, in_thirds(limits.known_day), now));
        opens = std::max(opens, window_opens(known->month, weight, in_thirds(limits.known_month), now));
    } else if (const auto* shared = find_budget(state, origin.compartment)) {
        opens = std::max(opens, window_opens(shared->hour, weight, in_thirds(limits.hour), now));
        opens = std::max(opens, window_opens(shared->day, weight, in_thirds(limits.day), now));
        opens = std::max(opens, window_opens(shared->month, weight, in_thirds(limits.month), now));
    }
    return opens > now ? std::optional(opens) : std::nullopt;
}

void charge(State& state, const Origin& origin, std::uint32_t weight, std::int64_t now,
            const Limits& limits) {
    if (const auto* found = find_known(state, origin.source, now)) {
        auto& known = const_cast<KnownSource&>(*found);
        known.day.add(now, weight);
        known.month.add(now, weight);
        count_up(known.failures_in_a_row);
        const int over = known.failures_in_a_row - limits.known_free_failures;
        if (over >= 0) {
            const int doublings = std::min(over, 20);
            const std::int64_t delay = static_cast<std::int64_t>(limits.delay_first) << doublings;
            known.blocked_until = now + std::min<std::int64_t>(delay, limits.delay_most);
        }
    } else {
        auto& shared = budget(state, origin.compartment);
        shared.hour.add(now, weight);
        shared.day.add(now, weight);
        shared.month.add(now, weight);
    }
    remember_failing(state, origin.source, now);
    count_up(state.failures);
    state.last_failure = now;
}

void record_success(State& state, const SourceId& source, std::int64_t now) {
    state.last_success = now;
    state.failures = 0;
    age_from(state, now);
    std::erase_if(state.failing, [&](const auto& entry) { return entry.source == source; });
    if (!source.can_become_known()) {
        return;
    }
    auto& list = state.known;
    auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.source == source; });
    if (found == list.end()) {
        if (list.size() >= max_sources) {
            list.erase(leaving(list, source, now));
        }
        list.emplace_back().source = source;
        found = list.end() - 1;
    }
    found->last_success = now;
    found->failures_in_a_row = 0;
    found->blocked_until = 0;
}

bool is_known(const State& state, const SourceId& source, std::int64_t now) noexcept {
    return find_known(state, source, now) != nullptr;
}

void clear_limits(State& state) noexcept {
    state.budgets.clear();
    state.failing.clear();
    state.failures = 0;
    for (auto& entry : state.known) {
        entry.day.clear();
        entry.month.clear();
        entry.failures_in_a_row = 0;
        entry.blocked_until = 0;
    }
}

}  // namespace warifu
