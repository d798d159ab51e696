#include "core/account/source_id.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace warifu {
namespace {

std::vector<SourceId> samples() {
    std::vector<SourceId> list = {SourceId(), SourceId::local(0), SourceId::local(1000),
                                  SourceId::local(4'294'967'294U)};
    for (const char* host : {"203.0.113.5", "127.0.0.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::1",
                             "::", "fe80::1", "::ffff:192.0.2.1", "example.org", ""}) {
        list.push_back(SourceId::remote(host));
    }
    // A client says something of where somebody comes from: never nothing, which is the first.
    for (std::size_t i = 1, places = list.size(); i < places; ++i) {
        list.push_back(list[i].through(33));
    }
    return list;
}

TEST(SourceId, V4IsItself) {
    EXPECT_EQ(SourceId::remote("203.0.113.5").text(), "203.0.113.5");
    EXPECT_NE(SourceId::remote("203.0.113.5"), SourceId::remote("203.0.113.6"));
    EXPECT_TRUE(SourceId::remote("203.0.113.5").can_become_known());
}

TEST(SourceId, V4MappedIsV4) {
    EXPECT_EQ(SourceId::remote("::ffff:203.0.113.5"), SourceId::remote("203.0.113.5"));
    EXPECT_EQ(SourceId::remote("::FFFF:cb00:7105"), SourceId::remote("203.0.113.5"));
    EXPECT_FALSE(SourceId::remote("::ffff:127.0.0.1").can_become_known());
    // Not mapped: the old "compatible" form is an IPv6 address like any other.
    EXPECT_EQ(SourceId::remote("::203.0.113.5").text(), "::/64");
}

TEST(SourceId, V6IsItsHalf) {
    EXPECT_EQ(SourceId::remote("2001:db8:1:2:3:4:5:6"), SourceId::remote("2001:db8:1:2:ffff::1"));
    EXPECT_NE(SourceId::remote("2001:db8:1:2::1"), SourceId::remote("2001:db8:1:3::1"));
    EXPECT_EQ(SourceId::remote("2001:db8:1:2:3:4:5:6").text(), "2001:db8:1:2::/64");
    EXPECT_EQ(SourceId::remote("2001:DB8::1"), SourceId::remote("2001:db8:0:0:0:0:0:1"));
    EXPECT_TRUE(SourceId::remote("2001:db8::1").can_become_known());
}

TEST(SourceId, BracketsAndZoneComeOff) {
    EXPECT_EQ(SourceId::remote("[2001:db8::1]"), SourceId::remote("2001:db8::1"));
    EXPECT_EQ(SourceId::remote("fe80::1%eth0"), SourceId::remote("fe80::2"));
    EXPECT_EQ(SourceId::remote("[fe80::1%eth0]").text(), "fe80::/64");
    EXPECT_EQ(SourceId::remote("[203.0.113.5]").text(), "203.0.113.5");
}

TEST(SourceId, OnlyAnAddressThatIsNotLoopbackBecomesKnown) {
    for (const char* host :
         {"127.0.0.1", "127.255.0.3", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", ""}) {
        EXPECT_FALSE(SourceId::remote(host).can_become_known()) << host;
    }
    EXPECT_FALSE(SourceId::local(1000).can_become_known());
    EXPECT_FALSE(SourceId().can_become_known());
    EXPECT_EQ(SourceId::remote("::1").text(), "::1");
    EXPECT_NE(SourceId::remote("::1"), SourceId::remote("::2"));
}

// Whoever runs a reverse zone chooses the name, and could have a new one for every guess.
TEST(SourceId, EveryNameIsOneSource) {
    const SourceId other = SourceId::remote("example.org");
    EXPECT_EQ(other.text(), "other");
    for (const std::string& host :
         {std::string("localhost"), std::string("a.example.org"), std::string("1.2.3"),
          std::string("1.2.3.4.5"), std::string("01.2.3.4"), std::string("203.0.113.5 "),
          std::string("203.0.113.5:22"), std::string("256.0.0.1"), std::string("2001:db8::g"),
          std::string("[2001:db8::1"), std::string("%eth0"), std::string("[]"), std::string("; x"),
          std::string(300, 'x'), std::string(300, '1'), std::string("203.0.113.5\0x", 13),
          std::string("0x7f000001"), std::string("2130706433"), std::string()}) {
        EXPECT_EQ(SourceId::remote(host), other) << host;
    }
}

TEST(SourceId, LocalNamesTheUid) {
    EXPECT_EQ(SourceId::local(1000).text(), "local:1000");
    EXPECT_EQ(SourceId::local(4'294'967'294U).text(), "local:4294967294");
    EXPECT_TRUE(SourceId::local(0).is_local());
    EXPECT_FALSE(SourceId::remote("127.0.0.1").is_local());
    EXPECT_NE(SourceId::local(0), SourceId());
}

// Nothing that one client says is another's, or what root's doors saw.
TEST(SourceId, X32_WhatAClientSaysIsASourceOfItsOwn) {
    const SourceId seen = SourceId::remote("203.0.113.5"), said = seen.through(33);
    EXPECT_NE(said, seen);
    EXPECT_NE(said, seen.through(34));
    EXPECT_NE(said, seen.through(33ULL << 32));
    EXPECT_EQ(said, SourceId::remote("::ffff:203.0.113.5").through(33));
    EXPECT_EQ(said.text(), "client:33:203.0.113.5");
    EXPECT_TRUE(said.can_become_known());
    EXPECT_TRUE(said.is_through_a_client());
    EXPECT_FALSE(seen.is_through_a_client());
    EXPECT_EQ(SourceId::remote("2001:db8:1:2::9").through(33).text(), "client:33:2001:db8:1:2::/64");
    EXPECT_EQ(SourceId::local(33).through(33).text(), "client:33:local:33");
    EXPECT_TRUE(SourceId::local(33).through(33).is_local());
    EXPECT_EQ(SourceId::remote("example.org").through(33).text(), "client:33:other");
}

TEST(SourceId, X32_LoopbackStaysLoopbackWhicheverClientSaysIt) {
    for (const std::uint64_t client : {1ULL, 33ULL, ~0ULL}) {
        for (const char* host : {"127.0.0.1", "::1"}) {
            EXPECT_TRUE(SourceId::remote(host).through(client).is_loopback()) << host;
            EXPECT_FALSE(SourceId::remote(host).through(client).can_become_known()) << host;
        }
        EXPECT_FALSE(SourceId::remote("2001:db8::2").through(client).is_loopback()) << client;
    }
}

TEST(SourceId, EmptyIsNothing) {
    EXPECT_TRUE(SourceId().empty());
    EXPECT_EQ(SourceId().text(), "");
    EXPECT_FALSE(SourceId::remote("").empty());
}

TEST(SourceId, EncodesAndDecodes) {
    const auto list = samples();
    for (std::size_t i = 0; i < list.size(); ++i) {
        EXPECT_EQ(SourceId::decode(list[i].encode()), list[i]) << list[i].text();
        EXPECT_EQ(SourceId::decode(list[i].encode()).text(), list[i].text());
    }
    EXPECT_NE(SourceId::local(0x7f000001).encode(), SourceId::remote("127.0.0.1").encode());
}

TEST(SourceId, DecodesAnyBytes) {
    std::mt19937 random(1);
    for (int round = 0; round < 10'000; ++round) {
        std::array<std::uint8_t, SourceId::encoded_size> bytes{};
        for (auto& byte : bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        if (round % 2 == 0) {
            bytes[0] = static_cast<std::uint8_t>(bytes[0] % 8);
        }
        const SourceId source = SourceId::decode(bytes);
        EXPECT_EQ(SourceId::decode(source.encode()), source);
        EXPECT_LE(source.text().size(), 60U);
    }
}

}  // namespace
}  // namespace warifu
