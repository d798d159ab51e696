#include "core/account/state.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/error/error.h"
#include "core/limits/limits.h"

namespace warifu {
namespace {

using Random = std::mt19937_64;

Tag tag_of(std::uint8_t n) {
    Tag tag;
    tag.fill(n);
    return tag;
}

SourceId random_source(Random& random) {
    switch (random() % 4) {
        case 0:
            return SourceId::local(static_cast<std::uint32_t>(random()));
        case 1:
            return SourceId::remote("198.51.100." + std::to_string(random() % 256));
        case 2:
            return SourceId::remote("2001:db8:" + std::to_string(random() % 9999) + "::1");
        default:
            return SourceId::remote("example.org");
    }
}

template <typename Window>
void fill(Window& window, Random& random) {
    for (int i = 0; i < 5; ++i) {
        window.add(static_cast<std::int64_t>(random() % 5'000'000'000),
                   static_cast<std::uint32_t>(random() % 100));
    }
}

std::size_t up_to(Random& random, std::size_t most) {
    return static_cast<std::size_t>(random() % (most + 1));
}

State random_state(Random& random, bool full) {
    State state;
    state.seen = random() % 2 == 0;
    state.suspended = random() % 2 == 0;
    state.shared = random() % 2 == 0;
    state.last_success = static_cast<std::int64_t>(random());
    state.last_failure = static_cast<std::int64_t>(random());
    state.failures = static_cast<std::uint32_t>(random());
    state.serial = random();
    state.authenticators.resize(full ? max_authenticators : up_to(random, max_authenticators));
    for (auto& entry : state.authenticators) {
        for (auto& byte : entry.tag) {
            byte = static_cast<std::uint8_t>(random());
        }
        entry.last = static_cast<std::int64_t>(random() >> 1) - (random() % 5 == 0 ? 1 : 0);
        entry.last = std::max<std::int64_t>(entry.last, -1);
        entry.last_used = static_cast<std::int64_t>(random());
        entry.drift = static_cast<std::int8_t>(static_cast<int>(random() % 241) - 120);
        entry.side = static_cast<std::int8_t>(static_cast<int>(random() % 3) - 1);
    }
    state.recovery.resize(full ? 2 : up_to(random, 2));
    for (auto& entry : state.recovery) {
        entry.salt.fill(static_cast<std::uint8_t>(random()));
        entry.spent = static_cast<std::uint16_t>(random());
    }
    state.budgets.resize(full ? max_compartments : up_to(random, max_compartments));
    for (auto& entry : state.budgets) {
        entry.compartment = random();
        fill(entry.hour, random);
        fill(entry.day, random);
        fill(entry.month, random);
    }
    state.known.resize(full ? max_sources : up_to(random, max_sources));
    for (auto& entry : state.known) {
        entry.source = random_source(random);
        entry.last_success = static_cast<std::int64_t>(random());
        entry.blocked_until = static_cast<std::int64_t>(random());
        entry.failures_in_a_row = static_cast<std::uint16_t>(random());
        fill(entry.day, random);
        fill(entry.month, random);
    }
    state.failing.resize(full ? max_sources : up_to(random, max_sources));
    for (auto& entry : state.failing) {
        entry.source = random_source(random);
        entry.last = static_cast<std::int64_t>(random());
        entry.failures = static_cast<std::uint32_t>(random());
    }
    state.remembered.resize(full ? max_remembered : up_to(random, max_remembered));
    for (auto& entry : state.remembered) {
        entry.door = random();
        entry.at = static_cast<std::int64_t>(random());
        entry.seconds = static_cast<std::uint32_t>(random());
    }
    return state;
}

TEST(StateCodec, RoundTripsAtOneSize) {
    Random random(1);
    for (int round = 0; round < 500; ++round) {
        State state = random_state(random, round % 10 == 0);
        state.unknown_fields = std::string(up_to(random, 160), 'u');
        const std::string document = encode(state);
        ASSERT_EQ(document.size(), state_document_bytes);
        ASSERT_EQ(decode_state(document), state);
        ASSERT_EQ(encode(decode_state(document)), document);
    }
}

TEST(StateCodec, FreshIsEmpty) {
    EXPECT_EQ(decode_state(""), State{});
    EXPECT_EQ(encode(State{}).size(), state_document_bytes);
    EXPECT_EQ(decode_state(encode(State{})), State{});
}

// The worst case fits, with room for what a newer version adds.
TEST(StateCodec, FullStateFits) {
    Random random(2);
    State state = random_state(random, true);
    state.unknown_fields = std::string(160, '\xff');
    EXPECT_EQ(decode_state(encode(state)), state);
}

TEST(StateCodec, UnknownFieldsAreKept) {
    State state;
    state.unknown_fields = std::string("\0\1two\0", 6);
    State read = decode_state(encode(state));
    EXPECT_EQ(read.unknown_fields, state.unknown_fields);
    record_success(read, SourceId::remote("203.0.113.7"), 1'767'225'600);
    EXPECT_EQ(decode_state(encode(read)).unknown_fields, state.unknown_fields);
}

// What the first version wrote ends where the later fields begin.
TEST(StateCodec, ARowWithoutLaterFieldsIsRead) {
    State state;
    state.seen = true;
    EXPECT_EQ(decode_state(encode(state)), state);
    RememberedSignIn entry{.door = 7, .at = 8, .seconds = 9};
    state.remembered.push_back(entry);
    EXPECT_EQ(decode_state(encode(state)).remembered, std::vector{entry});
}

TEST(StateCodec, OutgrownIsRefused) {
    State state;
    state.unknown_fields = std::string(state_document_bytes, 'u');
    EXPECT_THROW((void)encode(state), Unavailable);
}

TEST(StateCodec, EveryOtherSizeIsRefused) {
    Random random(3);
    const std::string document = encode(random_state(random, true));
    for (std::size_t size = 1; size < document.size(); ++size) {
        ASSERT_THROW((void)decode_state(std::string_view(document).substr(0, size)), Unavailable) << size;
    }
    EXPECT_THROW((void)decode_state(document + '\0'), Unavailable);
}

TEST(StateCodec, OtherFormatsAreRefused) {
    std::string document = encode(State{});
    document[0] = 2;
    EXPECT_THROW((void)decode_state(document), Unavailable);
    EXPECT_THROW((void)decode_state(std::string(state_document_bytes, '\0')), Unavailable);
    EXPECT_THROW((void)decode_state(std::string(state_document_bytes, '\xff')), Unavailable);
}

// Whatever the bytes: refused, or a state within its bounds that can be written again.
TEST(StateCodec, DamageIsRefusedOrWithinBounds) {
    Random random(4);
    int decoded = 0;
    for (int round = 0; round < 20'000; ++round) {
        State before = random_state(random, round % 2 == 0);
        before.unknown_fields = "newer";
        std::string document = encode(before);
        for (std::size_t n = 1 + up_to(random, 8); n > 0; --n) {
            document[up_to(random, document.size() - 1)] = static_cast<char>(random());
        }
        State state;
        try {
            state = decode_state(document);
        } catch (const Unavailable&) {
            continue;
        }
        ++decoded;
        ASSERT_LE(state.authenticators.size(), max_authenticators);
        ASSERT_LE(state.recovery.size(), 2U);
        ASSERT_LE(state.budgets.size(), max_compartments);
        ASSERT_LE(state.known.size(), max_sources);
        ASSERT_LE(state.failing.size(), max_sources);
        for (const auto& entry : state.authenticators) {
            ASSERT_GE(entry.last, -1);
            ASSERT_LE(std::abs(int{entry.drift}), most_resynced_drift);
            ASSERT_LE(std::abs(int{entry.side}), 1);
        }
        ASSERT_EQ(decode_state(encode(state)), state);
    }
    EXPECT_GT(decoded, 1'000);
}

TEST(StateLists, ActiveAuthenticatorsKeepTheirMarks) {
    State state;
    const Tag active[] = {tag_of(1)};
    authenticator_state(state, tag_of(1), active).last = 77;  // an HOTP token in a drawer: never used again
    for (std::uint8_t n = 2; n < 60; ++n) {
        const Tag both[] = {tag_of(1), tag_of(n)};
        authenticator_state(state, tag_of(n), both).last_used = 1'000 + n;
    }
    EXPECT_EQ(state.authenticators.size(), max_authenticators);
    ASSERT_NE(find_authenticator_state(state, tag_of(1)), nullptr);
    EXPECT_EQ(find_authenticator_state(state, tag_of(1))->last, 77);
    // Of the others the longest unused have left.
    EXPECT_EQ(find_authenticator_state(state, tag_of(44)), nullptr);
    EXPECT_NE(find_authenticator_state(state, tag_of(45)), nullptr);
}

TEST(StateLists, AuthenticatorIsFoundAgain) {
    State state;
    authenticator_state(state, tag_of(1), {}).last = 5;
    EXPECT_EQ(authenticator_state(state, tag_of(1), {}).last, 5);
    EXPECT_EQ(state.authenticators.size(), 1U);
    EXPECT_EQ(find_authenticator_state(state, tag_of(2)), nullptr);
}

TEST(StateLists, TwoRecoverySetsAreRemembered) {
    State state;
    RecoverySalt first{}, second{}, third{};
    first.fill(1);
    second.fill(2);
    third.fill(3);
    recovery_state(state, first).spent = 1;
    recovery_state(state, second).spent = 2;
    EXPECT_EQ(recovery_state(state, first).spent, 1);
    recovery_state(state, third).spent = 4;
    EXPECT_EQ(state.recovery.size(), 2U);
    EXPECT_EQ(recovery_state(state, second).spent, 2);
}

TEST(StateLists, E05_CodesLeftAreCounted) {
    Credentials credentials;
    State state;
    EXPECT_EQ(recovery_codes_left(credentials, state), 0U);
    credentials.recovery.emplace().salt.fill(9);
    credentials.recovery->digests.resize(10);
    EXPECT_EQ(recovery_codes_left(credentials, state), 10U);
    recovery_state(state, credentials.recovery->salt).spent = 0b101;
    EXPECT_EQ(recovery_codes_left(credentials, state), 8U);
    RecoverySalt other{};
    recovery_state(state, other).spent = 0xff;
    EXPECT_EQ(recovery_codes_left(credentials, state), 8U);
    credentials.recovery->digests.resize(1);
    EXPECT_EQ(recovery_codes_left(credentials, state), 0U);
}

}  // namespace
}  // namespace warifu
