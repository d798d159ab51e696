// What strangers can take up, and that others are served meanwhile.
#include <gmock/gmock.h>

#include <future>
#include <list>
#include <memory>

#include "tests/unit/gateway/running_gateway.h"
#include "tests/unit/gateway/scripted_warifud.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

class HttpLimitsTest : public testing::Test {
  protected:
    HttpLimitsTest() { warifud.answers("Health", {{"version", "0"}, {"protocol", 2}, {"store", "ok"}}); }

    ScriptedWarifud warifud;
};

TEST_F(HttpLimitsTest, X08_AHeaderIsAtMost8KiB) {
    const RunningGateway gateway(warifud.socket());
    const auto padded = [](std::size_t size) { return Headers{{"X-Padding", std::string(size, 'x')}}; };
    EXPECT_EQ(ask(gateway, "GET", "/healthz", padded(8'000)).status, 200);
    EXPECT_EQ(ask(gateway, "GET", "/healthz", padded(8'200)).status, 431);
    EXPECT_EQ(ask(gateway, "GET", "/healthz", padded(100'000)).status, 431);
    EXPECT_EQ(ask(gateway, "GET", "/" + std::string(9'000, 'a')).status, 431);
    Headers many;
    for (int i = 0; i < 2'000; ++i) many["X-" + std::to_string(i)] = "";
    EXPECT_EQ(ask(gateway, "GET", "/healthz", many).status, 431);
}

TEST_F(HttpLimitsTest, X08_ABodyIsAtMost16KiB) {
    const RunningGateway gateway(warifud.socket());
    const auto post = [&](std::size_t size) {
        return ask(gateway, "POST", "/a/abc", {{"Content-Type", "application/json"}}, std::string(size, ' '))
            .status;
    };
    EXPECT_EQ(post(16 * 1024), 400);  // blanks are no object
    EXPECT_EQ(post(16 * 1024 + 1), 413);
    EXPECT_EQ(post(1024 * 1024), 413);
    HttpClient client(gateway.port());
    client.send("POST /a/abc HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n" +
                std::string(0x4000, ' ') + "\r\n1\r\n \r\n0\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 413);
    // Before it is sent, where it is announced.
    HttpClient announcing(gateway.port());
    announcing.send(
        "POST /a/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(announcing.receive()->status, 413);
}

// Whoever sends byte by byte, or nothing at all, is closed; each in the time that is its due.
TEST_F(HttpLimitsTest, X08_SlowClientsAreClosed) {
    GatewaySettings settings;
    settings.http.to_read = milliseconds(200);
    settings.http.idle = milliseconds(200);
    const RunningGateway gateway(warifud.socket(), settings);
    HttpClient silent(gateway.port());
    EXPECT_EQ(silent.receive_to_the_end(), "");

    HttpClient half_a_header(gateway.port());
    half_a_header.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    EXPECT_EQ(half_a_header.receive_to_the_end(), "");

    HttpClient half_a_body(gateway.port());
    half_a_body.send("POST /a/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
    EXPECT_EQ(half_a_body.receive_to_the_end(), "");

    HttpClient dripping(gateway.port());
    std::string sent = "GET /healthz HTTP/1.1\r\n";
    while (dripping.send(sent)) sent = "X: y\r\n";  // until it is closed
    EXPECT_THAT(dripping.receive_to_the_end(), testing::AnyOf("", StartsWith("HTTP/1.1 431")));

    HttpClient idle(gateway.port());
    idle.send(http_request("GET", "/healthz"));
    EXPECT_EQ(idle.receive()->status, 200);
    EXPECT_EQ(idle.receive_to_the_end(), "");
}

TEST_F(HttpLimitsTest, X08_OneAddressHas32ConnectionsAndOthersAreServed) {
    const RunningGateway gateway(warifud.socket());
    std::list<HttpClient> held;
    for (int i = 0; i < 32; ++i) {
        held.emplace_back(gateway.port(), "127.0.0.2");
        held.back().send(http_request("GET", "/healthz"));
        ASSERT_EQ(held.back().receive()->status, 200) << i;
    }
    HttpClient one_more(gateway.port(), "127.0.0.2");
    EXPECT_THAT(one_more.receive_to_the_end(), StartsWith("HTTP/1.1 503"));
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 200);
    // Room is made by whoever leaves.
    held.pop_front();
    for (bool served = false; !served;) {
        HttpClient next(gateway.port(), "127.0.0.2");
        next.send(http_request("GET", "/healthz"));
        const auto answer = next.receive();
        served = answer && answer->status == 200;
    }
}

TEST_F(HttpLimitsTest, X08_ThereAre512ConnectionsInAll) {
    const RunningGateway gateway(warifud.socket());
    std::list<HttpClient> held;
    for (int i = 0; i < 512; ++i) {
        held.emplace_back(gateway.port(), "127.0.1." + std::to_string(i / 16 + 1));
        held.back().send(http_request("GET", "/healthz"));
        ASSERT_EQ(held.back().receive()->status, 200) << i;
    }
    HttpClient one_more(gateway.port(), "127.0.2.1");
    EXPECT_THAT(one_more.receive_to_the_end(), StartsWith("HTTP/1.1 503"));
}

// Behind a proxy everything comes from one address; what that one saw counts, and by requests.
TEST_F(HttpLimitsTest, X08_BehindAProxyWhomItSawCounts) {
    GatewaySettings settings;
    settings.proxies = {"127.0.0.1"};
    settings.http.from_one_source = 2;
    settings.connections = 64;
    const RunningGateway gateway(warifud.socket(), settings);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Health", [released](const json&) {
        released.wait();
        return json{{"version", "0"}, {"protocol", 2}, {"store", "ok"}};
    });
    const auto from = [](const char* address) {
        return http_request("GET", "/healthz", {{"X-Forwarded-For", address}});
    };
    std::list<HttpClient> waiting;
    for (std::size_t i = 1; i <= 2; ++i) {
        waiting.emplace_back(gateway.port());
        waiting.back().send(from("198.51.100.1, 203.0.113.9"));
        warifud.wait_for_calls("Health", i);
    }
    HttpClient third(gateway.port());
    third.send(from("203.0.113.9"));
    const auto refused = third.receive();
    EXPECT_EQ(refused->status, 429);
    EXPECT_EQ(refused->header("retry-after"), "1");
    waiting.emplace_back(gateway.port());
    waiting.back().send(from("203.0.113.10"));
    warifud.wait_for_calls("Health", 3);
    release.set_value();
    for (HttpClient& client : waiting) EXPECT_EQ(client.receive()->status, 200);
    third.send(from("203.0.113.9"));
    EXPECT_EQ(third.receive()->status, 200);
}

// Whoever is no listed proxy says what it likes.
TEST_F(HttpLimitsTest, X32_AStrangersForwardedForCountsForNothing) {
    GatewaySettings settings;
    settings.http.from_one_source = 1;
    const RunningGateway gateway(warifud.socket(), settings);
    HttpClient held(gateway.port());
    held.send(http_request("GET", "/healthz"));
    EXPECT_EQ(held.receive()->status, 200);
    HttpClient other(gateway.port());
    other.send(http_request("GET", "/healthz", {{"X-Forwarded-For", "203.0.113.9"}}));
    EXPECT_THAT(other.receive_to_the_end(), StartsWith("HTTP/1.1 503"));
}

// Long polls hold half of the connections to warifud, and however many there are, others go through.
TEST_F(HttpLimitsTest, X08_LongPollsLeaveRoom) {
    GatewaySettings settings;
    settings.connections = 4;
    settings.http.from_one_source = 512;
    const RunningGateway gateway(warifud.socket(), settings);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Poll", [released](const json& call) {
        const bool held = call.at("wait") != 0;
        if (held) released.wait();
        const bool decided = released.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        return json{{"request", sample_request({{"state", decided ? "denied" : "pending"}})}};
    });
    std::list<HttpClient> polling;
    for (int i = 0; i < 200; ++i) {
        polling.emplace_back(gateway.port());
        polling.back().send(
            http_request("GET", "/v1/bc-authorize/req-1?wait=25&rev=1", {{"Authorization", "Bearer k"}}));
    }
    warifud.wait_for_calls("Poll", 300);  // everybody asked, and those who are not held asked again
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 200);
    EXPECT_LE(warifud.most_connections(), 4U);
    std::size_t held = 0;
    for (const json& call : warifud.calls("Poll")) held += call.at("wait") != 0 ? 1U : 0U;
    EXPECT_EQ(held, 2U);
    release.set_value();
    for (HttpClient& client : polling) {
        const auto answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(json::parse(answer->body).at("state"), "denied");
    }
}

// Who hangs up frees what it took up at warifud: here the one connection on which warifud may hold an answer
// back.
TEST_F(HttpLimitsTest, X08_WhoHangsUpHoldsNothing) {
    GatewaySettings settings;
    settings.connections = 2;
    settings.http.half_closed = milliseconds(10);
    const RunningGateway gateway(warifud.socket(), settings);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Poll", [released](const json& call) {
        if (call.at("wait") != 0) released.wait();
        return json{{"request", sample_request({{"state", "denied"}})}};
    });
    const std::string poll =
        http_request("GET", "/v1/bc-authorize/req-1?wait=25&rev=1", {{"Authorization", "Bearer k"}});
    {
        HttpClient client(gateway.port());
        client.send(poll);
        warifud.wait_for_calls("Poll", 1);
    }
    HttpClient next(gateway.port());
    for (std::size_t calls = 2;; ++calls) {
        next.send(poll);
        warifud.wait_for_calls("Poll", calls);
        if (warifud.calls("Poll").back().at("wait") == 25) break;
        ASSERT_TRUE(next.receive());
    }
    release.set_value();
    EXPECT_EQ(next.receive()->status, 200);
}

TEST_F(HttpLimitsTest, X34_AWarifudThatIsSilentOrGoneIsUnavailable) {
    GatewaySettings settings;
    settings.to_answer = milliseconds(100);
    const RunningGateway gateway(warifud.socket(), settings);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    warifud.on("Health", [released](const json&) -> json {
        released.wait();
        throw HangUp();
    });
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 503);
    release.set_value();
    const RunningGateway alone("/nonexistent/socket");
    const HttpAnswer answer = ask(alone, "GET", "/healthz");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(json::parse(answer.body).at("error"), "temporarily_unavailable");
    EXPECT_EQ(answer.header("retry-after"), "5");
    EXPECT_EQ(answer.body.find("nonexistent"), std::string::npos);
}

// A connection that warifud ended meanwhile is not used again.
TEST_F(HttpLimitsTest, X34_AWarifudThatWasStartedAnewIsReachedAgain) {
    const RunningGateway gateway(warifud.socket());
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 200);
    warifud.hang_up();
    warifud.wait_for_connections(0);
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 200);
}

}  // namespace
}  // namespace warifu::test
