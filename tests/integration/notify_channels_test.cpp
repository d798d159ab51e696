// warifu-notify, each channel against a server of the test's own, and servers that misbehave.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/ntfy_server.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/smtp_sink.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char token[] = "tk_this_is_private", link[] = "http://127.0.0.1:2586/a/PRIVATE0PRIVATE0PRIVATE0";

json message() {
    return {{"title", "Sign-in to tally"},
            {"text", "alice, ssh, from 203.0.113.9"},
            {"language", "en"},
            {"link", link},
            {"approve", std::string(link) + "approve"},
            {"deny", std::string(link) + "deny"},
            {"labels", {{"open", "Look"}, {"approve", "Let in"}, {"deny", "Refuse"}}},
            {"expires", 1900000000},
            {"request", {{"user", "alice"}, {"rhost", "203.0.113.9"}}}};
}

class Notify : public ::testing::Test {
  protected:
    Result fed(const std::string& document) const {
        Command command = as_root({"/usr/libexec/warifu/warifu-notify"});
        command.uid = command.gid = 19999;
        command.environment = {"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9"};
        command.input = document;
        return run(sandbox, command);
    }
    Result notify(const json& channel, const json& what = message()) const {
        return fed(json{{"channel", channel}, {"message", what}}.dump());
    }
    // Refused, in one line that gives nothing away.
    static void expect_refusal(const Result& result, const std::string& reason) {
        EXPECT_EQ(result.status, 1) << result.err;
        EXPECT_EQ(result.out, "");
        EXPECT_THAT(result.err, MatchesRegex("[^\n]{1,400}\n"));
        EXPECT_THAT(result.err, HasSubstr(reason));
        for (const char* secret : {token, "PRIVATE", "hush", "topic-of-alice"})
            EXPECT_THAT(result.err, Not(HasSubstr(secret)));
    }
    static void expect_delivery(const Result& result) {
        EXPECT_EQ(result.status, 0);
        EXPECT_EQ(result.out, "delivered\n");
        EXPECT_EQ(result.err, "");
    }

    Sandbox sandbox;
};

class Posts : public Notify {
  protected:
    json ntfy(const std::string& path = "") const {
        return {
            {"type", "ntfy"}, {"url", server.url() + path}, {"token", token}, {"topic", "topic-of-alice"}};
    }
    NtfyServer server{sandbox};
};

TEST_F(Posts, A05_NtfyGetsTheMessageWithItsButtons) {
    expect_delivery(notify(ntfy()));
    const Post post = server.next();
    EXPECT_EQ(post.method + " " + post.target, "POST /");
    EXPECT_EQ(post.headers.at("authorization"), std::string("Bearer ") + token);
    EXPECT_EQ(post.json["topic"], "topic-of-alice");
    EXPECT_EQ(post.json["title"], "Sign-in to tally");
    EXPECT_EQ(post.json["click"], link);
    EXPECT_EQ(post.button("Look")["action"], "view");
    // And a press reaches what the button names.
    EXPECT_EQ(server.press(post, "Let in").status, 200);
    const Post press = server.next();
    EXPECT_EQ(press.method + press.target, "POST/a/PRIVATE0PRIVATE0PRIVATE0approve");
    EXPECT_EQ(press.headers.at("content-type"), "application/json");
    EXPECT_EQ(press.body, "");
}

TEST_F(Posts, A05_GotifyAChatAndAWebhookGetTheirs) {
    expect_delivery(notify({{"type", "gotify"}, {"url", server.url()}, {"token", token}}));
    const Post gotify = server.next();
    EXPECT_EQ(gotify.target, "/message");
    EXPECT_EQ(gotify.headers.at("x-gotify-key"), token);
    expect_delivery(notify({{"type", "slack"}, {"url", server.url() + "/services/PRIVATE"}}));
    EXPECT_THAT(std::string(server.next().json["text"]), HasSubstr("alice, ssh, from 203.0.113.9"));

    expect_delivery(notify({{"type", "webhook"}, {"url", server.url() + "/hook"}, {"secret", "hush"}}));
    const Post post = server.next();
    EXPECT_EQ(post.json["request"], message()["request"]);
    // As a receiver checks it, with another program's HMAC.
    const std::string signature = post.headers.at("warifu-signature");
    const auto comma = signature.find(",v1=");
    sandbox.write("/root/signed", signature.substr(2, comma - 2) + "." + post.body);
    const std::string checked =
        output_of(sandbox, as_root({"openssl", "dgst", "-sha256", "-hmac", "hush", "-r", "/root/signed"}));
    EXPECT_EQ(signature.substr(comma + 4), checked.substr(0, checked.find(' ')));
}

