#include "daemon/scrypt_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace warifu {
namespace {

class Queue : public ::testing::Test {
  protected:
    asio::io_context io{1};
    ScryptQueue queue{io};
    std::vector<std::string> order;

    void ask(const std::string& name, const std::string& subject, const SourceId& source,
             std::uint32_t failures = 0) {
        queue.digest(subject, source, failures, Secret::copy_of("ABCDEFGHIJKLMNOP"), RecoverySalt{},
                     [this, name](const DigestAnswer& answer) {
                         EXPECT_TRUE(answer.digest) << name;
                         order.push_back(name);
                     });
    }
    // Runs until so many were answered.
    void answered(std::size_t wanted) {
        const auto work = asio::make_work_guard(io);
        while (order.size() < wanted) {
            ASSERT_EQ(io.run_one(), 1U);
        }
    }
    static SourceId address(int i) { return SourceId::remote("192.0.2." + std::to_string(i)); }
};

TEST_F(Queue, TheSameCodeAndSaltGiveTheSameDigest) {
    std::vector<RecoveryDigest> digests;
    for (int i = 0; i < 2; ++i) {
        queue.digest("alice", address(1), 0, Secret::copy_of("ABCDEFGHIJKLMNOP"), RecoverySalt{},
                     [&](const DigestAnswer& answer) {
                         digests.push_back(answer.digest.value());
                         order.emplace_back("digest");
                     });
    }
    answered(2);
    ASSERT_EQ(digests.size(), 2U);
    EXPECT_EQ(digests[0], digests[1]);
}

// One subject has one running at a time, so these come out in the order in which the queue chose them.
TEST_F(Queue, WhoFailedLeastGoesFirst) {
    ask("running", "alice", address(1));
    ask("five", "alice", address(2), 5);
    ask("one", "alice", address(3), 1);
    ask("none", "alice", address(4), 0);
    answered(4);
    EXPECT_EQ(order, (std::vector<std::string>{"running", "none", "one", "five"}));
}

// Wrong recovery codes cost no budget, so a flood of them is recognised by itself.
TEST_F(Queue, AFloodFromOneSourceWaitsBehindTheOwner) {
    for (int i = 0; i < 6; ++i) {
        ask("flood " + std::to_string(i), "alice", address(1));
    }
    ask("owner", "alice", address(2));
    answered(7);
    EXPECT_EQ(order[0], "flood 0");  // it ran already
    EXPECT_EQ(order[1], "owner");
}

TEST_F(Queue, AFloodForOneSubjectHoldsNoOtherUp) {
    for (int i = 0; i < 6; ++i) {
        ask("flood " + std::to_string(i), "alice", address(1));
    }
    ask("bob", "bob", address(1), 100);
    answered(7);
    EXPECT_NE(order.back(), "bob");
}

TEST_F(Queue, ANewSetWaitsBehindEverybodyWhoSignsIn) {
    ask("running", "alice", address(1));
    bool made = false;
    std::size_t before = 0;
    // The second place is taken too, or the set would begin at once.
    ask("running too", "bob", address(1));
    queue.new_set([&](const std::shared_ptr<NewRecoverySet>& set) {
        made = set != nullptr && set->codes.size() == recovery_codes_in_a_set;
        before = order.size();
        order.emplace_back("set");
    });
    for (int i = 0; i < 3; ++i) {
        ask("waiting", "carol" + std::to_string(i), address(2), 1'000);
    }
    answered(6);
    EXPECT_TRUE(made);
    EXPECT_EQ(before, 5U);
}

}  // namespace
}  // namespace warifu
