// /a/{token}: what an approver's link shows and does.
#include <gmock/gmock.h>

#include "tests/unit/gateway/running_gateway.h"
#include "tests/unit/gateway/scripted_warifud.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
const Headers as_json{{"Content-Type", "application/json; charset=utf-8"}};

class Approvals : public testing::Test {
  protected:
    Approvals() {
        show({});
        decided("done", "approved");
    }
    void show(const json& changes, const std::string& language = "en", bool blind = false) {
        warifud.answers("Token", {{"request", sample_request(changes)},
                                  {"purpose", "approve"},
                                  {"holder", "user:alice"},
                                  {"language", language},
                                  {"blind", blind}});
    }
    void decided(const std::string& result, const std::string& state) {
        warifud.answers("Decide", {{"result", result}, {"request", sample_request({{"state", state}})}});
    }
    HttpAnswer post(const Headers& headers, const std::string& body) {
        return ask(gateway, "POST", "/a/tok-1", headers, body);
    }
    json last_decision() { return warifud.calls("Decide").back(); }

    ScriptedWarifud warifud;
    RunningGateway gateway{warifud.socket()};
};

// Previews, scanners and chat bots issue GETs.
TEST_F(Approvals, A06_AGetDecidesNothing) {
    for (const char* target : {"/a/tok-1", "/a/tok-1?decision=approve", "/a/tok-1?utm_source=mail&x=%"}) {
        const HttpAnswer answer = ask(gateway, "GET", target);
        EXPECT_EQ(answer.status, 200) << target;
        EXPECT_EQ(answer.header("content-type"), "text/html; charset=utf-8");
        EXPECT_THAT(answer.body, AllOf(HasSubstr("Approve this sign-in?"), HasSubstr("alice")));
    }
    EXPECT_EQ(ask(gateway, "HEAD", "/a/tok-1").status, 200);
    EXPECT_EQ(ask(gateway, "GET", "/a/tok-1", form, "decision=approve").status, 200);
    EXPECT_THAT(warifud.methods(), Each("Token"));
    EXPECT_EQ(warifud.calls("Token").at(0), json({{"token", "tok-1"}}));
}

TEST_F(Approvals, A06_AFormIsAButtonThatWasPressed) {
    const HttpAnswer answer = post(form, "language=en&number=&decision=approve");
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("<h1>Approved</h1>"));
    EXPECT_EQ(last_decision(), json({{"token", "tok-1"}, {"decision", "approve"}}));
    // Full-width digits, and the blanks of an input method.
    post(form, "number=+%EF%BC%94%E3%80%80%EF%BC%92+&decision=approve");
    EXPECT_EQ(last_decision(), json({{"token", "tok-1"}, {"decision", "approve"}, {"number", "42"}}));
    decided("done", "denied");
    EXPECT_THAT(post(form, "decision=not_me").body, HasSubstr("<h1>Refused</h1>"));
    EXPECT_EQ(last_decision().at("decision"), "not_me");
}

// A mail scanner submits forms, and no browser sends one without the button that was pressed.
TEST_F(Approvals, A06_AFormWithoutADecisionDecidesNothing) {
    for (const char* body : {"", "number=42", "language=en"}) {
        const HttpAnswer answer = post(form, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.header("content-type"), "text/html; charset=utf-8");
    }
    EXPECT_EQ(post(form, "decision=approve&decision=not_now").status, 400);
    EXPECT_EQ(post(form, "decision=approve&more=1").status, 400);
    EXPECT_EQ(post({{"Content-Type", "multipart/form-data; boundary=x"}}, "").status, 415);
    EXPECT_EQ(post({{"Content-Type", "text/plain"}}, "").status, 415);
    EXPECT_EQ(post({}, "decision=approve").status, 415);
    EXPECT_THAT(warifud.methods(), IsEmpty());
}

