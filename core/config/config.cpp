#include "core/config/config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "core/account/credentials.h"
#include "core/config/keys.h"
#include "core/config/setting.h"
#include "core/config/toml_document.h"
#include "core/error/error.h"

namespace warifu {

namespace {

// The doors of Debian 12 at which a person sits: not cron, mail, file shares or the password tools.
constexpr std::string_view default_services[] = {
    // shells
    "sshd", "login", "remote", "sudo", "sudo-i", "su", "su-l", "doas", "polkit-1", "cockpit",
    // greeters
    "gdm-password", "greetd", "lightdm", "lxdm", "sddm", "slim", "wdm", "xdm",
    // lockers that run as root and can ask twice; those of GNOME and LightDM desktops ask as their greeter.
    // Those that
    // run as the person give one answer to every question: asked at, they would open for nobody.
    "physlock", "vlock"};

// These two show information late: with the next prompt, or not before the end.
constexpr std::string_view services_that_buffer_info[] = {"cockpit", "sshd"};

// These talk to a terminal.
constexpr std::string_view services_on_a_terminal[] = {"sshd",   "login", "remote", "sudo",
                                                       "sudo-i", "su",    "su-l",   "doas"};

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) {
        result += (result.empty() ? "" : ", ") + word;
    }
    return result;
}

std::vector<std::string> tables() {
    std::vector<std::string> names;
    for (const auto& rule : key_rules()) {
        if (names.empty() || names.back() != rule.table) {
            names.emplace_back(rule.table);
        }
    }
    names.push_back("[policy.rule]");
    names.push_back("[approval.rule]");
    names.push_back(std::string(approval_table) + "." + std::string(guardians_table));
    names.push_back(std::string(notify_table) + ".NAME");
    names.push_back(std::string(service_table) + ".NAME");
    return names;
}

std::vector<std::string> keys_of(std::string_view table) {
    std::vector<std::string> names;
    for (const auto& rule : key_rules()) {
        if (rule.table == table) {
            names.emplace_back(rule.key);
        }
    }
    return names;
}

// ", but [limits] has it", where another table does.
std::string home_of(std::string_view key) {
    for (const auto& rule : key_rules()) {
        if (rule.key == key) {
            return "; [" + std::string(rule.table) + "] has such a key";
        }
    }
    return "";
}

// Carries out the entries of one file, in their order.
class ConfigReader {
  public:
    ConfigReader(std::string_view file, std::vector<std::string>* warnings)
        : file_(file), warnings_(warnings) {}

    Config read(const std::vector<TomlEntry>& entries) {
        for (const auto& entry : entries) {
            if (entry.path.front() == service_table) {
                read_service(entry);
            } else if (entry.path.front() == notify_table) {
                read_channel(entry);
            } else {
                read_general(entry);
            }
        }
        check_delays(entries);
        check_rules();
        check_approval_rules();
        check_channels(entries);
        warn_of_approval_rules();
        warn_of_open_ways();
        return std::move(config_);
    }

  private:
    [[noreturn]] void refuse(const TomlEntry& entry, const std::string& message) const {
        throw Invalid(field_of(entry, file_), message);
    }

    void read_general(const TomlEntry& entry) {
        const auto& table = entry.path.front();
        const auto keys = keys_of(table);
        if (keys.empty()) {
            const bool is_table = std::holds_alternative<TomlTable>(entry.value) || entry.path.size() > 1;
            refuse(entry, is_table ? "there is no such table; permitted: " + joined(tables())
                                   : "there is no such key outside a table" + home_of(table));
        }
        if (entry.path.size() == 1) {
            Setting(entry, file_, warnings_).table();
            return;
        }
        if (table == rule_table && entry.path[1] == rule_list) {
            read_rule(entry);
            return;
        }
        if (table == approval_table && entry.path[1] == rule_list) {
            read_approval_rule(entry);
            return;
        }
        if (table == approval_table && entry.path[1] == guardians_table) {
            read_guardians(entry);
            return;
        }
        const auto rules = key_rules();
        const auto rule = std::find_if(rules.begin(), rules.end(), [&](const KeyRule& candidate) {
            return candidate.table == table && candidate.key == entry.path[1];
        });
        if (rule == rules.end()) {
            refuse(entry,
                   "there is no such key; [" + table + "] takes: " + joined(keys) + home_of(entry.path[1]));
        }
        // A table in the place of a value is refused where its own entry is, before what stands in it.
        rule->read(Setting(entry, file_, warnings_), config_);
    }

