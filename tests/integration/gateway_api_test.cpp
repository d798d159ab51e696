// warifu-gateway before the real warifud: what sites, push-buttons and curl get of it, how it runs, and a
// proxy in front.
#include <gmock/gmock.h>

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/integration/curl.h"
#include "tests/integration/gateway.h"
#include "tests/integration/ntfy_server.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char own_user[] = "warifu-gateway";

struct ApiAnswer {
    int status = 0;
    std::string head;
    json body;
};

class GatewayApi : public ::testing::Test {
  protected:
    GatewayApi()
        : alice(sandbox.add_user("alice", "alice's password")),
          phone(sandbox),
          daemon(configured()),
          gateway(sandbox) {
        key = key_of("shop", "shop");
    }

    const Sandbox& configured() {
        sandbox.write("/etc/warifu/warifu.conf",
                      std::string("[approval]\nurl = \"") + Gateway::url +
                          "\"\nnotify = [\"phone\"]\n[notify.phone]\ntype = \"ntfy\"\nurl = \"" +
                          phone.url() + "\"\ntopic = \"warifu-{user}\"\n");
        return sandbox;
    }
    std::string key_of(const std::string& name, const std::string& realm) {
        return warifu(sandbox, {"client", "key", "--realm", realm, "--scope", "ask", name})
            .object.at("secret")
            .get<std::string>();
    }

    // With curl, as a site would; `data` is JSON.
    std::vector<std::string> options(const std::string& method, const std::string& data,
                                     const std::string& its_key) const {
        std::vector<std::string> words = {"-X", method, "-H", "Authorization: Bearer " + its_key};
        if (!data.empty()) words.insert(words.end(), {"-H", "Content-Type: application/json", "-d", data});
        return words;
    }
    ApiAnswer call(const std::string& method, const std::string& path, const std::string& data = "",
                   const std::string& its_key = "") {
        const CurlAnswer answer =
            curl(sandbox, ":8442" + path, options(method, data, its_key.empty() ? key : its_key));
        return {answer.status, answer.head, json::parse(answer.body, nullptr, false)};
    }
    json asked() {
        const ApiAnswer answer = call("POST", "/v1/bc-authorize", sign_in);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.body;
    }
    std::string path_in(const Post& post) const {
        return post.json.at("click").get<std::string>().substr(std::string(Gateway::url).size());
    }
    // curl in the background; its answer when it has one.
    std::unique_ptr<Process> begin(const std::vector<std::string>& words) {
        std::vector<std::string> all = {"curl", "--silent", "--show-error"};
        all.insert(all.end(), words.begin(), words.end());
        return std::make_unique<Process>(sandbox, as_root(all), "/run/answer");
    }
    json end(Process& process) {
        EXPECT_EQ(process.wait(), 0);
        return json::parse(sandbox.read("/run/answer"), nullptr, false);
    }
    uid_t uid_of_the_gateway() {
        return static_cast<uid_t>(std::stoul(output_of(sandbox, as_root({"id", "-u", own_user}))));
    }

    static constexpr char sign_in[] =
        R"({"login_hint":"customer-7","binding_message":"Sign in to the shop","context":{"service":"shop",)"
        R"("host":"www","rhost":"203.0.113.9","user_agent":"Mozilla"},"approvers":["user:alice"]})";
    static constexpr char form[] =
        "login_hint=customer-7&binding_message=Open+the+till&rhost=203.0.113.9&approvers=user:alice";

    Sandbox sandbox;
    const Account& alice;
    NtfyServer phone;
    Warifud daemon;
    Gateway gateway;
    std::string key;
};