// As ntfy sends it, and a push-button of one's own.
TEST_F(Approvals, A06_AnEmptyPostIsTheTokensOwnPurpose) {
    for (const Headers& headers : {Headers{}, as_json}) {
        const HttpAnswer answer = post(headers, "");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(json::parse(answer.body), json({{"result", "done"}, {"state", "approved"}}));
        EXPECT_EQ(last_decision(), json({{"token", "tok-1"}}));
    }
    // Without a length, too.
    HttpClient client(gateway.port());
    client.send("POST /a/tok-1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 200);
}

TEST_F(Approvals, A06_JsonNamesWhatItWants) {
    post(as_json, R"({"decision":"toggle","seq":7})");
    EXPECT_EQ(last_decision(), json({{"token", "tok-1"}, {"decision", "toggle"}, {"seq", 7}}));
    post(as_json, R"({"number":"42"})");
    EXPECT_EQ(last_decision(), json({{"token", "tok-1"}, {"number", "42"}}));
    for (const char* body :
         {R"({"decision":1})", R"({"desision":"approve"})", R"({"language":"en"})", R"({"seq":"7"})", "[]",
          "approve", R"({"decision":"not_now","decision":"approve"})"}) {
        const HttpAnswer answer = post(as_json, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(json::parse(answer.body).at("error"), "invalid_request");
    }
    EXPECT_EQ(warifud.calls("Decide").size(), 2U);
}

TEST_F(Approvals, A06_AWrongNumberMayBeTriedAgain) {
    decided("wrong_number", "pending");
    const HttpAnswer page = post(form, "number=41&decision=approve");
    EXPECT_EQ(page.status, 422);
    EXPECT_THAT(page.body, AllOf(HasSubstr("That is not the number"), HasSubstr("href=\"\"")));
    const HttpAnswer answer = post(as_json, R"({"number":"41"})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(json::parse(answer.body).at("result"), "wrong_number");
    decided("wrong_number", "denied");
    EXPECT_THAT(post(form, "number=41&decision=approve").body, HasSubstr("too often"));
}

TEST_F(Approvals, A06_WhatIsDisarmedIsNotYet) {
    decided("not_yet", "pending");
    const HttpAnswer answer = post({}, "");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(json::parse(answer.body).at("result"), "not_yet");
    EXPECT_EQ(json::parse(answer.body).at("state"), "pending");
    EXPECT_THAT(post(form, "decision=activate").body, HasSubstr("<h1>Not yet</h1>"));
}

// Nobody learns whether a token ever was one.
TEST_F(Approvals, A06_SpentExpiredAndUnknownTokensAnswerAlike) {
    for (const char* method : {"Token", "Decide"}) {
        warifud.on(method, [](const json& call) -> json {
            const std::string token = call.at("token");
            throw Refused{"NotFound", {{"message", token == "spent" ? "this was spent at noon" : "unknown"}}};
        });
    }
    const auto alike = [&](const std::string& method, const Headers& headers, const std::string& body) {
        HttpAnswer first = ask(gateway, method, "/a/spent", headers, body);
        EXPECT_EQ(first.status, 404);
        for (const std::string& token :
             {std::string("unknown"), std::string("not%20a%20token"), std::string(2'000, 'a')}) {
            HttpAnswer other = ask(gateway, method, "/a/" + token, headers, body);
            first.headers["date"] = other.headers["date"];
            EXPECT_EQ(other.status, 404);
            EXPECT_EQ(other.headers, first.headers) << token;
            EXPECT_EQ(other.body, first.body) << token;
        }
        return first.body;
    };
    EXPECT_THAT(alike("GET", {}, ""), HasSubstr("<h1>This link is over</h1>"));
    EXPECT_THAT(alike("POST", form, "decision=approve"), HasSubstr("<h1>This link is over</h1>"));
    EXPECT_EQ(json::parse(alike("POST", {}, "")).at("error"), "not_found");
}

TEST_F(Approvals, G03_SpeakTheHoldersLanguage) {
    show({}, "ja");
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1").body,
                AllOf(HasSubstr("<html lang=\"ja\">"), HasSubstr("承認する")));
    show({}, "");
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1", {{"Accept-Language", "ja-JP,en;q=0.5"}}).body,
                HasSubstr("承認する"));
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1").body, HasSubstr("<html lang=\"en\">"));
    EXPECT_THAT(post(form, "decision=approve&language=ja").body, HasSubstr("承認しました"));
    warifud.on("Token", [](const json&) -> json { throw Refused{"NotFound", {{"message", "no"}}}; });
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1", {{"Accept-Language", "ja"}}).body,
                HasSubstr("このリンクは使えません"));
}

TEST_F(Approvals, A06_WhoIsBlindIsToldNothing) {
    show({{"user", "alice"}, {"rhost", "203.0.113.9"}}, "en", true);
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1").body,
                AllOf(Not(HasSubstr("alice")), Not(HasSubstr("203.0.113.9"))));
    // Also where warifud did not say: fail closed.
    warifud.answers(
        "Token", {{"request", sample_request()}, {"purpose", "approve"}, {"holder", ""}, {"language", "en"}});
    EXPECT_THAT(ask(gateway, "GET", "/a/tok-1").body, Not(HasSubstr("alice")));
}

TEST_F(Approvals, X27_HostileNamesComeOutEscaped) {
    show({{"user", "<script>\x1b[2J"}, {"rhost", "\u202e%s; x\n"}, {"command", std::string(3'000, '\'')}});
    const HttpAnswer answer = ask(gateway, "GET", "/a/tok-1");
    EXPECT_THAT(answer.body, AllOf(HasSubstr("&lt;script&gt;\\x1b[2J"), HasSubstr("\\u{202e}%s; x\\x0a"),
                                   Not(HasSubstr("<script")), Not(HasSubstr("\x1b"))));
}

TEST_F(Approvals, A06_WhatWarifudRefusesIsTold) {
    warifud.on("Decide", [](const json&) -> json {
        throw Refused{"Denied", {{"reason", "limited"}, {"message", "too many"}, {"retry_after", 30}}};
    });
    const HttpAnswer limited = post({}, "");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.header("retry-after"), "30");
    const HttpAnswer page = post(form, "decision=approve");
    EXPECT_EQ(page.status, 429);
    EXPECT_EQ(page.header("retry-after"), "30");
    EXPECT_THAT(page.body, HasSubstr("Too many tries"));
    warifud.on("Decide", [](const json&) -> json { throw Refused{"Conflict", {{"message", "decided"}}}; });
    EXPECT_EQ(post(form, "decision=approve").status, 409);
    warifud.on("Decide", [](const json&) -> json { throw HangUp(); });
    EXPECT_EQ(post(form, "decision=approve").status, 503);
}

}  // namespace
}  // namespace warifu::test