    // Path: policy, rule, its number, a key.
    void read_rule(const TomlEntry& entry) {
        if (entry.path.size() == 2) {
            if (!std::holds_alternative<TomlTables>(entry.value)) {
                refuse(entry, "takes rules, each with the line [[policy.rule]] above it");
            }
            return;
        }
        const auto number = static_cast<std::size_t>(std::stoul(entry.path[2]));
        if (number > max_policy_rules) {
            refuse(entry, "there may be at most " + std::to_string(max_policy_rules) + " rules");
        }
        config_.rules.resize(std::max(config_.rules.size(), number));
        outcomes_.resize(config_.rules.size());
        PolicyRule& rule = config_.rules[number - 1];
        if (entry.path.size() == 3) {
            rule.line = entry.line;
            return;
        }
        outcomes_[number - 1] = outcomes_[number - 1] || entry.path[3] == rule_outcome;
        std::vector<std::string> keys;
        for (const auto& key : policy_key_rules()) {
            if (key.key == entry.path[3]) {
                return key.read(Setting(entry, file_, warnings_), rule);
            }
            keys.emplace_back(key.key);
        }
        refuse(entry, "there is no such key; [[policy.rule]] takes: " + joined(keys));
    }

    // Path: approval, rule, its number, a key: those of a [[policy.rule]], but for its outcome, and some
    // more.
    void read_approval_rule(const TomlEntry& entry) {
        if (entry.path.size() == 2) {
            if (!std::holds_alternative<TomlTables>(entry.value)) {
                refuse(entry, "takes rules, each with the line [[approval.rule]] above it");
            }
            return;
        }
        const auto number = static_cast<std::size_t>(std::stoul(entry.path[2]));
        if (number > max_policy_rules) {
            refuse(entry, "there may be at most " + std::to_string(max_policy_rules) + " rules");
        }
        auto& rules = config_.approval_rules;
        rules.resize(std::max(rules.size(), number));
        ApprovalRule& rule = rules[number - 1];
        if (entry.path.size() == 3) {
            rule.where.line = entry.line;
            return;
        }
        std::vector<std::string> keys;
        for (const auto& key : approval_key_rules()) {
            if (key.key == entry.path[3]) {
                return key.read(Setting(entry, file_, warnings_), rule);
            }
            keys.emplace_back(key.key);
        }
        for (const auto& key : policy_key_rules()) {
            if (key.key == rule_outcome || key.key == rule_from) {
                continue;
            }
            if (key.key == entry.path[3]) {
                return key.read(Setting(entry, file_, warnings_), rule.where);
            }
            keys.emplace_back(key.key);
        }
        refuse(entry, "there is no such key; [[approval.rule]] takes: " + joined(keys));
    }

    void check_approval_rules() const {
        for (const auto& rule : config_.approval_rules) {
            if (rule.ask.empty()) {
                throw Invalid(std::string(file_) + ":" + std::to_string(rule.where.line) + ": approval.rule",
                              "a rule takes ask, which says who has to approve");
            }
        }
    }

    // Path: approval, guardians, a login name.
    void read_guardians(const TomlEntry& entry) {
        if (entry.path.size() == 2) {
            Setting(entry, file_, warnings_).table();
            return;
        }
        if (!valid_subject_name(entry.path[2]) || entry.path[2].find_first_of("\"\\") != std::string::npos) {
            refuse(entry, "is no login name");
        }
        if (config_.guardians.size() >= max_guarded) {
            refuse(entry, "at most " + std::to_string(max_guarded) + " accounts may have guardians");
        }
        const Setting setting(entry, file_, warnings_);
        const auto list = read_approvers(setting);
        const auto is_another = [](const std::string& one) {
            return one.starts_with("user:") || one.starts_with("group:");
        };
        if (!std::all_of(list.begin(), list.end(), is_another)) {
            setting.refuse("a list of \"user:NAME\" and \"group:NAME\"");
        }
        config_.guardians[entry.path[2]] = list;
    }

    // Path: notify, its name, a key.
    void read_channel(const TomlEntry& entry) {
        if (entry.path.size() < 3) {
            Setting(entry, file_, warnings_).table();
        }
        if (entry.path.size() == 1) {
            return;
        }
        if (!valid_service_name(entry.path[1])) {
            refuse(entry, "a way to notify is named by a-z 0-9 - _ . +, at most " +
                              std::to_string(max_service_name_bytes) + " bytes");
        }
        NotifyChannel& channel = config_.notify[entry.path[1]];
        if (config_.notify.size() > max_channels) {
            refuse(entry, "there may be at most " + std::to_string(max_channels) + " ways to notify");
        }
        if (entry.path.size() == 2) {
            return;
        }
        std::vector<std::string> keys;
        for (const auto& rule : notify_key_rules()) {
            if (rule.key == entry.path[2]) {
                return rule.read(Setting(entry, file_, warnings_), channel);
            }
            keys.emplace_back(rule.key);
        }
        refuse(entry, "there is no such key; [notify.NAME] takes: " + joined(keys));
    }

