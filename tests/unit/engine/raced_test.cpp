// Many at once: every completion is put off and given back in an order drawn by lot.

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "tests/unit/engine/world.h"

namespace warifu {
namespace {

// Conversations under way together on one engine.
class Crowd {
  public:
    explicit Crowd(World& world) : world_(world) { world_.deferred = true; }
    ~Crowd() { world_.deferred = false; }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    void join(Engine& engine, const StartRequest& request, std::string typed) {
        auto conversation = std::make_shared<Conversation>(engine);
        run<Step>(conversation->start(request), [this, conversation, typed = std::move(typed)](
                                                    std::optional<Step> step, std::exception_ptr error) {
            ASSERT_FALSE(error);
            ASSERT_EQ(step->kind, Step::Kind::prompt);
            answer(conversation, typed);
        });
    }

    template <typename T>
    void begin(Task<T> task, std::function<void(std::optional<T>, std::exception_ptr)> done) {
        run<T>(std::move(task), std::move(done));
    }

    void end(std::uint32_t seed) {
        std::mt19937_64 random(seed);
        while (world_.turn(random)) {
        }
    }

    int successes = 0, ended = 0;

  private:
    void answer(const std::shared_ptr<Conversation>& conversation, const std::string& typed) {
        run<Step>(conversation->answer(ReplyKind::text, typed),
                  [this, conversation](std::optional<Step> step, std::exception_ptr error) {
                      ASSERT_FALSE(error);
                      ++ended;
                      successes += step->verdict == Verdict::success ? 1 : 0;
                  });
    }
    World& world_;
};

TEST(Raced, X15_SixtyFourWithOneCode) {
    World world;
    Engine engine(world.config, &world.key, world), another(world.config, &world.key, world);
    const Enrolment enrolment = enrol(world, engine);
    for (std::uint32_t round = 0; round < 20; ++round) {
        world.clock += 60;
        const bool recovery = round % 4 == 3;
        const std::string typed =
            recovery ? enrolment.recovery(round / 4) : enrolment.phone.code(world.clock);
        Crowd crowd(world);
        for (int i = 0; i < 64; ++i) {
            StartRequest request = door();
            request.caller = from("198.51.100." + std::to_string(i % 3));
            crowd.join(i % 2 == 0 ? engine : another, request, typed);
        }
        crowd.end(round);
        ASSERT_EQ(crowd.ended, 64);
        ASSERT_EQ(crowd.successes, 1) << round;
        // The others were replays, which the next owner's round must not pay for.
        Engine quiet(world.config, &world.key, world);
        world.deferred = false;
        (void)finish(quiet.unlock(alice, administrator()));
    }
}

TEST(Raced, X16_FiftyUsersAtOnce) {
    World world;
    Engine engine(world.config, &world.key, world);
    std::vector<Enrolment> everybody;
    for (int i = 0; i < 50; ++i) {
        const std::string user = "user" + std::to_string(i);
        world.people[user] = {user, static_cast<std::uint32_t>(2000 + i), 100, "/home/" + user};
        everybody.push_back(enrol(world, engine, {"host", user}));
    }
    Crowd crowd(world);
    for (std::size_t i = 0; i < everybody.size(); ++i) {
        crowd.join(engine, door({}, "user" + std::to_string(i)), everybody[i].phone.code(world.clock));
    }
    crowd.end(1);
    EXPECT_EQ(crowd.successes, 50);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(world.state("user" + std::to_string(i)).last_success, world.clock) << i;
    }
}

// However many ask at once, no more is evaluated than one after another.
TEST(Raced, X21_ConcurrentPromptsAreBoundedTogether) {
    World world;
    Engine engine(world.config, &world.key, world);
    const Enrolment enrolment = enrol(world, engine);
    for (std::uint32_t round = 0; round < 3; ++round) {
        Crowd crowd(world);
        for (int i = 0; i < 100; ++i) {
            StartRequest request = door();
            request.caller = from("198.51.100." + std::to_string(i));
            crowd.join(engine, request, enrolment.phone.wrong(world.clock));
        }
        crowd.end(round);
        ASSERT_EQ(crowd.ended, 100);
    }
    EXPECT_EQ(world.state("alice").failures, 30U);
}

// A stranger's wrong answer lands while the owner's right one is under way: one begins again, both count.
TEST(Raced, X23_AWrongAnswerMeanwhileDoesNotSpoilTheRightOne) {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        World world;
        Engine engine(world.config, &world.key, world);
        const Enrolment enrolment = enrol(world, engine);
        Crowd crowd(world);
        StartRequest stranger = door();
        stranger.caller = from("198.51.100.9");
        for (int i = 0; i < 5; ++i) {
            crowd.join(engine, stranger, enrolment.phone.wrong(world.clock));
        }
        crowd.join(engine, door(), enrolment.phone.code(world.clock));
        for (int i = 0; i < 5; ++i) {
            crowd.join(engine, stranger, enrolment.phone.wrong(world.clock));
        }
        crowd.end(seed);
        ASSERT_EQ(crowd.successes, 1) << seed;
    }
}

