#include "notifier/mail.h"

#include <gmock/gmock.h>

#include <sstream>

#include "notifier/encoding.h"
#include "tests/unit/notifier/sample_document.h"

namespace warifu::notifier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string mail_of(const json& message) {
    const json channel = {{"type", "mail"},
                          {"url", "smtp://localhost"},
                          {"from", "warifu@tally.example.org"},
                          {"address", "alice@example.org"}};
    const Document document = parse(json{{"channel", channel}, {"message", message}}.dump());
    return mail(document.channel, document.message, 1'700'000'000, "0123abcd");
}
json message_with(const char* field, const std::string& value) {
    json message = sample_document()["message"];
    message[field] = value;
    return message;
}
std::string line_that_begins(const std::string& mail, const std::string& begin) {
    const auto at = mail.find("\r\n" + begin);
    return at == mail.npos ? "" : mail.substr(at + 2, mail.find("\r\n", at + 2) - at - 2);
}

TEST(Mail, A05_IsWhatTheStandardsWant) {
    EXPECT_EQ(mail_of(sample_document()["message"]),
              "From: <warifu@tally.example.org>\r\n"
              "To: <alice@example.org>\r\n"
              "Subject: Sign-in to tally\r\n"
              "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
              "Message-ID: <0123abcd@tally.example.org>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "Content-Language: en\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: base64\r\n"
              "\r\n"
              "YWxpY2UsIHNzaCwgZnJvbSAyMDMuMC4xMTMuOQ0KDQpMb29rOiBodHRwczovL3RhbGx5LmV4YW1w\r\n"
              "bGUub3JnL2EvVDANCg==\r\n");
}

TEST(Mail, A05_ASubjectBeyondAsciiIsInEncodedWords) {
    std::string title;
    for (int i = 0; i < 80; ++i) title += "\u5272";
    const std::string mail = mail_of(message_with("title", title));
    const auto begin = mail.find("Subject: ") + 9, end = mail.find("\r\nDate: ");
    std::istringstream words(mail.substr(begin, end - begin));
    for (std::string word; words >> word;) {
        EXPECT_THAT(word, testing::MatchesRegex("=\\?UTF-8\\?B\\?[A-Za-z0-9+/=]{1,63}\\?="));
        // Whole characters in each: three bytes, four letters.
        EXPECT_EQ((word.size() - 12) % 4, 0U);
        EXPECT_EQ(word.find('='), 0U) << "padding in the middle of nothing";
    }
    EXPECT_THAT(mail_of(message_with("title", "a =?UTF-8?B?eA==?= b")), HasSubstr("Subject: =?UTF-8?B?YSA9"));
}

TEST(Mail, A05_NoLineIsLongerThanItMayBe) {
    std::istringstream lines(mail_of(message_with("text", std::string(5'000, 'x'))));
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 79U);  // with its CR
        EXPECT_TRUE(line.ends_with('\r'));
    }
}

TEST(Mail, X27_ATitleCannotAddAHeader) {
    const std::string mail = mail_of(message_with("title", "x\r\nBcc: everybody@example.org\r\n\r\nhello"));
    EXPECT_EQ(line_that_begins(mail, "Bcc"), "");
    EXPECT_EQ(line_that_begins(mail, "Subject"),
              "Subject: x\\x0d\\x0aBcc: everybody@example.org\\x0d\\x0a\\x0d\\x0ahello");
}

TEST(Mail, A05_WhoMayNotOpenThePageGetsTheLinksThatDecide) {
    json message = sample_document()["message"];
    message.erase("link");
    const std::string mail = mail_of(message);
    EXPECT_THAT(
        mail,
        HasSubstr(base64("alice, ssh, from 203.0.113.9\r\n\r\nLet in: https://tally.exam").substr(0, 70)));
}

// RFC 4231, test case 2.
TEST(Encoding, A05_TheSignatureIsHmacSha256) {
    EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace warifu::notifier