    void check_channels(const std::vector<TomlEntry>& entries) const {
        for (const auto& entry : entries) {
            const auto& path = entry.path;
            if (path.size() == 2 && path[0] == notify_table) {
                check_channel(entry, config_.notify.find(path[1])->second);
            }
            if (path.size() == 2 && path[0] == approval_table && path[1] == "notify") {
                for (const auto& name : config_.notify_order) {
                    if (!config_.notify.contains(name)) {
                        refuse(entry, "there is no table [notify." + name + "]");
                    }
                }
            }
        }
    }

    void check_channel(const TomlEntry& entry, const NotifyChannel& channel) const {
        const bool command = channel.type == "command";
        if (channel.type.empty()) {
            refuse(entry, "takes type, which says how people are notified");
        }
        if (command ? channel.argv.empty() : channel.url.empty()) {
            refuse(entry, command ? "a command takes argv, the program and its arguments"
                                  : "a channel of the type " + channel.type + " takes url");
        }
        if (command && !channel.argv[0].starts_with('/')) {
            refuse(entry, "argv begins with the absolute path of a program");
        }
        if (channel.type == "ntfy" && channel.topic.empty()) {
            refuse(entry, "a channel of the type ntfy takes topic, such as \"warifu-{user}\"");
        }
        if (channel.type == "mail" && (channel.address.empty() || channel.sender.empty())) {
            refuse(entry,
                   "a channel of the type mail takes address, such as \"{user}@example.org\", and sender");
        }
    }

    // line 0: of the file as a whole.
    void warn(const std::string& what, std::size_t line = 0) const {
        if (warnings_ != nullptr) {
            const std::string place = line == 0 ? "" : ":" + std::to_string(line);
            warnings_->push_back(std::string(file_) + place + ": " + what);
        }
    }

    // Whoever reads the links on their way can approve.
    void warn_of_open_ways() const {
        const auto open = [](const std::string& url) {
            if (!url.starts_with("http://") && !url.starts_with("smtp://")) {
                return false;
            }
            const std::string rest = url.substr(url.find("://") + 3);
            const std::string host = rest.starts_with('[') ? rest.substr(0, rest.find(']') + 1)
                                                           : rest.substr(0, rest.find_first_of(":/?#@"));
            in_addr address{};
            const bool loopback = inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127.");
            return !loopback && host != "[::1]" && host != "localhost";
        };
        if (open(config_.approval_url)) {
            warn(
                "approval.url: whoever is on the way reads http, and whoever reads a link can approve: use "
                "https");
        }
        for (const auto& [name, channel] : config_.notify) {
            if (open(channel.url)) {
                warn("notify." + name +
                     ".url: whoever is on the way reads what goes there, and whoever reads a message can "
                     "approve: use https or smtps, or a relay on this host");
            }
        }
    }

    void warn_of_approval_rules() const {
        const auto asks_people = [](const ApprovalRule& rule) {
            return !std::all_of(rule.ask.begin(), rule.ask.end(),
                                [](const std::string& one) { return one.starts_with("device:"); });
        };
        const auto& rules = config_.approval_rules;
        if (config_.approval && config_.notify_order.empty() &&
            std::any_of(rules.begin(), rules.end(), asks_people)) {
            warn(
                "approval.notify: is empty, so nobody is told that something waits for their approval: it is "
                "seen with `warifu requests` alone");
        }
        for (const auto& rule : rules) {
            const auto single = [](const std::string& one) {
                return one != "guardians" && !one.starts_with("group:");
            };
            if (!rule.together && rule.count > rule.ask.size() &&
                std::all_of(rule.ask.begin(), rule.ask.end(), single)) {
                warn("approval.rule: count is larger than the number of those who are asked: nobody gets in",
                     rule.where.line);
            }
        }
    }

    // Without the NSS module nobody is in these groups: a rule may only ever let somebody in by one.
    void warn_of_own_groups(const PolicyRule& rule) const {
        const bool asks_for_more =
            rule.outcome == PolicyOutcome::refuse || rule.outcome == PolicyOutcome::enrol;
        const auto is_own = [](const std::string& group) { return group.starts_with("warifu-"); };
        if (warnings_ != nullptr && asks_for_more &&
            std::any_of(rule.groups.begin(), rule.groups.end(), is_own)) {
            warnings_->push_back(
                std::string(file_) + ":" + std::to_string(rule.line) +
                ": policy.rule: asks for more by membership of a group of Warifu's, of which "
                "nobody is a member where the NSS module is missing: ask everybody, and let "
                "exceptions pass in rules before it");
        }
    }

    void check_rules() const {
        for (std::size_t i = 0; i < outcomes_.size(); ++i) {
            if (!outcomes_[i]) {
                throw Invalid(
                    std::string(file_) + ":" + std::to_string(config_.rules[i].line) + ": policy.rule",
                    "a rule takes outcome, which says what becomes of whom it fits");
            }
            warn_of_own_groups(config_.rules[i]);
        }
    }

