// What the pages are made of: text that nothing breaks out of, languages, words, moments.
#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>

#include "gateway/pages/approval_page.h"
#include "gateway/pages/html.h"
#include "gateway/pages/moment.h"
#include "gateway/pages/page.h"
#include "gateway/pages/words.h"

namespace warifu::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Html, X27_NothingBreaksOut) {
    EXPECT_EQ(html::text("<b onload='x'>\"&amp;"), "&lt;b onload=&#39;x&#39;&gt;&quot;&amp;amp;");
    EXPECT_EQ(html::text("承認 naïve ; x %s $(id)"), "承認 naïve ; x %s $(id)");
}

TEST(Html, X27_WhatPrintsNothingIsShown) {
    EXPECT_EQ(html::text("a\x1b[31mb\r\n\tc"), "a\\x1b[31mb\\x0d\\x0a\\x09c");
    EXPECT_EQ(html::text(std::string("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(html::text("\u202egnp.exe\u202c"), "\\u{202e}gnp.exe\\u{202c}");
    EXPECT_EQ(html::text("a\u200bb\u2066c\ufeffd\u061ce\u2028f\u00adg\U000E0041h\u0085"),
              "a\\u{200b}b\\u{2066}c\\u{feff}d\\u{61c}e\\u{2028}f\\xadg\\u{e0041}h\\x85");
    EXPECT_EQ(html::text("\xff\xc0\x80 \xed\xa0\x80\xe6\x89"), "\\xff\\xc0\\x80 \\xed\\xa0\\x80\\xe6\\x89");
    EXPECT_EQ(html::lines("a\n\tb\x1b"), "a\n\tb\\x1b");
}

TEST(Languages, G03_TheBestThatTheBrowserNames) {
    using enum Language;
    for (const char* header : {"ja", "ja-JP", "JA-jp,en;q=0.9", "en;q=0.5, ja;q=0.6", "fr, ja",
                               "ja;q=1.0,en;q=0.999", "en;q=0,ja;q=0.001", "*, ja", "ja , en"}) {
        EXPECT_EQ(preferred_language(header), japanese) << header;
    }
    for (const char* header : {"", "en", "en-GB,ja;q=0.9", "fr", "*", "ja;q=0", "jav", "ja;q=x", "ja;level=1",
                               ";;,,=", "en;q=0.8,ja;q=0.8"}) {
        EXPECT_EQ(preferred_language(header), english) << header;
    }
    EXPECT_EQ(language_named("ja", english), japanese);
    EXPECT_EQ(language_named("en", japanese), english);
    EXPECT_EQ(language_named("fr", japanese), japanese);
}

int holes_in(std::string_view text, char digit) {
    int count = 0;
    for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
        count += at + 1 < text.size() && text[at + 1] == digit ? 1 : 0;
    }
    return count;
}

// That none is missing or empty the compiler has seen.
TEST(Words, G03_HaveTheSameHolesInEachLanguage) {
    for (int i = 0; i < static_cast<int>(Word::end_of_words); ++i) {
        const auto word = static_cast<Word>(i);
        for (const char digit : {'1', '2'}) {
            EXPECT_EQ(holes_in(words(word, Language::english), digit),
                      holes_in(words(word, Language::japanese), digit))
                << words(word, Language::english);
        }
    }
    EXPECT_EQ(words(Word::approvals_of, Language::english, {"1", "%1"}), "1 of %1");
    EXPECT_EQ(words(Word::text_recorded, Language::japanese, {"1", "2"}),
              "2 人中 1 人が承認しました。残りの承認を待っています。");
}

TEST(Moments, AreRelativeAndByThisHostsClock) {
    setenv("TZ", "JST-9", 1);
    tzset();
    constexpr std::int64_t noon = 1'700'017'200;  // 2023-11-15 12:00:00 JST
    EXPECT_EQ(until(noon + 54, noon, Language::english), "in 54 s (12:00:54 JST)");
    EXPECT_EQ(until(noon + 54, noon, Language::japanese), "残り 54 秒（12:00:54 JST）");
    EXPECT_EQ(until(noon + 119, noon, Language::english), "in 119 s (12:01:59 JST)");
    EXPECT_EQ(until(noon + 179, noon, Language::english), "in 2 min (12:02:59 JST)");
    EXPECT_EQ(until(noon + 3 * 3600, noon, Language::english), "in 3 h (15:00:00 JST)");
    EXPECT_EQ(until(noon + 7 * 86400, noon, Language::english), "in 7 days (2023-11-22 12:00 JST)");
    EXPECT_EQ(until(noon, noon, Language::english), "now");
    EXPECT_EQ(until(noon - 5, noon, Language::english), "now");
}

TEST(Page, G08_PermitsItsOwnStyleAndNothingElse) {
    const HttpResponse response = page_response(page(Language::english, "<Title>", "<p>body</p>\n"), 404);
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(response.body, AllOf(HasSubstr("<title>&lt;Title&gt;</title>"), HasSubstr("<p>body</p>"),
                                     HasSubstr("<html lang=\"en\">"), HasSubstr("name=\"viewport\"")));
    ASSERT_EQ(response.headers.at(0).first, "Content-Security-Policy");
    EXPECT_THAT(response.headers.at(0).second,
                AllOf(testing::StartsWith("default-src 'none'; style-src 'sha256-"),
                      HasSubstr("; form-action 'self'"), HasSubstr("; frame-ancestors 'none'"),
                      HasSubstr("; base-uri 'none'"), Not(HasSubstr("unsafe"))));
}

Holding sample() {
    Holding holding;
    holding.blind = false;
    holding.purpose = "approve";
    holding.holder = "user:alice";
    holding.request.kind = "sign_in";
    holding.request.state = "pending";
    holding.request.user = "alice";
    holding.request.service = "sshd";
    holding.request.host = "tally";
    holding.request.rhost = "203.0.113.9";
    holding.request.expires = 1'700'017'254;
    return holding;
}
constexpr std::int64_t noon = 1'700'017'200;

TEST(ApprovalPage, A06_ShowsWhoWhereAndFromWhere) {
    const std::string shown = approval_page(sample(), Language::english, noon);
    for (const char* text :
         {"<h1>Approve this sign-in?</h1>", ">alice<", ">sshd<", ">tally<", ">203.0.113.9<", "in 54 s",
          "value=\"approve\"", "value=\"not_now\"", "value=\"not_me\"", "This wasn&#39;t me",
          "name=\"language\" value=\"en\"", "<form method=\"post\">"}) {
        EXPECT_THAT(shown, HasSubstr(text));
    }
    EXPECT_THAT(shown, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("name=\"number\""))));
}