// Without a change of the site: it asks as ever, and the switch answers.
TEST_F(GatewayApi, A10_ASiteTurnsItsOwnSwitchesAndTheNextRequestGoesByThem) {
    const std::string turner =
        warifu(sandbox, {"client", "key", "--realm", "shop", "--scope", "ask,policy", "manager"})
            .object.at("secret")
            .get<std::string>();
    const std::string nobody =
        R"({"login_hint":"customer-7","binding_message":"Sign in","approvers":["self"]})";
    const auto ask = [&](const std::string& data) { return call("POST", "/v1/ask", data).body; };
    EXPECT_EQ(call("POST", "/v1/ask", nobody).status, 400) << "nobody of this host's";
    EXPECT_EQ(call("PUT", "/v1/policy", R"({"unregistered":"allow"})").status, 403)
        << "a key that may ask alone";
    EXPECT_EQ(call("PUT", "/v1/policy", R"({"unregistered":"perhaps"})", turner).status, 400);
    EXPECT_EQ(call("PUT", "/v1/policy", "{}", turner).status, 400);

    ApiAnswer turned = call("PUT", "/v1/policy", R"({"unregistered":"allow"})", turner);
    EXPECT_EQ(turned.status, 200) << turned.body;
    EXPECT_EQ(turned.body.at("realm"), "shop");
    EXPECT_EQ(ask(nobody).at("result"), "allow");
    call("PUT", "/v1/policy", R"({"unregistered":"deny"})", turner);
    EXPECT_EQ(ask(nobody).at("result"), "deny");

    call("PUT", "/v1/policy", R"({"service":"shop","second_factor":"off"})", turner);
    EXPECT_EQ(ask(sign_in).at("result"), "allow") << "and nobody was asked";
    call("PUT", "/v1/policy", R"({"service":"shop","second_factor":"default","not_now":"allow"})", turner);
    const auto waiting = begin({"-H", "Authorization: Bearer " + key, "-H", "Content-Type: application/json",
                                "-d", sign_in, "http://127.0.0.1:8442/v1/ask"});
    const Post post = phone.next();
    EXPECT_EQ(phone.press(post, "Not now").status, 200);
    EXPECT_EQ(end(*waiting).at("result"), "allow") << "not now lets in here";
    EXPECT_EQ(call("GET", "/v1/policy", "", turner).body.at("switches").size(), 2U);
    EXPECT_EQ(call("GET", "/v1/policy").status, 403);

    // Of realm host nobody but root turns any, whatever the key.
    EXPECT_EQ(warifu(sandbox, {"client", "key", "--realm", "host", "--scope", "policy", "bad"}).status, 2);
    EXPECT_THAT(warifu(sandbox, {"switch", "list"}).object.at("switches"), IsEmpty());
    EXPECT_THAT(sandbox.log(), HasSubstr("second_factor=off turned_by=key:"));
}

TEST_F(GatewayApi, G02_ASiteAsksPollsAndRedeemsOnce) {
    const json made = asked();
    EXPECT_EQ(made.at("state"), "pending");
    const std::string path = "/v1/bc-authorize/" + made.at("auth_req_id").get<std::string>();
    const Post post = phone.next();
    EXPECT_THAT(post.json.at("message").get<std::string>(),
                AllOf(HasSubstr("customer-7"), HasSubstr("Sign in to the shop")));
    EXPECT_EQ(call("POST", path + "/consume").status, 409) << "nobody has approved it";

    // It is answered when something happens: the test would otherwise wait for the 25 seconds.
    const auto poll =
        begin({"-H", "Authorization: Bearer " + key,
               Gateway::url + path + "?wait=25&rev=" + std::to_string(made.at("rev").get<int>())});
    EXPECT_EQ(phone.press(post, "Approve").status, 200);
    const json polled = end(*poll);
    EXPECT_EQ(polled.at("state"), "approved");
    EXPECT_EQ(polled.at("decided_by"), "user:alice");
    EXPECT_THAT(polled.at("assertion").get<std::string>(), StartsWith("ey"));

    EXPECT_EQ(call("POST", path + "/consume").body.at("state"), "consumed");
    const ApiAnswer again = call("POST", path + "/consume");
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.body.at("state"), "consumed");
    EXPECT_EQ(call("DELETE", path).status, 409);
}

