// What is turned at run time: which words, for which service, and what is kept.
#include "core/policy/switches.h"

#include <gmock/gmock.h>

#include "core/error/error.h"

namespace warifu {
namespace {

SwitchSet turned(std::string_view service, std::string_view name, std::string_view value) {
    SwitchSet set;
    turn(set, "shop", service, name, value, "uid:0", 1'000);
    return set;
}

TEST(Switches, A10_AServicesOwnGoesBeforeTheOneForAll) {
    SwitchSet set = turned("", "unregistered", "allow");
    turn(set, "shop", "till", "unregistered", "deny", "key:a", 2'000);
    turn(set, "shop", "till", "second_factor", "off", "key:a", 2'000);
    EXPECT_EQ(in_force(set, "till").unregistered, Permit::deny);
    EXPECT_EQ(in_force(set, "till").second_factor, false);
    EXPECT_EQ(in_force(set, "till").by, "key:a");
    EXPECT_EQ(in_force(set, "door").unregistered, Permit::allow);
    EXPECT_EQ(in_force(set, "door").second_factor, std::nullopt);
    turn(set, "shop", "till", "unregistered", "default", "uid:0", 3'000);
    EXPECT_EQ(in_force(set, "till").unregistered, Permit::allow) << "what is not turned there";
}

TEST(Switches, A10_WhatIsTurnedBackIsForgotten) {
    SwitchSet set = turned("sshd", "second_factor", "off");
    turn(set, "shop", "sshd", "second_factor", "default", "uid:0", 2'000);
    EXPECT_TRUE(set.empty());
}

TEST(Switches, A10_RefusesOtherWordsAndNotNowOnTheHost) {
    SwitchSet set;
    EXPECT_THROW(turn(set, "shop", "", "second_factor", "allow", "", 0), Invalid);
    EXPECT_THROW(turn(set, "shop", "", "unregistered", "on", "", 0), Invalid);
    EXPECT_THROW(turn(set, "shop", "", "silence", "allow", "", 0), Invalid);
    EXPECT_THROW(turn(set, "shop", "a b", "second_factor", "off", "", 0), Invalid);
    EXPECT_THROW(turn(set, "shop", std::string(65, 'a'), "second_factor", "off", "", 0), Invalid);
    EXPECT_THROW(turn(set, "host", "", "not_now", "allow", "", 0), Invalid);
    EXPECT_THROW(turn(set, "host", "sshd", "not_now", "deny", "", 0), Invalid);
    EXPECT_TRUE(set.empty());
    EXPECT_NO_THROW(turn(set, "shop", "", "not_now", "allow", "", 0));
}

TEST(Switches, A10_KeepsSoManyServicesAndNoMore) {
    SwitchSet set;
    for (std::size_t i = 0; i < most_switched_services; ++i) {
        turn(set, "shop", "s" + std::to_string(i), "second_factor", "off", "", 0);
    }
    EXPECT_THROW(turn(set, "shop", "one-more", "second_factor", "off", "", 0), Invalid);
    EXPECT_NO_THROW(turn(set, "shop", "s1", "second_factor", "on", "", 0)) << "one that is there";
}

TEST(Switches, A10_ComesBackAsItWasKept) {
    SwitchSet set = turned("", "unregistered", "allow");
    turn(set, "shop", "till", "second_factor", "off", "key:a", 2'000);
    turn(set, "shop", "till", "not_now", "deny", "key:b", 3'000);
    EXPECT_EQ(decode_switches(encode_switches(set)), set);
    EXPECT_TRUE(decode_switches("").empty());
    for (const char* document : {"{", "{}", R"({"version":1})", R"({"version":2,"services":{}})",
                                 R"({"version":1,"services":{"a":{"by":"","at":0,"unregistered":"maybe"}}})",
                                 R"({"version":1,"services":{"a":{"second_factor":"off"}}})"}) {
        EXPECT_THROW(decode_switches(document), Unavailable) << document;
    }
}

}  // namespace
}  // namespace warifu
