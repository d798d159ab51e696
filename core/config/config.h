// /etc/warifu/warifu.conf: TOML, strict. Every key has a default, so an empty file is a working one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/approval/desk.h"
#include "core/approval/rule.h"
#include "core/limits/limits.h"
#include "core/otp/otp.h"
#include "core/phrase/phrases.h"
#include "core/policy/key_file_place.h"
#include "core/policy/policy.h"

namespace warifu {

inline constexpr std::size_t max_config_bytes = 256 * 1024;

enum class SourceKind : std::uint8_t { central, home, text, google_authenticator };

// One [service.NAME] table: a door's own settings. Unset: the general ones.
struct ServiceConfig {
    std::optional<int> window;          // [totp] window
    std::optional<bool> buffers_info;   // info is folded into the next prompt (sshd, cockpit)
    std::optional<std::string> prompt;  // the text that asks for the code
    std::optional<Language> language;
    std::optional<bool> qr;               // a QR code can be shown there
    std::optional<int> remember_minutes;  // a sign-in stands for so long
    std::optional<bool> mail_code;        // "m" has a code mailed
};

// One [notify.NAME] table: a way by which people hear of a request.
struct NotifyChannel {
    std::string type;  // ntfy, gotify, slack, webhook, mail, command
    std::string url;
    std::string topic, address;  // "{user}" stands for the login name
    std::string sender;
    std::string token_file, secret_file;  // root's alone; read when something is sent
    std::vector<std::string> argv;        // of a command
    bool blind = false;                   // it learns nothing about the person
};

struct Config {
    // [store]
    std::string store_directory = "/var/lib/warifu/store";
    std::string key_file = "/etc/warifu/secret.key";
    std::vector<SourceKind> sources = {SourceKind::central};
    std::string text_file = "/etc/warifu/users.keys";
    std::string home_file = ".warifu";  // below the home, no '/'
    KeyFilePlace google_authenticator{"~/.google_authenticator", {}};
    // [totp]
    int window = 1;       // steps to either side, 0 to 10
    int look_ahead = 20;  // HOTP counters, 1 to 100
    std::string issuer;   // empty: the host's name
    // [limits]
    Limits limits;
    // [policy]
    PolicyOutcome unenrolled = PolicyOutcome::by_line;  // where no rule fits; never exempt
    std::vector<std::string> services;                  // doors that count for lines with the option `listed`
    std::vector<PolicyRule> rules;
    // [roles]
    std::vector<std::string> helpdesk_groups;                     // names of groups
    std::vector<std::string> protected_groups = {"sudo", "adm"};  // plus uid 0, always
    // [enrolment]
    bool self_enrolment = true;
    int most_authenticators = 5;    // 1 to 16
    std::vector<Network> networks;  // from where people may enrol at a sign-in
    int after_reset_hours = 72;     // in which somebody who was reset may enrol at the next sign-in
    OtpParameters enrolment_otp;    // kind, algorithm, digits, period of new keys
    // [approval]
    bool approval = true;               // false: nobody is asked for an approval, whatever the rules say
    std::string approval_url;           // where people reach warifu-gateway; empty: no links
    int approval_seconds = 60;          // of a sign-in
    int approval_action_seconds = 300;  // of an action at a door
    NumberMode approval_number = NumberMode::shown;
    DeskLimits approval_limits;
    std::vector<std::string> notify_order;  // names of [notify.NAME]
    std::vector<ApprovalRule> approval_rules;
    std::map<std::string, std::vector<std::string>, std::less<>> guardians;  // by login name
    // [notify.NAME]
    std::map<std::string, NotifyChannel, std::less<>> notify;
    // [texts]
    Language language = Language::english;
    std::string support;  // where people find help, in the operator's words
    // [service.NAME]
    std::map<std::string, ServiceConfig, std::less<>> service;

    Config();  // fills `services`, `networks` and the services that fold info into prompts

    int window_of(std::string_view service_name) const;
    bool buffers_info(std::string_view service_name) const;
    // The door's own words; nullopt: the ordinary prompt in its language.
    std::optional<std::string> prompt_of(std::string_view service_name) const;
    // Whether a QR code can be read off this door: a terminal, not a page or a greeter, which collapse lines.
    bool shows_qr(std::string_view service_name) const;
    // Whether some rule could ask for an approval there: then everybody sees the same prompt.
    bool asks_approval_at(std::string_view service_name) const;
    // Whether people may have a code mailed there.
    bool mails_code_at(std::string_view service_name) const;
    // The way by which it goes: the first of [approval] notify that is mail; empty: none.
    std::string mail_channel() const;
    int remember_seconds_of(std::string_view service_name) const;  // 0: nothing is remembered
    Language language_of(std::string_view service_name) const;
    // Whether any door is spoken to in it.
    bool speaks(Language which) const;
};

// Throws Invalid with field "FILE:LINE: table.key" for an unknown key, a wrong type or a value out of bounds.
// `warnings` takes what is accepted though it should be mended.
Config parse_config(std::string_view toml, std::string_view file, std::vector<std::string>* warnings);

struct LoadedConfig {
    Config config;
    bool from_last_good = false;
    std::string problem;  // why the file itself is not in force; empty when it is
    std::vector<std::string> warnings;
};

// The file; where it is bad, the last good copy (`last_good`, a path; may not exist yet), with the problem
// said; where that is missing too, throws Invalid. A file that does not exist means the defaults when there
// is no last good copy, and is a problem when there is one. A good file is copied to `last_good` if it
// differs (new file, fsync, rename, fsync directory; never through a symlink) and if that directory can be
// written; where the copy fails for another reason (a full disk), a warning says so. An empty `last_good`
// keeps no copy. Either file counts only as a regular file of root's or of the effective user's that nobody
// else may write, no symlink, judged by its descriptor.
LoadedConfig load_config(const std::string& path, const std::string& last_good);

}  // namespace warifu