TEST_F(GatewayApi, G02_ARequestIsWithdrawn) {
    const json made = asked();
    const Post post = phone.next();
    const std::string path = "/v1/bc-authorize/" + made.at("auth_req_id").get<std::string>();
    EXPECT_EQ(call("DELETE", path).body.at("state"), "cancelled");
    EXPECT_EQ(phone.press(post, "Approve").status, 404);
    EXPECT_EQ(call("GET", path).body.at("state"), "cancelled");
}

TEST_F(GatewayApi, G02_CurlAloneAsksWaitsAndHearsYes) {
    const auto ask =
        begin({"-H", "Authorization: Bearer " + key, "-d", form, std::string(Gateway::url) + "/v1/ask"});
    EXPECT_EQ(phone.press(phone.next(), "Approve").status, 200);
    EXPECT_EQ(end(*ask), json({{"result", "allow"}, {"reason", "ok"}}));
    sandbox.wait_for_log("state=consumed");
}

TEST_F(GatewayApi, G02_CurlAloneHearsNo) {
    const auto ask =
        begin({"-H", "Authorization: Bearer " + key, "-d", form, std::string(Gateway::url) + "/v1/ask"});
    EXPECT_EQ(phone.press(phone.next(), "Not now").status, 200);
    EXPECT_EQ(end(*ask), json({{"result", "deny"}, {"reason", "not_now"}}));
}

TEST_F(GatewayApi, G02_WhoHangsUpTakesTheRequestAlong) {
    const auto ask =
        begin({"-H", "Authorization: Bearer " + key, "-d", form, std::string(Gateway::url) + "/v1/ask"});
    const Post post = phone.next();
    ask->kill(SIGKILL);
    sandbox.wait_for_log("state=cancelled");
    EXPECT_EQ(phone.press(post, "Approve").status, 404);
}

// Each key has its own requests, in its own realm.
TEST_F(GatewayApi, X32_AKeyReachesNothingOfAnothers) {
    const std::string other = key_of("forum", "forum");
    const std::string path = "/v1/bc-authorize/" + asked().at("auth_req_id").get<std::string>();
    for (const auto& [method, target] :
         {std::pair("GET", path), std::pair("DELETE", path), std::pair("POST", path + "/consume")}) {
        const ApiAnswer foreign = call(method, target, "", other);
        const ApiAnswer nowhere =
            call(method, "/v1/bc-authorize/nosuchrequest" + target.substr(path.size()), "", other);
        EXPECT_EQ(foreign.status, 404) << target;
        EXPECT_EQ(foreign.body, nowhere.body) << "as if it were not there";
    }
    const ApiAnswer unknown = call("GET", path, "", std::string(key.size(), 'a'));
    EXPECT_EQ(unknown.status, 401);
    EXPECT_THAT(unknown.head, HasSubstr("WWW-Authenticate: Bearer"));
    EXPECT_EQ(call("GET", path).body.at("state"), "pending");
}

