// Policy at real doors: every outcome and every condition of a rule, with sshd, su and sudo; and `warifu
// policy explain` says beforehand what each door does.
#include <gmock/gmock.h>

#include <chrono>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/samples.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/sshd.h"
#include "tests/integration/terminal.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

using ::testing::HasSubstr;

constexpr int rows = 70, columns = 100;  // room for a QR code

// What becomes of somebody who gave the right password. Whoever is asked for a code without having one is
// refused whatever is typed.
enum class Seen { let_in, asked, refused, enrols };

std::ostream& operator<<(std::ostream& out, Seen seen) {
    constexpr const char* names[] = {"let in unasked", "asked for the code", "refused", "enrols"};
    return out << names[static_cast<std::size_t>(seen)];
}

// What such an outcome means at a door, by the table in docs/configuration.md.
std::optional<Seen> meaning(std::string_view outcome, bool enrolled, bool nullok) {
    if (outcome == "exempt") return Seen::let_in;
    if (enrolled) return Seen::asked;
    if (outcome == "pass") return Seen::let_in;
    if (outcome == "by-line") return nullok ? Seen::let_in : Seen::refused;
    if (outcome == "enrol") return Seen::enrols;
    if (outcome == "refuse") return Seen::refused;
    return std::nullopt;
}

// Monday, 3 March 2031, 12:00 UTC.
constexpr std::int64_t a_monday_noon = 1'930'305'600;
constexpr std::int64_t an_hour = 3'600;

class PolicyDoor : public ::testing::Test {
  protected:
    // alice is enrolled, bob is not; both may use sudo.
    PolicyDoor()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")),
          daemon(sandbox),
          phone(sandbox, alice, PhoneKind::hotp) {
        install_pam_samples(sandbox);
        output_of(sandbox, as_root({"rm", "-f", "/etc/localtime"}));  // UTC, then
        sandbox.write("/etc/sudoers", "Defaults lecture=never\nALL ALL=(ALL:ALL) ALL\n", 0440);
        sandbox.write("/usr/local/bin/who-let-in", "#!/bin/sh\necho let in as \"$(id -un)\"\n", 0755);
    }

    void use(const std::string& policy) {
        sandbox.write("/etc/warifu/warifu.conf", policy);
        daemon.restart();
    }

    // warifud's clock, by which policy goes.
    void set_time(std::int64_t unix_time) {
        ahead_ += unix_time - sandbox.now();
        sandbox.set_clock(std::chrono::seconds(ahead_));
        daemon.restart();
    }

    Seen at(Terminal& terminal, const Account& account) {
        terminal.expect("assword");
        terminal.type_line(account.password);
        switch (terminal.expect_any({"let in as ", "One-time code: ", "Code from the app"})) {
            case 0:
                return Seen::let_in;
            case 2:
                return Seen::enrols;
            default:
                break;
        }
        const bool enrolled = &account == &alice;
        terminal.type_line(enrolled ? phone.code() : "123456");
        const bool in = terminal.expect_any({"let in as ", "Authentication failure", "Sorry, try again",
                                             "Permission denied"}) == 0;
        EXPECT_EQ(in, enrolled) << terminal.transcript() << sandbox.log();
        return in ? Seen::asked : Seen::refused;
    }
    Seen at_sshd(const Account& account, const std::string& from = "127.0.0.1") {
        std::vector<std::string> options = {"-o", "BindAddress=" + from};
        if (from.find(':') != from.npos) options.insert(options.end(), {"-o", "HostName=2001:db8:1::1"});
        Terminal terminal(sandbox, ssh(account.name, "who-let-in", options), rows, columns);
        return at(terminal, account);
    }
    // Somebody else becomes `account`.
    Seen at_su(const Account& account) {
        const Account& caller = &account == &alice ? bob : alice;
        Terminal terminal(sandbox, as_user(caller, {"su", account.name, "-c", "who-let-in"}), rows, columns);
        return at(terminal, account);
    }
    Seen at_sudo(const Account& account) {
        Terminal terminal(sandbox, as_user(account, {"sudo", "-k", "who-let-in"}), rows, columns);
        return at(terminal, account);
    }

