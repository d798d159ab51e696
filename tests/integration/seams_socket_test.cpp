// What somebody without root can do at warifud's sockets: to others, to themselves, to warifud.
#include <gmock/gmock.h>
#include <security/pam_appl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <list>

#include "tests/integration/one_time_code.h"
#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/varlink_peer.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr uid_t nameless_uid = 54'321, overflow_uid = 65'534;

struct Call {
    const char* method;
    json parameters;
};

// Every call about an account, with parameters that are right in themselves.
std::vector<Call> calls_about(const std::string& user, const std::string& code) {
    return {
        {"io.warifu.Prove", {{"user", user}, {"code", code}}},
        {"io.warifu.Enroll", {{"user", user}}},
        {"io.warifu.Confirm", {{"user", user}, {"code", code}}},
        {"io.warifu.Status", {{"user", user}}},
        {"io.warifu.Verify", {{"user", user}, {"code", code}}},
        {"io.warifu.Codes", {{"user", user}, {"regenerate", false}}},
        {"io.warifu.Codes", {{"user", user}, {"regenerate", true}}},
        {"io.warifu.Show", {{"user", user}}},
        {"io.warifu.Rename", {{"user", user}, {"authenticator", "1"}, {"label", "mine"}}},
        {"io.warifu.Remove", {{"user", user}, {"authenticator", "1"}}},
        {"io.warifu.Resync", {{"user", user}, {"first", code}, {"second", code}}},
        {"io.warifu.Forget", {{"user", user}}},
        {"io.warifu.Reset", {{"user", user}, {"replay", false}}},
        {"io.warifu.Reset", {{"user", user}, {"replay", true}}},
        {"io.warifu.Unlock", {{"user", user}}},
    };
}

json start_of(const std::string& user, std::vector<std::string> options = {}) {
    return {{"protocol", 2},
            {"user", user},
            {"service", "code"},
            {"rhost", "203.0.113.9"},
            {"tty", "pts/99"},
            {"ruser", "root"},
            {"uid", 0},
            {"flags", 0},
            {"options", options},
            {"has_authtok", false},
            {"single_field", false},
            {"auth_info", ""}};
}

json answer_of(const std::string& text) {
    return {{"kind", "text"}, {"text", text}};
}

class Seams : public ::testing::Test {
  protected:
    Seams()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        sandbox.set_clock(std::chrono::seconds(0));  // from here on warifud hears of changes
        daemon = std::make_unique<Warifud>(sandbox);
    }

    std::string status_of(const Account& account) {
        return warifu(sandbox, {"status", "--user", account.name}).object.dump();
    }
    // Everybody else is served as if nothing were the matter: another uid, and root.
    void expect_that_others_are_served() {
        VarlinkPeer other(sandbox, bob.uid);
        EXPECT_EQ(error_of(other.call("io.warifu.Status", {{"user", "bob"}})), "");
        VarlinkPeer root(sandbox, 0, roots_socket);
        EXPECT_EQ(error_of(root.call("io.warifu.Status", {{"user", "bob"}})), "");
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    std::unique_ptr<Warifud> daemon;
};

TEST_F(Seams, X08_NothingOfAnotherAccountCanBeReachedOrLearnt) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string code = phone.code(), before = status_of(alice);
    VarlinkPeer peer(sandbox, bob.uid);
    const auto about_alice = calls_about("alice", code), about_nobody = calls_about("nosuch", code);
    for (std::size_t i = 0; i < about_alice.size(); ++i) {
        const auto& [method, parameters] = about_alice[i];
        const json reply = peer.call(method, parameters);
        EXPECT_EQ(error_of(reply), "NotPermitted") << method << reply.dump();
        // A login name that does not exist looks the same.
        EXPECT_EQ(peer.call(method, about_nobody[i].parameters), reply) << method;
    }
    EXPECT_EQ(error_of(peer.call("io.warifu.Status", {{"user", "root"}})), "NotPermitted");
    EXPECT_EQ(error_of(peer.call("io.warifu.List", {{"limit", 10}})), "NotPermitted");
    EXPECT_EQ(status_of(alice), before);
    EXPECT_EQ(sign_in(sandbox, "code", "alice", code), PAM_SUCCESS) << "the code was spent for nothing";
}

