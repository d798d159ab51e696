// sudo's approval plugin in Debian's sudo. This program is warifud there: it sees what is asked and decides.
#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/terminal.h"
#include "tests/integration/varlink_peer.h"

namespace warifu::integration {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char ctrl_c[] = "\x03", ctrl_z[] = "\x1a";
constexpr char sudo_conf[] = "/etc/sudo.conf", plugin[] = "Plugin warifu_approval sudo_warifu.so";

json info(const std::string& text) {
    return {{"step", "info"}, {"text", text}};
}
json wait_step() {
    return {{"step", "wait"}};
}
json done(const std::string& verdict, const std::string& reason) {
    return {{"step", "done"}, {"verdict", verdict}, {"reason", reason}};
}

class SudoApproval : public ::testing::Test {
  protected:
    SudoApproval()
        : alice(sandbox.add_user("alice", "alice's password")), bob(sandbox.add_user("bob", "bob's")) {
        sandbox.write("/etc/sudoers",
                      "Defaults lecture=never, runcwd=*, runchroot=*, !use_pty\nroot, alice ALL=(ALL:ALL) "
                      "NOPASSWD: ALL\n",
                      0440);
        sandbox.write(sudo_conf, sample("sudo/sudo.conf"));
        output_of(sandbox, as_root({"mkdir", "-m", "755", "/run/warifu"}));
        socket = listen_as(sandbox, 0, roots_socket);
    }

    Command sudo(std::vector<std::string> words) const {
        words.insert(words.begin(), "sudo");
        return as_user(alice, words);
    }
    VarlinkPeer asked() const { return VarlinkPeer::accepted_from(socket); }
    static json call_of(VarlinkPeer& peer) {
        const auto call = peer.receive();
        return call ? json::parse(*call) : json();
    }
    static void say(VarlinkPeer& peer, const json& parameters) {
        ASSERT_TRUE(peer.send(json{{"parameters", parameters}}.dump() + '\0'));
    }
    static void expect_nothing_answered(VarlinkPeer& peer) {
        EXPECT_EQ(call_of(peer), (json{{"method", "io.warifu.Answer"}, {"parameters", {{"kind", "none"}}}}));
    }
    // What is asked for this command, and refused.
    json asked_for(const std::vector<std::string>& words) {
        Terminal terminal(sandbox, sudo(words));
        VarlinkPeer peer = asked();
        const json call = call_of(peer);
        EXPECT_EQ(call.at("method"), "io.warifu.StartAction");
        say(peer, done("denied", "not_now"));
        EXPECT_EQ(terminal.wait(), 1);
        return call.at("parameters");
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Descriptor socket;
};

TEST_F(SudoApproval, A11_TheApproverIsToldWhoRunsWhatAndThePersonWhatIsWaitedFor) {
    Command command = sudo({"echo", "all is", "done"});
    command.directory = "/usr/share";
    Terminal terminal(sandbox, command);
    VarlinkPeer peer = asked();
    json call = call_of(peer);
    EXPECT_EQ(call.at("method"), "io.warifu.StartAction");
    EXPECT_THAT(call.at("parameters").at("tty").get<std::string>(), ::testing::StartsWith("pts/"));
    call.at("parameters").erase("tty");
    EXPECT_EQ(call.at("parameters"), (json{{"protocol", 2},
                                           {"user", "alice"},
                                           {"service", "sudo"},
                                           {"uid", alice.uid},
                                           {"run_as", "root"},
                                           {"directory", "/usr/share"},
                                           {"argv", {"/usr/bin/echo", "all is", "done"}}}));
    say(peer, info("Two administrators have to approve: 47"));
    terminal.expect("Two administrators have to approve: 47\r\n");
    expect_nothing_answered(peer);
    say(peer, wait_step());
    expect_nothing_answered(peer);
    say(peer, wait_step());
    expect_nothing_answered(peer);
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr("all is done")));
    say(peer, done("success", "approved"));
    EXPECT_EQ(terminal.wait(), 0) << terminal.transcript();
    EXPECT_THAT(terminal.transcript(), HasSubstr("all is done\r\n"));
}