    nlohmann::json explain(const std::string& user, const std::string& service,
                           const std::string& rhost = "") const {
        std::vector<std::string> words = {"policy", "explain", "--user", user, "--service", service};
        if (!rhost.empty()) words.insert(words.end(), {"--rhost", rhost});
        const Answer answer = warifu(sandbox, std::move(words));
        EXPECT_EQ(answer.status, 0) << answer.object;
        return answer.object;
    }

    // That `warifu policy explain` gives this outcome, that it means what is expected, and that the door did
    // it.
    void expect(const Account& account, const std::string& service, std::string_view outcome, Seen expected,
                const std::string& from = "") {
        SCOPED_TRACE(account.name + " at " + service + (from.empty() ? "" : " from " + from));
        const nlohmann::json said = explain(account.name, service, from);
        EXPECT_EQ(said.at("outcome"), outcome);
        EXPECT_EQ(meaning(said.at("outcome").get<std::string>(), &account == &alice, nullok_), expected);
        const Seen seen = service == "sshd" ? at_sshd(account, from)
                          : service == "su" ? at_su(account)
                                            : at_sudo(account);
        EXPECT_EQ(seen, expected);
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    Warifud daemon;
    Phone phone;
    bool nullok_ = true;

  private:
    std::int64_t ahead_ = 0;
};

TEST_F(PolicyDoor, S07_EachOutcomeForTheEnrolledAndTheOthers) {
    struct Case {
        const char* outcome;
        Seen enrolled, other;
    };
    for (const Case& one : {Case{"exempt", Seen::let_in, Seen::let_in},
                            {"pass", Seen::asked, Seen::let_in},
                            {"by-line", Seen::asked, Seen::let_in},
                            {"enrol", Seen::asked, Seen::enrols},
                            {"refuse", Seen::asked, Seen::refused}}) {
        use("[policy]\nunenrolled = \"refuse\"\n[[policy.rule]]\nuser = [\"alice\", \"bob\"]\noutcome = \"" +
            std::string(one.outcome) + "\"\n");
        expect(alice, "su", one.outcome, one.enrolled);
        expect(bob, "su", one.outcome, one.other);
    }
    // A line without nullok lets nobody pass by itself.
    nullok_ = false;
    std::string strict = sample("pam/su");
    strict.erase(strict.find(" nullok\n"), 7);
    sandbox.write("/etc/pam.d/su", strict);
    use("");
    expect(bob, "su", "by-line", Seen::refused);
}

TEST_F(PolicyDoor, S07_RulesByServiceAndGroup) {
    sandbox.add_group("tally-staff", {"bob"});
    use("[policy]\nunenrolled = \"refuse\"\n"
        "[[policy.rule]]\nservice = [\"su\"]\noutcome = \"enrol\"\n"
        "[[policy.rule]]\nservice = [\"sudo\", \"sshd\"]\ngroup = [\"tally-staff\"]\noutcome = \"pass\"\n");
    const Sshd sshd(sandbox, sample("sshd_config.d/warifu.conf"));
    const Account& carol = sandbox.add_user("carol", "carol's password");
    expect(bob, "su", "enrol", Seen::enrols);
    expect(bob, "sudo", "pass", Seen::let_in);
    expect(bob, "sshd", "pass", Seen::let_in, "127.0.0.1");
    expect(carol, "sudo", "refuse", Seen::refused);
    expect(carol, "sshd", "refuse", Seen::refused, "127.0.0.1");
    // Which rule says so, by its line in the file.
    const auto rule = [&](const std::string& user, const std::string& service) {
        std::istringstream lines(sandbox.read("/etc/warifu/warifu.conf"));
        std::string head, next, line;
        const int at = explain(user, service).at("rule_line").get<int>();
        for (int i = 1; std::getline(lines, line); ++i) (i == at ? head : i == at + 1 ? next : line) = line;
        return head + " " + next;
    };
    EXPECT_EQ(rule("bob", "su"), "[[policy.rule]] service = [\"su\"]");
    EXPECT_EQ(rule("bob", "sudo"), "[[policy.rule]] service = [\"sudo\", \"sshd\"]");
    EXPECT_EQ(explain("carol", "sudo").at("rule_line"), 0) << "[policy] unenrolled";
}

TEST_F(PolicyDoor, S07_RulesByTheAddressThatOneComesFrom) {
    for (const char* address :
         {"192.0.2.7/32", "198.51.100.7/32", "2001:db8:1::1/128", "2001:db8:1::7/128", "2001:db8:2::7/128"}) {
        add_address(sandbox, address);
    }
    use("[policy]\nunenrolled = \"refuse\"\n"
        "[[policy.rule]]\nnetwork = [\"192.0.2.0/24\", \"2001:db8:1::/48\"]\noutcome = \"exempt\"\n"
        "[[policy.rule]]\nnetwork = [\"local\"]\noutcome = \"pass\"\n");
    const Sshd sshd(sandbox, "ListenAddress 2001:db8:1::1\n" + sample("sshd_config.d/warifu.conf"));
    expect(alice, "sshd", "exempt", Seen::let_in, "192.0.2.7");
    expect(alice, "sshd", "exempt", Seen::let_in, "2001:db8:1::7");
    expect(alice, "sshd", "refuse", Seen::asked, "198.51.100.7");
    expect(alice, "sshd", "refuse", Seen::asked, "2001:db8:2::7");
    expect(bob, "sshd", "refuse", Seen::refused, "198.51.100.7");
    expect(bob, "sshd", "pass", Seen::let_in, "127.0.0.1");
    expect(bob, "su", "pass", Seen::let_in);
}

TEST_F(PolicyDoor, S07_RulesByHoursAndDay) {
    use("[policy]\nunenrolled = \"refuse\"\n"
        "[[policy.rule]]\nhours = [\"Mo-Fr 08:00-18:00\"]\noutcome = \"pass\"\n");
    set_time(a_monday_noon);
    expect(bob, "su", "pass", Seen::let_in);
    set_time(a_monday_noon + 7 * an_hour);  // 19:00
    expect(bob, "su", "refuse", Seen::refused);
    set_time(a_monday_noon + 5 * 24 * an_hour);  // Saturday
    expect(bob, "sudo", "refuse", Seen::refused);
    set_time(a_monday_noon + 20 * an_hour);  // Tuesday, 08:00
    expect(bob, "sudo", "pass", Seen::let_in);
}

// "Required from 4 March 2031": until then whoever passes is told, in the door's language.
TEST_F(PolicyDoor, S07_RequiredFromADateWithNoticeBefore) {
    const std::string policy =
        "[policy]\nunenrolled = \"pass\"\n[[policy.rule]]\nfrom = \"2031-03-04\"\noutcome = \"refuse\"\n"
        "[service.su]\nlanguage = \"ja\"\n";
    use(policy);
    set_time(a_monday_noon + 12 * an_hour - 60);  // a minute before midnight
    const Sshd sshd(sandbox, sample("sshd_config.d/warifu.conf"));
    EXPECT_EQ(explain("bob", "sshd", "127.0.0.1").at("announced"), "2031-03-04");
    expect(bob, "sudo", "pass", Seen::let_in);

    // A shell: with a command to run, sshd shows nothing of what PAM told.
    Terminal english(sandbox, ssh("bob", ""));
    english.expect("Password: ");
    english.type_line(bob.password);
    english.expect("From 2031-03-04 on you will be asked for a one-time code here.");
    english.expect("$ ");
    english.type_line("exit");
    EXPECT_EQ(english.wait(), 0) << english.transcript();

    Terminal japanese(sandbox, as_user(alice, {"su", "bob", "-c", "who-let-in"}));
    japanese.expect("Password: ");
    japanese.type_line(bob.password);
    japanese.expect("2031-03-04 以降、ここではワンタイムコードが必要になります");
    japanese.expect("let in as bob");

    // Whoever is enrolled has nothing to be told.
    Terminal enrolled(sandbox, as_user(bob, {"su", "alice", "-c", "who-let-in"}));
    enrolled.expect("Password: ");
    enrolled.type_line(alice.password);
    enrolled.expect("ワンタイムコード: ");
    enrolled.type_line(phone.code());
    enrolled.expect("let in as alice");
    EXPECT_THAT(enrolled.transcript(), ::testing::Not(HasSubstr("2031-03-04")));

    set_time(a_monday_noon + 12 * an_hour);  // midnight
    EXPECT_FALSE(explain("bob", "sshd", "127.0.0.1").contains("announced"));
    expect(bob, "sshd", "refuse", Seen::refused, "127.0.0.1");
    expect(bob, "sudo", "refuse", Seen::refused);
}

// Where people may not enrol themselves, an administrator's `require` lets one do it.
TEST_F(PolicyDoor, S07_NobodyEnrolsUntilAnAdministratorAllowsIt) {
    use("[policy]\nunenrolled = \"enrol\"\n[enrolment]\nself = false\n");
    EXPECT_EQ(warifu(sandbox, bob, {"enroll"}).object.at("error"), "not_permitted");
    EXPECT_EQ(at_su(bob), Seen::refused);
    sandbox.wait_for_log("people may not enrol themselves here");
    EXPECT_EQ(explain("bob", "su").at("may_enrol"), false);

    ASSERT_EQ(warifu(sandbox, {"require", "--user", "bob"}).status, 0);
    EXPECT_EQ(explain("bob", "su").at("may_enrol"), true);
    expect(bob, "su", "enrol", Seen::enrols);
    EXPECT_EQ(warifu(sandbox, bob, {"enroll"}).status, 0);

    ASSERT_EQ(warifu(sandbox, {"require", "--user", "bob", "--off"}).status, 0);
    EXPECT_EQ(warifu(sandbox, bob, {"enroll"}).object.at("error"), "not_permitted");
    EXPECT_EQ(at_su(bob), Seen::refused);
}

// Suspended, nobody signs in though policy would let them pass; required, policy that passes enrols.
TEST_F(PolicyDoor, S07_SuspendResumeAndRequire) {
    use("[policy]\nunenrolled = \"pass\"\n");
    expect(bob, "su", "pass", Seen::let_in);
    ASSERT_EQ(warifu(sandbox, {"suspend", "--user", "bob"}).status, 0);
    EXPECT_EQ(at_su(bob), Seen::refused);
    ASSERT_EQ(warifu(sandbox, {"resume", "--user", "bob"}).status, 0);
    expect(bob, "su", "pass", Seen::let_in);
    ASSERT_EQ(warifu(sandbox, {"require", "--user", "bob"}).status, 0);
    EXPECT_EQ(explain("bob", "su").at("required"), true);
    expect(bob, "su", "enrol", Seen::enrols);

    ASSERT_EQ(warifu(sandbox, {"suspend", "--user", "alice"}).status, 0);
    EXPECT_EQ(explain("alice", "su").at("state"), "suspended");
    Terminal terminal(sandbox, as_user(bob, {"su", "alice", "-c", "who-let-in"}));
    terminal.expect("Password: ");
    terminal.type_line(alice.password);
    terminal.expect("One-time code: ");
    terminal.type_line(phone.code());
    EXPECT_EQ(terminal.wait(), 1);
    ASSERT_EQ(warifu(sandbox, {"resume", "--user", "alice"}).status, 0);
    expect(alice, "su", "pass", Seen::asked);
}

}  // namespace
}  // namespace warifu::integration
