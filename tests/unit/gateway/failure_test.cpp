#include "gateway/api/failure.h"

#include <gmock/gmock.h>

#include "core/error/error.h"
#include "gateway/api/bearer.h"
#include "gateway/api/input.h"
#include "ipc/client/errors.h"

namespace warifu::gateway {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

template <typename Error>
HttpResponse answer_to(Error error) {
    return response_of(failure_of(std::make_exception_ptr(std::move(error))));
}

TEST(Failure, G02_EachErrorHasItsStatus) {
    const auto expect = [](const HttpResponse& response, int status, const char* error) {
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(json::parse(response.body).at("error"), error);
        EXPECT_TRUE(json::parse(response.body).at("error_description").is_string());
        EXPECT_EQ(response.content_type, "application/json");
    };
    expect(answer_to(Invalid("kind", "sign_in or action is wanted")), 400, "invalid_request");
    expect(answer_to(UnsupportedMedia()), 415, "invalid_request");
    expect(answer_to(NotFound("no such request")), 404, "not_found");
    expect(answer_to(NotPermitted("not with this key")), 403, "access_denied");
    expect(answer_to(NotPermitted("this API key is unknown")), 401, "invalid_client");
    expect(answer_to(Conflict("it was decided")), 409, "conflict");
    expect(answer_to(Unavailable("the store")), 503, "temporarily_unavailable");
    expect(answer_to(ipc::NoReply("silence")), 503, "temporarily_unavailable");
    expect(answer_to(std::bad_alloc()), 503, "temporarily_unavailable");
    expect(answer_to(ipc::Denied("limited", "too many", std::nullopt)), 429, "slow_down");
    expect(answer_to(ipc::Denied("anything", "too many", 30)), 429, "slow_down");
    expect(answer_to(ipc::Denied("bad_code", "wrong", std::nullopt)), 422, "bad_code");
    expect(answer_to(ipc::Denied("suspended", "no", std::nullopt)), 403, "suspended");
    expect(answer_to(HttpFailure({410, "gone", "it was", {}})), 410, "gone");
}

TEST(Failure, G02_ALimitSaysWhenToComeAgain) {
    const HttpResponse limited = answer_to(ipc::Denied("limited", "too many", 30));
    EXPECT_THAT(limited.headers, Contains(Pair("Retry-After", "30")));
    EXPECT_EQ(json::parse(limited.body).at("retry_after"), 30);
    EXPECT_THAT(answer_to(Unavailable("the store")).headers, Contains(Pair("Retry-After", "5")));
}

TEST(Failure, WhatIsWrongHereIsNotToldToStrangers) {
    EXPECT_THAT(answer_to(Unavailable("/var/lib/warifu/store is full")).body, Not(HasSubstr("store")));
}

TEST(Failure, TheObjectAsItIsComesWithIt) {
    const Failure failure = failure_of(std::make_exception_ptr(Conflict("it was decided")));
    const json body = json::parse(response_of(failure, {{"state", "denied"}}).body);
    EXPECT_EQ(body.at("state"), "denied");
    EXPECT_EQ(body.at("error"), "conflict");
}

TEST(Bearer, X32_AKeyIsWantedAndNothingElseCounts) {
    EXPECT_EQ(bearer_key("Bearer abc.DEF-1_2~3+/=").text(), "abc.DEF-1_2~3+/=");
    EXPECT_EQ(bearer_key("bEaReR  abc").text(), "abc");
    for (const char* header : {"", "Bearer", "Bearer ", "Basic YTpi", "abc", "Bearer a b", "Bearer a\tb",
                               "Bearer \x01", "Bearerabc", " Bearer abc", "Bearer \xe6\x89\xbf"}) {
        EXPECT_THROW(bearer_key(header), HttpFailure) << header;
    }
    EXPECT_EQ(bearer_key("Bearer " + std::string(most_key_bytes, 'a')).size(), most_key_bytes);
    EXPECT_THROW(bearer_key("Bearer " + std::string(most_key_bytes + 1, 'a')), HttpFailure);
}

TEST(Bearer, IdsAreOpaqueAndShort) {
    EXPECT_TRUE(is_opaque_id("aZ09-_.~"));
    EXPECT_TRUE(is_opaque_id(std::string(128, 'a')));
    for (const std::string& id : {std::string(), std::string(129, 'a'), std::string("a b"),
                                  std::string("a/b"), std::string("承"), std::string("a\0b", 3)}) {
        EXPECT_FALSE(is_opaque_id(id)) << id;
    }
}

}  // namespace
}  // namespace warifu::gateway
