#include "daemon/params.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/error/error.h"

namespace warifu {
namespace {

using nlohmann::json;

std::string refused(const std::function<void()>& act) {
    try {
        act();
    } catch (const Invalid& invalid) {
        return invalid.field;
    }
    return "";
}

TEST(Params, EachKindIsReadStrictly) {
    json object = {{"name", "alice"},   {"long", std::string(5'000, 'x')},
                   {"number", 7},       {"huge", UINT64_MAX},
                   {"flag", true},      {"list", {"a", "b"}},
                   {"mixed", {"a", 1}}, {"null", nullptr}};
    Params params(object);
    EXPECT_EQ(params.text("name"), "alice");
    EXPECT_EQ(params.number("number", 0, 7), 7);
    EXPECT_TRUE(params.flag("flag"));
    EXPECT_EQ(params.texts("list"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(params.maybe_text("null"), std::nullopt);
    EXPECT_EQ(params.maybe_text("absent"), std::nullopt);
    EXPECT_EQ(params.maybe_number("absent", 0, 1), std::nullopt);
    EXPECT_EQ(refused([&] { (void)params.text("absent"); }), "absent");
    EXPECT_EQ(refused([&] { (void)params.text("null"); }), "null");
    EXPECT_EQ(refused([&] { (void)params.text("number"); }), "number");
    EXPECT_EQ(refused([&] { (void)params.text("long"); }), "long");
    EXPECT_EQ(refused([&] { (void)params.number("number", 0, 6); }), "number");
    EXPECT_EQ(refused([&] { (void)params.number("number", 8, 9); }), "number");
    EXPECT_EQ(refused([&] { (void)params.number("huge", 0, INT64_MAX); }), "huge");
    EXPECT_EQ(refused([&] { (void)params.number("name", 0, 1); }), "name");
    EXPECT_EQ(refused([&] { (void)params.flag("number"); }), "number");
    EXPECT_EQ(refused([&] { (void)params.texts("mixed"); }), "mixed");
    EXPECT_EQ(refused([&] { (void)params.texts("list", 0); }), "list");
    EXPECT_EQ(refused([&] { (void)params.texts("name"); }), "name");
}

TEST(Params, WhatNobodyAskedForIsRefusedByName) {
    json object = {{"user", "alice"}, {"usr", "bob"}};
    Params params(object);
    (void)params.text("user");
    EXPECT_EQ(refused([&] { params.end(); }), "usr");
    (void)params.text("usr");
    EXPECT_EQ(refused([&] { params.end(); }), "");
}

TEST(Params, AnArrayIsNoObject) {
    json list = json::array({"a"});
    EXPECT_EQ(refused([&] { const Params params(list); }), "parameters");
}

TEST(Params, X06_NoTextIsLeftBehind) {
    json object = {{"code", "123456"}, {"list", {"ABCD-EFGH"}}, {"deep", {{"secret", "GEZDGNBV"}}}};
    const auto& code = object["code"].get_ref<const std::string&>();
    const char* bytes = code.data();
    {
        Params params(object);
        EXPECT_EQ(params.text("code"), "123456");
        EXPECT_EQ(std::string(bytes, 6), "123456");
    }
    EXPECT_EQ(std::string(bytes, 6).find('1'), std::string::npos);
    EXPECT_EQ(object.dump().find("ABCD"), std::string::npos);
    EXPECT_EQ(object.dump().find("GEZD"), std::string::npos);
}

}  // namespace
}  // namespace warifu
