// The client library by itself: what it sends, what it takes, and how long it waits.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "ipc/client/connection.h"
#include "ipc/client/errors.h"
#include "ipc/client/reach.h"
#include "ipc/client/reply.h"
#include "ipc/client/request.h"
#include "ipc/wire/connect.h"
#include "tests/unit/client/fake_warifud.h"

namespace warifu {
namespace {

using ipc::Connection;
using ipc::Descriptor;
using ipc::NoReply;
using ipc::Reply;
using ipc::Request;
using test::FakeWarifud;
using namespace std::chrono_literals;

Connection connect_to(const FakeWarifud& fake, std::chrono::milliseconds deadline = 1min) {
    return Connection(Descriptor(wire::connect_to(fake.socket().c_str())), deadline);
}

std::string message(Request request) {
    return std::string(std::move(request).finish().text());
}

TEST(Request, IsOneJsonObjectAndANul) {
    Request request("Enroll");
    request.text("user", "")
        .number("digits", -8)
        .truth("replay", true)
        .secret("code", Secret::copy_of("12\"3\\\n"));
    EXPECT_EQ(message(std::move(request)),
              std::string(R"({"method":"io.warifu.Enroll","parameters":)"
                          R"({"user":"","digits":-8,"replay":true,"code":"12\"3\\\u000a"}})") +
                  '\0');
    EXPECT_EQ(message(Request("Health")),
              std::string(R"({"method":"io.warifu.Health","parameters":{}})") + '\0');
}

