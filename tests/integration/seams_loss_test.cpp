// The store, its key, the configuration or a home is gone or broken: never a fresh start, never a pass, and
// one line of the log says what to do.
#include <gmock/gmock.h>
#include <security/pam_appl.h>

#include <csignal>
#include <memory>
#include <optional>

#include "tests/integration/pam_host.h"
#include "tests/integration/phone.h"
#include "tests/integration/process.h"
#include "tests/integration/sandbox.h"
#include "tests/integration/warifud.h"

namespace warifu::integration {
namespace {

constexpr char store[] = "/var/lib/warifu/store", key[] = "/etc/warifu/secret.key",
               configuration[] = "/etc/warifu/warifu.conf";
// What its log says once it listens.
constexpr char ready[] = "]: ready";

int occurrences(const std::string& text, const std::string& part) {
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

// Services: `code` wants a code of everybody; `nullok` lets pass who has none; in `passes` nothing else does.
class Loss : public ::testing::Test {
  protected:
    Loss()
        : alice(sandbox.add_user("alice", "alice's password")),
          bob(sandbox.add_user("bob", "bob's password")) {
        sandbox.write("/etc/pam.d/code", "auth required pam_warifu.so\n");
        sandbox.write("/etc/pam.d/nullok",
                      "auth required pam_warifu.so nullok\nauth required pam_permit.so\n");
    }

    void shell(const std::string& line) { output_of(sandbox, as_root({"sh", "-ec", line})); }
    void start() {
        const int before = occurrences(sandbox.log(), ready);
        daemon = std::make_unique<Process>(sandbox, as_root({"/usr/sbin/warifud"}));
        sandbox.wait_for_log(ready, before + 1);
    }
    void reload(const std::string& said) {
        const int before = occurrences(sandbox.log(), said);
        daemon->kill(SIGHUP);
        sandbox.wait_for_log(said, before + 1);
    }
    int code(const Account& account, const std::string& answer) {
        return sign_in(sandbox, "code", account.name, answer);
    }
    int nullok(const Account& account, const std::string& answer = "123456") {
        return sign_in(sandbox, "nullok", account.name, answer);
    }
    // Nobody passes, enrolled or not, with nullok or without.
    void expect_nothing_passes(Phone& phone) {
        EXPECT_EQ(code(alice, phone.code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
        EXPECT_EQ(nullok(alice, phone.code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
        EXPECT_EQ(nullok(bob), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    }

    Sandbox sandbox;
    const Account& alice;
    const Account& bob;
    std::unique_ptr<Process> daemon;
};

enum class Daemon { listening, absent };

class StoreOrKeyLost : public Loss, public ::testing::WithParamInterface<Daemon> {
  protected:
    StoreOrKeyLost() {
        output_of(sandbox, as_root({"warifu", "init"}));
        phone.emplace(sandbox, alice, PhoneKind::hotp);
    }
    void begin() {
        if (GetParam() == Daemon::listening) start();
    }
    // A line that a sign-in or a start has written.
    void expect_said(const std::string& what) { sandbox.wait_for_log(what); }

    std::optional<Phone> phone;
};

TEST_P(StoreOrKeyLost, X35_StoreDeleted) {
    shell(std::string("rm -rf ") + store);
    begin();
    expect_nothing_passes(*phone);
    EXPECT_EQ(code(alice, phone->recovery_codes().at(0)), PAM_AUTHINFO_UNAVAIL);
    expect_said(store);
    expect_said("restore");
    EXPECT_NE(run(sandbox, as_root({"warifu", "init"})).status, 0)
        << "a key without its store is no fresh start";
}

TEST_P(StoreOrKeyLost, X35_KeyDeleted) {
    shell(std::string("rm ") + key);
    begin();
    expect_nothing_passes(*phone);
    EXPECT_EQ(code(alice, phone->recovery_codes().at(0)), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(code(alice, phone->recovery_codes().at(0)), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(nullok(alice, phone->recovery_codes().at(1)), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(code(alice, "aaaa bbbb cccc dddd"), PAM_AUTH_ERR) << sandbox.log();
    expect_said(std::string(key) + " is missing");
    EXPECT_NE(run(sandbox, as_root({"warifu", "init"})).status, 0)
        << "a store without its key is no fresh start";
}

TEST_P(StoreOrKeyLost, X35_KeyOfAnotherStore) {
    sandbox.write("/srv/other.conf", "[store]\ndirectory = \"/srv/store\"\nkey_file = \"/srv/secret.key\"\n");
    output_of(sandbox, as_root({"warifud", "--init", "--config", "/srv/other.conf"}));
    shell(std::string("cp /srv/secret.key ") + key);
    begin();
    expect_nothing_passes(*phone);
    EXPECT_EQ(code(alice, phone->recovery_codes().at(0)), PAM_AUTHINFO_UNAVAIL);
    expect_said("is another store's");
}

TEST_P(StoreOrKeyLost, X35_StoreAndKeyDeleted) {
    shell(std::string("rm -rf ") + store + " " + key);
    begin();
    expect_nothing_passes(*phone);
    expect_said("warifu init");
    EXPECT_NE(run(sandbox, as_root({"test", "-e", store})).status, 0) << "a store was made by itself";
}

TEST_P(StoreOrKeyLost, X35_StoreOverwritten) {
    shell(std::string("for f in ") + store + "/records.sqlite*; do printf 'no database at all' > $f; done");
    begin();
    expect_nothing_passes(*phone);
}

std::string named(const ::testing::TestParamInfo<Daemon>& tested) {
    return tested.param == Daemon::listening ? "WithWarifud" : "WithoutWarifud";
}

INSTANTIATE_TEST_SUITE_P(Doors, StoreOrKeyLost, ::testing::Values(Daemon::listening, Daemon::absent), named);

// A good configuration that can be told from the defaults: nullok lets nobody pass.
constexpr char strict[] = "[policy]\nunenrolled = \"refuse\"\n";
constexpr char mistyped[] = "[policy]\nunenroled = \"by-line\"\n";

class Mistyped : public Loss {
  protected:
    Mistyped() { output_of(sandbox, as_root({"warifu", "init"})); }
    void expect_strict() { EXPECT_EQ(nullok(bob), PAM_AUTH_ERR) << sandbox.log(); }
    void expect_said() { sandbox.wait_for_log(std::string(configuration) + ":2: policy.unenroled"); }
};

TEST_F(Mistyped, X35_AtReloadTheLastGoodOneStays) {
    EXPECT_EQ(nullok(bob), PAM_SUCCESS) << "the defaults let them pass";
    sandbox.write(configuration, strict);
    start();
    expect_strict();
    sandbox.write(configuration, mistyped);
    reload("unenroled");
    expect_strict();
    sandbox.write(configuration, "");
    reload("configuration read again");
    EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Mistyped, X35_AtStartTheLastGoodOneIsInForce) {
    sandbox.write(configuration, strict);
    start();
    daemon.reset();
    sandbox.write(configuration, mistyped);
    start();
    expect_strict();
    expect_said();
    daemon.reset();
    shell(std::string("rm ") + configuration);
    start();
    expect_strict();
}

TEST_F(Mistyped, X35_WithoutADaemonTheLastGoodOneIsInForce) {
    sandbox.write(configuration, strict);
    expect_strict();
    sandbox.write(configuration, mistyped);
    expect_strict();
    expect_said();
}

TEST_F(Mistyped, X35_WithoutALastGoodOneNothingPasses) {
    Phone phone(sandbox, alice, PhoneKind::hotp);
    shell(std::string("rm -f ") + store + "/last-good.conf");
    sandbox.write(configuration, mistyped);
    expect_nothing_passes(phone);
    expect_said();
    start();
    expect_nothing_passes(phone);
    // Mended: a store that was never opened wants a new start, and the log says so.
    sandbox.write(configuration, "");
    reload("restart it");
    daemon.reset();
    start();
    EXPECT_EQ(code(alice, phone.code()), PAM_SUCCESS) << sandbox.log();
}

// A store elsewhere, in a file that can be mistyped: where the copy lies is not to be read there.
TEST_F(Loss, X35_AStoreElsewhereHasALastGoodConfigurationToo) {
    const std::string elsewhere = "[store]\ndirectory = \"/srv/tally\"\n";
    sandbox.write(configuration, elsewhere);
    output_of(sandbox, as_root({"warifu", "init"}));
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(code(alice, phone.code()), PAM_SUCCESS) << sandbox.log();
    sandbox.write(configuration, elsewhere + mistyped);
    EXPECT_EQ(code(alice, phone.code()), PAM_SUCCESS) << sandbox.log();
    start();
    EXPECT_EQ(code(alice, phone.code()), PAM_SUCCESS) << sandbox.log();
}

TEST_F(Mistyped, X35_AFileThatIsTriedOutDoesNotBecomeTheLastGoodOne) {
    const std::string tried = "/root/tried.conf";
    sandbox.write(configuration, strict);
    expect_strict();
    sandbox.write(tried, "");
    EXPECT_EQ(warifu(sandbox, {"--config", tried, "status", "--user", "alice"}).status, 0);
    sandbox.write(configuration, mistyped);
    expect_strict();
    // And it has a last good one of its own.
    sandbox.write(tried, mistyped);
    sandbox.write("/etc/pam.d/nullok",
                  "auth required pam_warifu.so nullok config=" + tried + "\nauth required pam_permit.so\n");
    EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
}

class Nullok : public Loss {
  protected:
    void begin(const std::string& sources) {
        sandbox.write(configuration, "[store]\nsources = [" + sources + "]\n");
        output_of(sandbox, as_root({"warifu", "init"}));
        start();
    }
};

TEST_F(Nullok, X10_WhoWasNeverEnrolledPasses) {
    begin("\"central\"");
    EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(code(bob, "123456"), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "nullok", "nosuch", "123456"), PAM_AUTH_ERR) << sandbox.log();
    EXPECT_EQ(sign_in(sandbox, "nullok", "../bob", "123456"), PAM_AUTH_ERR) << sandbox.log();
}

TEST_F(Nullok, X10_ALostRecordIsNoPass) {
    begin("\"central\"");
    Phone phone(sandbox, alice, PhoneKind::hotp);
    EXPECT_EQ(nullok(alice), PAM_AUTH_ERR);
    EXPECT_EQ(nullok(alice, phone.code()), PAM_SUCCESS);
    const std::string database = std::string(store) + "/records.sqlite";
    const std::string schema = output_of(sandbox, as_root({"sqlite3", database, ".schema"}));
    output_of(sandbox,
              as_root({"sqlite3", database, "DELETE FROM records WHERE name = 'alice' AND kind = 1"}));
    EXPECT_EQ(warifu(sandbox, {"status", "--user", "alice"}).object.value("state", ""), "missing") << schema;
    EXPECT_EQ(nullok(alice, phone.code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    EXPECT_EQ(code(alice, phone.code()), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
    // Until an administrator says that it is meant.
    EXPECT_EQ(warifu(sandbox, {"reset", "--user", "alice"}).status, 0);
    EXPECT_EQ(nullok(alice), PAM_SUCCESS) << sandbox.log();
}

// What does not fit a reply comes with the next page; damaged records are the quickest to make in number.
TEST_F(Loss, AListThatIsLongerThanAReplyComesInPages) {
    output_of(sandbox, as_root({"warifu", "init"}));
    output_of(
        sandbox,
        as_root({"sqlite3", std::string(store) + "/records.sqlite",
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO "
                 "records SELECT 1, 'host', printf('somebody-%04d', i), 1, x'00' FROM n"}));
    start();
    std::size_t listed = 0;
    std::string cursor;
    do {
        std::vector<std::string> words{"list", "--limit", "1000"};
        if (!cursor.empty()) words.insert(words.end(), {"--cursor", cursor});
        const Answer page = warifu(sandbox, words);
        ASSERT_EQ(page.status, 0) << page.object;
        listed += page.object["accounts"].size();
        cursor = page.object.value("cursor", "");
    } while (!cursor.empty());
    EXPECT_EQ(listed, 1000U);
}

TEST_F(Nullok, X10_AnotherNameOfAnEnrolledUidIsNoPass) {
    begin("\"central\"");
    const Phone phone(sandbox, alice, PhoneKind::hotp);
    shell("echo alias:x:" + std::to_string(alice.uid) + ":" + std::to_string(alice.gid) +
          "::/home/alice:/bin/sh >> /etc/passwd");
    EXPECT_EQ(sign_in(sandbox, "nullok", "alias", "123456"), PAM_AUTH_ERR) << sandbox.log();
}

TEST_F(Nullok, X10_AHomeThatCannotBeReadIsNoPass) {
    for (const char* sources : {"\"home\"", "\"home\", \"central\""}) {
        if (daemon) daemon.reset();
        begin(sources);
        EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
        const std::string file = "rm -rf ~bob/.warifu; install -o bob -g bob ";
        for (const std::string& trouble : {
                 std::string("mv ~bob /home/away"),
                 std::string("chmod 0 ~bob"),
                 std::string("chown alice ~bob"),
                 file + "-m 0600 /dev/null ~bob/.warifu",
                 file + "-m 0600 /etc/hostname ~bob/.warifu",
                 file + "-m 0644 /etc/hostname ~bob/.warifu",
                 file + "-m 0000 /etc/hostname ~bob/.warifu",
             }) {
            shell(trouble);
            EXPECT_EQ(nullok(bob), PAM_AUTHINFO_UNAVAIL) << trouble << sandbox.log();
            shell("test -e ~bob || mv /home/away ~bob; chmod 700 ~bob; chown bob ~bob; rm -f ~bob/.warifu");
        }
        EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
        shell(std::string("rm -rf ") + store + " " + key);
    }
}

TEST_F(Nullok, X10_ATextFileThatCannotBeReadIsNoPass) {
    begin("\"text\"");
    EXPECT_EQ(nullok(bob), PAM_AUTHINFO_UNAVAIL) << "there is no file\n" << sandbox.log();
    sandbox.write("/etc/warifu/users.keys", "alice otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ\n", 0600);
    EXPECT_EQ(nullok(bob), PAM_SUCCESS) << sandbox.log();
    EXPECT_EQ(nullok(alice), PAM_AUTH_ERR) << sandbox.log();
    for (const char* trouble : {"chmod 644", "chown bob", "truncate -s 0"}) {
        shell(std::string(trouble) + " /etc/warifu/users.keys");
        EXPECT_EQ(nullok(bob), PAM_AUTHINFO_UNAVAIL) << trouble << sandbox.log();
        sandbox.write("/etc/warifu/users.keys", "alice otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ\n", 0600);
    }
    sandbox.write("/etc/warifu/users.keys", "bob otpauth://nonsense\n", 0600);
    EXPECT_EQ(nullok(bob), PAM_AUTHINFO_UNAVAIL) << sandbox.log();
}

}  // namespace
}  // namespace warifu::integration