TEST_F(Seams, X08_NobodySignsInAsAnotherAccount) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string code = phone.code(), before = status_of(alice);
    for (const char* user : {"alice", "root", "nosuch", ""}) {
        VarlinkPeer peer(sandbox, bob.uid);
        EXPECT_EQ(error_of(peer.call("io.warifu.Start", start_of(user))), "NotPermitted") << user;
        EXPECT_EQ(error_of(peer.call("io.warifu.Answer", answer_of(code))), "Conflict") << user;
        EXPECT_EQ(error_of(peer.call("io.warifu.Start", start_of("bob"))), "Conflict") << user;
    }
    EXPECT_EQ(status_of(alice), before);
}

TEST_F(Seams, X08_RootsSocketIsRootsAlone) {
    for (const uid_t uid : {alice.uid, nameless_uid, overflow_uid}) {
        try {
            const VarlinkPeer peer(sandbox, uid, roots_socket);
            ADD_FAILURE() << "uid " << uid << " was let in";
        } catch (const std::system_error& error) {
            EXPECT_EQ(error.code().value(), EACCES);
        }
    }
    // Whatever the socket's mode.
    output_of(sandbox, as_root({"chmod", "0666", roots_socket}));
    VarlinkPeer peer(sandbox, alice.uid, roots_socket);
    EXPECT_EQ(error_of(peer.call("io.warifu.Health", json::object())), "the connection ended");
}

TEST_F(Seams, X08_UidsWithoutANameAreTurnedAwayAtOnce) {
    for (const uid_t uid : {nameless_uid, overflow_uid}) {
        VarlinkPeer peer(sandbox, uid);
        EXPECT_EQ(peer.receive(), std::nullopt) << uid;
    }
    expect_that_others_are_served();
}

TEST_F(Seams, X08_EightConnectionsOfAUidAndNoMore) {
    std::list<VarlinkPeer> held;
    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(error_of(held.emplace_back(sandbox, alice.uid).call("io.warifu.Health", json::object())),
                  "");
    }
    VarlinkPeer ninth(sandbox, alice.uid);
    EXPECT_EQ(ninth.receive(), std::nullopt);
    expect_that_others_are_served();
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(sign_in(sandbox, "code", "alice", phone.code()), PAM_SUCCESS);

    // One goes, another may come: warifud hears of it in its own time.
    held.pop_front();
    const auto end = std::chrono::steady_clock::now() + patience;
    bool served = false;
    while (!served && std::chrono::steady_clock::now() < end) {
        VarlinkPeer again(sandbox, alice.uid);
        served = error_of(again.call("io.warifu.Health", json::object())).empty();
    }
    EXPECT_TRUE(served);
}

TEST_F(Seams, X08_HalfMessagesAndSilenceEnd) {
    VarlinkPeer silent(sandbox, alice.uid), half(sandbox, alice.uid), one_and_a_half(sandbox, alice.uid);
    const std::string health = R"({"method":"io.warifu.Health"})";
    EXPECT_TRUE(half.send(health));
    EXPECT_TRUE(one_and_a_half.send(health + '\0' + health));
    EXPECT_NE(one_and_a_half.receive(), std::nullopt);
    expect_that_others_are_served();
    EXPECT_EQ(silent.receive(), std::nullopt);
    EXPECT_EQ(half.receive(), std::nullopt);
    EXPECT_EQ(one_and_a_half.receive(), std::nullopt);
}

TEST_F(Seams, X08_TenTimesTenThousandRequestsHoldUpNobody) {
    constexpr int requests = 100'000, at_once = 100;
    const std::string health = std::string(R"({"method":"io.warifu.Health"})") + '\0';
    std::string batch;
    for (int i = 0; i < at_once; ++i) batch += health;
    VarlinkPeer flood(sandbox, alice.uid);
    Pipe begun = make_pipe();
    const pid_t child = sandbox.fork();
    if (child == 0) {
        int answered = 0;
        while (answered < requests && flood.send(batch)) {
            for (int i = 0; i < at_once; ++i) answered += flood.receive() ? 1 : 0;
            if (answered == at_once && ::write(begun.writer.number(), "!", 1) != 1) break;
        }
        ::_exit(answered == requests ? 0 : 1);
    }
    Phone phone(sandbox, bob, PhoneKind::hotp);
    begun.writer.close();
    char byte = 0;
    EXPECT_EQ(::read(begun.reader.number(), &byte, 1), 1);
    expect_that_others_are_served();
    EXPECT_EQ(sign_in(sandbox, "code", "bob", phone.code()), PAM_SUCCESS);
    int status = 0;
    checked(::waitpid(child, &status, 0), "waitpid");
    EXPECT_EQ(integration::status_of(status), 0) << "not every request was answered";
}

