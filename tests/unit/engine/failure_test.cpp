// Every call that the engine makes fails once, and the power goes after every commit.

#include <gtest/gtest.h>

#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

// A fresh world for every failure, and whether the nth call was reached at all.
using Way = std::function<Verdict(World&, Engine&, const Enrolment&)>;

void with_each_call_failing(const std::vector<SourceKind>& sources, const Way& act,
                            const std::function<void(Verdict, int)>& judge) {
    for (int nth = 1;; ++nth) {
        World world;
        Engine engine(world.config, &world.key, world);
        const Enrolment enrolment = enrol(world, engine);
        world.config.sources = sources;
        world.fail_call = nth;
        const Verdict verdict = act(world, engine, enrolment);
        if (world.fail_call > 0) {
            ASSERT_GT(nth, 2);
            return;  // it has fewer calls than that
        }
        judge(verdict, nth);
    }
}

const std::vector<std::vector<SourceKind>> every_source = {
    {SourceKind::central},
    {SourceKind::home, SourceKind::central},
    {SourceKind::text, SourceKind::home, SourceKind::central},
};

TEST(Failures, X09_ARightCodeIsNeverASuccessNorIgnored) {
    for (const auto& sources : every_source) {
        with_each_call_failing(
            sources,
            [](World& world, Engine& engine, const Enrolment& enrolment) {
                return converse(engine, door({"nullok", "grace_period=60"}),
                                enrolment.phone.code(world.clock))
                    .verdict;
            },
            [](Verdict verdict, int nth) { EXPECT_EQ(verdict, Verdict::unavailable) << nth; });
    }
}

TEST(Failures, X09_WithoutNullokEveryFailureIsUnavailable) {
    for (const auto& sources : every_source) {
        with_each_call_failing(
            sources,
            [](World& world, Engine& engine, const Enrolment& enrolment) {
                return attempt(engine, enrolment.phone.code(world.clock)).verdict;
            },
            [](Verdict verdict, int nth) { EXPECT_EQ(verdict, Verdict::unavailable) << nth; });
        with_each_call_failing(
            sources,
            [](World&, Engine& engine, const Enrolment& enrolment) {
                return attempt(engine, enrolment.recovery(0)).verdict;
            },
            [](Verdict verdict, int nth) { EXPECT_EQ(verdict, Verdict::unavailable) << nth; });
    }
}

TEST(Failures, X10_NobodyPassesUnenrolledWhenAnythingFails) {
    for (const auto& sources : every_source) {
        with_each_call_failing(
            sources,
            [](World& world, Engine& engine, const Enrolment&) {
                const int before = world.fail_call;
                const Step step = converse(engine, door({"nullok"}, "bob"), "123456");
                EXPECT_TRUE(before > 0);
                return step.verdict;
            },
            [](Verdict verdict, int nth) {
                EXPECT_TRUE(verdict == Verdict::denied || verdict == Verdict::unavailable) << nth;
            });
    }
}

// A code whose commit failed was told to nobody, and is not spent by it.
TEST(Failures, X24_WhatCouldNotBeCommittedIsUnavailableAndWorksAfterwards) {
    World world;
    Engine engine(world.config, &world.key, world);
    const Enrolment enrolment = enrol(world, engine);
    world.forget_what_was_seen();
    (void)attempt(engine, enrolment.phone.wrong(world.clock));
    const int calls = world.calls;
    world.fail_call = calls;  // the commit is the last
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::unavailable);
    EXPECT_TRUE(world.logged("disk full"));
    EXPECT_EQ(attempt(engine, enrolment.phone.code(world.clock)).verdict, Verdict::success);
}

TEST(Failures, X17_CutOffAtTheCommitOfASignIn) {
    for (const bool recovery : {false, true}) {
        World world;
        Engine before(world.config, &world.key, world);
        const Enrolment enrolment = enrol(world, before);
        const std::string answer = recovery ? enrolment.recovery(0) : enrolment.phone.code(world.clock);
        world.cut_after = 1;
        EXPECT_THROW((void)attempt(before, answer), PowerCut);
        world.cut_after = 0;
        Engine after(world.config, &world.key, world);
        EXPECT_EQ(attempt(after, answer).reason, Reason::replayed);
        EXPECT_EQ(attempt(after, enrolment.phone.code(world.clock + 30)).verdict, Verdict::success);
    }
}

// Enrolment: whatever fails, the account is as before or enrolled, never half.
TEST(Failures, X25_EnrolmentIsWholeOrNotAtAll) {
    for (int nth = 1;; ++nth) {
        World world;
        Engine engine(world.config, &world.key, world);
        world.fail_call = nth;
        std::optional<Enrolment> enrolment;
        try {
            enrolment.emplace(enrol(world, engine));
        } catch (const Unavailable&) {
        }
        const bool reached = world.fail_call == 0;
        world.fail_call = 0;
        const std::string state = finish(engine.status(alice)).state;
        EXPECT_TRUE(state == "none" || state == "pending" || state == "active") << nth << state;
        if (enrolment) {
            EXPECT_EQ(state, "active") << nth;
            EXPECT_EQ(attempt(engine, enrolment->phone.code(world.clock)).verdict, Verdict::success);
        }
        if (!reached) {
            ASSERT_GT(nth, 8);
            break;
        }
    }
}

}  // namespace
}  // namespace warifu