// A process of the gateway's user that brings no proof.
TEST_F(GatewayApi, X32_TheGatewaysUidIsNobody) {
    asked();
    const Post post = phone.next();
    const std::string id = warifu(sandbox, {"requests"}).object.at("requests").at(0).at("auth_req_id");
    const std::vector<std::pair<const char*, json>> calls = {
        {"Start",
         {{"protocol", 2},
          {"user", "alice"},
          {"service", "sshd"},
          {"rhost", ""},
          {"tty", ""},
          {"ruser", ""},
          {"uid", 0},
          {"flags", 0},
          {"options", json::array()},
          {"has_authtok", false},
          {"single_field", false},
          {"auth_info", ""}}},
        {"Prove", {{"user", "alice"}, {"code", "123456"}}},
        // Nor has it anything of its own.
        {"Enroll", {{"user", ""}}},
        {"Status", {{"user", own_user}}},
        {"Ask", {{"user", ""}, {"kind", "action"}, {"message", ""}, {"approvers", {"user:alice"}}}},
        {"Requests", {{"user", ""}}},
        {"AddRule", {{"user", ""}, {"users", {"alice"}}}},
        {"AddRule", {{"user", "alice"}, {"users", {"alice"}}}},
        {"RemoveRule", {{"user", "alice"}, {"rule", "x"}}},
        {"ListRules", {{"user", "alice"}}},
        {"Switches", json::object()},
        {"TurnSwitch", {{"name", "second_factor"}, {"value", "off"}}},
        {"Enroll", {{"user", "alice"}}},
        {"Confirm", {{"user", "alice"}, {"code", "123456"}}},
        {"Status", {{"user", "alice"}}},
        {"Verify", {{"user", "alice"}, {"code", "123456"}}},
        {"Codes", {{"user", "alice"}, {"regenerate", false}}},
        {"Show", {{"user", "alice"}}},
        {"Rename", {{"user", "alice"}, {"authenticator", "1"}, {"label", "mine"}}},
        {"Remove", {{"user", "alice"}, {"authenticator", "1"}}},
        {"Resync", {{"user", "alice"}, {"first", "123456"}, {"second", "123456"}}},
        {"Forget", {{"user", "alice"}}},
        {"List", {{"limit", 10}}},
        {"Reset", {{"user", "alice"}, {"replay", false}}},
        {"Unlock", {{"user", "alice"}}},
        {"Suspend", {{"user", "alice"}}},
        {"Resume", {{"user", "alice"}}},
        {"Require", {{"user", "alice"}}},
        {"Explain", {{"user", "alice"}, {"service", "sshd"}}},
        {"AddClient", {{"client", own_user}, {"scopes", {"verify"}}}},
        {"RemoveClient", {{"client", own_user}}},
        {"ListClients", json::object()},
        {"Ask", {{"user", "alice"}, {"kind", "action"}, {"message", ""}, {"approvers", {"user:alice"}}}},
        {"Poll", {{"auth_req_id", id}}},
        {"Consume", {{"auth_req_id", id}}},
        {"CancelRequest", {{"auth_req_id", id}}},
        {"Token", {{"token", "x"}}},
        {"Decide", {{"token", "x"}, {"decision", "approve"}}},
        {"Press", {{"device", "door"}, {"counter", 1}, {"body", ""}, {"mac", ""}}},
        {"Requests", {{"user", "alice"}}},
        {"Approve", {{"auth_req_id", id}}},
        {"Deny", {{"auth_req_id", id}}},
        {"OpenWindow", {{"user", "alice"}, {"seconds", 60}}},
        {"AddDevice", {{"device", "door"}}},
        {"RemoveDevice", {{"device", "door"}}},
        {"ListDevices", json::object()},
        {"AddKey", {{"name", "mine"}, {"realm", "host"}, {"scopes", {"ask"}}}},
    };
    for (const auto& [method, parameters] : calls) {
        VarlinkPeer peer(sandbox, uid_of_the_gateway());
        const std::string error = error_of(peer.call(std::string("io.warifu.") + method, parameters));
        EXPECT_TRUE(error == "NotPermitted" || error == "NotFound" || error == "Denied")
            << method << ": " << error;
    }
    VarlinkPeer peer(sandbox, uid_of_the_gateway());
    EXPECT_EQ(error_of(peer.call("io.warifu.Health", json::object())), "");
    EXPECT_EQ(phone.press(post, "Approve").status, 200) << "nothing has touched it";
}

TEST_F(GatewayApi, A06_SpentAndUnknownTokensAnswerAlike) {
    asked();
    const std::string path = path_in(phone.next());
    EXPECT_EQ(curl(sandbox, ":8442" + path, {}).status, 200);
    const std::vector<std::string> press = {"-X", "POST"}, button = {"-d", "decision=approve"};
    EXPECT_EQ(curl(sandbox, ":8442" + path, press).status, 200);
    std::string unknown = path;
    unknown.back() = unknown.back() == 'a' ? 'b' : 'a';
    for (const auto& options : {std::vector<std::string>(), press, button}) {
        const CurlAnswer spent = curl(sandbox, ":8442" + path, options);
        EXPECT_EQ(spent.status, 404);
        EXPECT_EQ(curl(sandbox, ":8442" + unknown, options), spent);
        EXPECT_EQ(curl(sandbox, ":8442/a/x", options), spent);
    }
}

