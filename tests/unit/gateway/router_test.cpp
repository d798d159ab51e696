#include "gateway/router/router.h"

#include <gtest/gtest.h>

#include "core/error/error.h"
#include "gateway/options.h"
#include "gateway/routes/table.h"

namespace warifu::gateway {
namespace {

std::string found(Method method, std::string_view path) {
    const Match result = match(route_table(), method, path);
    if (result.route == nullptr) return result.allowed.empty() ? "-" : "allow " + result.allowed;
    return std::string(result.route->pattern) + " " + result.argument;
}

TEST(Router, EachPathHasItsRoute) {
    using enum Method;
    EXPECT_EQ(found(get, "/a/abc"), "/a/{token} abc");
    EXPECT_EQ(found(head, "/a/abc"), "/a/{token} abc");
    EXPECT_EQ(found(get, "/v1/bc-authorize/abc"), "/v1/bc-authorize/{id} abc");
    EXPECT_EQ(found(del, "/v1/bc-authorize/a%62c"), "/v1/bc-authorize/{id} abc");
    EXPECT_EQ(found(post, "/v1/bc-authorize"), "/v1/bc-authorize ");
    EXPECT_EQ(found(post, "/v1/bc-authorize/x/consume"), "/v1/bc-authorize/{id}/consume x");
    EXPECT_EQ(found(post, "/v1/devices/front%20door/press"), "/v1/devices/{id}/press front door");
}

TEST(Router, OtherMethodsAndPathsAreToldApart) {
    using enum Method;
    EXPECT_EQ(found(put, "/a/abc"), "allow GET, HEAD, POST");
    EXPECT_EQ(found(other, "/v1/bc-authorize/abc"), "allow GET, HEAD, DELETE");
    EXPECT_EQ(found(get, "/v1/ask"), "allow POST");
    for (const char* path : {"",
                             "/",
                             "a/abc",
                             "/a",
                             "/a/",
                             "/a//",
                             "//a/abc",
                             "/a/abc/",
                             "/a/abc/d",
                             "/A/abc",
                             "/a/%2f",
                             "/a/%",
                             "/a/%00",
                             "/v1/bc-authorize/",
                             "/v1/bc-authorize//consume",
                             "/v1",
                             "/healthz/",
                             "*",
                             "http://gateway.example/healthz",
                             "/a/../healthz"}) {
        EXPECT_EQ(found(get, path), "-") << path;
    }
}

TEST(Options, AreReadOrRefusedByName) {
    const Options standard = parse_options({});
    EXPECT_EQ(standard.listen.port(), 8442);
    EXPECT_EQ(standard.listen.address().to_string(), "127.0.0.1");
    EXPECT_EQ(standard.socket, "/run/warifu/warifu.sock");
    EXPECT_EQ(standard.user, "warifu-gateway");
    const Options given =
        parse_options({"--listen", "[::1]:80", "--socket", "/s", "--proxy", "127.0.0.1", "--proxy",
                       "::ffff:10.0.0.1", "--connections", "64", "--user", "www"});
    EXPECT_EQ(given.listen.address().to_string(), "::1");
    EXPECT_EQ(given.listen.port(), 80);
    EXPECT_EQ(given.socket, "/s");
    EXPECT_EQ(given.proxies.size(), 2U);
    EXPECT_TRUE(given.proxies.contains(*parse_address("10.0.0.1")));
    EXPECT_EQ(given.connections, 64U);
    EXPECT_EQ(given.user, "www");
    const auto refused = [](const std::vector<std::string>& words) -> std::string {
        try {
            (void)parse_options(words);
        } catch (const Invalid& error) {
            return error.field;
        }
        return "";
    };
    EXPECT_EQ(refused({"--listen", "localhost:80"}), "--listen");
    EXPECT_EQ(refused({"--listen", "::1:80"}), "--listen");
    EXPECT_EQ(refused({"--listen", "127.0.0.1:65536"}), "--listen");
    EXPECT_EQ(refused({"--listen", "127.0.0.1:"}), "--listen");
    EXPECT_EQ(refused({"--listen"}), "--listen");
    EXPECT_EQ(refused({"--connections", "1"}), "--connections");
    EXPECT_EQ(refused({"--connections", "65"}), "--connections");
    EXPECT_EQ(refused({"--proxy", "example.net"}), "--proxy");
    EXPECT_EQ(refused({"--lisen", "127.0.0.1:80"}), "--lisen");
    EXPECT_EQ(refused({"serve"}), "serve");
}

TEST(Sources, ABehindProxyIsWhoTheProxySaw) {
    const auto text = [](std::string_view header) {
        const auto address = forwarded_for(header);
        return address ? address->to_string() : "-";
    };
    EXPECT_EQ(text("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(text("10.0.0.1, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(text("203.0.113.9 ,\t::ffff:198.51.100.7 "), "198.51.100.7");
    EXPECT_EQ(text("2001:db8::1"), "2001:db8::1");
    for (const char* header : {"", "unknown", "203.0.113.9,", "203.0.113.9:80", "fe80::1%eth0", "[::1]"}) {
        EXPECT_EQ(text(header), "-") << header;
    }
}

TEST(Sources, X08_CountBySourceAndForgetWhoIsGone) {
    SourceCounts counts(2);
    const auto address = [](const char* text) { return *parse_address(text); };
    auto first = counts.take(address("203.0.113.9"));
    auto second = counts.take(address("::ffff:203.0.113.9"));
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(counts.take(address("203.0.113.9")));
    EXPECT_TRUE(counts.take(address("203.0.113.10")));
    first.reset();
    EXPECT_TRUE(counts.take(address("203.0.113.9")));
    // Whoever has one address of IPv6 has the other 2^64 of its network, too.
    const auto third = counts.take(address("2001:db8::1"));
    const auto fourth = counts.take(address("2001:db8::ffff:2"));
    EXPECT_FALSE(counts.take(address("2001:db8::3")));
    EXPECT_TRUE(counts.take(address("2001:db8:0:1::3")));
}

}  // namespace
}  // namespace warifu::gateway
