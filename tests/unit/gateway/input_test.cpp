#include "gateway/api/input.h"

#include <gmock/gmock.h>

#include <functional>

#include "core/error/error.h"

namespace warifu::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string refused(const std::function<void()>& act) {
    try {
        act();
    } catch (const Invalid& invalid) {
        return invalid.field + ": " + invalid.what();
    }
    return "";
}

TEST(Input, JsonIsReadUnderItsTypes) {
    Input input = Input::from_json(
        R"({"text":"a","number":7,"list":["x","y"],"null":null,"part":{"inside":"b","odd":1}})");
    EXPECT_EQ(input.text("text"), "a");
    EXPECT_EQ(input.maybe_number("number"), 7);
    EXPECT_THAT(input.texts("list"), ElementsAre("x", "y"));
    EXPECT_EQ(input.maybe_text("null"), std::nullopt);
    EXPECT_EQ(input.maybe_text("absent"), std::nullopt);
    EXPECT_THAT(input.texts("absent"), IsEmpty());
    Input part = input.part("part");
    EXPECT_EQ(part.text("inside"), "b");
    EXPECT_EQ(refused([&] { part.end(); }), "part.odd: this is not known here");
    EXPECT_EQ(refused([&] { input.end(); }), "");
    EXPECT_EQ(refused([&] { (void)input.text("absent"); }), "absent: this is missing");
    EXPECT_EQ(refused([&] { (void)input.text("number"); }), "number: a string is wanted");
    EXPECT_EQ(refused([&] { (void)input.maybe_number("text"); }), "text: a whole number is wanted");
    EXPECT_EQ(refused([&] { (void)input.texts("text"); }), "text: a list of strings is wanted");
    EXPECT_EQ(refused([&] { (void)input.part("text"); }), "text: an object is wanted");
    EXPECT_EQ(refused([&] { (void)input.part("part").text("odd"); }), "part.odd: a string is wanted");
}

TEST(Input, AFormIsReadByTheSameNames) {
    Input input = Input::from_form("text=a&number=7&one=x&two=x&two=y&bad=7a");
    EXPECT_EQ(input.text("text"), "a");
    EXPECT_EQ(input.maybe_number("number"), 7);
    EXPECT_THAT(input.texts("one"), ElementsAre("x"));
    EXPECT_THAT(input.texts("two"), ElementsAre("x", "y"));
    EXPECT_EQ(refused([&] { (void)input.text("two"); }), "two: one value is wanted");
    EXPECT_EQ(refused([&] { input.end(); }), "bad: this is not known here");
    EXPECT_EQ(refused([&] { (void)input.maybe_number("bad"); }), "bad: a whole number is wanted");
}

TEST(Input, X28_WhatIsNoObjectIsRefused) {
    for (const char* body : {"", "null", "[]", "\"a\"", "{", "{\"a\":1,}", "{\"a\":\"\xff\"}", "{} {}",
                             "{\"a\":1e400}", "{a:1}"}) {
        EXPECT_NE(refused([&] { Input::from_json(body); }), "") << body;
    }
    EXPECT_NE(refused([&] { Input::from_json(std::string(9, '[') + std::string(9, ']')); }), "");
    EXPECT_NE(refused([&] { Input::from_json(std::string(15'000, '{')); }), "");
    Input numbers = Input::from_json(R"({"huge":18446744073709551615,"half":1.5,"true":true})");
    for (const char* name : {"huge", "half", "true"}) {
        EXPECT_NE(refused([&] { (void)numbers.maybe_number(name); }), "") << name;
    }
    std::string list;
    for (std::size_t i = 0; i <= Input::most_items; ++i) list += list.empty() ? "\"a\"" : ",\"a\"";
    EXPECT_NE(refused([&] { (void)Input::from_json("{\"list\":[" + list + "]}").texts("list"); }), "");
}

// Whoever looks at a request before us may take the other one.
TEST(Input, X28_ANameThatComesTwiceIsRefused) {
    EXPECT_NE(refused([] { Input::from_json(R"({"decision":"not_now","decision":"approve"})"); }), "");
    EXPECT_NE(refused([] { Input::from_json(R"({"a":{"b":1,"b":2}})"); }), "");
    EXPECT_NE(refused([] { Input::from_json(R"({"a":1,"\u0061":2})"); }), "");
    EXPECT_EQ(refused([] { Input::from_json(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"); }), "");
}

TEST(Input, TheMediaTypeSaysWhatItIs) {
    EXPECT_EQ(Input::from_body("application/json", R"({"a":"1"})").text("a"), "1");
    EXPECT_EQ(Input::from_body("application/x-www-form-urlencoded", "a=1").text("a"), "1");
    EXPECT_FALSE(Input::from_body("", "").has("a"));
    EXPECT_THROW(Input::from_body("", "a=1"), UnsupportedMedia);
    EXPECT_THROW(Input::from_body("text/plain", R"({"a":"1"})"), UnsupportedMedia);
    EXPECT_THROW(Input::from_body("text/plain", ""), UnsupportedMedia);
}

}  // namespace
}  // namespace warifu::gateway
