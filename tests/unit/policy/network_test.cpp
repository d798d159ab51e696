#include "core/policy/network.h"

#include <gtest/gtest.h>

namespace warifu {
namespace {

bool has(const char* network, const SourceId& source) {
    return Network::parse(network).value().contains(source);
}
bool has(const char* network, const char* address) {
    return has(network, SourceId::remote(address));
}

TEST(Networks, S07_AnAddressIsInTheNetworksOfItsPrefix) {
    EXPECT_TRUE(has("192.0.2.0/24", "192.0.2.0"));
    EXPECT_TRUE(has("192.0.2.0/24", "192.0.2.255"));
    EXPECT_FALSE(has("192.0.2.0/24", "192.0.3.0"));
    EXPECT_FALSE(has("192.0.2.0/24", "192.0.1.255"));
    EXPECT_TRUE(has("192.0.2.128/25", "192.0.2.129"));
    EXPECT_FALSE(has("192.0.2.128/25", "192.0.2.127"));
    EXPECT_TRUE(has("203.0.113.7", "203.0.113.7"));
    EXPECT_FALSE(has("203.0.113.7", "203.0.113.6"));
    EXPECT_TRUE(has("0.0.0.0/0", "255.255.255.255"));
    EXPECT_TRUE(has("2001:db8::/32", "2001:db8:ffff::1"));
    EXPECT_FALSE(has("2001:db8::/32", "2001:db9::1"));
    EXPECT_TRUE(has("2001:db8:0:1::/64", "2001:db8:0:1:2:3:4:5"));
    EXPECT_FALSE(has("2001:db8:0:1::/64", "2001:db8:0:2::1"));
}

TEST(Networks, S07_FamiliesAreNotMistakenForEachOther) {
    EXPECT_FALSE(has("0.0.0.0/0", "2001:db8::1"));
    EXPECT_FALSE(has("::/0", "192.0.2.1"));
    EXPECT_TRUE(has("192.0.2.0/24", "::ffff:192.0.2.7"));
    EXPECT_FALSE(has("0.0.0.0/0", SourceId::local(0)));
    EXPECT_FALSE(has("0.0.0.0/0", "host.example"));
    EXPECT_FALSE(has("private", "10.example"));
}

TEST(Networks, S07_LocalAndPrivateAreWhatTheRfcsSay) {
    EXPECT_TRUE(has("local", SourceId::local(1000)));
    EXPECT_TRUE(has("local", "127.0.0.1"));
    EXPECT_TRUE(has("local", "::1"));
    EXPECT_FALSE(has("local", "10.0.0.1"));
    for (const char* address : {"10.255.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.3.4",
                                "fd00::1", "fe80::1%eth0"}) {
        EXPECT_TRUE(has("private", address)) << address;
    }
    for (const char* address : {"11.0.0.1", "172.32.0.1", "172.15.0.1", "192.169.0.1", "100.64.0.1",
                                "fe00::1", "2001:db8::1", "127.0.0.1"}) {
        EXPECT_FALSE(has("private", address)) << address;
    }
    EXPECT_FALSE(has("private", SourceId::local(0)));
    EXPECT_TRUE(has("any", "host.example"));
    EXPECT_TRUE(has("any", SourceId::local(0)));
    EXPECT_FALSE(in_any({}, SourceId::local(0)));
}

}  // namespace
}  // namespace warifu
