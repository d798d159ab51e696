#include "core/limits/window_count.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace warifu {
namespace {

using Hour = WindowCount<300, 3'600>;

struct Event {
    std::int64_t at;
    std::uint32_t weight;
};

// The truth, kept as a list: what lies in (now - window, now]. A clock that goes back moves what lies ahead
// to now; what has left the window once does not come back with it.
class Exact {
  public:
    explicit Exact(std::int64_t window) : window_(window) {}
    void add(std::int64_t now, std::uint32_t weight) { events_.push_back({now, weight}); }
    std::uint64_t sum(std::int64_t now) {
        std::erase_if(events_, [&](const Event& event) { return event.at <= now - window_; });
        std::uint64_t total = 0;
        for (auto& event : events_) {
            event.at = std::min(event.at, now);
            total += event.weight;
        }
        return total;
    }

  private:
    std::int64_t window_;
    std::vector<Event> events_;
};

TEST(WindowCount, FreshIsExact) {
    Hour count;
    EXPECT_EQ(count.sum(0), 0U);
    EXPECT_EQ(count.sum(1'767'225'600), 0U);
    for (std::uint32_t i = 1; i <= 100; ++i) {
        count.add(1'767'225'600 + i, 3);
        EXPECT_EQ(count.sum(1'767'225'600 + i), 3 * i);
    }
    EXPECT_EQ(count.sum(1'767'225'600 + 3'500), 300U);
}

TEST(WindowCount, LetsGoAtMostABucketLate) {
    for (std::int64_t at = 3'000'000; at < 3'000'000 + 300; at += 7) {
        Hour count;
        count.add(at, 5);
        EXPECT_EQ(count.sum(at + 3'599), 5U);
        EXPECT_EQ(count.sum(at + 3'600 + 300), 0U);
    }
}

// Times go on, stand, leap and go back. Going back moves what lies ahead to now, for good.
template <typename Window>
void agrees(std::uint32_t seed, std::int64_t width, std::int64_t window) {
    std::mt19937_64 random(seed);
    for (int round = 0; round < 200; ++round) {
        Window count;
        Exact truth(window), wider(window + width);
        auto now = static_cast<std::int64_t>(random() % 4'000'000'000);
        for (int i = 0; i < 120; ++i) {
            const auto what = random() % 10;
            if (what < 6) {
                now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(width));
            } else if (what < 8) {
                now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(window));
            } else if (what == 8) {
                now = std::max<std::int64_t>(
                    0, now - static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(window)));
            }
            const auto least = truth.sum(now);
            const auto counted = count.sum(now);
            ASSERT_GE(counted, least);
            ASSERT_LE(counted, wider.sum(now));
            const auto weight = static_cast<std::uint32_t>(random() % 30);
            count.add(now, weight);
            truth.add(now, weight);
            wider.add(now, weight);
            ASSERT_GE(count.sum(now), least + weight);

            const auto limit = static_cast<std::uint32_t>(random() % 100);
            const auto opens = count.falls_to(now, limit);
            ASSERT_LE(count.sum(opens), limit);
            if (opens > now) {
                ASSERT_GT(count.sum(opens - 1), limit);
                ASSERT_LE(opens, now + window + width);
            }
        }
    }
}

TEST(WindowCount, S14_NeverBelowTheExactCountInAnyWindow) {
    agrees<Hour>(1, 300, 3'600);
    agrees<WindowCount<3'600, 86'400>>(2, 3'600, 86'400);
    agrees<WindowCount<86'400, 2'592'000>>(3, 86'400, 2'592'000);
    agrees<WindowCount<172'800, 2'764'800>>(4, 172'800, 2'764'800);
}

TEST(WindowCount, ClockSetBackCountsAsNow) {
    Hour count;
    const std::int64_t future = 2'000'000'000, now = 1'000'000'000;
    count.add(future - 3'000, 2);
    count.add(future, 4);
    EXPECT_EQ(count.sum(now), 6U);
    EXPECT_EQ(count.sum(future), 6U);  // only asked: nothing was moved
    count.add(now, 1);
    EXPECT_EQ(count.sum(now + 3'599), 7U);
    EXPECT_EQ(count.sum(now + 3'600 + 300), 0U);
    EXPECT_EQ(count.sum(future), 0U);
}

TEST(WindowCount, S17_WhatIsTakenBackLeavesWhatOthersAddedWhereItIs) {
    const std::int64_t charged = 1'000'000'000, later = charged + 900;
    Hour count;
    count.add(charged, 3);
    count.add(charged, 3);
    count.add(later, 3);
    count.take_back(charged, 3);
    EXPECT_EQ(count.sum(later), 6U);
    EXPECT_EQ(count.sum(charged + 3'600 + 300), 3U) << "the later one is still there";
    count.take_back(charged, 100);
    EXPECT_EQ(count.sum(later), 3U) << "no more than there is";
    count.take_back(charged - 7'200, 3);
    count.take_back(later + 7'200, 3);
    EXPECT_EQ(count.sum(later), 3U) << "nothing of a time that is not in it";
    count.add(charged - 86'400, 0);  // set back: what was counted is of now
    count.take_back(later, 3);
    EXPECT_EQ(count.sum(charged - 86'400), 3U) << "what was moved stays counted";
}

TEST(WindowCount, BeforeTheEpochIsTheEpoch) {
    Hour count;
    count.add(-5'000'000'000, 3);
    EXPECT_EQ(count.sum(-1), 3U);
    EXPECT_EQ(count.sum(0), 3U);
}

TEST(WindowCount, SaturatesRatherThanGoRound) {
    Hour count;
    count.add(3'000'000, 4'000'000'000U);
    count.add(3'000'000, 4'000'000'000U);
    EXPECT_EQ(count.sum(3'000'000), 65'535U);
    count.add(3'000'600, 70'000);
    EXPECT_EQ(count.sum(3'000'600), 2 * 65'535U);
    EXPECT_EQ(count.sum(2'000'000), 65'535U);  // both fall into one bucket
}

TEST(WindowCount, ClearForgets) {
    Hour count;
    count.add(3'000'000, 9);
    count.clear();
    EXPECT_EQ(count.sum(3'000'000), 0U);
}

TEST(WindowCount, RestoresWhatItShows) {
    Hour count;
    for (std::int64_t at = 5'000'000; at < 5'004'000; at += 77) {
        count.add(at, 1);
    }
    Hour copy;
    copy.restore(count.newest(), count.counts());
    EXPECT_EQ(copy, count);
    EXPECT_EQ(copy.sum(5'004'100), count.sum(5'004'100));
}

}  // namespace
}  // namespace warifu