TEST_F(GatewayApi, A06_AButtonsPressIsSignedAndCountsOnce) {
    const std::string secret = warifu(sandbox, {"device", "add", "door"}).object.at("secret");
    const std::string mac_of =
        "import base64,hmac,sys\nkey=base64.b32decode(sys.argv[1]+'='*(-len(sys.argv[1])%8))\n"
        "print(hmac.new(key,sys.argv[2].encode(),'sha256').hexdigest(),end='')";
    const auto press = [&](int counter, const std::string& body, const std::string& signed_body) {
        const std::string text = "door\n" + std::to_string(counter) + "\n" + signed_body;
        const std::string mac = output_of(sandbox, as_root({"python3", "-c", mac_of, secret, text}));
        const json data = {{"counter", counter}, {"body", body}, {"mac", mac}};
        const CurlAnswer answer = curl(sandbox, ":8442/v1/devices/door/press",
                                       {"-H", "Content-Type: application/json", "-d", data.dump()});
        return ApiAnswer{answer.status, answer.head, json::parse(answer.body, nullptr, false)};
    };
    const auto ask =
        begin({"-H", "Authorization: Bearer " + key, "-d", "login_hint=customer-7&approvers=device:door",
               std::string(Gateway::url) + "/v1/ask"});
    sandbox.wait_for_log("state=pending");
    EXPECT_EQ(press(1, "approve", "deny").status, 404) << "signed for something else";
    const ApiAnswer pressed = press(2, "approve", "approve");
    EXPECT_EQ(pressed.status, 200) << pressed.body << sandbox.log();
    EXPECT_EQ(pressed.body.at("result"), "done");
    EXPECT_EQ(end(*ask), json({{"result", "allow"}, {"reason", "ok"}}));
    EXPECT_EQ(press(2, "approve", "approve").status, 404) << "repeated";
}

TEST_F(GatewayApi, G08_RunsAsItsOwnUserWithNothingInReach) {
    std::string pid = output_of(sandbox, as_root({"pidof", "warifu-gateway"}));
    pid.erase(pid.find_last_not_of('\n') + 1);
    const std::string id = std::to_string(uid_of_the_gateway()),
                      three = id + "\t" + id + "\t" + id + "\t" + id;
    const std::string status = sandbox.read("/proc/" + pid + "/status");
    for (const std::string& line :
         {"Uid:\t" + three, "Gid:\t" + three, std::string("Groups:\t \n"),
          std::string("CapEff:\t0000000000000000"), std::string("CapPrm:\t0000000000000000")}) {
        EXPECT_THAT(status, HasSubstr(line));
    }
    EXPECT_EQ(output_of(sandbox, as_root({"stat", "-c", "%U", "/proc/" + pid + "/mem"})), "root\n")
        << "it can be traced";
    for (const char* path : {"/etc/warifu/secret.key", "/var/lib/warifu/store", "/run/warifu/root.sock"}) {
        EXPECT_NE(
            run(sandbox, as_root({"setpriv", "--reuid", id, "--regid", id, "--clear-groups", "cat", path}))
                .status,
            0)
            << path;
    }
}

TEST_F(GatewayApi, G09_HealthIsOpenAndSaysNoMore) {
    const CurlAnswer well = curl(sandbox, ":8442/healthz", {});
    EXPECT_EQ(well.status, 200);
    EXPECT_EQ(json::parse(well.body), json({{"status", "ok"}}));
    daemon.stop();
    EXPECT_EQ(curl(sandbox, ":8442/healthz", {}).status, 503);
    sandbox.wait_for_log("nobody answers at /run/warifu/warifu.sock");
    daemon.start();
    EXPECT_EQ(curl(sandbox, ":8442/healthz", {}).status, 200);
}