TEST_F(Seams, X08_HostileMessagesEndTheirOwnConnectionAtMost) {
    const std::string deep(8'000, '['), hidden = R"({"x":")" + std::string(8'000, ']') + R"(","parameters":)";
    const std::vector<std::string> messages = {
        "",
        "not JSON",
        "[]",
        "null",
        "\xff\xfe",
        R"({"method":7})",
        R"({"method":"io.warifu.Nothing"})",
        R"({"method":"\u0000"})",
        R"({"method":"io.warifu.Health","oneway":"yes"})",
        R"({"method":"io.warifu.Health","upgrade":[1]})",
        R"({"method":"io.warifu.Health","more":{}})",
        R"({"method":"io.warifu.Health","parameters":null})",
        R"({"method":"io.warifu.Health","parameters":[1]})",
        R"({"method":"io.warifu.Codes","parameters":{"user":"alice","regenerate":"no"}})",
        R"({"method":"io.warifu.Codes","parameters":{"user":"alice","regenerate":null}})",
        R"({"method":"io.warifu.Codes","parameters":7})",
        R"({"method":"io.warifu.Status","parameters":{"user":7}})",
        R"({"method":"io.warifu.Status","parameters":{"user":"../x"}})",
        R"({"method":"io.warifu.List","parameters":{"limit":18446744073709551615}})",
        R"({"method":"io.warifu.List","parameters":{"limit":1e400}})",
        R"({"method":"io.warifu.Start","parameters":{"protocol":-1}})",
        R"({"method":"io.warifu.Answer"})",
        R"({"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":["x"]}})",
        deep,
        hidden + deep + std::string(8'000, ']') + "}",
        hidden + std::string(4'000, '[') + std::string(4'000, ']') + "}",
        std::string(16 * 1024, 'x'),
    };
    for (const std::string& message : messages) {
        VarlinkPeer peer(sandbox, alice.uid);
        if (peer.send(message + '\0')) {
            (void)peer.receive();
        }
        VarlinkPeer other(sandbox, bob.uid);
        ASSERT_EQ(error_of(other.call("io.warifu.Health", json::object())), "")
            << message.substr(0, 100) << "\n"
            << sandbox.log() << sandbox.read("/run/warifud.out");
    }
}

// The listener is judged before a byte is sent to it.
TEST_F(Seams, X08_NobodyElsePassesForWarifud) {
    output_of(sandbox, as_root({"install", "-d", "-o", "bob", "/srv/bob"}));
    const std::string path = "/srv/bob/warifu.sock";
    const Descriptor listener = listen_as(sandbox, bob.uid, path);
    sandbox.write("/etc/pam.d/squatted", "auth required pam_warifu.so socket=" + path + "\n");
    Phone phone(sandbox, alice, PhoneKind::hotp);
    const std::string code = phone.code();

    for (const Account* who : {&alice, &bob}) {
        const Answer answer = warifu(sandbox, *who, {"verify", "--socket", path, code});
        EXPECT_EQ(answer.status, 4) << answer.object;
        EXPECT_THAT(answer.object.value("message", ""), HasSubstr("not root's"));
        EXPECT_EQ(sign_in(sandbox, "squatted", who->name, code, who->uid), PAM_SYSTEM_ERR);
    }
    EXPECT_EQ(warifu(sandbox, {"verify", "--user", "alice", "--socket", path, code}).status, 4);
    EXPECT_EQ(sign_in(sandbox, "squatted", "alice", phone.wrong_code()), PAM_AUTH_ERR);
    EXPECT_EQ(sign_in(sandbox, "squatted", "alice", code), PAM_SUCCESS) << "root starts its own";

    EXPECT_THAT(sent_to(listener), AllOf(Not(IsEmpty()), Each(IsEmpty())));
}

TEST_F(Seams, X32_ASelfPeerIsItselfWhateverItClaims) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    VarlinkPeer peer(sandbox, alice.uid);
    ASSERT_EQ(peer.call("io.warifu.Start", start_of("alice"))["parameters"]["step"], "prompt");
    const json step = peer.call("io.warifu.Answer", answer_of(phone.wrong_code()));
    EXPECT_EQ(step["parameters"]["verdict"], "denied");
    sandbox.wait_for_log("reason=bad_code");
    const std::string log = sandbox.log();
    EXPECT_THAT(log, HasSubstr("source=local:" + std::to_string(alice.uid) + " "));
    EXPECT_THAT(log, Not(HasSubstr("203.0.113.9")));
    EXPECT_THAT(log, Not(HasSubstr("pts/99")));
}

