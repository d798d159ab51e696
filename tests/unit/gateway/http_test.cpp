// HTTP/1.1 at the gateway's port: what is served, and what a proxy in front could read otherwise.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "tests/unit/gateway/running_gateway.h"
#include "tests/unit/gateway/scripted_warifud.h"

namespace warifu::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Http : public testing::Test {
  protected:
    Http() {
        warifud.answers("Health", {{"version", "0"}, {"protocol", 2}, {"store", "ok"}});
        warifud.answers("Token", {{"request", sample_request()},
                                  {"purpose", "approve"},
                                  {"holder", "user:alice"},
                                  {"language", "en"},
                                  {"blind", false}});
        warifud.answers("Decide", {{"result", "done"}, {"request", sample_request({{"state", "approved"}})}});
    }

    // What one connection is told that sends this and nothing more.
    std::string told(const std::string& bytes) {
        HttpClient client(gateway.port());
        client.send(bytes);
        client.finish_sending();
        return client.receive_to_the_end();
    }
    int status_of(const std::string& bytes) {
        HttpClient client(gateway.port());
        client.send(bytes);
        const auto answer = client.receive();
        return answer ? answer->status : 0;
    }

    ScriptedWarifud warifud;
    RunningGateway gateway{warifud.socket()};
};

TEST_F(Http, G09_HealthIsWarifudsToo) {
    const HttpAnswer well = ask(gateway, "GET", "/healthz");
    EXPECT_EQ(well.status, 200);
    EXPECT_EQ(json::parse(well.body), json({{"status", "ok"}}));
    warifud.answers("Health", {{"version", "0"}, {"protocol", 2}, {"store", "the store is full"}});
    const HttpAnswer ill = ask(gateway, "GET", "/healthz");
    EXPECT_EQ(ill.status, 503);
    EXPECT_THAT(ill.body, Not(HasSubstr("full")));
    warifud.on("Health", [](const json&) -> json { throw HangUp(); });
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 503);
    EXPECT_EQ(ask(gateway, "GET", "/healthz?x=1").status, 400);
}

TEST_F(Http, G08_EveryAnswerKeepsBrowsersFromDoingMore) {
    for (const char* path : {"/healthz", "/a/abc", "/nothing"}) {
        const HttpAnswer answer = ask(gateway, "GET", path);
        EXPECT_EQ(answer.header("cache-control"), "no-store") << path;
        EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(answer.header("referrer-policy"), "no-referrer") << path;
        EXPECT_THAT(answer.header("date"), HasSubstr(" GMT")) << path;
    }
    EXPECT_THAT(ask(gateway, "GET", "/a/abc").header("content-security-policy"),
                StartsWith("default-src 'none'"));
}

TEST_F(Http, AConnectionServesOneRequestAfterAnother) {
    HttpClient client(gateway.port());
    for (int i = 0; i < 3; ++i) {
        client.send(http_request("GET", "/healthz"));
        EXPECT_EQ(client.receive()->status, 200);
    }
    // Several at once, in their order.
    client.send(http_request("GET", "/healthz") + http_request("GET", "/nothing") +
                http_request("HEAD", "/a/abc") + http_request("POST", "/a/abc", {{"Connection", "close"}}));
    EXPECT_EQ(client.receive()->status, 200);
    EXPECT_EQ(client.receive()->status, 404);
    EXPECT_EQ(client.receive(true)->status, 200);
    const auto last = client.receive();
    EXPECT_EQ(last->status, 200);
    EXPECT_EQ(last->header("connection"), "close");
    EXPECT_EQ(client.receive_to_the_end(), "");
    EXPECT_EQ(warifud.connections(), 1U);
}

