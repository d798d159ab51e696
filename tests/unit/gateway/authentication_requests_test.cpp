// /v1/bc-authorize, /v1/ask and /v1/devices: what sites and push-buttons call.
#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "tests/unit/gateway/running_gateway.h"
#include "tests/unit/gateway/scripted_warifud.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

const Headers with_key{{"Authorization", "Bearer secret-key"}};
const Headers json_with_key{{"Authorization", "Bearer secret-key"}, {"Content-Type", "application/json"}};
const Headers form_with_key{{"Authorization", "Bearer secret-key"},
                            {"Content-Type", "application/x-www-form-urlencoded"}};

class AuthenticationRequests : public testing::Test {
  protected:
    AuthenticationRequests() {
        warifud.answers("Ask", {{"request", sample_request({{"number", "42"}})}, {"interval", 2}});
        poll_says({});
        warifud.answers("Consume", {{"request", sample_request({{"state", "consumed"}})}});
        warifud.answers("CancelRequest", {{"request", sample_request({{"state", "cancelled"}})}});
    }
    void poll_says(const json& changes) { warifud.answers("Poll", {{"request", sample_request(changes)}}); }
    void conflicts(const std::string& method) {
        warifud.on(method, [](const json&) -> json { throw Refused{"Conflict", {{"message", "too late"}}}; });
    }
    json answer(const std::string& method, const std::string& target, int status,
                const Headers& headers = with_key, const std::string& body = "") {
        const HttpAnswer got = ask(gateway, method, target, headers, body);
        EXPECT_EQ(got.status, status) << got.body;
        return json::parse(got.body);
    }
    json verdict(const std::string& body = R"({"login_hint":"u1"})") {
        return answer("POST", "/v1/ask", 200, json_with_key, body);
    }

    ScriptedWarifud warifud;
    RunningGateway gateway{warifud.socket()};
};

TEST_F(AuthenticationRequests, G02_AreMadeInCibasTerms) {
    const json made = answer("POST", "/v1/bc-authorize", 200, json_with_key, R"({"login_hint":"u1",
        "binding_message":"Stamp it","requested_expiry":90,"kind":"action","initially":"inactive",
        "context":{"service":"shop","host":"www","rhost":"203.0.113.9","user_agent":"Mozilla","tty":"t","command":"c",
        "digest":"d"},"approvers":["self","group:guards"],"min_approvals":2,"request_key":"r1"})");
    EXPECT_EQ(made.at("auth_req_id"), "req-1");
    EXPECT_EQ(made.at("state"), "pending");
    EXPECT_EQ(made.at("interval"), 2);
    EXPECT_EQ(made.at("number"), "42");
    EXPECT_GT(made.at("expires_in"), 0);
    EXPECT_LE(made.at("expires_in"), 60);
    EXPECT_EQ(warifud.calls("Ask").at(0), json({{"key", "secret-key"},
                                                {"user", "u1"},
                                                {"kind", "action"},
                                                {"initially", "inactive"},
                                                {"message", "Stamp it"},
                                                {"digest", "d"},
                                                {"service", "shop"},
                                                {"rhost", "203.0.113.9"},
                                                {"user_agent", "Mozilla"},
                                                {"host", "www"},
                                                {"tty", "t"},
                                                {"command", "c"},
                                                {"seconds", 90},
                                                {"approvers", {"self", "group:guards"}},
                                                {"min_approvals", 2},
                                                {"request_key", "r1"}}));
    answer("POST", "/v1/bc-authorize", 200, json_with_key, R"({"login_hint":"u1"})");
    EXPECT_EQ(warifud.calls("Ask").at(1), json({{"key", "secret-key"},
                                                {"user", "u1"},
                                                {"kind", "sign_in"},
                                                {"message", ""},
                                                {"approvers", json::array()}}));
}