TEST_F(Seams, X32_OptionsThatLoosenAreRefused) {
    for (const char* option : {"nullok", "noskewadj", "grace_period=3600", "secret=/tmp/x", "user=root"}) {
        for (const Account* who : {&alice, &bob}) {
            VarlinkPeer peer(sandbox, who->uid);
            const json reply = peer.call("io.warifu.Start", start_of(who->name, {"debug", option}));
            EXPECT_EQ(error_of(reply), "NotPermitted") << option << reply;
        }
    }
    for (const char* option :
         {"socket=/tmp/x", "config=/tmp/x", "daemon=/bin/true", "NULLOK", " nullok", ""}) {
        VarlinkPeer peer(sandbox, bob.uid);
        const json reply = peer.call("io.warifu.Start", start_of("bob", {option}));
        EXPECT_EQ(reply["parameters"].value("verdict", ""), "denied") << option << reply;
    }
}

// pam-auth-update's line stands in the stack of lockers that run as the person.
TEST_F(Seams, S06_AServiceThatIsNotListedIsPassedByWithoutRootToo) {
    for (const auto& [service, verdict] : {std::pair("i3lock", "ignored"), std::pair("vlock", "")}) {
        VarlinkPeer peer(sandbox, alice.uid);
        json start = start_of("alice", {"listed", "nullok"});
        start["service"] = service;
        const json reply = peer.call("io.warifu.Start", start);
        EXPECT_EQ(reply["parameters"].value("verdict", ""), verdict) << service << reply;
        EXPECT_EQ(error_of(reply), *verdict == '\0' ? "NotPermitted" : "") << service << reply;
    }
}

TEST_F(Seams, X32_ChangesWantAProofOnTheSameConnection) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    VarlinkPeer without(sandbox, alice.uid), with(sandbox, alice.uid);
    const json shown = warifu(sandbox, {"status", "--user", "alice"}).object;
    const std::string id = shown["authenticators"][0]["id"];
    const std::vector<Call> wanting = {
        {"io.warifu.Enroll", {{"user", ""}}},
        {"io.warifu.Confirm", {{"user", ""}, {"code", "123456"}}},
        {"io.warifu.Show", {{"user", ""}}},
        {"io.warifu.Rename", {{"user", ""}, {"authenticator", id}, {"label", "other"}}},
        {"io.warifu.Codes", {{"user", ""}, {"regenerate", true}}},
        {"io.warifu.Resync", {{"user", ""}, {"first", "123456"}, {"second", "123456"}}},
        {"io.warifu.Forget", {{"user", ""}}},
        {"io.warifu.Remove", {{"user", ""}, {"authenticator", id}}},
    };
    const auto refused_to = [&](VarlinkPeer& peer, const std::string& when) {
        for (const auto& [method, parameters] : wanting) {
            const json reply = peer.call(method, parameters);
            EXPECT_EQ(error_of(reply), "NotPermitted") << method << when << reply;
            EXPECT_THAT(reply["parameters"].value("message", ""), HasSubstr("--proof")) << method << when;
        }
    };
    refused_to(without, " at first");
    refused_to(with, " at first");
    EXPECT_EQ(error_of(with.call("io.warifu.Prove", {{"user", ""}, {"code", phone.wrong_code()}})), "Denied");
    refused_to(with, " after a wrong code");
    ASSERT_EQ(error_of(with.call("io.warifu.Prove", {{"user", ""}, {"code", phone.code()}})), "");
    refused_to(without, " after another connection's proof");

    for (const auto& [method, parameters] : wanting) {
        const std::string name = method, error = error_of(with.call(method, parameters));
        if (name == "io.warifu.Confirm" || name == "io.warifu.Resync") {
            EXPECT_EQ(error, "Denied") << "the proof lets it be tried, with these codes in vain";
        } else if (name == "io.warifu.Remove") {
            EXPECT_EQ(error, "NotPermitted") << "the last one is an administrator's to remove";
        } else {
            EXPECT_EQ(error, "") << name;
        }
    }
    // A proof lasts five minutes.
    sandbox.set_clock(std::chrono::seconds(200));
    EXPECT_EQ(error_of(with.call("io.warifu.Show", {{"user", ""}})), "");
    sandbox.set_clock(std::chrono::seconds(400));
    refused_to(with, " after five minutes");
}