TEST_F(SudoApproval, A11_WhatPolicyAsksNobodyForRuns) {
    Terminal terminal(sandbox, sudo({"id", "-un"}));
    VarlinkPeer peer = asked();
    call_of(peer);
    say(peer, done("ignored", "exempt"));
    EXPECT_EQ(terminal.wait(), 0);
    EXPECT_THAT(terminal.transcript(), HasSubstr("root\r\n"));
}

TEST_F(SudoApproval, A11_WhateverElseIsDecidedRefusesAndSaysWhy) {
    const std::vector<std::vector<std::string>> ends = {
        {"denied", "not_now", "Warifu: refused: not now"},
        {"denied", "not\nme\x1b[31m", "Warifu: refused: not\\x0ame\\x1b[31m"},
        {"limited", "too_many_requests", "Warifu: limited: too many requests"},
        {"unavailable", "no_store", "Warifu: unavailable: no store"},
        {"unavailable", "unavailable", "Warifu: unavailable: the log of warifud says why"}};
    for (const auto& end : ends) {
        SCOPED_TRACE(end[1]);
        Terminal terminal(sandbox, sudo({"echo", "letin"}));
        VarlinkPeer peer = asked();
        call_of(peer);
        json last = done(end[0], end[1]);
        last["text"] = "Nobody lets you.";
        say(peer, last);
        EXPECT_EQ(terminal.wait(), 1);
        EXPECT_THAT(terminal.transcript(), HasSubstr("Nobody lets you.\r\n"));
        EXPECT_THAT(terminal.transcript(), HasSubstr(end[2] + "\r\n"));
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
    }
    sandbox.wait_for_log("Warifu: refused: not now ;");  // in sudo's own line, with the command
}