TEST(ApprovalPage, A06_AnActionShowsWhatIsDone) {
    Holding holding = sample();
    holding.request.kind = "action";
    holding.request.command = "/usr/bin/rm -rf '/srv/web'";
    holding.request.run_as = "root";
    holding.request.directory = "/srv";
    holding.request.message = "Stamp the contract";
    holding.request.digest = "sha256:0f";
    holding.request.needed = 2;
    holding.request.approvals = 1;
    const std::string shown = approval_page(holding, Language::english, noon);
    for (const char* text : {"Approve this action?", "rm -rf &#39;/srv/web&#39;", ">root<", ">/srv<",
                             "Stamp the contract", "sha256:0f", "1 of 2"}) {
        EXPECT_THAT(shown, HasSubstr(text));
    }
}

TEST(ApprovalPage, A06_TheNumberIsShownOrAskedFor) {
    Holding holding = sample();
    holding.request.number_mode = "shown";
    holding.request.number = "42";
    EXPECT_THAT(approval_page(holding, Language::english, noon), HasSubstr("<p class=\"number\">42</p>"));
    holding.request.number_mode = "typed";
    const std::string typed = approval_page(holding, Language::english, noon);
    EXPECT_THAT(typed, AllOf(HasSubstr("name=\"number\""), Not(HasSubstr(">42<"))));
    // Who refuses types nothing.
    EXPECT_THAT(typed, HasSubstr("value=\"not_now\" class=\"quiet\" formnovalidate"));
    EXPECT_THAT(typed, HasSubstr("value=\"approve\" class=\"go\">"));
}