TEST_F(AuthenticationRequests, G02_AMalformedOneIsRefusedByItsField) {
    const auto described = [&](const std::string& body) {
        return answer("POST", "/v1/bc-authorize", 400, json_with_key, body)
            .at("error_description")
            .get<std::string>();
    };
    EXPECT_EQ(described("{}"), "login_hint: this is missing");
    EXPECT_EQ(described(R"({"login_hint":"u","user":"u"})"), "user: this is not known here");
    EXPECT_EQ(described(R"({"login_hint":"u","context":{"remote":"x"}})"),
              "context.remote: this is not known here");
    EXPECT_EQ(described(R"({"login_hint":"u","rhost":"x"})"), "rhost: this is not known here");
    EXPECT_EQ(described(R"({"login_hint":"u","approvers":"self"})"),
              "approvers: a list of strings is wanted");
    answer("POST", "/v1/bc-authorize", 415, form_with_key, "login_hint=u");
    answer("POST", "/v1/bc-authorize?x=1", 400, json_with_key, R"({"login_hint":"u"})");
    EXPECT_THAT(warifud.methods(), IsEmpty());
    // More than crosses to warifud.
    const std::string huge(9'000, '\x01');
    answer("POST", "/v1/ask", 400, form_with_key, "login_hint=u&binding_message=" + huge);
}

// Without a key warifud would look at this process' uid, which must count for nobody.
TEST_F(AuthenticationRequests, X32_WithoutAKeyNothingIsAsked) {
    for (const Headers& headers :
         {Headers{{"Content-Type", "application/json"}},
          Headers{{"Content-Type", "application/json"}, {"Authorization", "Basic YTpi"}},
          Headers{{"Content-Type", "application/json"}, {"Authorization", "Bearer "}}}) {
        for (const auto& [method, target] :
             {std::pair("POST", "/v1/bc-authorize"), std::pair("POST", "/v1/ask"),
              std::pair("GET", "/v1/bc-authorize/req-1"), std::pair("DELETE", "/v1/bc-authorize/req-1"),
              std::pair("POST", "/v1/bc-authorize/req-1/consume")}) {
            const HttpAnswer refused = ask(gateway, method, target, headers, R"({"login_hint":"u"})");
            EXPECT_EQ(refused.status, 401) << target;
            EXPECT_EQ(refused.header("www-authenticate"), "Bearer");
            EXPECT_EQ(json::parse(refused.body).at("error"), "invalid_client");
        }
    }
    EXPECT_THAT(warifud.methods(), IsEmpty());
}

TEST_F(AuthenticationRequests, G02_ArePolledAsTheyAre) {
    poll_says({{"state", "approved"},
               {"rev", 3},
               {"approvals", 1},
               {"assertion", "ey.J.x"},
               {"decisions", {{{"by", "user:alice"}, {"what", "approve"}, {"at", 1'700'000'000}}}}});
    const json polled = answer("GET", "/v1/bc-authorize/req-1?rev=2&wait=25", 200);
    EXPECT_EQ(polled.at("state"), "approved");
    EXPECT_EQ(polled.at("rev"), 3);
    EXPECT_EQ(polled.at("decided_by"), "user:alice");
    EXPECT_EQ(polled.at("decided_at"), 1'700'000'000);
    EXPECT_EQ(polled.at("assertion"), "ey.J.x");
    EXPECT_EQ(warifud.calls("Poll").at(0),
              json({{"key", "secret-key"}, {"auth_req_id", "req-1"}, {"rev", 2}, {"wait", 25}}));
    poll_says({{"state", "denied"}, {"deny_reason", "not_me"}});
    EXPECT_EQ(answer("GET", "/v1/bc-authorize/req-1", 200).at("deny_reason"), "not_me");
    for (const char* query : {"wait=x", "wait=-1", "wait=1&wait=2", "rev=1.5", "wiat=25", "wait=%"}) {
        answer("GET", std::string("/v1/bc-authorize/req-1?") + query, 400);
    }
    answer("GET", "/v1/bc-authorize/no%20id", 404);
}

// Without a revision it is that of the moment which is waited at.
TEST_F(AuthenticationRequests, G02_ALongPollWaitsForAChange) {
    warifud.on("Poll", [](const json& call) {
        const bool waited = call.at("wait") == 25;
        return json{{"request", sample_request({{"rev", waited ? 6 : 5}, {"active", !waited}})}};
    });
    const json polled = answer("GET", "/v1/bc-authorize/req-1?wait=999", 200);
    EXPECT_EQ(polled.at("rev"), 6);
    EXPECT_EQ(polled.at("active"), false);
    EXPECT_EQ(warifud.calls("Poll").at(1).at("rev"), 5);
}

TEST_F(AuthenticationRequests, G02_AreRedeemedOnceAndCancelled) {
    EXPECT_EQ(answer("POST", "/v1/bc-authorize/req-1/consume", 200).at("state"), "consumed");
    EXPECT_EQ(answer("DELETE", "/v1/bc-authorize/req-1", 200).at("state"), "cancelled");
    for (const char* method : {"Consume", "CancelRequest"}) {
        EXPECT_EQ(warifud.calls(method).at(0), json({{"key", "secret-key"}, {"auth_req_id", "req-1"}}));
    }
    conflicts("Consume");
    poll_says({{"state", "consumed"}});
    const json late = answer("POST", "/v1/bc-authorize/req-1/consume", 409);
    EXPECT_EQ(late.at("error"), "conflict");
    EXPECT_EQ(late.at("state"), "consumed");
    answer("POST", "/v1/bc-authorize/req-1/consume", 400, json_with_key, R"({"force":true})");
}

TEST_F(AuthenticationRequests, G02_OneCallAsksWaitsAndRedeems) {
    poll_says({{"state", "approved"}, {"rev", 2}});
    EXPECT_EQ(verdict(), json({{"result", "allow"}, {"reason", "ok"}}));
    EXPECT_THAT(warifud.methods(), ElementsAre("Ask", "Poll", "Consume"));
    EXPECT_EQ(warifud.calls("Ask").at(0).at("seconds"), 60);
    EXPECT_EQ(warifud.calls("Poll").at(0).at("rev"), 1);
}

// Where nobody has to say yes, a token that makes the request active is enough.
TEST_F(AuthenticationRequests, G02_OneCallIsContentWithAnActiveRequest) {
    warifud.answers("Ask",
                    {{"request", sample_request({{"active", false}, {"needed", 0}})}, {"interval", 2}});
    poll_says({{"active", true}, {"needed", 0}, {"rev", 2}});
    EXPECT_EQ(verdict(), json({{"result", "allow"}, {"reason", "ok"}}));
    answer("POST", "/v1/ask", 400, json_with_key, R"({"login_hint":"u1","purposes":["activate"]})");
}

TEST_F(AuthenticationRequests, G02_TokensAreTheAskersToHandOut) {
    warifud.answers(
        "Ask",
        {{"request", sample_request()},
         {"interval", 2},
         {"tokens", {{{"purpose", "activate"}, {"token", "t1"}}, {{"purpose", "arm"}, {"token", "t2"}}}}});
    const json made = answer("POST", "/v1/bc-authorize", 200, json_with_key,
                             R"({"login_hint":"u1","purposes":["activate","arm"]})");
    EXPECT_EQ(warifud.calls("Ask").at(0).at("purposes"), json({"activate", "arm"}));
    EXPECT_EQ(made.at("tokens"),
              json({{{"purpose", "activate"}, {"token", "t1"}}, {{"purpose", "arm"}, {"token", "t2"}}}));
}

TEST_F(AuthenticationRequests, G02_OneCallTakesAForm) {
    poll_says({{"state", "denied"}, {"deny_reason", "not_now"}});
    const json said =
        answer("POST", "/v1/ask", 200, form_with_key,
               "login_hint=u1&binding_message=Open+the+door&rhost=203.0.113.9&requested_expiry=30&"
               "approvers=device%3Adoor&approvers=self");
    EXPECT_EQ(said, json({{"result", "deny"}, {"reason", "not_now"}}));
    const json asked = warifud.calls("Ask").at(0);
    EXPECT_EQ(asked.at("message"), "Open the door");
    EXPECT_EQ(asked.at("rhost"), "203.0.113.9");
    EXPECT_EQ(asked.at("seconds"), 30);
    EXPECT_EQ(asked.at("approvers"), json({"device:door", "self"}));
    answer("POST", "/v1/ask", 400, form_with_key, "login_hint=u1&context=x");
    answer("POST", "/v1/ask", 415, with_key, "login_hint=u1");
}

TEST_F(AuthenticationRequests, G02_WhateverIsNoApprovalIsADenial) {
    for (const char* state : {"expired", "cancelled", "revoked", "consumed"}) {
        poll_says({{"state", state}});
        EXPECT_EQ(verdict(), json({{"result", "deny"}, {"reason", state}}));
    }
    poll_says({{"state", "denied"}});
    EXPECT_EQ(verdict(), json({{"result", "deny"}, {"reason", "policy"}}));
    // Redeemed by somebody else, or made inactive, in between.
    conflicts("Consume");
    std::atomic<int> polls = 0;
    warifud.on("Poll", [&polls](const json&) {
        return json{{"request", sample_request({{"state", polls++ == 0 ? "approved" : "consumed"}})}};
    });
    EXPECT_EQ(verdict(), json({{"result", "deny"}, {"reason", "consumed"}}));
    poll_says({{"state", "approved"}});
    EXPECT_EQ(verdict(), json({{"result", "deny"}, {"reason", "inactive"}}));
    EXPECT_EQ(warifud.calls("CancelRequest").size(), 0U);
    // Approved, and made inactive again.
    poll_says({{"state", "approved"}, {"active", false}});
    EXPECT_EQ(verdict().at("result"), "deny");
    poll_says({{"state", "approved"}});
    // An approval that is not redeemed as it should be is none.
    warifud.answers("Consume", {{"request", sample_request({{"state", "approved"}})}});
    EXPECT_EQ(verdict().at("result"), "deny");
    warifud.on("Consume", [](const json&) -> json { throw HangUp(); });
    answer("POST", "/v1/ask", 503, json_with_key, R"({"login_hint":"u1"})");
}

// Nobody is left with a phone that rings for somebody who has gone.
TEST_F(AuthenticationRequests, G02_WhoHangsUpWithdrawsItsRequest) {
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Poll", [released](const json&) {
        released.wait();
        return json{{"request", sample_request()}};
    });
    {
        HttpClient client(gateway.port());
        client.send(http_request("POST", "/v1/ask", json_with_key, R"({"login_hint":"u1"})"));
        warifud.wait_for_calls("Poll", 1);
    }
    warifud.wait_for_calls("CancelRequest", 1);
    EXPECT_EQ(warifud.calls("CancelRequest").at(0), json({{"key", "secret-key"}, {"auth_req_id", "req-1"}}));
    EXPECT_EQ(warifud.calls("Consume").size(), 0U);
    release.set_value();
}

// Also where it goes before warifud has said which request it is.
TEST_F(AuthenticationRequests, G02_WhoHangsUpAtOnceWithdrawsItToo) {
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Ask", [released](const json&) {
        released.wait();
        return json{{"request", sample_request()}, {"interval", 2}};
    });
    {
        HttpClient client(gateway.port());
        client.send(http_request("POST", "/v1/ask", json_with_key, R"({"login_hint":"u1"})"));
        warifud.wait_for_calls("Ask", 1);
    }
    // That the gateway has seen the end cannot be seen from here; an answer to somebody else comes after it.
    warifud.answers("Health", {{"store", "ok"}});
    ask(gateway, "GET", "/healthz");
    release.set_value();
    warifud.wait_for_calls("CancelRequest", 1);
}

TEST_F(AuthenticationRequests, A06_AButtonPressesThroughItsSignature) {
    warifud.answers("Press", {{"result", "done"}, {"request", sample_request({{"state", "approved"}})}});
    const json pressed =
        answer("POST", "/v1/devices/front%20door/press", 200, {{"Content-Type", "application/json"}},
               R"({"counter":7,"body":"","mac":"00ff"})");
    EXPECT_EQ(pressed, json({{"result", "done"}, {"state", "approved"}}));
    EXPECT_EQ(warifud.calls("Press").at(0),
              json({{"device", "front door"}, {"counter", 7}, {"body", ""}, {"mac", "00ff"}}));
    answer("POST", "/v1/devices/door/press", 200, {{"Content-Type", "application/x-www-form-urlencoded"}},
           "counter=8&mac=00ff&relay=lora&body=x");
    EXPECT_EQ(warifud.calls("Press").at(1),
              json({{"device", "door"}, {"counter", 8}, {"body", "x"}, {"mac", "00ff"}, {"relay", "lora"}}));
    for (const char* body :
         {"counter=8", "mac=00ff", "counter=x&mac=00ff", "counter=8&mac=00ff&more=1", ""}) {
        answer("POST", "/v1/devices/door/press", 400, {{"Content-Type", "application/x-www-form-urlencoded"}},
               body);
    }
    conflicts("Press");
    answer("POST", "/v1/devices/door/press", 409, {{"Content-Type", "application/json"}},
           R"({"counter":9,"mac":"00"})");
    warifud.on("Press", [](const json&) -> json {
        throw Refused{"NotPermitted", {{"message", "not its signature"}}};
    });
    answer("POST", "/v1/devices/door/press", 403, {{"Content-Type", "application/json"}},
           R"({"counter":9,"mac":"00"})");
}

}  // namespace
}  // namespace warifu::test