TEST(Request, RefusesWhatIsNotUtf8AndWhatIsTooLong) {
    try {
        Request("Verify").text("code", "12\xff");
        FAIL() << "accepted";
    } catch (const Invalid& error) {
        EXPECT_EQ(error.field, "code");
    }
    Request longest("Verify");
    longest.text("code", std::string(16'000, '1'));
    EXPECT_LE(message(std::move(longest)).size(), wire::max_call_bytes);
    Request longer("Verify");
    longer.text("code", std::string(wire::max_call_bytes, '1'));
    EXPECT_THROW(std::move(longer).finish(), Invalid);
}

TEST(Reply, ReadsEachTypeAndNoOther) {
    const Reply reply = Reply::parse(
        R"({"parameters":{"text":"a","number":-3,"large":18446744073709551615,"half":0.5,"none":null,)"
        R"("texts":["b","c"],"mixed":["b",1],"objects":[{"text":"d"}]}})");
    EXPECT_EQ(reply.text("text"), "a");
    EXPECT_EQ(reply.number("number"), -3);
    EXPECT_EQ(reply.texts("texts"), (std::vector<std::string_view>{"b", "c"}));
    EXPECT_EQ(reply.objects("objects").at(0).text("text"), "d");
    EXPECT_EQ(reply.maybe_text("none"), std::nullopt);
    EXPECT_EQ(reply.maybe_number("missing"), std::nullopt);
    EXPECT_EQ(reply.maybe_texts("missing"), std::nullopt);
    EXPECT_FALSE(reply.object().contains("none"));
    EXPECT_THROW(reply.text("none"), NoReply);
    EXPECT_THROW(reply.text("number"), NoReply);
    EXPECT_THROW(reply.number("text"), NoReply);
    EXPECT_THROW(reply.number("large"), NoReply);
    EXPECT_THROW(reply.number("half"), NoReply);
    EXPECT_THROW(reply.texts("mixed"), NoReply);
    EXPECT_THROW(reply.texts("text"), NoReply);
    EXPECT_THROW(reply.objects("texts"), NoReply);
    EXPECT_THROW(reply.objects("missing"), NoReply);
}

TEST(Reply, WithoutParametersIsEmpty) {
    EXPECT_TRUE(Reply::parse("{}").object().empty());
}

TEST(Reply, RefusesWhatIsNoVarlinkAndRepeatsNoneOfIt) {
    for (const char* message :
         {"", "JBSWY3DP", "[]", "1", "null", R"({"parameters":"JBSWY3DP"})",
          R"({"parameters":{"secret":"JBSWY3DP"})", R"({"error":7})", R"({"error":"io.warifu.JBSWY3DP"})",
          R"({"error":"org.varlink.service.JBSWY3DP"})"}) {
        try {
            Reply::parse(message);
            ADD_FAILURE() << message << " was accepted";
        } catch (const NoReply& error) {
            EXPECT_EQ(std::string(error.what()).find("JBSWY3DP"), std::string::npos) << error.what();
        }
    }
}

// Wiping and reading recurse into a reply: how deep is not for whoever answers to choose.
TEST(Reply, X28_RefusesWhatNestsTooDeeply) {
    for (const std::size_t depth : {10U, 32'000U}) {
        const std::string deep = std::string(depth, '[') + std::string(depth, ']');
        EXPECT_THROW(Reply::parse(R"({"parameters":{"a":)" + deep + "}}"), NoReply) << depth;
    }
}

TEST(Reply, ErrorsBecomeExceptions) {
    const auto parse = [](const char* name, const nlohmann::json& parameters) {
        Reply::parse(test::error(name, parameters));
    };
    EXPECT_THROW(parse("NotFound", {{"message", "m"}}), NotFound);
    EXPECT_THROW(parse("NotPermitted", {{"message", "m"}}), NotPermitted);
    EXPECT_THROW(parse("Conflict", {{"message", "m"}}), Conflict);
    EXPECT_THROW(parse("Unavailable", {{"message", "m"}}), Unavailable);
    try {
        parse("Denied", {{"reason", "limited"}, {"message", "m"}, {"retry_after", 30}});
        FAIL() << "accepted";
    } catch (const ipc::Denied& error) {
        EXPECT_EQ(error.reason, "limited");
        EXPECT_EQ(error.retry_after, 30);
        EXPECT_STREQ(error.what(), "m");
    }
    try {
        parse("Invalid", {{"field", "digits"}, {"message", "m"}});
        FAIL() << "accepted";
    } catch (const Invalid& error) {
        EXPECT_EQ(error.field, "digits");
    }
    EXPECT_THROW(
        Reply::parse(R"({"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"x"}})"),
        Invalid);
    EXPECT_THROW(Reply::parse(R"({"error":"org.varlink.service.PermissionDenied"})"), NotPermitted);
    EXPECT_THROW(Reply::parse(R"({"error":"org.varlink.service.MethodNotFound"})"), Unavailable);
}

TEST(Connection, CallsOneAfterAnother) {
    FakeWarifud fake({test::reply({{"left", 3}}), test::error("Conflict", {{"message", "again"}}),
                      test::reply({{"left", 2}})});
    Connection connection = connect_to(fake);
    EXPECT_EQ(connection.call(Request("Codes")).number("left"), 3);
    EXPECT_THROW(connection.call(Request("Codes")), Conflict);
    EXPECT_EQ(connection.call(Request("Codes")).number("left"), 2);
    EXPECT_EQ(fake.connections(), 1U);
}

TEST(Connection, EndsWithoutAReplyAndStaysEnded) {
    FakeWarifud fake({FakeWarifud::hang_up, test::reply({{"left", 2}})});
    Connection connection = connect_to(fake);
    EXPECT_THROW(connection.call(Request("Codes")), NoReply);
    EXPECT_THROW(connection.call(Request("Codes")), NoReply);
}

TEST(Connection, SilenceEndsAtTheDeadlineAndALateReplyAnswersNothing) {
    FakeWarifud fake({test::reply({{"left", 1}}), test::reply({{"left", 2}})});
    fake.hold_from(0);
    Connection connection = connect_to(fake, 50ms);
    EXPECT_THROW(connection.call(Request("Codes")), NoReply);
    fake.release();
    EXPECT_THROW(connection.call(Request("Codes"), 1min), NoReply);
}

TEST(Connection, TakesReplyOf64KiBAndNoLonger) {
    const std::string frame = test::reply({{"text", ""}});
    const std::string fits(64 * 1024 - 1 - frame.size(), 'x');
    FakeWarifud fake({test::reply({{"text", fits}}), test::reply({{"text", fits + "x"}})});
    Connection connection = connect_to(fake);
    EXPECT_EQ(connection.call(Request("Codes")).text("text"), fits);
    EXPECT_THROW(connection.call(Request("Codes")), NoReply);
}

TEST(Connection, RefusesTwoRepliesToOneCall) {
    std::string two = test::reply({{"left", 1}});
    two += '\0';
    two += test::reply({{"left", 2}});
    FakeWarifud fake({two});
    Connection connection = connect_to(fake);
    EXPECT_THROW(connection.call(Request("Codes")), NoReply);
}

}  // namespace
}  // namespace warifu