    void read_service(const TomlEntry& entry) {
        if (entry.path.size() < 3) {
            Setting(entry, file_, warnings_).table();
        }
        if (entry.path.size() == 1) {
            return;
        }
        const auto& service = entry.path[1];
        if (!valid_service_name(service)) {
            refuse(entry, "a PAM service is named as its file in /etc/pam.d: a-z 0-9 - _ . + @, at most " +
                              std::to_string(max_service_name_bytes) + " bytes");
        }
        if (entry.path.size() == 2) {
            config_.service.try_emplace(service);
            if (config_.service.size() > max_service_tables) {
                refuse(entry, "there may be at most " + std::to_string(max_service_tables) + " services");
            }
            return;
        }
        read_service_key(entry, config_.service[service]);
    }

    void read_service_key(const TomlEntry& entry, ServiceConfig& service) const {
        std::vector<std::string> keys;
        for (const auto& rule : service_key_rules()) {
            if (rule.key == entry.path[2]) {
                return rule.read(Setting(entry, file_, warnings_), service);
            }
            keys.emplace_back(rule.key);
        }
        refuse(entry, "there is no such key; [service.NAME] takes: " + joined(keys));
    }

    void check_delays(const std::vector<TomlEntry>& entries) const {
        if (config_.limits.delay_first <= config_.limits.delay_most) {
            return;
        }
        const auto said = std::find_if(entries.rbegin(), entries.rend(), [](const TomlEntry& entry) {
            return entry.path.front() == "limits" && entry.path.back().starts_with("delay_");
        });
        refuse(*said, "delay_first (" + std::to_string(config_.limits.delay_first) +
                          ") must not be more than delay_most (" + std::to_string(config_.limits.delay_most) +
                          ")");
    }

    Config config_;
    std::vector<bool> outcomes_;  // of config_.rules: whether it says one
    std::string_view file_;
    std::vector<std::string>* warnings_;
};

template <typename T>
std::optional<T> own_setting(const Config& config, std::string_view service,
                             std::optional<T> ServiceConfig::* member) {
    const auto found = config.service.find(service);
    return found != config.service.end() ? found->second.*member : std::nullopt;
}

}  // namespace

Config::Config()
    : services(std::begin(default_services), std::end(default_services)),
      networks{*Network::parse("local"), *Network::parse("private")} {
    for (const auto name : services_that_buffer_info) {
        service[std::string(name)].buffers_info = true;
    }
}

int Config::window_of(std::string_view service_name) const {
    return own_setting(*this, service_name, &ServiceConfig::window).value_or(window);
}

bool Config::buffers_info(std::string_view service_name) const {
    return own_setting(*this, service_name, &ServiceConfig::buffers_info).value_or(false);
}

std::optional<std::string> Config::prompt_of(std::string_view service_name) const {
    return own_setting(*this, service_name, &ServiceConfig::prompt);
}

bool Config::shows_qr(std::string_view service_name) const {
    const auto own = own_setting(*this, service_name, &ServiceConfig::qr);
    return own.value_or(std::find(std::begin(services_on_a_terminal), std::end(services_on_a_terminal),
                                  service_name) != std::end(services_on_a_terminal));
}

int Config::remember_seconds_of(std::string_view service_name) const {
    constexpr int seconds_in_minute = 60;
    return seconds_in_minute * own_setting(*this, service_name, &ServiceConfig::remember_minutes).value_or(0);
}

bool Config::asks_approval_at(std::string_view service_name) const {
    return approval && any_rule_at(approval_rules, service_name);
}

bool Config::mails_code_at(std::string_view service_name) const {
    return own_setting(*this, service_name, &ServiceConfig::mail_code).value_or(false) &&
           !mail_channel().empty();
}

std::string Config::mail_channel() const {
    const auto is_mail = [this](const std::string& name) {
        const auto found = notify.find(name);
        return found != notify.end() && found->second.type == "mail";
    };
    const auto found = std::find_if(notify_order.begin(), notify_order.end(), is_mail);
    return found == notify_order.end() ? std::string() : *found;
}

Language Config::language_of(std::string_view service_name) const {
    return own_setting(*this, service_name, &ServiceConfig::language).value_or(language);
}

bool Config::speaks(Language which) const {
    return language == which || std::any_of(service.begin(), service.end(), [which](const auto& door) {
               return door.second.language == which;
           });
}

Config parse_config(std::string_view toml, std::string_view file, std::vector<std::string>* warnings) {
    if (toml.size() > max_config_bytes) {
        throw Invalid(std::string(file),
                      "is larger than " + std::to_string(max_config_bytes / 1024) + " KiB");
    }
    return ConfigReader(file, warnings).read(parse_toml(toml, file));
}

}  // namespace warifu
