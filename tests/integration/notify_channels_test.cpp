// warifu-notify, each channel against a server of the test's own, and servers that misbehave.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tests/integration/ntfy_server.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/smtp_sink.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char token[] = "tk_this_is_private", link[] = "http://127.0.0.1:2586/a/PRIVATE0PRIVATE0PRIVATE0";

json message() {
    return {{"title", "Sign-in to tally"},
            {"text", "alice, ssh, from 203.0.113.9"},
            {"language", "en"},
            {"link", link},
            {"approve", std::string(link) + "approve"},
            {"deny", std::string(link) + "deny"},
            {"labels", {{"open", "Look"}, {"approve", "Let in"}, {"deny", "Refuse"}}},
            {"expires", 1900000000},
            {"request", {{"user", "alice"}, {"rhost", "203.0.113.9"}}}};
}

class Notify : public ::testing::Test {
  protected:
    Result notify(const std::string& document) const {
        Command command = as_root({"/usr/libexec/warifu/warifu-notify"});
        command.uid = command.gid = 19999;
        command.environment = {"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9"};
        command.input = document;
        return run(sandbox, command);
    }
    Result notify(const json& channel, const json& what = message()) const {
        return notify(json{{"channel", channel}, {"message", what}}.dump());
    }
    // Refused, in one line that gives nothing away.
    static void expect_refusal(const Result& result, const std::string& reason) {
        EXPECT_EQ(result.status, 1) << result.err;
        EXPECT_EQ(result.out, "");
        EXPECT_THAT(result.err, MatchesRegex("[^\n]{1,400}\n"));
        EXPECT_THAT(result.err, HasSubstr(reason));
        for (const char* secret : {token, "PRIVATE", "hush", "topic-of-alice"})
            EXPECT_THAT(result.err, Not(HasSubstr(secret)));
    }
    static void expect_delivery(const Result& result) {
        EXPECT_EQ(result.status, 0);
        EXPECT_EQ(result.out, "delivered\n");
        EXPECT_EQ(result.err, "");
    }

    Sandbox sandbox;
};

class Posts : public Notify {
  protected:
    json ntfy(const std::string& path = "") const {
        return {
            {"type", "ntfy"}, {"url", server.url() + path}, {"token", token}, {"topic", "topic-of-alice"}};
    }
    NtfyServer server{sandbox};
};

TEST_F(Posts, A05_NtfyGetsTheMessageWithItsButtons) {
    expect_delivery(notify(ntfy()));
    const Post post = server.next();
    EXPECT_EQ(post.method + " " + post.target, "POST /");
    EXPECT_EQ(post.headers.at("authorization"), std::string("Bearer ") + token);
    EXPECT_EQ(post.json["topic"], "topic-of-alice");
    EXPECT_EQ(post.json["title"], "Sign-in to tally");
    EXPECT_EQ(post.json["click"], link);
    EXPECT_EQ(post.button("Look")["action"], "view");
    // And a press reaches what the button names.
    EXPECT_EQ(server.press(post, "Let in").status, 200);
    const Post press = server.next();
    EXPECT_EQ(press.method + press.target, "POST/a/PRIVATE0PRIVATE0PRIVATE0approve");
    EXPECT_EQ(press.headers.at("content-type"), "application/json");
    EXPECT_EQ(press.body, "");
}

}  // namespace
}  // namespace warifu::integration