TEST_F(Posts, A05_AReceiverThatRefusesIsNamedWithItsStatus) {
    struct Refusal {
        const char *path, *reason;
    };
    for (const Refusal& refusal :
         {Refusal{"/status/500", " answered 500: it is out of order"},
          Refusal{"/status/403", " answered 403: it wants another token"},
          Refusal{"/status/404", " answered 404: there is nothing"},
          Refusal{"/status/429", " answered 429: it is asked too often"},
          Refusal{"/status/302", " answered 302: it is elsewhere now"}, Refusal{"/status/204", ""}}) {
        const Result result = notify(ntfy(refusal.path));
        if (refusal.reason[0] == '\0')
            expect_delivery(result);
        else
            expect_refusal(result, "ntfy: http://127.0.0.1:2586" + std::string(refusal.reason));
        server.next();
    }
}

// The token is for the server that is configured and for no other.
TEST_F(Posts, A05_NoRedirectIsFollowed) {
    expect_refusal(notify(ntfy("/redirect")), "redirects are not followed");
    EXPECT_EQ(server.next().target, "/redirect");
    EXPECT_FALSE(server.has_next());
}

TEST_F(Posts, A05_AnAnswerWithoutEndIsLeft) {
    // It has said yes before it began to talk.
    for (const char* path : {"/flood", "/endless-head"}) expect_delivery(notify(ntfy(path)));
}

TEST_F(Posts, A05_WhoDoesNotAnswerIsNotWaitedForLong) {
    expect_refusal(notify(ntfy("/hang")), "cannot be reached: Operation timed out");
}

