#include "notifier/document.h"

#include <gmock/gmock.h>

#include "tests/unit/notifier/sample_document.h"

namespace warifu::notifier {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

// Why it is refused; empty where it is not.
std::string refusal(const std::string& text) {
    try {
        parse(text);
        return "";
    } catch (const Problem& problem) {
        return problem.what();
    }
}
std::string refusal(const json& document) {
    return refusal(document.dump());
}
json with(const char* part, const char* field, const json& value) {
    json document = sample_document();
    document[part][field] = value;
    return document;
}

TEST(Document, A05_IsReadWithAllThatItHas) {
    const Document document = parse(sample_document().dump());
    EXPECT_EQ(document.channel.topic, "alice");
    EXPECT_EQ(document.message.approve, "https://tally.example.org/a/T1");
    EXPECT_EQ(document.message.deny_label, "Refuse");
    json facts = sample_document()["message"];
    facts.erase("labels");
    EXPECT_EQ(document.message.facts, facts);
}

TEST(Document, A05_ABlindReceiversHasNoLinksAndNoFacts) {
    json document = sample_document();
    for (const char* field : {"link", "approve", "deny", "request"}) document["message"].erase(field);
    const Message message = parse(document.dump()).message;
    EXPECT_EQ(message.link + message.approve + message.deny, "");
    EXPECT_FALSE(message.facts.contains("request"));
}

TEST(Document, A05_WhatIsMissingIsNamed) {
    struct Need {
        const char *type, *field;
    };
    for (const Need& need :
         {Need{"ntfy", "url"}, Need{"ntfy", "topic"}, Need{"gotify", "token"}, Need{"slack", "url"},
          Need{"webhook", "url"}, Need{"mail", "from"}, Need{"mail", "address"}, Need{"command", "argv"}}) {
        json document = sample_document();
        json& channel = document["channel"];
        const bool mail = std::string(need.type) == "mail";
        channel = {{"type", need.type},
                   {"url", mail ? "smtp://localhost" : "https://example.org"},
                   {"token", "tk"},
                   {"topic", "alice"},
                   {"from", "warifu@example.org"},
                   {"address", "alice@example.org"},
                   {"argv", {"/usr/bin/true"}}};
        EXPECT_EQ(refusal(document), "") << need.type;
        channel[need.field] = channel[need.field].is_array() ? json::array() : json("");
        EXPECT_EQ(refusal(document), std::string(need.type) + ": the channel has no " + need.field);
        channel.erase(need.field);
        EXPECT_EQ(refusal(document), std::string(need.type) + ": the channel has no " + need.field);
    }
    EXPECT_THAT(refusal(with("channel", "type", "pigeon")), HasSubstr("none of ntfy"));
    EXPECT_THAT(refusal(with("message", "title", "")), HasSubstr("no title"));
}

TEST(Document, A05_WhatIsNoDocumentIsRefused) {
    for (const char* text : {"", "null", "[]", "{", "{\"channel\":{}}", "{\"channel\":[],\"message\":{}}",
                             "{} {}", "{\"channel\":{\"type\":7},\"message\":{}}"})
        EXPECT_NE(refusal(std::string(text)), "") << text;
    EXPECT_THAT(refusal(with("message", "text", std::string(most_document_bytes, 'x'))), HasSubstr("64 KiB"));
    EXPECT_THAT(refusal(std::string(20'000, '[')), HasSubstr("nested too deep"));
    EXPECT_NE(refusal(std::string("{\"channel\":{\"type\":\"nt\xff\"}}")), "");
}

// Other protocols are out of reach, and so is a local file.
TEST(Document, A05_AnAddressIsOfTheProtocolsThatAreMeant) {
    for (const char* url :
         {"file:///etc/shadow", "ftp://example.org", "gopher://example.org", "example.org",
          "smtp://example.org", "scp://example.org", "//example.org", " https://example.org"})
        EXPECT_NE(refusal(with("channel", "url", url)), "") << url;
    json mail = with("channel", "type", "mail");
    mail["channel"]["from"] = mail["channel"]["address"] = "alice@example.org";
    EXPECT_THAT(refusal(mail), HasSubstr("smtp://"));
    EXPECT_THAT(refusal(with("message", "link", "javascript:alert(1)")), HasSubstr("message.link"));
    EXPECT_THAT(refusal(with("message", "deny", "https://example.org/<a>")), HasSubstr("message.deny"));
    json command = with("channel", "type", "command");
    command["channel"]["argv"] = {"hook"};
    EXPECT_THAT(refusal(command), HasSubstr("whole path"));
}

// Nothing ends a line of a head or a command of SMTP, and what is refused is not repeated.
TEST(Document, X27_NothingIsInjectedIntoHeads) {
    for (const char* field : {"url", "token", "topic", "from", "address"}) {
        for (const char* value : {"a\r\nBcc: everybody", "a\nb", "a b", "a\x1b[2J", "a\x7f", "\u3042"}) {
            const std::string reason = refusal(with("channel", field, value));
            EXPECT_THAT(reason, HasSubstr(field));
            EXPECT_THAT(reason, Not(HasSubstr("everybody")));
        }
    }
    json mail = with("channel", "type", "mail");
    mail["channel"]["url"] = "smtp://localhost";
    mail["channel"]["from"] = "warifu@example.org";
    for (const char* address : {"a>,<b@example.org", "a@b@c", "<a@example.org>",
                                "a@example.org,b@example.org", "-oQ/tmp@example.org", "@example.org", "a@"}) {
        mail["channel"]["address"] = address;
        EXPECT_THAT(refusal(mail), HasSubstr("not one plain address")) << address;
    }
    mail["channel"]["address"] = "root";
    EXPECT_EQ(refusal(mail), "");
}

TEST(Document, X27_TitleAndTextAreFitToBeShown) {
    json document = with("message", "title", "Sign-in from \x1b]0;x\x07\r\n%s; rm");
    document["message"]["text"] = "first\nsecond\u202e\u009b";
    const Message message = parse(document.dump()).message;
    EXPECT_EQ(message.title, "Sign-in from \\x1b]0;x\\x07\\x0d\\x0a%s; rm");
    EXPECT_EQ(message.facts["title"], message.title);
    EXPECT_LE(parse(with("message", "title", std::string(300, 'x')).dump()).message.title.size(), 256U);
}

TEST(Where, A05_GivesAwayNoPathAndNoPassword) {
    EXPECT_EQ(where("https://hooks.slack.com/services/T/B/secret"), "https://hooks.slack.com");
    EXPECT_EQ(where("https://user:pass@ntfy.example.org:8443?auth=x"), "https://ntfy.example.org:8443");
    EXPECT_EQ(where("smtp://a:b@c:d@mail"), "smtp://mail");
    EXPECT_EQ(where("nonsense"), "");
}

}  // namespace
}  // namespace warifu::notifier