struct Confirming {
    int confirmed = 0, refused = 0;
    void note(const std::optional<Confirmed>& value, std::exception_ptr error) {
        confirmed += value ? 1 : 0;
        if (error) {
            ++refused;
            try {
                std::rethrow_exception(error);
            } catch (const Denied&) {
            } catch (const Conflict&) {
            } catch (const NotFound&) {
            }
        }
    }
};

// Several confirm one offer at once, with one code and with the next: one authenticator, and no code that was
// accepted or retired is accepted again.
TEST(Raced, E03_ConfirmationsAtOnce) {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        World world;
        Engine engine(world.config, &world.key, world);
        Caller self = at_home();
        self.admin = false;
        const Phone phone(finish(engine.enroll(enrol_request(self))));
        Confirming confirming;
        Crowd crowd(world);
        for (int i = 0; i < 6; ++i) {
            crowd.begin<Confirmed>(
                engine.confirm(alice, self, "", parse_answer(phone.code(world.clock + i % 2 * 30)),
                               Addition::permitted),
                [&](std::optional<Confirmed> value, std::exception_ptr error) {
                    confirming.note(value, error);
                });
        }
        crowd.end(seed);
        world.deferred = false;
        ASSERT_EQ(confirming.confirmed + confirming.refused, 6);
        ASSERT_GE(confirming.confirmed, 1) << seed;
        const auto* record = world.find_record(RecordKind::credentials, "alice");
        ASSERT_NE(record, nullptr);
        ASSERT_EQ(from_sealed_json(record->document, alice, &world.key).authenticators.size(), 1U) << seed;
        const std::int64_t newest = world.state("alice").authenticators.at(0).last;
        ASSERT_NE(attempt(engine, phone.code(world.clock)).verdict, Verdict::success) << seed;
        const AttemptResult next = attempt(engine, phone.code(world.clock + 30));
        ASSERT_EQ(next.verdict == Verdict::success, newest == time_step(phone.otp, world.clock)) << seed;
    }
}

// An attempt with an old recovery code and a change of codes at once: after the change was told, the old code
// is dead, whatever was under way.
TEST(Raced, E05_OldCodesDieThoughAnAttemptIsUnderWay) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
        World world;
        Engine engine(world.config, &world.key, world);
        const Enrolment enrolment = enrol(world, engine);
        bool changed = false;
        Crowd crowd(world);
        AttemptRequest request;
        request.subject = alice;
        request.caller = at_home();
        request.answer = parse_answer(enrolment.recovery(0));
        crowd.begin<AttemptResult>(engine.attempt(std::move(request)),
                                   [](std::optional<AttemptResult>, std::exception_ptr) {});
        crowd.begin<std::vector<Secret>>(
            engine.regenerate_codes(alice, at_home()),
            [&](std::optional<std::vector<Secret>> codes, std::exception_ptr error) {
                changed = codes.has_value() && !error;
            });
        crowd.end(seed);
        world.deferred = false;
        ASSERT_TRUE(changed);
        ASSERT_NE(attempt(engine, enrolment.recovery(0)).verdict, Verdict::success) << seed;
        ASSERT_NE(attempt(engine, enrolment.recovery(1)).verdict, Verdict::success) << seed;
        ASSERT_EQ(finish(engine.status(alice)).recovery_codes_left, recovery_codes_in_a_set);
    }
}

// Somebody is reset while attempts with their codes are under way.
TEST(Raced, X17_AResetEndsWhatIsUnderWay) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
        World world;
        Engine engine(world.config, &world.key, world);
        const Enrolment enrolment = enrol(world, engine);
        const std::string code = enrolment.phone.code(world.clock);
        Crowd crowd(world);
        for (int i = 0; i < 4; ++i) {
            crowd.join(engine, door(), code);
        }
        std::size_t removed = 0;
        crowd.begin<std::size_t>(engine.reset(alice, administrator()),
                                 [&](std::optional<std::size_t> value, std::exception_ptr error) {
                                     ASSERT_FALSE(error);
                                     removed = *value;
                                 });
        crowd.end(seed);
        world.deferred = false;
        ASSERT_EQ(removed, 1U);
        ASSERT_LE(crowd.successes, 1);
        ASSERT_EQ(finish(engine.status(alice)).state, "none") << seed;
        ASSERT_TRUE(finish(engine.surely_not_enrolled(alice, {Found::yes, world.people["alice"], ""})))
            << seed;
    }
}

}  // namespace
}  // namespace warifu