TEST(ApprovalPage, A06_ABlindHolderSeesNothingOfThePerson) {
    Holding holding = sample();
    holding.blind = true;
    holding.request.message = "secret message";
    holding.request.number_mode = "shown";
    holding.request.number = "42";
    const std::string shown = approval_page(holding, Language::english, noon);
    for (const char* text : {"alice", "sshd", "tally", "203.0.113.9", "secret message"}) {
        EXPECT_THAT(shown, Not(HasSubstr(text)));
    }
    EXPECT_THAT(shown, AllOf(HasSubstr("Approve this request?"), HasSubstr(">42<"), HasSubstr("in 54 s")));
}

TEST(ApprovalPage, A06_EachPurposeHasItsButtons) {
    for (const char* purpose : {"activate", "deactivate", "toggle", "arm", "disarm"}) {
        Holding holding = sample();
        holding.purpose = purpose;
        const std::string shown = approval_page(holding, Language::english, noon);
        EXPECT_THAT(shown, AllOf(HasSubstr(std::string("value=\"") + purpose + "\""),
                                 Not(HasSubstr("value=\"approve\"")), Not(HasSubstr("not_me"))));
    }
    Holding denial = sample();
    denial.purpose = "deny";
    EXPECT_THAT(approval_page(denial, Language::english, noon),
                AllOf(HasSubstr("Refuse this sign-in?"), HasSubstr("value=\"not_me\""),
                      Not(HasSubstr("value=\"approve\""))));
}

// Somebody else cannot know who it was.
TEST(ApprovalPage, A06_AnotherApproverIsAskedOtherwise) {
    Holding holding = sample();
    holding.holder = "user:bob";
    EXPECT_THAT(approval_page(holding, Language::english, noon),
                AllOf(HasSubstr("This is not genuine"), Not(HasSubstr("wasn&#39;t me"))));
}

TEST(ApprovalPage, X27_HostileNamesAreShownEscaped) {
    Holding holding = sample();
    const std::string hostile = "; x %s <script>alert(1)</script>\"'\x1b]0;\n\u202e" + std::string(300, 'x');
    for (std::string* field : {&holding.request.user, &holding.request.service, &holding.request.host,
                               &holding.request.rhost, &holding.request.tty, &holding.request.user_agent,
                               &holding.request.command, &holding.request.run_as, &holding.request.directory,
                               &holding.request.message, &holding.request.digest, &holding.holder}) {
        *field = hostile;
    }
    const std::string shown = approval_page(holding, Language::japanese, noon);
    EXPECT_THAT(shown, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e"))));
    std::size_t times = 0;
    const std::string escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;\\x1b]0;\\x0a\\u{202e}";
    for (auto at = shown.find(escaped); at != shown.npos; at = shown.find(escaped, at + 1)) ++times;
    EXPECT_EQ(times, 11U);
}

TEST(OutcomePage, A06_SaysWhatBecameOfIt) {
    const auto shown = [](const char* result, const char* decision, const char* state, int approvals = 0) {
        Outcome outcome{result, decision, sample().request};
        outcome.request.state = state;
        outcome.request.needed = 2;
        outcome.request.approvals = approvals;
        return outcome_page(outcome, Language::english);
    };
    EXPECT_THAT(shown("done", "approve", "approved", 2), HasSubstr("<h1>Approved</h1>"));
    EXPECT_THAT(shown("done", "approve", "pending", 1), HasSubstr("1 of 2 approvals"));
    EXPECT_THAT(shown("done", "not_now", "denied"),
                AllOf(HasSubstr("<h1>Refused</h1>"), Not(HasSubstr("alarm"))));
    EXPECT_THAT(shown("done", "not_me", "denied"), AllOf(HasSubstr("<h1>Refused</h1>"), HasSubstr("alarm")));
    EXPECT_THAT(shown("wrong_number", "approve", "pending"),
                AllOf(HasSubstr("not the number"), HasSubstr("Try again")));
    EXPECT_THAT(shown("wrong_number", "approve", "denied"),
                AllOf(HasSubstr("too often"), Not(HasSubstr("Try again"))));
    EXPECT_THAT(shown("not_yet", "activate", "pending"), HasSubstr("<h1>Not yet</h1>"));
    EXPECT_THAT(shown("done", "activate", "pending"), HasSubstr("<h1>Done</h1>"));
}

}  // namespace
}  // namespace warifu::gateway
