#include "notifier/http_request.h"

#include <gmock/gmock.h>

#include "tests/unit/notifier/sample_document.h"

namespace warifu::notifier {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t now = 1'700'000'000;

HttpRequest request_of(const json& document) {
    const Document parsed = parse(document.dump());
    return http_request(parsed.channel, parsed.message, now);
}
json document_for(const char* type) {
    json document = sample_document();
    document["channel"]["type"] = type;
    return document;
}

TEST(Ntfy, A05_HasTheLinkAndThreeButtonsAtMost) {
    const HttpRequest request = request_of(document_for("ntfy"));
    EXPECT_EQ(request.url, "https://ntfy.example.org");
    EXPECT_THAT(request.headers, Contains("Authorization: Bearer tk_1"));
    const json body = json::parse(request.body);
    EXPECT_EQ(body["topic"], "alice");
    EXPECT_EQ(body["message"], "alice, ssh, from 203.0.113.9");
    EXPECT_EQ(body["click"], "https://tally.example.org/a/T0");
    const json headers = {{"Content-Type", "application/json"}};
    EXPECT_EQ(body["actions"],
              json({{{"action", "http"},
                     {"label", "Let in"},
                     {"url", "https://tally.example.org/a/T1"},
                     {"method", "POST"},
                     {"headers", headers},
                     {"clear", true}},
                    {{"action", "http"},
                     {"label", "Refuse"},
                     {"url", "https://tally.example.org/a/T2"},
                     {"method", "POST"},
                     {"headers", headers},
                     {"clear", true}},
                    {{"action", "view"}, {"label", "Look"}, {"url", "https://tally.example.org/a/T0"}}}));
}

TEST(Ntfy, A05_HasNoButtonForWhatTheReceiverMayNot) {
    json document = document_for("ntfy");
    document["channel"].erase("token");
    for (const char* field : {"link", "approve"}) document["message"].erase(field);
    const HttpRequest request = request_of(document);
    EXPECT_THAT(request.headers, Not(Contains(StartsWith("Authorization"))));
    const json body = json::parse(request.body);
    EXPECT_FALSE(body.contains("click"));
    ASSERT_EQ(body["actions"].size(), 1U);
    EXPECT_EQ(body["actions"][0]["label"], "Refuse");
    document["message"].erase("deny");
    EXPECT_FALSE(json::parse(request_of(document).body).contains("actions"));
}

TEST(Ntfy, A05_TakesTheLongestTextThatFits) {
    for (const std::string letter : {"x", "\u3042", "\U0001f511", "\"", "\n"}) {
        json document = document_for("ntfy");
        std::string text;
        while (text.size() < 6000) text += letter;
        document["message"]["text"] = text;
        const HttpRequest request = request_of(document);
        EXPECT_LE(request.body.size(), most_ntfy_bytes) << letter;
        // One letter more would not fit.
        EXPECT_GT(request.body.size() + json(letter).dump().size() + 2, most_ntfy_bytes) << letter;
        const std::string shown = json::parse(request.body)["message"];
        EXPECT_THAT(shown, EndsWith(letter + "\u2026"));
        EXPECT_EQ((shown.size() - 3) % letter.size(), 0U) << "a letter was cut in two";
    }
    json document = document_for("ntfy");
    document["message"]["link"] = "https://tally.example.org/" + std::string(4000, 'x');
    EXPECT_THROW(request_of(document), Problem);
}

TEST(Gotify, A05_HasItsKeyAndTheLink) {
    json document = document_for("gotify");
    for (const char* url : {"https://gotify.example.org", "https://gotify.example.org/"}) {
        document["channel"]["url"] = url;
        const HttpRequest request = request_of(document);
        EXPECT_EQ(request.url, "https://gotify.example.org/message");
        EXPECT_THAT(request.headers, Contains("X-Gotify-Key: tk_1"));
        EXPECT_THAT(request.headers, Not(Contains(StartsWith("Authorization"))));
        const json body = json::parse(request.body);
        EXPECT_EQ(body["title"], "Sign-in to tally");
        EXPECT_EQ(body["message"], "alice, ssh, from 203.0.113.9\n\nLook: https://tally.example.org/a/T0");
        EXPECT_EQ(body["extras"]["client::notification"]["click"]["url"], "https://tally.example.org/a/T0");
    }
}

// A chat may hold others: the page, where the receiver shows who they are, and no button.
TEST(Slack, A05_HasTheLinkAlone) {
    json document = document_for("slack");
    const json body = json::parse(request_of(document).body);
    EXPECT_EQ(body["text"],
              "Sign-in to tally\nalice, ssh, from 203.0.113.9\n<https://tally.example.org/a/T0|Look>");
    EXPECT_EQ(body["unfurl_links"], false);
}

TEST(Slack, X27_NamesMakeNoMarkUp) {
    json document = document_for("slack");
    document["message"]["text"] = "from <!channel> & <https://evil.example|tally>";
    document["message"]["labels"]["open"] = "a>b|c";
    const std::string text = json::parse(request_of(document).body)["text"];
    EXPECT_THAT(text, HasSubstr("from &lt;!channel&gt; &amp; &lt;https://evil.example|tally&gt;\n"));
    EXPECT_THAT(text, EndsWith("|a&gt;b|c>"));
}

TEST(Webhook, A05_IsSigned) {
    json document = document_for("webhook");
    document["channel"] = {{"type", "webhook"}, {"url", "https://example.org/hook"}, {"secret", "hush"}};
    const HttpRequest request = request_of(document);
    json facts = sample_document()["message"];
    facts.erase("labels");
    EXPECT_EQ(json::parse(request.body), facts);
    ASSERT_EQ(request.headers.size(), 2U);
    EXPECT_THAT(request.headers[1], testing::MatchesRegex("Warifu-Signature: t=1700000000,v1=[0-9a-f]{64}"));
    document["channel"].erase("secret");
    EXPECT_EQ(request_of(document).headers.size(), 1U);
}

}  // namespace
}  // namespace warifu::notifier
