#include "enroll_tool/command_table.h"

#include <algorithm>
#include <array>

#include "core/phrase/fill.h"
#include "enroll_tool/apps.h"
#include "enroll_tool/commands.h"

namespace warifu {

namespace {

constexpr std::array<std::string_view, 2> kinds{"totp", "hotp"};
constexpr std::array<std::string_view, 3> algorithms{"SHA1", "SHA256", "SHA512"};
constexpr std::array<std::string_view, 6> qr_forms{"utf8", "utf8-inverse", "ascii", "svg", "png", "none"};
constexpr std::array<std::string_view, 2> sheet_forms{"html", "text"};
constexpr std::array<std::string_view, 5> states{"none", "pending", "active", "suspended", "missing"};

constexpr std::array<std::string_view, 1> realms{"host"};
constexpr std::array<std::string_view, 1> scopes{"verify"};

constexpr auto app_names = [] {
    std::array<std::string_view, apps().size()> names;
    std::ranges::transform(apps(), names.begin(), &App::name);
    return names;
}();

constexpr OptionRow json{"--json", "", N_("one JSON object on standard output")};
constexpr OptionRow socket{"--socket", "PATH", N_("warifud's socket"), Value::text};
constexpr OptionRow config{"--config", "FILE", N_("configuration of a warifud started for this (root)"),
                           Value::path};
constexpr OptionRow daemon{"--daemon", "FILE", "", Value::path, {}, 0, 0, /*hidden=*/true};
constexpr OptionRow help{"--help", "", N_("this help")};
constexpr OptionRow user{"--user", "USER", N_("whose account (default: your own)"), Value::text};
constexpr OptionRow proof{"--proof", "CODE", N_("a code or recovery code that proves it is you"),
                          Value::code};
constexpr OptionRow qr{"--qr", "FORM", N_("how the QR code is drawn"), Value::choice, qr_forms};
constexpr OptionRow sheet{"--sheet", "FORM", N_("makes a sheet to print"), Value::choice, sheet_forms};
constexpr OptionRow output{"--output", "FILE", N_("a new file for the sheet, or for an image"), Value::path};
constexpr OptionRow app{"--app", "NAME", N_("warns of what this app would get wrong"), Value::choice,
                        app_names};
constexpr OptionRow authenticator{"--authenticator", "ID", N_("which one, where there are several"),
                                  Value::text};

constexpr OptionRow version{"--version", "", N_("the version")};
constexpr OptionRow plain{"--plain", "", N_("the screens as questions on plain lines")};
constexpr std::array without_command{plain, version};

constexpr std::array common{json, socket, config, daemon, help};
constexpr std::array for_account{user, proof};
constexpr std::array for_host{proof};

constexpr std::array enroll_options{
    OptionRow{.name = "--label",
              .placeholder = "LABEL",
              .help = N_("what it is called, as \"phone\""),
              .value = Value::text,
              .may_be_empty = true},
    OptionRow{"--kind", "KIND", N_("by the clock, or by a counter"), Value::choice, kinds},
    OptionRow{"--algorithm", "NAME", N_("of the codes"), Value::choice, algorithms},
    OptionRow{"--digits", "N", N_("of a code"), Value::number, {}, 6, 8},
    OptionRow{"--period", "S", N_("seconds that a code lasts"), Value::number, {}, 15, 120},
    OptionRow{.name = "--issuer",
              .placeholder = "NAME",
              .help = N_("what the app shows beside the account"),
              .value = Value::text,
              .may_be_empty = true},
    OptionRow{"--secret", "-", N_("an existing key (base32), asked for or from stdin"), Value::key},
    qr,
    app,
    sheet,
    output,
    OptionRow{"--code", "CODE", N_("confirms at once"), Value::code},
    OptionRow{"--confirm", "", N_("with --json: codes from standard input confirm what was shown")},
};
constexpr std::array one_authenticator{authenticator};
constexpr std::array show_options{authenticator, qr, app, sheet, output};
constexpr std::array confirm_options{authenticator, sheet, output};
constexpr std::array codes_options{OptionRow{"--regenerate", "", N_("makes new ones; the old ones end")},
                                   sheet, output};
constexpr std::array require_options{OptionRow{"--off", "", N_("no more: policy alone decides again")}};
constexpr std::array explain_options{
    OptionRow{"--service", "NAME", N_("the PAM service, as \"sshd\""), Value::text},
    OptionRow{"--rhost", "ADDRESS", N_("from where; a local door without it"), Value::text},
};
constexpr std::array reset_options{
    OptionRow{"--replay", "", N_("only mends marks that are ahead of the clock")}};
constexpr std::array list_options{
    OptionRow{"--search", "TEXT", N_("names that contain it"), Value::text},
    OptionRow{"--state", "STATE", N_("accounts in this state"), Value::choice, states},
    OptionRow{"--unused-for", "D", N_("not used for so long: 90d, 12h; days without a unit"),
              Value::duration},
    OptionRow{"--limit", "N", N_("at most so many (100)"), Value::number, {}, 1, 1000},
    OptionRow{"--cursor", "C", N_("where the last page ended"), Value::text},
};

constexpr OptionRow realm{"--realm", "REALM", N_("where it may do so (host)"), Value::choice, realms};
constexpr std::array client_options{
    OptionRow{"--scope", "SCOPE", N_("what it may do for others"), Value::choice, scopes},
    realm,
};
constexpr std::array one_realm{realm};

constexpr std::array<std::string_view, 3> key_scopes{"ask", "policy", "ask,policy"};
constexpr std::array key_options{
    OptionRow{"--realm", "REALM", N_("its realm: a name for the site, or host"), Value::text},
    OptionRow{"--scope", "SCOPE", N_("what it may do there"), Value::choice, key_scopes},
};
constexpr std::array approve_options{
    OptionRow{"--number", "N", N_("the number that the door shows, where policy wants it"), Value::text}};
constexpr std::array deny_options{OptionRow{"--not-me", "", N_("you did not ask for it: an alarm")}};
constexpr std::array request_options{
    OptionRow{"--message", "TEXT", N_("what is to be approved, in your words"), Value::text},
    OptionRow{"--digest", "D", N_("of what it is about, as sha256:…"), Value::text},
    OptionRow{"--approver", "LIST", N_("as user:bob,group:legal; or as policy says"), Value::text},
    OptionRow{"--count", "N", N_("how many of them (1)"), Value::number, {}, 1, 64},
    OptionRow{"--for", "D", N_("how long it waits: 10m, 2h, 7d (1m)"), Value::duration},
    OptionRow{"--request-key", "K", N_("the same key is the same request"), Value::text},
};
constexpr std::array verify_options{
    OptionRow{"--key", "FILE", N_("the public key, as \"assertion key\" prints it"), Value::path}};
constexpr std::array rule_options{
    OptionRow{"--of", "LIST", N_("for whom, as alice,bob"), Value::text},
    OptionRow{"--service", "LIST", N_("at which doors, as sshd,sudo"), Value::text},
    OptionRow{"--host", "LIST", N_("on which hosts, as the request names them"), Value::text},
    OptionRow{"--network", "LIST", N_("from where, as 192.0.2.0/24,private"), Value::text},
    OptionRow{"--hours", "LIST", N_("when, as \"Mo-Fr 08:00-18:00\""), Value::text},
    OptionRow{"--for", "D", N_("how long the rule holds (90d)"), Value::duration},
    OptionRow{"--deny", "", N_("says no instead of yes")},
};
constexpr std::array switch_realm{
    OptionRow{"--realm", "REALM", N_("of which client's site (host)"), Value::text},
};
constexpr std::array switch_options{
    OptionRow{"--service", "NAME", N_("one PAM service; all of them without it"), Value::text},
    OptionRow{"--realm", "REALM", N_("of which client's site (host)"), Value::text},
};
constexpr OptionRow of_groups{.name = "--group",
                              .placeholder = "LIST",
                              .help = N_("the groups that share it, as staff,interns"),
                              .value = Value::text,
                              .may_be_empty = true};
constexpr OptionRow of_users{.name = "--of",
                             .placeholder = "LIST",
                             .help = N_("for whom, as alice,bob"),
                             .value = Value::text,
                             .may_be_empty = true};
constexpr OptionRow of_all{"--everyone", "", N_("everybody who has no key of their own shares it")};
constexpr OptionRow shared_issuer{.name = "--issuer",
                                  .placeholder = "NAME",
                                  .help = N_("what the app shows beside the account"),
                                  .value = Value::text,
                                  .may_be_empty = true};
constexpr OptionRow rotates{"--rotate", "D", N_("replaces it every so often: 90d, 12w (0: by hand alone)"),
                            Value::duration};
constexpr OptionRow overlaps{"--overlap", "D", N_("how long the replaced key still works (7d)"),
                             Value::duration};
constexpr std::array shared_add_options{of_groups, of_users, of_all, shared_issuer, rotates,
                                        overlaps,  qr,       sheet,  output};
constexpr std::array shared_change_options{
    of_groups,     of_users,
    of_all,        OptionRow{"--not-everyone", "", N_("only the groups and users share it")},
    shared_issuer, rotates,
    overlaps};
constexpr std::array shared_show_options{qr, sheet, output};
constexpr std::array shared_rotate_options{
    OptionRow{"--now", "", N_("the replaced key ends at once: somebody guesses, or left")},
    OptionRow{"--due", "", N_("all keys whose schedule wants it, where no warifud runs")}, qr, sheet, output};
constexpr std::array one_key{PositionalRow{"KEY", N_("its name: a-z 0-9 - _ .")}};
constexpr std::array one_rule{PositionalRow{"RULE", N_("which rule, as \"rule list\" has it")}};
constexpr std::array switch_and_value{PositionalRow{"SWITCH", N_("second-factor, unregistered or not-now")},
                                      PositionalRow{"VALUE", N_("on or off; allow or deny; default")}};
constexpr std::array device_options{
    OptionRow{.name = "--label",
              .placeholder = "LABEL",
              .help = N_("where it is"),
              .value = Value::text,
              .may_be_empty = true},
    OptionRow{"--relay", "", N_("a server that signs for buttons of its network")},
    OptionRow{"--by", "RELAY", N_("the relay that alone signs for the button"), Value::text},
};
constexpr std::array request_id{PositionalRow{"ID", N_("which request, as \"requests\" lists it")}};
constexpr std::array one_device{PositionalRow{"DEVICE", N_("its name: a-z 0-9 - _ .")}};
constexpr std::array one_name{PositionalRow{"NAME", N_("what the key is for")}};
constexpr std::array one_assertion{PositionalRow{"ASSERTION", N_("or - for standard input"), Value::code}};
constexpr std::array minutes{PositionalRow{"MINUTES", N_("1 to 1440; 0 closes it")}};

constexpr std::array one_client{PositionalRow{"CLIENT", N_("a local account, by login name or uid")}};
constexpr std::array one_code{
    PositionalRow{"CODE", N_("from the app, or - for standard input"), Value::code}};
constexpr std::array two_codes{PositionalRow{"FIRST", N_("a code, or - for standard input"), Value::code},
                               PositionalRow{"SECOND", N_("the one that came after it"), Value::code}};
constexpr std::array id_only{PositionalRow{"ID", N_("which authenticator")}};
constexpr std::array id_and_label{PositionalRow{"ID", N_("which authenticator")},
                                  PositionalRow{"LABEL", N_("what it is called from now on")}};

constexpr std::array service_and_user{
    PositionalRow{"SERVICE", N_("a PAM service, as sshd or sudo")},
    PositionalRow{"USER", N_("who signs in (default: you)")},
};

constexpr std::array one_login_name{PositionalRow{"NAME", N_("a login name, as somebody would type it")}};

constexpr std::string_view client_note = N_(
    "For programs that ask PAM without being root, as nginx and Apache do under www-data: with the scope "
    "verify the account may ask for anybody's code, in budgets of its own, and is refused everything else. "
    "Whatever runs as the account may do the same.");
constexpr std::string_view doctor_note = N_(
    "Looks at sshd, PAM's files, the clock, Warifu's files, warifud and the accounts, and changes nothing. "
    "Each "
    "finding has a line that says what is wrong and one that says what mends it. Exit status 0 where there "
    "is "
    "no fault, also with warnings; 1 where there is at least one fault; 3 without root, since not everything "
    "could be looked at.");
constexpr std::string_view try_note = N_(
    "Asks what the service would ask, tells what it would tell, and says how it ended. It is a real sign-in: "
    "a "
    "code is spent, a wrong one counts. Without a terminal each answer is a line of standard input. Exit "
    "status "
    "0 where the person would get in, 1 where not, 4 where it could not be found out.");

constexpr std::string_view whois_note =
    N_("Asks NSS as a sign-in does, for the canonical name, uid, home and groups, and then each source of "
       "the line "
       "passwd in nsswitch.conf by itself. A source is asked past the name service cache daemon, and for 20 "
       "seconds at "
       "most. Exit status 1 where nobody bears the name, 4 where NSS cannot say.");

constexpr std::string_view shared_note = N_(
    "One QR code for many accounts, for those of them that have no key of their own. Each code works once "
    "for "
    "each person. It is weaker than a key each: whoever shares it can make everybody's codes. Wrong codes of "
    "all "
    "who have not signed in with it before, from where they are, share one limit: 100 an hour, 300 a day.");

using enum Carrier;
const std::array<CommandRow, 47> rows{{
    {"init", N_("makes the store and its key (root)"), program, {}, {}, run_init},
    {"enroll",
     N_("offers a new key for an app or token, and confirms it"),
     account,
     enroll_options,
     {},
     run_enroll},
    {"confirm", N_("confirms the key on offer with a code from the app"), account, confirm_options, one_code,
     run_confirm},
    {"status", N_("what an account has, and whether a limit holds"), account, {}, {}, run_status},
    {"verify", N_("checks a code, and spends it"), account, {}, one_code, run_verify},
    {"codes", N_("counts the recovery codes, or makes new ones"), account, codes_options, {}, run_codes},
    {"show", N_("shows an authenticator's key and QR code again"), account, show_options, id_only, run_show},
    {"rename", N_("gives an authenticator another label"), account, one_authenticator, id_and_label,
     run_rename},
    {"remove", N_("removes an authenticator"), account, one_authenticator, id_only, run_remove},
    {"resync", N_("brings a clock or counter that is far off back in step"), account, one_authenticator,
     two_codes, run_resync},
    {"forget", N_("ends all remembered sign-ins"), account, {}, {}, run_forget},
    {"list", N_("lists accounts (administrators)"), host, list_options, {}, run_list},
    {"reset",
     N_("takes the second factor off an account (administrators)"),
     account,
     reset_options,
     {},
     run_reset},
    {"unlock", N_("ends the limits of an account (administrators)"), account, {}, {}, run_unlock},
    {"suspend",
     N_("lets nobody sign in as an account for a while (administrators)"),
     account,
     {},
     {},
     run_suspend},
    {"resume", N_("ends a suspension (administrators)"), account, {}, {}, run_resume},
    {"require",
     N_("makes an account enrol at its next sign-in (administrators)"),
     account,
     require_options,
     {},
     run_require},
    {"policy explain",
     N_("what policy says of a sign-in, and which rule"),
     account,
     explain_options,
     {},
     run_policy_explain},
    {"client add", N_("lets a local account verify for others (administrators)"), host, client_options,
     one_client, run_client_add, client_note},
    {"client list", N_("lists the clients (administrators)"), host, {}, {}, run_client_list},
    {"client remove", N_("takes that off an account again (administrators)"), host, one_realm, one_client,
     run_client_remove},
    {"client key", N_("makes an API key for a site or program (administrators)"), host, key_options, one_name,
     run_client_key},
    {"requests", N_("what waits for your approval"), account, {}, {}, run_requests},
    {"approve", N_("approves a request (wants a code of yours)"), host, approve_options, request_id,
     run_approve},
    {"deny", N_("denies a request"), host, deny_options, request_id, run_deny},
    {"request", N_("asks for others' approval, and waits for it"), host, request_options, {}, run_request},
    {"window", N_("for some minutes an approval alone signs you in"), account, {}, minutes, run_window},
    {"rule add",
     N_("says yes or no to others' requests beforehand"),
     account,
     rule_options,
     {},
     run_rule_add},
    {"rule list", N_("lists what you say beforehand"), account, {}, {}, run_rule_list},
    {"rule remove", N_("takes such a word back"), account, {}, one_rule, run_rule_remove},
    {"shared add", N_("makes a key that many people share (administrators)"), host, shared_add_options,
     one_key, run_shared_add, shared_note},
    {"shared change", N_("who shares a key, and its schedule (administrators)"), host, shared_change_options,
     one_key, run_shared_change},
    {"shared list", N_("lists the shared keys (administrators)"), host, {}, {}, run_shared_list},
    {"shared show", N_("shows the QR code of a shared key, also of one's own"), host, shared_show_options,
     one_key, run_shared_show},
    {"shared rotate", N_("replaces a shared key, with a new QR code (administrators)"), host,
     shared_rotate_options, one_key, run_shared_rotate},
    {"shared remove", N_("ends a shared key (administrators)"), host, {}, one_key, run_shared_remove},
    {"switch list", N_("lists the switches that are turned"), host, switch_realm, {}, run_switch_list},
    {"switch turn", N_("turns a switch at once (administrators)"), host, switch_options, switch_and_value,
     run_switch_turn},
    {"assertion key", N_("the public key that checks approvals"), host, {}, {}, run_assertion_key},
    {"assertion verify", N_("checks what an approval yielded, offline"), tool, verify_options, one_assertion,
     run_assertion_verify},
    {"device add", N_("adds a push-button that approves (administrators)"), host, device_options, one_device,
     run_device_add},
    {"device list", N_("lists the push-buttons (administrators)"), host, {}, {}, run_device_list},
    {"device remove", N_("removes a push-button (administrators)"), host, {}, one_device, run_device_remove},
    {"config check", N_("checks warifud's configuration"), program, {}, {}, run_config_check},
    {"doctor",
     N_("finds what is set up wrong, and says what mends it"),
     tool,
     {},
     {},
     run_doctor,
     doctor_note},
    {"try",
     N_("a whole sign-in through a PAM service, to see how it ends"),
     tool,
     {},
     service_and_user,
     run_try,
     try_note},
    {"whois",
     N_("what NSS says of a login name, and which source"),
     tool,
     {},
     one_login_name,
     run_whois,
     whois_note},
}};

bool is_word_of(std::string_view name, std::string_view word) noexcept {
    const std::size_t blank = name.find(' ');
    return word == name.substr(0, blank) || (blank != name.npos && word == name.substr(blank + 1));
}

bool names(std::span<const OptionRow> options, std::string_view word) noexcept {
    return std::ranges::any_of(options, [word](const OptionRow& row) { return row.name == word; });
}

}  // namespace

std::span<const CommandRow> commands() noexcept {
    return rows;
}

std::span<const OptionRow> common_options() noexcept {
    return common;
}

std::span<const OptionRow> screen_options() noexcept {
    return without_command;
}

std::span<const OptionRow> carrier_options(Carrier carrier) noexcept {
    switch (carrier) {
        case account:
            return for_account;
        case host:
            return for_host;
        case program:
        case tool:
            break;
    }
    return {};
}

bool is_table_word(std::string_view word) noexcept {
    if (word == "-h" || word == "-" || names(without_command, word) || names(common, word) ||
        names(for_account, word))
        return true;
    return std::ranges::any_of(rows, [word](const CommandRow& row) {
        return is_word_of(row.name, word) || names(row.options, word);
    });
}

}  // namespace warifu