TEST_F(Seams, X32_OnlyTheFirstAuthenticatorIsFreeToAdd) {
    VarlinkPeer peer(sandbox, alice.uid);
    const json offer = peer.call("io.warifu.Enroll", {{"user", ""}, {"kind", "hotp"}})["parameters"];
    const std::string secret = offer.at("secret");
    ASSERT_EQ(error_of(peer.call("io.warifu.Confirm", {{"user", ""}, {"code", hotp(secret, 0)}})), "");
    EXPECT_EQ(error_of(peer.call("io.warifu.Enroll", {{"user", ""}})), "NotPermitted");
    ASSERT_EQ(error_of(peer.call("io.warifu.Prove", {{"user", ""}, {"code", hotp(secret, 1)}})), "");
    const json second = peer.call("io.warifu.Enroll", {{"user", ""}, {"kind", "hotp"}})["parameters"];
    VarlinkPeer elsewhere(sandbox, alice.uid);
    const json confirmation = {{"user", ""}, {"code", hotp(second.at("secret"), 0)}};
    EXPECT_EQ(error_of(elsewhere.call("io.warifu.Confirm", confirmation)), "NotPermitted");
    EXPECT_EQ(error_of(peer.call("io.warifu.Confirm", confirmation)), "");
    EXPECT_EQ(error_of(peer.call("io.warifu.Remove",
                                 {{"user", ""}, {"authenticator", second.at("authenticator")}})),
              "");
}

TEST_F(Seams, X32_AfterStartOnlyAnswerAndCancel) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    for (const uid_t uid : {alice.uid, uid_t{0}}) {
        VarlinkPeer peer(sandbox, uid, uid == 0 ? roots_socket : everybodys_socket);
        ASSERT_EQ(error_of(peer.call("io.warifu.Prove", {{"user", "alice"}, {"code", phone.code()}})), "");
        ASSERT_EQ(error_of(peer.call("io.warifu.Start", start_of("alice"))), "");
        for (const auto& [method, parameters] : calls_about("alice", "123456")) {
            EXPECT_EQ(error_of(peer.call(method, parameters)), "Conflict") << method;
        }
        EXPECT_EQ(error_of(peer.call("io.warifu.Health", json::object())), "Conflict");
        EXPECT_EQ(error_of(peer.call("io.warifu.List", {{"limit", 1}})), "Conflict");
        EXPECT_EQ(error_of(peer.call("io.warifu.Start", start_of("alice"))), "Conflict");
        EXPECT_EQ(peer.call("io.warifu.Answer", answer_of(phone.code()))["parameters"]["verdict"], "success");
        EXPECT_EQ(error_of(peer.call("io.warifu.Answer", answer_of(phone.code()))), "Conflict");
    }
    // A cancelled conversation takes no answer.
    VarlinkPeer peer(sandbox, alice.uid);
    ASSERT_EQ(error_of(peer.call("io.warifu.Start", start_of("alice"))), "");
    EXPECT_EQ(error_of(peer.call("io.warifu.Cancel", json::object())), "");
    EXPECT_THAT(error_of(peer.call("io.warifu.Answer", answer_of(phone.code()))),
                AnyOf("Conflict", "the connection ended"));
}

}  // namespace
}  // namespace warifu::integration
