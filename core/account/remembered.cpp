#include "core/account/remembered.h"

#include <algorithm>

namespace warifu {

namespace {

bool stands(const RememberedSignIn& entry, std::int64_t now, std::uint32_t seconds) noexcept {
    return entry.at <= now && now - entry.at < std::min(entry.seconds, seconds);
}

}  // namespace

void remember(State& state, std::uint64_t door, std::int64_t now, std::uint32_t seconds) {
    auto& list = state.remembered;
    std::erase_if(list, [&](const RememberedSignIn& entry) {
        return entry.door == door || !stands(entry, now, entry.seconds);
    });
    if (list.size() >= max_remembered) {
        list.erase(std::min_element(list.begin(), list.end(),
                                    [](const auto& a, const auto& b) { return a.at < b.at; }));
    }
    list.push_back({door, now, seconds});
}

bool is_remembered(const State& state, std::uint64_t door, std::int64_t now, std::uint32_t seconds) noexcept {
    return std::any_of(state.remembered.begin(), state.remembered.end(), [&](const RememberedSignIn& entry) {
        return entry.door == door && stands(entry, now, seconds);
    });
}

std::size_t count_remembered(const State& state, std::int64_t now) noexcept {
    return static_cast<std::size_t>(
        std::count_if(state.remembered.begin(), state.remembered.end(),
                      [&](const RememberedSignIn& entry) { return stands(entry, now, entry.seconds); }));
}

}  // namespace warifu