TEST_F(GatewayApi, X06_NoTokenOrKeyIsInTheLog) {
    asked();
    const std::string path = path_in(phone.next()), token = path.substr(path.rfind('/') + 1);
    EXPECT_EQ(curl(sandbox, ":8442" + path, {}).status, 200);
    EXPECT_EQ(curl(sandbox, ":8442" + path, {"-d", "decision=not_now"}).status, 200);
    sandbox.wait_for_log("source=127.0.0.1 POST /a/{token} 200");
    EXPECT_THAT(sandbox.log(),
                AllOf(Not(HasSubstr(token)), Not(HasSubstr(key)), HasSubstr("GET /a/{token} 200")));
}

// The sample of conf/, behind which everybody comes from one address.
TEST(GatewayBehindNginx, G08_HandsOnWhomItSawAndLogsNoToken) {
    Sandbox sandbox;
    const Warifud daemon(sandbox);
    const Gateway gateway(sandbox, {"--proxy", "127.0.0.1"});
    sandbox.write("/etc/nginx/snippets/warifu-gateway.conf", sample("nginx/warifu-gateway.conf"));
    sandbox.write("/etc/nginx/sites-enabled/default",
                  "server {\n listen 127.0.0.1:80;\n include snippets/warifu-gateway.conf;\n}\n");
    output_of(sandbox, as_root({"nginx"}));
    const std::vector<std::string> options = {"--interface", "127.0.0.5", "-H",
                                              "X-Forwarded-For: 203.0.113.9"};
    const CurlAnswer page = curl(sandbox, "/a/notatokenatall", options);
    EXPECT_EQ(page.status, 404);
    EXPECT_THAT(page.body, HasSubstr("This link is over"));
    EXPECT_THAT(page.head,
                AllOf(HasSubstr("Content-Security-Policy: default-src 'none'"), HasSubstr("no-store")));
    EXPECT_EQ(curl(sandbox, "/v1/ask", options).status, 405);
    sandbox.wait_for_log("source=127.0.0.5 GET /a/{token} 404");
    output_of(sandbox, as_root({"nginx", "-s", "quit"}));
    EXPECT_THAT(sandbox.read("/var/log/nginx/access.log"),
                AllOf(HasSubstr("/v1/ask"), Not(HasSubstr("notatokenatall"))));
}

// As systemd does it, but that root starts it.
TEST(GatewayActivation, P03_ServesASocketThatWasPassed) {
    Sandbox sandbox;
    const Warifud daemon(sandbox);
    Terminal activator(
        sandbox, as_root({"systemd-socket-activate", "-l", "127.0.0.1:8442", "/usr/sbin/warifu-gateway"}));
    activator.expect("Listening on 127.0.0.1:8442");
    EXPECT_EQ(curl(sandbox, ":8442/healthz", {}).status, 200);
    EXPECT_THAT(output_of(sandbox, as_root({"sh", "-c", "grep Uid /proc/$(pidof warifu-gateway)/status"})),
                HasSubstr("\t" + std::string(output_of(sandbox, as_root({"id", "-u", own_user})), 0, 5)));
}

TEST(GatewayStart, G08_RootServesNobody) {
    const Sandbox sandbox;
    const Result result = run(sandbox, as_root({"warifu-gateway", "--user", "nosuchuser"}));
    EXPECT_EQ(result.status, 4);
    EXPECT_THAT(result.err, HasSubstr("there is no account nosuchuser"));
    EXPECT_EQ(run(sandbox, as_root({"warifu-gateway", "--user", "root"})).status, 4);
    EXPECT_EQ(run(sandbox, as_root({"warifu-gateway", "--lisen", "x"})).status, 2);
    EXPECT_THAT(output_of(sandbox, as_root({"warifu-gateway", "--version"})), StartsWith("warifu-gateway "));
}

}  // namespace
}  // namespace warifu::integration