TEST_F(Notify, A05_NobodyThereIsSaid) {
    expect_refusal(notify({{"type", "slack"}, {"url", "http://127.0.0.1:2586/PRIVATE"}}),
                   "slack: http://127.0.0.1:2586 cannot be reached: Failed to connect");
    expect_refusal(notify({{"type", "slack"}, {"url", "https://nowhere.invalid/PRIVATE"}}),
                   "cannot be reached: Could not resolve host");
    expect_refusal(notify({{"type", "slack"}, {"url", "file:///etc/passwd"}}),
                   "neither https:// nor http://");
    expect_refusal(fed(std::string(65'537, ' ')), "longer than 64 KiB");
    expect_refusal(fed(""), "not JSON");
}

// A server of a certificate that this host does not know, and then does.
TEST_F(Notify, A05_CertificatesAreVerified) {
    output_of(sandbox, as_root({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                                "-keyout", "/root/key.pem", "-out", "/root/certificate.pem"}));
    sandbox.write("/root/server.py",
                  "import http.server, ssl\n"
                  "class Receiver(http.server.BaseHTTPRequestHandler):\n"
                  "    def do_POST(self):\n"
                  "        self.rfile.read(int(self.headers['Content-Length']))\n"
                  "        self.send_response(200)\n"
                  "        self.send_header('Content-Length', '0')\n"
                  "        self.end_headers()\n"
                  "server = http.server.HTTPServer(('127.0.0.1', 8443), Receiver)\n"
                  "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
                  "context.load_cert_chain('/root/certificate.pem', '/root/key.pem')\n"
                  "server.socket = context.wrap_socket(server.socket, server_side=True)\n"
                  "open('/root/ready', 'w').write('ready')\n"
                  "server.serve_forever()\n");
    output_of(sandbox, as_root({"mkfifo", "/root/ready"}));
    const Process server(sandbox, as_root({"python3", "/root/server.py"}), "/root/output");
    output_of(sandbox, as_root({"cat", "/root/ready"}));

    const json channel = {{"type", "webhook"}, {"url", "https://localhost:8443/PRIVATE"}};
    expect_refusal(notify(channel), "certificate");
    sandbox.write("/etc/ssl/certs/ca-certificates.crt", sandbox.read("/root/certificate.pem"));
    expect_delivery(notify(channel));
    expect_refusal(notify({{"type", "webhook"}, {"url", "https://127.0.0.1:8443/PRIVATE"}}),
                   "no alternative certificate subject name");
}

class Mails : public Notify {
  protected:
    json to(const std::string& address) const {
        return {{"type", "mail"},
                {"url", sink.url()},
                {"from", "warifu@tally.example.org"},
                {"address", address}};
    }
    SmtpSink sink{sandbox};
};

TEST_F(Mails, A05_AreReadAsTheyWereMeant) {
    json what = message();
    what["title"] =
        "\u5272\u7b26: tally \u3078\u306e\u30b5\u30a4\u30f3\u30a4\u30f3\u3092\u8a8d\u3081\u307e\u3059\u304b";
    what["text"] = "\u30a2\u30ea\u30b9\u3001ssh\n.\n.dot";
    what["language"] = "ja";
    expect_delivery(notify(to("alice@example.org"), what));
    const Mail mail = sink.next();
    EXPECT_EQ(mail.from, "warifu@tally.example.org");
    EXPECT_EQ(mail.to, "alice@example.org");
    EXPECT_EQ(mail.subject, what["title"]);
    EXPECT_EQ(mail.text,
              "\u30a2\u30ea\u30b9\u3001ssh\r\n.\r\n.dot\r\n\r\nLook: " + std::string(link) + "\r\n");
    EXPECT_EQ(mail.headers.at("auto-submitted"), "auto-generated");
    EXPECT_EQ(mail.headers.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(mail.headers.at("content-language"), "ja");
    EXPECT_THAT(mail.headers.at("message-id"), MatchesRegex("<[0-9a-f]{32}@tally.example.org>"));
    EXPECT_THAT(mail.headers.at("date"),
                MatchesRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9: ]+ .0000"));
}

TEST_F(Mails, A05_AMailServerThatRefusesHangsOrTalksOnIsLeft) {
    expect_refusal(notify(to("refused@example.org")), "mail: smtp://127.0.0.1:2525 answered 550");
    expect_refusal(notify(to("endless@example.org")), "talks without end");
    expect_refusal(notify(to("hang@example.org")), "cannot be reached: Operation timed out");
    EXPECT_FALSE(sink.has_next());
    // It has taken the mail; whether it says good-bye is its own affair.
    expect_delivery(notify(to("lingers@example.org")));
    EXPECT_EQ(sink.next().to, "lingers@example.org");
}

TEST_F(Mails, A05_TheTokenIsTheUsersPassword) {
    json channel = to("alice@example.org");
    channel["url"] = "smtp://warifu@127.0.0.1:2525";
    channel["token"] = "open-sesame";
    expect_delivery(notify(channel));
    EXPECT_EQ(sink.next().user, "warifu");
    channel["token"] = token;
    expect_refusal(notify(channel), "mail: smtp://127.0.0.1:2525 does not take this user with this password");
}

TEST_F(Mails, X27_NobodyIsAddedToAMail) {
    for (const std::string address :
         {"a@example.org\r\nRCPT TO:<b@example.org>", "a@example.org>\n", "a b@c"})
        expect_refusal(notify(to(address)), "address");
    json what = message();
    what["title"] = "sign-in from x\r\nBcc: eve@example.org\r\n\r\n\x1b[2J; %s %n " + std::string(300, 'y');
    what["text"] = "from x\x1b]0;owned\x07\r\n.\r\nMAIL FROM:<eve@example.org>";
    expect_delivery(notify(to("alice@example.org"), what));
    const Mail mail = sink.next();
    EXPECT_FALSE(mail.headers.contains("bcc"));
    EXPECT_THAT(
        mail.subject,
        HasSubstr("sign-in from x\\x0d\\x0aBcc: eve@example.org\\x0d\\x0a\\x0d\\x0a\\x1b[2J; %s %n y"));
    EXPECT_THAT(mail.text, HasSubstr("from x\\x1b]0;owned\\x07\\x0d\r\n.\\x0d\r\nMAIL FROM"));
    EXPECT_FALSE(sink.has_next());
}

TEST_F(Posts, X27_NamesOfStrangersReachAPhoneEscaped) {
    json what = message();
    what["title"] = "; x %s \x1b[2J\n" + std::string(300, 'y');
    what["text"] =
        "a\x07"
        "b\u202ec\nd";
    what["request"]["rhost"] = "\x1b[2J\n";
    expect_delivery(notify(ntfy(), what));
    const Post post = server.next();
    EXPECT_THAT(std::string(post.json["title"]), testing::StartsWith("; x %s \\x1b[2J\\x0ayyy"));
    EXPECT_EQ(post.json["message"],
              "a\\x07"
              "b\\u{202e}c\nd");
    // Facts are for programs, which get them as they are.
    expect_delivery(notify({{"type", "webhook"}, {"url", server.url()}}, what));
    EXPECT_EQ(server.next().json["request"]["rhost"], "\x1b[2J\n");
}

class Hooks : public Notify {
  protected:
    Hooks() { output_of(sandbox, as_root({"install", "-d", "-o", "19999", "/srv/hook"})); }
    json hook(const std::string& lines, const std::vector<std::string>& words = {}) {
        sandbox.write("/usr/local/bin/hook", "#!/bin/sh\n" + lines + "\n", 0755);
        json argv = {"/usr/local/bin/hook"};
        for (const std::string& word : words) argv.push_back(word);
        return {{"type", "command"}, {"argv", argv}};
    }
};

TEST_F(Hooks, A05_ACommandGetsTheMessageAndNothingElse) {
    const json channel = hook(
        "cat >/srv/hook/message; for word in \"$@\"; do echo \"$word\"; done >/srv/hook/words\n"
        "tr '\\0' '\\n' </proc/$$/environ >/srv/hook/environment; ls /proc/self/fd >/srv/hook/descriptors\n"
        "echo noise; echo noise >&2",
        {"$(id)", "; x", "a b"});
    expect_delivery(notify(channel));
    json facts = message();
    facts.erase("labels");
    EXPECT_EQ(json::parse(sandbox.read("/srv/hook/message")), facts);
    EXPECT_EQ(sandbox.read("/srv/hook/words"), "$(id)\n; x\na b\n");
    EXPECT_EQ(sandbox.read("/srv/hook/environment"),
              "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C.UTF-8\n");
    EXPECT_EQ(sandbox.read("/srv/hook/descriptors"), "0\n1\n2\n3\n");  // 3: ls' own
}

TEST_F(Hooks, A05_ACommandThatFailsIsNamed) {
    expect_refusal(notify(hook("echo PRIVATE >&2; exit 3")),
                   "command: /usr/local/bin/hook ended with status 3");
    expect_refusal(notify(hook("kill -KILL $$")), "command: /usr/local/bin/hook was ended by signal 9");
    expect_refusal(notify({{"type", "command"}, {"argv", {"/nowhere/hook"}}}),
                   "command: /nowhere/hook cannot be started: No such file or directory");
    expect_delivery(notify(hook("exec <&-")));  // it need not read
}

TEST_F(Hooks, A05_ACommandThatHangsIsEndedWithAllThatItStarted) {
    output_of(sandbox, as_root({"mkfifo", "-m", "666", "/srv/hook/alive", "/srv/hook/never"}));
    Process reader(sandbox, as_root({"cat", "/srv/hook/alive"}), "/root/alive");
    const json channel = hook(
        "{ echo begun; read -r word </srv/hook/never; } >/srv/hook/alive & read -r word </srv/hook/never");
    expect_refusal(notify(channel), "nothing was delivered within 9 s");
    // The reader has its end of file once both are gone.
    EXPECT_EQ(reader.wait(), 0);
    EXPECT_EQ(sandbox.read("/root/alive"), "begun\n");
}

// As warifud starts it.
TEST_F(Posts, A05_WarifudStartsItAsItsUser) {
    Command command = as_root({"warifud", "--notify", "warifu-notify", "/usr/libexec/warifu/warifu-notify"});
    command.input = json{{"channel", ntfy()}, {"message", message()}}.dump();
    expect_delivery(run(sandbox, command));
    EXPECT_EQ(server.next().json["topic"], "topic-of-alice");
    sandbox.write("/usr/local/bin/hook", "#!/bin/sh\nid -un >/srv/who\n", 0755);
    output_of(sandbox, as_root({"install", "-d", "-m", "777", "/srv"}));
    command.input = json{
        {"channel", {{"type", "command"}, {"argv", {"/usr/local/bin/hook"}}}},
        {"message",
         message()}}.dump();
    expect_delivery(run(sandbox, command));
    EXPECT_EQ(sandbox.read("/srv/who"), "warifu-notify\n");
}

}  // namespace
}  // namespace warifu::integration