TEST_F(SudoApproval, A11_WhatIsNoStepOfTheProtocolRefuses) {
    const std::vector<std::string> broken = {
        R"(no JSON)",
        R"({"parameters":{}})",
        R"({"parameters":{"step":"done","verdict":"approved"}})",
        R"({"parameters":{"step":"done"}})",
        R"({"parameters":{"step":"prompt","text":"Your password: ","echo":true}})",
        R"({"error":"io.warifu.NotPermitted","parameters":{"message":"not you"}})",
        R"({"error":"org.varlink.service.MethodNotFound","parameters":{"method":"io.warifu.StartAction"}})",
        std::string(20'000, ' ')};
    for (const std::string& reply : broken) {
        SCOPED_TRACE(reply);
        Terminal terminal(sandbox, sudo({"echo", "letin"}));
        VarlinkPeer peer = asked();
        call_of(peer);
        ASSERT_TRUE(peer.send(reply + '\0'));
        EXPECT_EQ(terminal.wait(), 1);
        EXPECT_THAT(terminal.transcript(), HasSubstr("Warifu: "));
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
        EXPECT_FALSE(peer.receive()) << "the connection ends with it";
    }
}

// Nothing is lost with a connection: whoever waits asks again.
TEST_F(SudoApproval, A11_WhoLosesWarifudAsksAgainAndThenIsRefused) {
    sandbox.write(sudo_conf, std::string(plugin) + " daemon=/bin/false\n");
    Terminal terminal(sandbox, sudo({"echo", "letin"}));
    for (int i = 0; i < 2; ++i) {
        VarlinkPeer peer = asked();
        EXPECT_EQ(call_of(peer).at("method"), "io.warifu.StartAction");
        say(peer, wait_step());
        expect_nothing_answered(peer);
    }
    EXPECT_EQ(terminal.wait(), 1);
    EXPECT_THAT(terminal.transcript(), HasSubstr("Warifu: cannot start /bin/false --stdio: "));
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
}

TEST_F(SudoApproval, A11_WithoutAWarifudOneIsStartedForTheCommandOrNothingRuns) {
    socket.close();
    sandbox.write("/root/warifud",
                  "#!/bin/sh\nexec 1>&0\nprintf '{\"parameters\":{\"step\":\"done\",\"verdict\":\"%s\"}}\\0' "
                  "\"$(cat /root/verdict)\"\ncat >/dev/null\n",
                  0755);
    sandbox.write(sudo_conf, std::string(plugin) + " daemon=/root/warifud\n");
    for (const std::string verdict : {"success", "denied"}) {
        sandbox.write("/root/verdict", verdict);
        EXPECT_EQ(run(sandbox, sudo({"true"})).status, verdict == "success" ? 0 : 1) << verdict;
    }
    sandbox.write(sudo_conf, std::string(plugin) + " daemon=/root/gone\n");
    const Result gone = run(sandbox, sudo({"echo", "letin"}));
    EXPECT_EQ(gone.status, 1);
    EXPECT_THAT(gone.out, IsEmpty());
    EXPECT_THAT(gone.err, HasSubstr("Warifu: cannot start /root/gone --stdio: No such file or directory\n"));
}

TEST_F(SudoApproval, A11_WhoStopsWaitingWithdrawsTheRequest) {
    for (const char* key : {ctrl_c, "\x1c"}) {
        Terminal terminal(sandbox, sudo({"echo", "letin"}));
        VarlinkPeer peer = asked();
        call_of(peer);
        say(peer, wait_step());
        expect_nothing_answered(peer);
        terminal.type(key);
        EXPECT_FALSE(peer.receive()) << "the request stays";
        EXPECT_NE(terminal.wait(), 0);
        EXPECT_THAT(terminal.transcript(), HasSubstr("interrupted"));
        EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
    }
    for (const int signal : {SIGHUP, SIGTERM, SIGKILL}) {
        Process process(sandbox, sudo({"echo", "letin"}));
        VarlinkPeer peer = asked();
        call_of(peer);
        say(peer, wait_step());
        expect_nothing_answered(peer);
        process.kill(signal);
        EXPECT_FALSE(peer.receive()) << signal;
        EXPECT_NE(process.wait(), 0);
    }
}

// As at sudo's own password: a command that was approved meanwhile does not run.
TEST_F(SudoApproval, A11_CtrlCCountsAlsoWhereTheApprovalIsThereAlready) {
    Terminal terminal(sandbox, sudo({"echo", "letin"}));
    VarlinkPeer peer = asked();
    call_of(peer);
    say(peer, wait_step());
    expect_nothing_answered(peer);
    ::kill(terminal.pid(), SIGSTOP);
    say(peer, done("success", "approved"));
    ::kill(terminal.pid(), SIGINT);
    ::kill(terminal.pid(), SIGCONT);
    EXPECT_NE(terminal.wait(), 0);
    EXPECT_THAT(terminal.transcript(), Not(HasSubstr("letin")));
}

// nohup's child goes on waiting.
TEST_F(SudoApproval, A11_WhatTheCallerIgnoresDoesNotEndTheWait) {
    Process process(sandbox, as_user(alice, {"sh", "-c", "trap '' HUP; exec sudo true"}));
    VarlinkPeer peer = asked();
    call_of(peer);
    process.kill(SIGHUP);
    say(peer, wait_step());
    expect_nothing_answered(peer);
    say(peer, done("success", "approved"));
    EXPECT_EQ(process.wait(), 0);
}

// By a variable an approved command may do something else.
TEST_F(SudoApproval, A11_VariablesThatWereTypedAreShown) {
    EXPECT_EQ(asked_for({"LD_X=1", "-u", "bob", "GREETING=good day", "-p", "word=x", "id", "a=b"}).at("argv"),
              (json{"env", "LD_X=1", "GREETING=good day", "/usr/bin/id", "a=b"}));
    EXPECT_EQ(asked_for({"-p", "word=x", "id"}).at("argv"), json{"/usr/bin/id"});
}

TEST_F(SudoApproval, A11_WhatIsToRunIsShownWholeOrNotAtAll) {
    EXPECT_EQ(asked_for({"-u", "bob", "-g", "adm", "id"}).at("run_as"), "bob:adm");
    EXPECT_EQ(asked_for({"-D", "/var/log", "id"}).at("directory"), "/var/log");
    sandbox.write("/srv/usr/bin/id", "", 0755);
    EXPECT_EQ(asked_for({"-R", "/srv", "/usr/bin/id", "-u"}).at("argv"),
              (json{"chroot", "/srv", "/usr/bin/id", "-u"}));
    const json shell = asked_for({"-u", "bob", "-i", "id", "-u"});
    EXPECT_EQ(shell.at("argv"), (json{"/bin/sh", "-c", "id -u"}));
    EXPECT_EQ(shell.at("directory"), bob.home);
    EXPECT_EQ(asked_for({"echo", "a\nb", "", "\xE5\x89\xB2", "b\xFF", "\"\\"}).at("argv"),
              (json{"/usr/bin/echo", "a\nb", "", "\xE5\x89\xB2", "b\xEF\xBF\xBD", "\"\\"}));
    const std::string long_word(12'000, 'x');
    EXPECT_EQ(asked_for({"echo", long_word}).at("argv").at(1), long_word);

    for (const std::string& too_long : {std::string(17'000, 'x'), std::string(4'000, '\x01')}) {
        const Result result = run(sandbox, sudo({"echo", too_long}));
        EXPECT_EQ(result.status, 1);
        EXPECT_THAT(result.out, IsEmpty());
        EXPECT_EQ(result.err, "Warifu: the command line is too long to be shown to an approver\n");
    }
    EXPECT_THAT(sent_to(socket), IsEmpty());
}

// The editor runs as the person: what counts is which files come back.
TEST_F(SudoApproval, A11_EditingIsAskedForByItsFiles) {
    sandbox.write("/etc/first", "1\n");
    EXPECT_EQ(asked_for({"-e", "/etc/first", "/etc/--"}).at("argv"),
              (json{"sudoedit", "/etc/first", "/etc/--"}));
}

TEST_F(SudoApproval, A11_OnlyACommandAsks) {
    EXPECT_EQ(run(sandbox, sudo({"-l"})).status, 0);
    EXPECT_EQ(run(sandbox, sudo({"-l", "id"})).status, 0);
    EXPECT_EQ(run(sandbox, sudo({"-v"})).status, 0);
    EXPECT_EQ(run(sandbox, sudo({"-k"})).status, 0);
    const Result version = run(sandbox, sudo({"-V"}));
    EXPECT_EQ(version.status, 0);
    EXPECT_THAT(version.out + version.err, HasSubstr("Warifu approval plugin version "));
    EXPECT_THAT(sent_to(socket), IsEmpty());
    // Root's too.
    Process process(sandbox, as_root({"sudo", "true"}));
    VarlinkPeer peer = asked();
    EXPECT_EQ(call_of(peer).at("parameters").at("user"), "root");
    say(peer, done("ignored", "exempt"));
    EXPECT_EQ(process.wait(), 0);
}

// What is told does not get into what the command writes.
TEST_F(SudoApproval, A11_StandardOutputIsTheCommands) {
    const auto converse = [this] {
        VarlinkPeer peer = asked();
        call_of(peer);
        say(peer, info("Somebody has to approve."));
        expect_nothing_answered(peer);
        say(peer, done("success", "approved"));
    };
    {
        Terminal terminal(sandbox, as_user(alice, {"sh", "-c", "sudo id -un >out 2>err"}));
        converse();
        EXPECT_EQ(terminal.wait(), 0);
        EXPECT_THAT(terminal.transcript(), HasSubstr("Somebody has to approve.\r\n"));
        EXPECT_EQ(sandbox.read(alice.home + "/out"), "root\n");
        EXPECT_EQ(sandbox.read(alice.home + "/err"), "");
    }
    Process process(sandbox, as_user(alice, {"sh", "-c", "sudo id -un >out 2>err"}));
    converse();
    EXPECT_EQ(process.wait(), 0);
    EXPECT_EQ(sandbox.read(alice.home + "/out"), "root\n");
    EXPECT_EQ(sandbox.read(alice.home + "/err"), "Somebody has to approve.\n");
}

// sudo raises the limits that it may raise. Where the kernel lets it not, they keep the caller out.
TEST_F(SudoApproval, A11_LimitsAndDescriptorsOfTheCallerDoNotMatter) {
    for (const std::string harm :
         {"ulimit -S -n 12", "ulimit -S -f 0", "ulimit -S -t 1", "ulimit -S -v 65536", "exec <&- >&- 2>&-",
          "trap '' INT QUIT HUP TERM TSTP PIPE CHLD", "umask 777"}) {
        SCOPED_TRACE(harm);
        Process process(sandbox, as_user(alice, {"sh", "-c", harm + "; exec sudo true"}));
        VarlinkPeer peer = asked();
        call_of(peer);
        say(peer, info("Somebody has to approve."));
        expect_nothing_answered(peer);
        say(peer, done("success", "approved"));
        EXPECT_EQ(process.wait(), 0);
    }
    socket.close();
    sandbox.write(sudo_conf, std::string(plugin) + " daemon=/bin/false\n");
    for (const std::string harm :
         {"ulimit -n 8", "ulimit -n 3", "ulimit -f 0", "ulimit -t 0", "ulimit -v 65536"}) {
        const Result result = run(sandbox, as_user(alice, {"sh", "-c", harm + "; exec sudo echo let''in"}));
        EXPECT_NE(result.status, 0) << harm;
        EXPECT_THAT(result.out, IsEmpty()) << harm;
    }
}

// sudo takes note of Ctrl-Z and goes on; it stops before it runs the command.
TEST_F(SudoApproval, A11_CtrlZHoldsNothingUp) {
    Terminal shell(sandbox, as_user(alice, {"/bin/sh"}));
    shell.expect("$ ");
    shell.type_line("sudo echo let''in");
    VarlinkPeer peer = asked();
    call_of(peer);
    say(peer, wait_step());
    expect_nothing_answered(peer);
    shell.type(ctrl_z);
    shell.expect("^Z");  // the terminal has told sudo
    say(peer, wait_step());
    expect_nothing_answered(peer);
    say(peer, done("success", "approved"));
    shell.expect("$ ");
    shell.type_line("fg");
    shell.expect("letin");
}

// A line that is not understood lets nothing run.
TEST_F(SudoApproval, A11_OptionsThatArentAreRefusedByName) {
    for (const std::string option : {"nullok", "socket=relative", "debug", "try_first_pass", "socket"}) {
        sandbox.write(sudo_conf, std::string(plugin) + " " + option + "\n");
        const Result result = run(sandbox, sudo({"echo", "letin"}));
        EXPECT_NE(result.status, 0);
        EXPECT_THAT(result.out, IsEmpty());
        EXPECT_THAT(result.err, HasSubstr("Warifu: option " + option + " in sudo.conf is refused: "));
    }
    sandbox.write(sudo_conf, std::string(plugin) + " socket=/run/elsewhere config=/etc/warifu/other.conf\n");
    socket = listen_as(sandbox, 0, "/run/elsewhere");
    EXPECT_EQ(asked_for({"true"}).at("argv"), json{"/usr/bin/true"});
}

// Where somebody else listens, nobody is asked.
TEST_F(SudoApproval, A11_AListenerThatIsNotRootsDecidesNothing) {
    const Descriptor bobs = listen_as(sandbox, bob.uid, "/tmp/warifu.sock");
    sandbox.write(sudo_conf, std::string(plugin) + " socket=/tmp/warifu.sock daemon=/bin/false\n");
    EXPECT_EQ(run(sandbox, sudo({"echo", "letin"})).status, 1);
    for (const std::string& sent : sent_to(bobs)) EXPECT_EQ(sent, "");
}

}  // namespace
}  // namespace warifu::integration
