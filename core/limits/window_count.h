// How much happened within the last W seconds, in a fixed number of buckets: never less than the truth (the
// bucket that straddles the window's edge counts whole), so a bound kept with it holds in every window.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace warifu {

// Width: seconds a bucket. Window: seconds, a multiple of Width.
template <std::int64_t Width, std::int64_t Window>
class WindowCount {
  public:
    static constexpr std::size_t buckets = static_cast<std::size_t>(Window / Width) + 1;

    // The weight counted in (now - Window, now], at the least. A count from after `now` (the clock was set
    // back) counts as from now.
    std::uint32_t sum(std::int64_t now) const noexcept {
        WindowCount moved = *this;
        moved.advance(bucket(now));
        std::uint32_t total = 0;
        for (const auto count : moved.counts_) {
            total += count;
        }
        return total;
    }

    void add(std::int64_t now, std::uint32_t weight) noexcept {
        advance(bucket(now));
        constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
        counts_[0] = static_cast<std::uint16_t>(std::min(most, counts_[0] + std::min(weight, most)));
    }

    // Takes back what was added at `at`; what was moved since stays counted.
    void take_back(std::int64_t at, std::uint32_t weight) noexcept {
        const std::int64_t age = newest_ - bucket(at);
        if (age >= 0 && age < static_cast<std::int64_t>(buckets)) {
            auto& count = counts_[static_cast<std::size_t>(age)];
            count = static_cast<std::uint16_t>(count - std::min<std::uint32_t>(count, weight));
        }
    }

    // The first moment after `now` at which the sum has fallen to `limit` or below; `now` if it has.
    std::int64_t falls_to(std::int64_t now, std::uint32_t limit) const noexcept {
        WindowCount moved = *this;
        moved.advance(bucket(now));
        std::uint32_t total = moved.sum(now);
        if (total <= limit) {
            return now;
        }
        for (std::size_t i = buckets; i-- > 0;) {
            total -= moved.counts_[i];
            if (total <= limit) {
                const auto leaves = static_cast<std::int64_t>(buckets - i);
                return (bucket(now) + leaves) * Width;
            }
        }
        return now + Window;
    }

    void clear() noexcept { counts_ = {}; }

    // For the row: the newest bucket's number and the counts, newest first.
    std::int64_t newest() const noexcept { return newest_; }
    const std::array<std::uint16_t, buckets>& counts() const noexcept { return counts_; }
    void restore(std::int64_t newest, const std::array<std::uint16_t, buckets>& counts) noexcept {
        newest_ = newest;
        counts_ = counts;
    }
    bool operator==(const WindowCount&) const = default;

  private:
    static std::int64_t bucket(std::int64_t now) noexcept { return (now < 0 ? 0 : now) / Width; }

    void advance(std::int64_t to) noexcept {
        if (to > newest_) {
            const auto by = static_cast<std::uint64_t>(to - newest_);
            if (by >= buckets) {
                counts_ = {};
            } else {
                std::move_backward(counts_.begin(), counts_.end() - static_cast<std::ptrdiff_t>(by),
                                   counts_.end());
                std::fill_n(counts_.begin(), by, std::uint16_t{0});
            }
        } else if (to < newest_) {
            std::uint32_t ahead = 0;
            const auto by = static_cast<std::uint64_t>(newest_ - to);
            std::array<std::uint16_t, buckets> moved{};
            for (std::size_t i = 0; i < buckets; ++i) {
                if (i <= by) {
                    ahead += counts_[i];
                } else {
                    moved[i - by] = counts_[i];
                }
            }
            moved[0] = static_cast<std::uint16_t>(
                std::min<std::uint32_t>(ahead, std::numeric_limits<std::uint16_t>::max()));
            counts_ = moved;
        }
        newest_ = to;
    }

    std::int64_t newest_ = 0;
    std::array<std::uint16_t, buckets> counts_{};
};

}  // namespace warifu
