// The table of who is believed about what, row by row: whoever changes it changes this as well.
#include "daemon/roles.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace warifu {
namespace {

constexpr Rule yes = Rule::allowed, no = Rule::refused, proof = Rule::proof, first = Rule::proof_if_enrolled,
               carried = Rule::carried;

struct Expected {
    Rule admin, self, helpdesk, client = Rule::refused, stranger = Rule::refused;
};

const std::map<std::string, Expected> table = {
    {"Start", {yes, yes, no, yes}},
    {"Answer", {yes, yes, no, yes}},
    {"Cancel", {yes, yes, no, yes}},
    {"Prove", {yes, yes, no}},
    {"Enroll", {yes, first, no}},
    {"Confirm", {yes, first, no}},
    {"Status", {yes, yes, no}},
    {"Verify", {yes, yes, no}},
    {"Codes", {yes, proof, no}},
    {"Show", {yes, proof, no}},
    {"Rename", {yes, proof, no}},
    {"Remove", {yes, proof, no}},
    {"Resync", {yes, proof, no}},
    {"Forget", {yes, proof, no}},
    {"List", {yes, no, no}},
    {"Reset", {yes, no, yes}},
    {"Unlock", {yes, no, yes}},
    {"Suspend", {yes, no, no}},
    {"Resume", {yes, no, no}},
    {"Require", {yes, no, no}},
    {"Explain", {yes, yes, no}},
    {"AddClient", {yes, no, no}},
    {"RemoveClient", {yes, no, no}},
    {"ListClients", {yes, no, no}},
    {"OpenWindow", {yes, proof, no}},
    {"AddRule", {yes, proof, no}},
    {"RemoveRule", {yes, proof, no}},
    {"ListRules", {yes, yes, no}},
    {"Switches", {yes, carried, no, no, carried}},
    {"TurnSwitch", {yes, carried, no, no, carried}},
    {"AddSharedKey", {yes, no, no}},
    {"ChangeSharedKey", {yes, no, no}},
    {"ListSharedKeys", {yes, no, no}},
    {"ShowSharedKey", {yes, proof, no}},
    {"RotateSharedKey", {yes, no, no}},
    {"RemoveSharedKey", {yes, no, no}},
    {"StartAction", {yes, no, no}},
    {"Ask", {yes, yes, no, no, carried}},
    {"Poll", {yes, yes, no, no, carried}},
    {"Consume", {yes, yes, no, no, carried}},
    {"CancelRequest", {yes, yes, no, no, carried}},
    {"Token", {carried, carried, carried, carried, carried}},
    {"Decide", {carried, carried, carried, carried, carried}},
    {"Press", {carried, carried, carried, carried, carried}},
    {"Requests", {yes, yes, no}},
    {"Approve", {yes, proof, no}},
    {"Deny", {yes, yes, no}},
    {"AddDevice", {yes, no, no}},
    {"RemoveDevice", {yes, no, no}},
    {"ListDevices", {yes, no, no}},
    {"AddKey", {yes, no, no}},
    {"AssertionKey", {yes, yes, yes, yes, yes}},
    {"Health", {yes, yes, yes, yes, yes}},
};

TEST(Roles, X32_EveryRowOfTheTable) {
    for (const auto& [name, expected] : table) {
        const auto method = parse_method("io.warifu." + name);
        ASSERT_TRUE(method) << name;
        EXPECT_EQ(rule(*method, Role::admin), expected.admin) << name;
        EXPECT_EQ(rule(*method, Role::self), expected.self) << name;
        EXPECT_EQ(rule(*method, Role::helpdesk), expected.helpdesk) << name;
        EXPECT_EQ(rule(*method, Role::client), expected.client) << name;
        EXPECT_EQ(rule(*method, Role::stranger), expected.stranger) << name;
    }
}

TEST(Roles, X32_NoMethodIsMissingHere) {
    for (int i = 0; i <= static_cast<int>(Method::health); ++i) {
        int names = 0;
        for (const auto& [name, expected] : table) {
            names += parse_method("io.warifu." + name) == static_cast<Method>(i) ? 1 : 0;
        }
        EXPECT_EQ(names, 1) << i;
    }
}

TEST(Roles, X32_NothingElseIsAMethod) {
    for (const char* name : {"", "Start", "io.warifu.", "io.warifu.start", "io.warifu.Start ",
                             "io.warifu.Init", "org.varlink.service.GetInfo"}) {
        EXPECT_FALSE(parse_method(name)) << name;
    }
}

// A value from nowhere is refused to everybody.
TEST(Roles, X32_WhatIsInNoRowIsRefused) {
    for (const Role role : {Role::admin, Role::self, Role::helpdesk, Role::client, Role::stranger}) {
        EXPECT_EQ(rule(static_cast<Method>(200), role), Rule::refused);
    }
}

}  // namespace
}  // namespace warifu