TEST_F(Http, AHeadIsAGetWithoutItsBody) {
    const HttpAnswer got = ask(gateway, "GET", "/healthz"), head = ask(gateway, "HEAD", "/healthz");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("content-length"), std::to_string(got.body.size()));
    EXPECT_THAT(told("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                testing::EndsWith("\r\n\r\n"));
}

TEST_F(Http, AnOldClientIsServedOnce) {
    const std::string answer = told("GET /healthz HTTP/1.0\r\n\r\n");
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Connection: close")));
}

TEST_F(Http, ABodyMayComeInPieces) {
    HttpClient client(gateway.port());
    client.send(
        "POST /a/abc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n");
    client.send("8\r\n{\"decisi\r\n");
    client.send("d\r\non\":\"approve\"\r\n1\r\n}\r\n0\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 200);
    EXPECT_EQ(warifud.calls("Decide").at(0).at("decision"), "approve");
}

TEST_F(Http, WhoAsksFirstIsToldToGoOn) {
    HttpClient client(gateway.port());
    client.send(
        "POST /a/abc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 100);
    client.send("{}");
    EXPECT_EQ(client.receive()->status, 200);
}

TEST_F(Http, OtherMethodsAreNamed) {
    const HttpAnswer answer = ask(gateway, "PUT", "/a/abc");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask(gateway, "OPTIONS", "/v1/ask").status, 405);
    EXPECT_EQ(ask(gateway, "BREW", "/nothing").status, 404);
}

// Two readers of one stream of bytes must see the same requests in it.
TEST_F(Http, X28_AnUnclearLengthIsRefused) {
    const std::string head = "POST /a/abc HTTP/1.1\r\nHost: x\r\n", chunk = "0\r\n\r\n";
    for (const char* fields : {
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
             "Content-Length: 5\r\nContent-Length: 6\r\n",
             "Content-Length: 5\r\nContent-Length: 5\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked, gzip\r\n",
             "Transfer-Encoding: gzip\r\n",
             "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
             "Transfer-Encoding: chunked, chunked\r\n",
             "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
             "Content-Length: -1\r\n",
             "Content-Length: +5\r\n",
             "Content-Length: 0x5\r\n",
             "Content-Length: 5, 6\r\n",
             "Content-Length : 5\r\n",
             "Transfer-Encoding: \x0b"
             "chunked\r\n",
         }) {
        EXPECT_EQ(status_of(head + fields + "\r\n" + chunk), 400) << fields;
    }
    EXPECT_EQ(status_of("POST /a/abc HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk), 400);
    EXPECT_THAT(warifud.methods(), SizeIs(0));
}

TEST_F(Http, X28_AnUnclearHeaderIsRefused) {
    for (const std::string& request : {
             std::string("GET /healthz HTTP/1.1\r\n\r\n"),
             std::string("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
             std::string("GET /healthz HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: "
                         "Bearer b\r\n\r\n"),
             std::string("POST /a/b HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Type: "
                         "application/json\r\nContent-Length: 0\r\n\r\n"),
             std::string("GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n"),
             std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
             std::string("GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
             std::string("GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n"),
             std::string("GET /healthz\r\n\r\n"),
             std::string("GET /healthz HTTP/1.1\nHost: a\n\n"),
             std::string("GET /healthz HTTP/1.1\r\nHost: a\r\nA\0b: c\r\n\r\n", 47),
             std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
         }) {
        EXPECT_EQ(status_of(request), 400) << request;
    }
    EXPECT_THAT(warifud.methods(), SizeIs(0));
}

// The log has what it needs to find abuse, and nothing that anybody could use.
TEST(HttpLog, X06_HasTheSourceAndNoTokenOrKey) {
    std::string directory = (std::filesystem::temp_directory_path() / "warifu-log-XXXXXX").string();
    ASSERT_NE(mkdtemp(directory.data()), nullptr);
    const int syslog = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (directory + "/log").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(syslog, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ScriptedWarifud warifud;
    GatewaySettings settings;
    settings.syslog = directory + "/log";
    settings.proxies = {"127.0.0.1"};
    std::string lines;
    const auto next_line = [&] {
        char line[2048];
        const ssize_t size = recv(syslog, line, sizeof line, 0);
        lines += std::string(line, size > 0 ? static_cast<std::size_t>(size) : 0) + "\n";
    };
    {
        const RunningGateway gateway(warifud.socket(), settings);
        ask(gateway, "GET", "/a/TOKENTOKENTOKEN", {{"X-Forwarded-For", "spoofed, 203.0.113.9"}});
        next_line();  // that warifud does not know the method
        next_line();
        ask(gateway, "GET", "/v1/bc-authorize/IDIDIDID?rev=SECRET", {{"Authorization", "Bearer KEYKEYKEY"}});
        next_line();
        ask(gateway, "GET", "/PATHPATH?QUERYQUERY", {{"X-Forwarded-For", "not an address"}});
        next_line();
        HttpClient client(gateway.port());
        client.send("garbage GARBAGE\r\n\r\n");
        client.receive_to_the_end();
        next_line();
    }
    EXPECT_THAT(lines,
                AllOf(HasSubstr("source=203.0.113.9 GET /a/{token} 503"),
                      HasSubstr("source=127.0.0.1 GET /v1/bc-authorize/{id} 400"),
                      HasSubstr("source=127.0.0.1 GET - 404"), HasSubstr("source=127.0.0.1 OTHER - 400")));
    for (const char* secret :
         {"TOKEN", "IDID", "SECRET", "KEY", "PATH", "QUERY", "GARBAGE", "spoofed", "\x01"}) {
        EXPECT_THAT(lines, Not(HasSubstr(secret)));
    }
    close(syslog);
    std::filesystem::remove_all(directory);
}

// Pieces that requests are made of, in a generated disorder.
std::string garbage(std::mt19937& random) {
    static const std::vector<std::string> pieces = {"GET ",
                                                    "POST ",
                                                    "DELETE ",
                                                    "/a/abc",
                                                    "/v1/ask",
                                                    "/v1/bc-authorize/",
                                                    "/healthz",
                                                    "?wait=25&rev=1",
                                                    "%",
                                                    "%00",
                                                    "%2f",
                                                    " HTTP/1.1",
                                                    " HTTP/1.0",
                                                    "\r\n",
                                                    "\r\n\r\n",
                                                    "\n",
                                                    "Host: x\r\n",
                                                    "Content-Length: 5\r\n",
                                                    "Content-Length: 99999999",
                                                    "Transfer-Encoding: chunked\r\n",
                                                    "Content-Type: application/json\r\n",
                                                    "0\r\n\r\n",
                                                    "ffffffffffffffff\r\n",
                                                    "Content-Type: application/x-www-form-urlencoded\r\n",
                                                    "{\"decision\":",
                                                    "\"approve\"}",
                                                    "decision=approve",
                                                    "\x00\x01",
                                                    "Authorization: Bearer ",
                                                    "Expect: 100-continue\r\n",
                                                    "\xff\xfe",
                                                    ": ",
                                                    "Connection: upgrade\r\n",
                                                    "[[[[[[[[[["};
    std::string text;
    const auto parts = random() % 12 + 1;
    for (unsigned i = 0; i < parts; ++i) text += pieces[random() % pieces.size()];
    if (random() % 4 == 0) text.insert(random() % (text.size() + 1), 1, static_cast<char>(random() % 256));
    return text;
}

TEST_F(Http, X28_TenThousandRequestsOfGarbageAreSurvived) {
    std::mt19937 random(20261126);
    for (int i = 0; i < 10'000; ++i) {
        HttpClient client(gateway.port());
        client.send(garbage(random));
        client.finish_sending();
        const std::string answer = client.receive_to_the_end();
        ASSERT_THAT(answer, AnyOf("", StartsWith("HTTP/1.1 "))) << i;
    }
    EXPECT_EQ(ask(gateway, "GET", "/healthz").status, 200);
    EXPECT_LE(warifud.most_connections(), 8U);
}

}  // namespace
}  // namespace warifu::test
