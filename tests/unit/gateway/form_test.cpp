#include "gateway/api/form.h"

#include <gmock/gmock.h>

#include "core/error/error.h"

namespace warifu::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Form, G02_IsReadAsBrowsersAndCurlWriteIt) {
    EXPECT_THAT(parse_form("decision=approve&number=4+2&x=%e6%89%bf%E8%AA%8D&empty=&bare"),
                ElementsAre(Pair("decision", "approve"), Pair("number", "4 2"), Pair("x", "承認"),
                            Pair("empty", ""), Pair("bare", "")));
    EXPECT_THAT(parse_form("a=b=c&&%26=%3D"), ElementsAre(Pair("a", "b=c"), Pair("&", "=")));
    EXPECT_THAT(parse_form(""), IsEmpty());
    EXPECT_THAT(parse_form("a=1&a=2"), ElementsAre(Pair("a", "1"), Pair("a", "2")));
}

TEST(Form, X28_WhatIsNoFormIsRefused) {
    for (const char* text :
         {"a=%", "a=%4", "a=%zz", "a=%4g", "%=a", "a=%ff", "a=%c0%80", "a=\xff", "a=%ed%a0%80"}) {
        EXPECT_THROW(parse_form(text), Invalid) << text;
    }
    std::string many;
    for (std::size_t i = 0; i < most_form_fields; ++i) many += "a=b&";
    EXPECT_EQ(parse_form(many).size(), most_form_fields);
    EXPECT_THROW(parse_form(many + "a=b"), Invalid);
}

TEST(Form, ASegmentHidesNothing) {
    EXPECT_EQ(parse_segment("a+b%20c"), "a+b c");
    EXPECT_EQ(parse_segment("%E6%89%BF"), "承");
    for (const char* text : {"a%2fb", "%2F", "a%00", "a%0a", "%7f", "%", "%ff"}) {
        EXPECT_THROW(parse_segment(text), Invalid) << text;
    }
}

}  // namespace
}  // namespace warifu::gateway
