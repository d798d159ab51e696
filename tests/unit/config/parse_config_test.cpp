#include <gmock/gmock.h>

#include "core/config/config.h"
#include "core/config/describe.h"
#include "tests/unit/config/refusal.h"

namespace warifu {
namespace {

using test::Refusal;
using test::refusal_of;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Config parsed(const std::string& text) {
    std::vector<std::string> warnings;
    auto config = parse_config(text, "warifu.conf", &warnings);
    EXPECT_THAT(warnings, IsEmpty()) << text;
    return config;
}

Refusal refused(const std::string& text) {
    const auto refusal = refusal_of([&] { parse_config(text, "warifu.conf", nullptr); });
    EXPECT_TRUE(refusal) << "accepted: " << text;
    return refusal.value_or(Refusal{});
}

// "table.key" = value, as a file; service.NAME stands for a service.
std::string file_with(const std::string& key, const std::string& value) {
    const auto dot = key.rfind('.');
    auto table = key.substr(0, dot);
    if (table == "policy.rule") {
        // Its outcome comes last, so that the key stands in the second line.
        const auto name = key.substr(dot + 1);
        return "[[policy.rule]]\n" + name + " = " + value + "\n" +
               (name == "outcome" ? "" : "outcome = 'refuse'\n");
    }
    if (table == "service.NAME") {
        table = "service.sshd";
    }
    if (table == "approval.rule") {
        const auto name = key.substr(dot + 1);
        return "[[approval.rule]]\n" + name + " = " + value + "\n" +
               (name == "ask" ? "" : "ask = ['group:ops']\n") +
               "[notify.w]\ntype = 'webhook'\nurl = 'https://n'\n[approval]\nnotify = ['w']\n";
    }
    if (table == "notify.NAME") {
        const auto name = key.substr(dot + 1);
        std::string text = "[notify.phone]\n" + name + " = " + value + "\n";
        for (const char* other : {"type = 'ntfy'", "url = 'https://n'", "topic = 't'", "address = 'a'",
                                  "sender = 's'", "argv = ['/a']"}) {
            text += std::string(other).starts_with(name + " ") ? "" : std::string(other) + "\n";
        }
        return text;
    }
    return "[" + table + "]\n" + key.substr(dot + 1) + " = " + value + "\n";
}

std::string field_in_file(const std::string& key) {
    if (constexpr std::string_view rule = "policy.rule."; key.starts_with(rule)) {
        return "warifu.conf:2: policy.rule.1." + key.substr(rule.size());
    }
    if (constexpr std::string_view rule = "approval.rule."; key.starts_with(rule)) {
        return "warifu.conf:2: approval.rule.1." + key.substr(rule.size());
    }
    const auto at = key.find("NAME");
    if (key.starts_with("notify.")) {
        return "warifu.conf:2: notify.phone" + key.substr(at + 4);
    }
    return "warifu.conf:2: " + (at == std::string::npos ? key : "service.sshd" + key.substr(at + 4));
}

TEST(ParseConfig, AnEmptyFileIsTheDefaults) {
    EXPECT_EQ(describe(parsed("")), describe(Config()));
    EXPECT_EQ(describe(parsed("# nothing\n[totp]\n[service.sshd]\n[service]\n")), describe(Config()));
}

TEST(ParseConfig, TheDefaultsAreTheDesigns) {
    const Config config;
    EXPECT_EQ(config.window, 1);
    EXPECT_EQ(config.look_ahead, 20);
    EXPECT_THAT(config.sources, ElementsAre(SourceKind::central));
    EXPECT_EQ(config.unenrolled, PolicyOutcome::by_line);
    EXPECT_EQ(config.enrolment_otp, OtpParameters{});
    EXPECT_EQ(config.most_authenticators, 5);
    for (const auto* service : {"sshd", "login", "sudo", "sudo-i", "su", "su-l", "cockpit", "polkit-1",
                                "gdm-password", "lightdm", "sddm", "vlock"}) {
        EXPECT_THAT(config.services, Contains(service));
    }
    for (const auto* service :
         {"cron", "samba", "dovecot", "passwd", "chsh", "atd", "other", "i3lock", "kde"}) {
        EXPECT_THAT(config.services, Not(Contains(service)));
    }
    EXPECT_TRUE(config.buffers_info("sshd"));
    EXPECT_TRUE(config.buffers_info("cockpit"));
    EXPECT_FALSE(config.buffers_info("sudo"));
}

TEST(ParseConfig, X12_AnUnknownKeyIsNamedWithFileAndLine) {
    auto refusal = refused("[totp]\nwindow = 1\nwindwo = 2\n");
    EXPECT_EQ(refusal.field, "warifu.conf:3: totp.windwo");
    EXPECT_THAT(refusal.message, HasSubstr("window, look_ahead, issuer"));

    refusal = refused("[store]\n\nhour = 3\n");
    EXPECT_EQ(refusal.field, "warifu.conf:3: store.hour");
    EXPECT_THAT(refusal.message, HasSubstr("[limits] has such a key"));

    refusal = refused("hour = 3\n");
    EXPECT_EQ(refusal.field, "warifu.conf:1: hour");
    EXPECT_THAT(refusal.message, HasSubstr("[limits] has such a key"));

    refusal = refused("[service.sshd]\nwindow = 1\nhour = 2\n");
    EXPECT_EQ(refusal.field, "warifu.conf:3: service.sshd.hour");
    EXPECT_THAT(refusal.message,
                HasSubstr("window, buffers_info, prompt, qr, remember_minutes, mail_code, language"));
}

TEST(ParseConfig, X12_AnUnknownTableIsNamedWithFileAndLine) {
    auto refusal = refused("[totp]\n[limit]\nhour = 3\n");
    EXPECT_EQ(refusal.field, "warifu.conf:2: limit");
    EXPECT_THAT(refusal.message, HasSubstr("store, totp, limits, policy, roles, enrolment, approval, texts, "
                                           "[policy.rule], [approval.rule], approval.guardians, "
                                           "notify.NAME, service.NAME"));

    EXPECT_EQ(refused("[limit.x.y.z]\n").field, "warifu.conf:1: limit");
    EXPECT_EQ(refused("[[policy.rule]]\nservices = ['sshd']\n").field,
              "warifu.conf:2: policy.rule.1.services");
    EXPECT_EQ(refused("[[policy.rules]]\noutcome = 'pass'\n").field, "warifu.conf:1: policy.rules");
    EXPECT_EQ(refused("[policy.rule]\noutcome = 'pass'\n").field, "warifu.conf:1: policy.rule");
    EXPECT_EQ(refused("[policy]\nrule = []\n").field, "warifu.conf:2: policy.rule");
    EXPECT_EQ(refused("[[totp]]\nwindow = 1\n").field, "warifu.conf:1: totp");
    EXPECT_EQ(refused("[service.sshd.more]\n").field, "warifu.conf:1: service.sshd.more");
}

TEST(ParseConfig, TheFirstErrorOfTheFileIsTheOneThatIsTold) {
    EXPECT_EQ(refused("[totp]\nwindow = 11\nlook_ahead = 0\n[enrolment]\nbad = 1\n").field,
              "warifu.conf:2: totp.window");
    EXPECT_EQ(refused("[totp]\nbad = 11\n[enrolment]\nself = 1\n").field, "warifu.conf:2: totp.bad");
}

TEST(ParseConfig, X12_NoKeyTakesAValueOfAnotherType) {
    for (const auto& key : config_keys()) {
        for (const auto* value :
             {"1.5", "2027-01-01", "12:30:00", "{}", "{ a = 1 }", "[1]", "[[]]", "nan", "inf"}) {
            const auto refusal = refused(file_with(key, value));
            EXPECT_EQ(refusal.field, field_in_file(key)) << value;
            EXPECT_THAT(refusal.message, AllOf(StartsWith("must be "), HasSubstr(", not a"))) << key << value;
        }
    }
}

TEST(ParseConfig, X12_AKeyInPlaceOfATableIsRefused) {
    for (const auto* table :
         {"store", "totp", "limits", "policy", "roles", "enrolment", "service", "service.sshd"}) {
        const auto refusal = refused(std::string(table) + " = 1\n");
        EXPECT_EQ(refusal.field, std::string("warifu.conf:1: ") + table);
        EXPECT_EQ(refusal.message, "must be a table, not 1");
    }
}

struct Bounds {
    const char* key;
    std::vector<std::string> good, bad;
};

std::string text_of(std::size_t bytes) {
    return "'" + std::string(bytes, 'x') + "'";
}

std::string list_of(int count) {
    std::string list;
    for (int i = 0; i < count; ++i) {
        list += "'n" + std::to_string(i) + "',";
    }
    return "[" + list + "]";
}

const std::vector<Bounds>& bounds() {
    static const std::vector<Bounds> all = {
        {"store.directory",
         {"'/a'", "'/a/..b/c'"},
         {"''", "'a'", "'/a/../b'", "'/a/.'", "'/..'", "\"/a\\n\"", "1"}},
        {"store.key_file",
         {"'/a'", "'/" + std::string(1023, 'x') + "'"},
         {"''", "'a'", "'/" + std::string(1024, 'x') + "'"}},
        {"store.sources",
         {"['central']", "['home', 'text', 'central', 'google-authenticator']"},
         {"[]", "'central'", "['etcd']", "['home', 'home']", "['Central']", "['']"}},
        {"store.text_file", {"'/a'"}, {"''", "'~/a'", "true"}},
        {"store.home_file",
         {"'.w'", text_of(255)},
         {"''", "'.'", "'..'", "'a/b'", "'/a'", text_of(256), "\"a\\u0000\""}},
        {"store.google_authenticator_file",
         {"'~/.ga'", "'/srv/ga/${USER}'", "'${HOME}/ga'"},
         {"''", "'ga'", "'/srv/${UID}'", "'/srv/../ga'", "'/'", "1"}},
        {"store.google_authenticator_user", {"''", "'root'", "'0'"}, {"'a/b'", text_of(257), "0"}},
        {"totp.window", {"0", "10", "0x0a", "1_0"}, {"-1", "11", "'1'", "true", "9223372036854775807"}},
        {"totp.look_ahead", {"1", "100"}, {"0", "101", "-20"}},
        {"totp.issuer",
         {"''", "'Beispiel AG'", "'割符'", text_of(64)},
         {"'a:b'", text_of(65), "\"a\\tb\"", "\"\\u0085\"", "1"}},
        {"limits.hour", {"1", "30"}, {"0", "101", "-1", "4294967297"}},
        {"limits.day", {"1", "60"}, {"0", "201"}},
        {"limits.month", {"1", "300"}, {"0", "1001"}},
        {"limits.known_day", {"1", "20"}, {"0", "101"}},
        {"limits.known_month", {"1", "100"}, {"0", "501"}},
        {"limits.known_free_failures", {"0", "5"}, {"-1", "21"}},
        {"limits.delay_first", {"10", "3600"}, {"0", "-1", "86401"}},
        {"limits.delay_most", {"3600", "86400"}, {"9", "86401"}},
        {"policy.unenrolled",
         {"'by-line'", "'refuse'", "'enrol'", "'pass'"},
         {"'by_line'", "''", "'exempt'", "true", "'enroll'"}},
        {"policy.services",
         {"[]", "['sshd']", "['_a.b+c@d-e9']", list_of(64)},
         {"'sshd'", "['Sshd']", "['']", "['../x']", "['a/b']", "['.a']", "['-a']", "['a b']",
          "[" + text_of(65) + "]", list_of(65), "['a', 'a']", "['ä']"}},
        {"roles.helpdesk",
         {"[]", "['help desk']", "['DOMAIN\\desk']", "['担当']", "[" + text_of(256) + "]", list_of(16)},
         {"''", "['']", "['a:b']", "[\"a\\nb\"]", "[" + text_of(257) + "]", list_of(17), "['a', 'a']"}},
        {"roles.protected", {"['sudo', 'adm', 'wheel']"}, {"['']", list_of(17)}},
        {"enrolment.self", {"true", "false"}, {"'yes'", "1", "0"}},
        {"enrolment.most_authenticators", {"1", "16"}, {"0", "17"}},
        {"enrolment.networks",
         {"[]", "['any']", "['local', 'private', '192.0.2.0/24', '2001:db8::/32', '203.0.113.7']"},
         {"'any'", "['']", "['192.0.2.1/24']", "['2001:db8::1']", "['2001:db8::/65']", "['10.0.0.0/33']",
          "['host.example']", "['10.0.0.0/']", "['10.0.0.0/-1']", list_of(65)}},
        {"enrolment.after_reset_hours", {"0", "720"}, {"-1", "721"}},
        {"enrolment.kind", {"'totp'", "'hotp'"}, {"'otp'", "''", "1"}},
        {"enrolment.algorithm", {"'SHA1'", "'SHA256'", "'SHA512'"}, {"'MD5'", "''", "1", "'SHA384'"}},
        {"enrolment.digits", {"6", "8"}, {"5", "9", "'6'"}},
        {"enrolment.period", {"15", "120"}, {"14", "121"}},
        {"approval.enabled", {"true", "false"}, {"1", "'no'"}},
        {"approval.url",
         {"''", "'https://login.example.org'", "'http://127.0.0.1:8442/base'"},
         {"'login.example.org'", "'https://a/'", "'https://a?b'", "'https://u@a'", "'ftp://a'", "1"}},
        {"approval.seconds", {"15", "120"}, {"14", "121", "'60'"}},
        {"approval.action_seconds", {"15", "3600"}, {"14", "3601"}},
        {"approval.number", {"'off'", "'shown'", "'typed'"}, {"''", "true", "'matched'"}},
        {"approval.sign_ins_an_hour", {"1", "60"}, {"0", "61"}},
        {"approval.actions_an_hour", {"1", "60"}, {"0", "61"}},
        {"approval.notify", {"[]"}, {"''", list_of(17), "['a', 'a']"}},
        {"texts.language", {"'en'", "'ja'"}, {"''", "'jp'", "'en_US'", "1"}},
        {"texts.support", {"''", "'Call 555-0100'", text_of(200)}, {text_of(201), "\"a\\nb\"", "1"}},
        {"policy.rule.service", {"['sshd']"}, {"[]", "'sshd'", "['Sshd']", list_of(65)}},
        {"policy.rule.user", {"['alice', 'DOMAIN\\bob']", list_of(256)}, {"[]", "'alice'", list_of(257)}},
        {"policy.rule.group", {"['robots']"}, {"[]", "['a:b']", list_of(17)}},
        {"policy.rule.network", {"['private']"}, {"[]", "['lan']"}},
        {"policy.rule.hours",
         {"['Mo-Fr 08:00-18:00', 'Sa 09:00-24:00', '22:00-06:00']"},
         {"[]", "['8-18']", "['Mo-Xx 08:00-18:00']", "['08:00-08:00']", "['24:00-01:00']", "['08:60-09:00']",
          "['Mo 25:00-26:00']", "'22:00-06:00'", list_of(17)}},
        {"policy.rule.from",
         {"'2027-01-01'", "'2028-02-29'"},
         {"'2027-02-29'", "'2027-13-01'", "'2027-00-10'", "'1 May'", "'2027-1-1'", "2027"}},
        {"policy.rule.outcome",
         {"'exempt'", "'pass'", "'by-line'", "'enrol'", "'refuse'"},
         {"'require'", "''", "true"}},
        {"approval.rule.ask",
         {"['self']", "['guardians', 'user:bob', 'group:ops', 'device:door']"},
         {"[]", "'self'", "['bob']", "['user:']", "['everybody']", list_of(9)}},
        {"approval.rule.count", {"1", "8"}, {"0", "9"}},
        {"approval.rule.together", {"true", "false"}, {"1"}},
        {"approval.rule.code", {"'either'", "'both'", "'none'"}, {"''", "'or'", "true"}},
        {"approval.rule.armed", {"['Mo-Fr 08:00-18:00', '22:00-06:00']"}, {"'08:00'", "['8-18']", "true"}},
        {"notify.NAME.type",
         {"'ntfy'", "'gotify'", "'slack'", "'webhook'", "'mail'", "'command'"},
         {"''", "'sms'", "1"}},
        {"notify.NAME.url",
         {"'https://n'", "'http://localhost:80/x'", "'smtp://127.0.0.1'", "'smtps://m'"},
         {"''", "'https://'", "'file:///etc/shadow'", "'n'"}},
        {"notify.NAME.topic", {"'warifu-{user}'"}, {"''", text_of(129)}},
        {"notify.NAME.address", {"'{user}@example.org'"}, {"''", text_of(129)}},
        {"notify.NAME.sender", {"'warifu@example.org'"}, {"''", "\"a\\nb\""}},
        {"notify.NAME.token_file", {"'/etc/warifu/token'"}, {"'token'", "''"}},
        {"notify.NAME.secret_file", {"'/etc/warifu/secret'"}, {"'secret'", "''"}},
        {"notify.NAME.argv", {"['/usr/bin/tell', 'x']"}, {"[]", "'/usr/bin/tell'", list_of(17)}},
        {"notify.NAME.blind", {"true", "false"}, {"1"}},
        {"service.NAME.window", {"0", "10"}, {"-1", "11", "true"}},
        {"service.NAME.buffers_info", {"true", "false"}, {"1", "'true'"}},
        {"service.NAME.prompt",
         {"''", "'c'", "'コード: '", text_of(200)},
         {text_of(201), "\"a\\nb\"", "\"\\u001b[1m\"", "1"}},
        {"service.NAME.qr", {"true", "false"}, {"1", "'true'"}},
        {"service.NAME.remember_minutes", {"0", "1", "10080"}, {"-1", "10081", "'8h'"}},
        {"service.NAME.mail_code", {"true", "false"}, {"1", "'yes'"}},
        {"service.NAME.language", {"'en'", "'ja'"}, {"''", "'Japanese'"}},
    };
    return all;
}

TEST(ParseConfig, X12_EveryKeyHasItsBounds) {
    std::vector<std::string> covered;
    for (const auto& [key, good, bad] : bounds()) {
        covered.emplace_back(key);
        for (const auto& value : good) {
            parsed(file_with(key, value));
        }
        for (const auto& value : bad) {
            const auto refusal = refused(file_with(key, value));
            EXPECT_EQ(refusal.field, field_in_file(key)) << value;
            EXPECT_THAT(refusal.message, testing::AnyOf(StartsWith("must be "), StartsWith("names \"")))
                << value;
        }
    }
    EXPECT_EQ(covered, config_keys());
}

TEST(ParseConfig, X12_AnApprovalIsRefusedWhereItCouldNotWork) {
    EXPECT_EQ(refused("[[approval.rule]]\nservice = ['sshd']\n").field, "warifu.conf:1: approval.rule");
    EXPECT_EQ(refused("[[approval.rule]]\nask = ['self']\noutcome = 'pass'\n").field,
              "warifu.conf:3: approval.rule.1.outcome");
    EXPECT_EQ(refused("[[approval.rule]]\nask = ['self']\nfrom = '2027-01-01'\n").field,
              "warifu.conf:3: approval.rule.1.from");
    EXPECT_EQ(refused("[approval]\nnotify = ['phone']\n").field, "warifu.conf:2: approval.notify");
    EXPECT_EQ(refused("[notify.phone]\nurl = 'https://n'\n").field, "warifu.conf:1: notify.phone");
    EXPECT_EQ(refused("[notify.phone]\ntype = 'ntfy'\nurl = 'https://n'\n").field,
              "warifu.conf:1: notify.phone");
    EXPECT_EQ(refused("[notify.phone]\ntype = 'command'\nargv = ['tell']\n").field,
              "warifu.conf:1: notify.phone");
    EXPECT_EQ(refused("[approval.guardians]\nalice = ['self']\n").field,
              "warifu.conf:2: approval.guardians.alice");
    EXPECT_EQ(refused("[approval.guardians]\n'a/b' = ['user:bob']\n").field,
              "warifu.conf:2: approval.guardians.a/b");
}

// What is accepted though it does not do what its author wants.
TEST(ParseConfig, E10_WarnsOfApprovalsThatNobodyHearsOfOrCanGive) {
    const auto warnings_of = [](const std::string& text) {
        std::vector<std::string> warnings;
        (void)parse_config(text, "warifu.conf", &warnings);
        return warnings;
    };
    const std::string rule = "[[approval.rule]]\nservice = ['sshd']\n";
    const std::string way = "[approval]\nnotify = ['w']\n[notify.w]\ntype = 'webhook'\nurl = ";
    EXPECT_THAT(warnings_of(rule + "ask = ['self']\n"),
                ElementsAre(testing::StartsWith("warifu.conf: approval.notify: is empty")));
    EXPECT_THAT(warnings_of("[approval]\nenabled = false\n" + rule + "ask = ['self']\n"), testing::IsEmpty());
    EXPECT_THAT(warnings_of(rule + "ask = ['device:door']\n"), testing::IsEmpty());
    EXPECT_THAT(warnings_of(way + "'https://n'\n" + rule + "ask = ['self', 'user:bob']\ncount = 3\n"),
                ElementsAre(testing::StartsWith("warifu.conf:6: approval.rule: count is larger")));
    for (const char* fits : {"ask = ['self', 'user:bob']\ncount = 2\n", "ask = ['group:ops']\ncount = 3\n",
                             "ask = ['self']\ncount = 2\ntogether = true\n"}) {
        EXPECT_THAT(warnings_of(way + "'https://n'\n" + rule + fits), testing::IsEmpty()) << fits;
    }
    for (const char* open : {"'http://n'", "'http://192.0.2.1:80'"}) {
        EXPECT_THAT(warnings_of(way + open), ElementsAre(testing::StartsWith("warifu.conf: notify.w.url: ")));
    }
    for (const char* local : {"'http://127.0.0.1:8080'", "'http://[::1]'", "'http://localhost'"}) {
        EXPECT_THAT(warnings_of(way + local), testing::IsEmpty());
    }
    EXPECT_THAT(warnings_of("[approval]\nurl = 'http://login.example.org'\n"),
                ElementsAre(testing::StartsWith("warifu.conf: approval.url: ")));
}

TEST(ParseConfig, A07_AnApprovalRuleArrivesAtItsPlace) {
    const auto config = parsed(R"([[approval.rule]]
service = ["sshd"]
group = ["staff"]
ask = ["self", "group:ops"]
count = 2
code = "both"
[approval.guardians]
alice = ["user:mother"]
[approval]
notify = ["phone"]
[notify.phone]
type = "ntfy"
url = "https://n"
topic = "warifu-{user}"
)");
    ASSERT_EQ(config.approval_rules.size(), 1U);
    const ApprovalRule& rule = config.approval_rules[0];
    EXPECT_THAT(rule.where.services, ElementsAre("sshd"));
    EXPECT_THAT(rule.where.groups, ElementsAre("staff"));
    EXPECT_THAT(rule.ask, ElementsAre("self", "group:ops"));
    EXPECT_EQ(rule.count, 2U);
    EXPECT_EQ(rule.code, CodeMode::both);
    EXPECT_TRUE(config.asks_approval_at("sshd"));
    EXPECT_FALSE(config.asks_approval_at("sudo"));
    EXPECT_THAT(config.guardians.at("alice"), ElementsAre("user:mother"));
    EXPECT_EQ(config.notify.at("phone").topic, "warifu-{user}");
}

TEST(ParseConfig, EveryKeyArrivesAtItsPlace) {
    const auto config = parsed(R"(
[store]
directory = "/srv/store"
key_file = "/srv/key"
sources = ["text", "home"]
text_file = "/srv/users"
home_file = ".tally"
google_authenticator_file = "/srv/ga/${USER}"
google_authenticator_user = "reader"
[totp]
window = 2
look_ahead = 30
issuer = "Example"
[limits]
hour = 11
day = 12
month = 13
known_day = 14
known_month = 15
known_free_failures = 4
delay_first = 17
delay_most = 7200
[policy]
unenrolled = "enrol"
services = ["door"]
[[policy.rule]]
service = ["sshd", "sudo"]
user = ["robot"]
group = ["warifu-exempt", "robots"]
network = ["private", "192.0.2.0/24"]
hours = ["Mo-Fr 08:00-18:00"]
from = "2027-01-01"
outcome = "exempt"
[[policy.rule]]
outcome = "pass"
[roles]
helpdesk = ["desk"]
protected = ["sudo", "adm", "board"]
[enrolment]
self = false
most_authenticators = 3
networks = ["10.0.0.0/8"]
after_reset_hours = 5
kind = "hotp"
algorithm = "sha-256"
digits = 7
period = 60
[texts]
language = "ja"
support = "Call 555-0100"
[service.door]
window = 0
qr = true
language = "en"
buffers_info = true
prompt = "Code, \"please\": "
remember_minutes = 480
[service.sshd]
buffers_info = false
)");
    EXPECT_EQ(config.store_directory, "/srv/store");
    EXPECT_EQ(config.key_file, "/srv/key");
    EXPECT_THAT(config.sources, ElementsAre(SourceKind::text, SourceKind::home));
    EXPECT_EQ(config.text_file, "/srv/users");
    EXPECT_EQ(config.home_file, ".tally");
    EXPECT_EQ(config.google_authenticator.path, "/srv/ga/${USER}");
    EXPECT_EQ(config.google_authenticator.owner, "reader");
    EXPECT_EQ(config.window, 2);
    EXPECT_EQ(config.look_ahead, 30);
    EXPECT_EQ(config.issuer, "Example");
    EXPECT_EQ(config.limits.hour, 11);
    EXPECT_EQ(config.limits.day, 12);
    EXPECT_EQ(config.limits.month, 13);
    EXPECT_EQ(config.limits.known_day, 14);
    EXPECT_EQ(config.limits.known_month, 15);
    EXPECT_EQ(config.limits.known_free_failures, 4);
    EXPECT_EQ(config.limits.delay_first, 17);
    EXPECT_EQ(config.limits.delay_most, 7200);
    EXPECT_EQ(config.unenrolled, PolicyOutcome::enrol);
    EXPECT_THAT(config.services, ElementsAre("door"));
    EXPECT_THAT(config.helpdesk_groups, ElementsAre("desk"));
    EXPECT_THAT(config.protected_groups, ElementsAre("sudo", "adm", "board"));
    EXPECT_FALSE(config.self_enrolment);
    EXPECT_EQ(config.most_authenticators, 3);
    EXPECT_EQ(config.enrolment_otp, (OtpParameters{OtpKind::hotp, Algorithm::sha256, 7, 60, 0}));
    EXPECT_EQ(config.window_of("door"), 0);
    EXPECT_EQ(config.window_of("sshd"), 2);
    EXPECT_EQ(config.window_of("another"), 2);
    EXPECT_TRUE(config.buffers_info("door"));
    EXPECT_FALSE(config.buffers_info("sshd"));
    EXPECT_TRUE(config.buffers_info("cockpit"));
    EXPECT_EQ(config.prompt_of("door"), "Code, \"please\": ");
    EXPECT_EQ(config.prompt_of("sshd"), std::nullopt);
    EXPECT_EQ(config.remember_seconds_of("door"), 8 * 3600);
    EXPECT_EQ(config.remember_seconds_of("sshd"), 0);
    EXPECT_TRUE(config.shows_qr("door"));
    EXPECT_TRUE(config.shows_qr("sshd"));
    EXPECT_FALSE(config.shows_qr("cockpit"));
    EXPECT_EQ(config.language_of("door"), Language::english);
    EXPECT_EQ(config.language_of("sshd"), Language::japanese);
    EXPECT_EQ(config.support, "Call 555-0100");
    EXPECT_THAT(config.networks, ElementsAre(Network::parse("10.0.0.0/8").value()));
    EXPECT_EQ(config.after_reset_hours, 5);
    ASSERT_EQ(config.rules.size(), 2U);
    const PolicyRule& rule = config.rules[0];
    EXPECT_THAT(rule.services, ElementsAre("sshd", "sudo"));
    EXPECT_THAT(rule.users, ElementsAre("robot"));
    EXPECT_THAT(rule.groups, ElementsAre("warifu-exempt", "robots"));
    EXPECT_THAT(rule.networks,
                ElementsAre(Network::parse("private").value(), Network::parse("192.0.2.0/24").value()));
    EXPECT_THAT(rule.hours, ElementsAre(Hours::parse("Mo-Fr 08:00-18:00").value()));
    EXPECT_EQ(rule.from, (Date{2027, 1, 1}));
    EXPECT_EQ(rule.outcome, PolicyOutcome::exempt);
    EXPECT_EQ(rule.line, 26U);
    EXPECT_EQ(config.rules[1].outcome, PolicyOutcome::pass);
    // What is described is the same configuration again.
    EXPECT_EQ(describe(parsed(describe(config))), describe(config));
}

TEST(ParseConfig, X12_ARuleSaysItsOutcome) {
    const auto refusal = refused("[[policy.rule]]\noutcome = 'pass'\n[[policy.rule]]\nuser = ['a']\n");
    EXPECT_EQ(refusal.field, "warifu.conf:3: policy.rule");
    EXPECT_THAT(refusal.message, HasSubstr("outcome"));
    std::string many;
    for (int i = 0; i < 256; ++i) {
        many += "[[policy.rule]]\noutcome = 'pass'\n";
    }
    parsed(many);
    EXPECT_EQ(refused(many + "[[policy.rule]]\noutcome = 'pass'\n").field,
              "warifu.conf:513: policy.rule.257");
}

TEST(ParseConfig, ADoorKeepsItsDefaultsBesideWhatIsSet) {
    EXPECT_TRUE(parsed("[service.sshd]\nwindow = 0\n").buffers_info("sshd"));
}

TEST(ParseConfig, TomlsOtherSpellingsAreTheSame) {
    EXPECT_EQ(describe(parsed("totp.window = 3\nservice = { \"a.b\" = { window = 2 } }\n")),
              describe(parsed("[totp]\nwindow = 3\n[service.'a.b']\nwindow = 2\n")));
}

TEST(ParseConfig, LooserLimitsAreAcceptedWithAWarningAndTighterOnesWithout) {
    for (const auto& [key, looser, tighter] :
         std::vector<std::array<std::string, 3>>{{"hour", "31", "29"},
                                                 {"day", "200", "1"},
                                                 {"month", "1000", "1"},
                                                 {"known_day", "100", "1"},
                                                 {"known_month", "500", "1"},
                                                 {"known_free_failures", "20", "0"},
                                                 {"delay_first", "1", "11"},
                                                 {"delay_most", "3599", "3601"}}) {
        std::vector<std::string> warnings;
        parse_config("[limits]\n" + key + " = " + looser + "\n", "warifu.conf", &warnings);
        EXPECT_THAT(warnings, ElementsAre(AllOf(StartsWith("warifu.conf:2: limits." + key + ": "),
                                                HasSubstr("the default, "))));
        parsed("[limits]\n" + key + " = " + tighter + "\n");
        parse_config("[limits]\n" + key + " = " + looser + "\n", "warifu.conf", nullptr);
    }
}

TEST(ParseConfig, TheFirstDelayIsNotLongerThanTheLongest) {
    auto refusal = refused("[limits]\ndelay_most = 20\ndelay_first = 21\n");
    EXPECT_EQ(refusal.field, "warifu.conf:3: limits.delay_first");
    EXPECT_THAT(refusal.message, HasSubstr("delay_most (20)"));
    EXPECT_EQ(refused("[limits]\ndelay_first = 3601\n\n").field, "warifu.conf:2: limits.delay_first");
    parse_config("[limits]\ndelay_most = 20\ndelay_first = 20\n", "warifu.conf", nullptr);
}

TEST(ParseConfig, GivingUpAProtectedGroupIsWarnedAbout) {
    std::vector<std::string> warnings;
    const auto config = parse_config("[roles]\nprotected = ['sudo', 'wheel']\n", "warifu.conf", &warnings);
    EXPECT_THAT(config.protected_groups, ElementsAre("sudo", "wheel"));
    EXPECT_THAT(warnings,
                ElementsAre(AllOf(StartsWith("warifu.conf:2: roles.protected: "), HasSubstr("\"adm\""))));
}

TEST(ParseConfig, N01_ARuleThatAsksForMoreByAGroupOfWarifusIsWarnedAbout) {
    const auto warned = [](const std::string& group, const std::string& outcome) {
        std::vector<std::string> warnings;
        parse_config("[[policy.rule]]\ngroup = ['staff', '" + group + "']\noutcome = '" + outcome + "'\n",
                     "warifu.conf", &warnings);
        return warnings;
    };
    for (const char* group : {"warifu-enrolled", "warifu-pending", "warifu-exempt"}) {
        for (const char* outcome : {"refuse", "enrol"}) {
            EXPECT_THAT(warned(group, outcome), ElementsAre(StartsWith("warifu.conf:1: policy.rule: ")));
        }
        for (const char* outcome : {"by-line", "pass", "exempt"}) {
            EXPECT_THAT(warned(group, outcome), IsEmpty());
        }
    }
    EXPECT_THAT(warned("warifunists", "refuse"), IsEmpty());
}

TEST(ParseConfig, ServicesAreNamedAsPamNamesThemAndBounded) {
    EXPECT_EQ(refused("[service.Sshd]\n").field, "warifu.conf:1: service.Sshd");
    EXPECT_EQ(refused("[service.\"\"]\n").field, "warifu.conf:1: service.");
    EXPECT_EQ(refused("[service.'../x']\nwindow = 1\n").field, "warifu.conf:1: service.../x");
    std::string many;
    for (int i = 0; i < 62; ++i) {  // and the two that have a table of their own by default
        many += "[service.s" + std::to_string(i) + "]\n";
    }
    parsed(many);
    EXPECT_EQ(refused(many + "[service.one-more]\n").field, "warifu.conf:63: service.one-more");
}

TEST(ParseConfig, WhatTheFileHoldsIsShownEscapedAndCut) {
    const auto refusal = refused("[totp]\n\"\\u001b[2J\\nsshd: accepted\" = 1\n");
    EXPECT_EQ(refusal.field, "warifu.conf:2: totp.\\x1b[2J\\x0asshd: accepted");
    EXPECT_THAT(refused("[enrolment]\nkind = \"a\\nb\"\n").message, HasSubstr("not \"a\\x0ab\""));
    EXPECT_EQ(refused("[totp]\n" + std::string(300, 'k') + " = 1\n").field,
              "warifu.conf:2: totp." + std::string(64, 'k') + "…");
}

TEST(ParseConfig, AFileHasABound) {
    const auto file = [](std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) {
            text += "# " + std::string(61, 'x') + "\n";
        }
        text.resize(bytes);
        return text;
    };
    parsed(file(max_config_bytes));
    const auto refusal = refused(file(max_config_bytes + 1));
    EXPECT_EQ(refusal.field, "warifu.conf");
    EXPECT_EQ(refusal.message, "is larger than 256 KiB");
}

}  // namespace
}  // namespace warifu
