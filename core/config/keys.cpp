#include "core/config/keys.h"

#include <algorithm>
#include <array>

#include "core/account/credentials.h"
#include "core/error/error.h"
#include "core/policy/key_file_place.h"

namespace warifu {

namespace {

constexpr int max_window = 10, max_look_ahead = 100;
constexpr std::size_t max_issuer_bytes = 64;       // what a key URI takes
constexpr std::size_t max_own_prompt_bytes = 200;  // PAM promises 512, and other text may stand before it
constexpr std::size_t max_services = 64, max_groups = 16, max_networks = 64, max_hours = 16, max_users = 256;
constexpr std::size_t max_user_bytes = 256;
constexpr std::size_t max_support_bytes = 200;
constexpr int most_after_reset_hours = 30 * 24;
constexpr int most_remember_minutes = 7 * 24 * 60;  // as grace_period=
constexpr int seconds_in_day = 86'400;
constexpr std::size_t max_approvers = 8;  // in one list

// How far the limits may be loosened: some 3.6 % a year against one TOTP, for somebody who knows the
// password.
constexpr Limits loosest{.hour = 100,
                         .day = 200,
                         .month = 1000,
                         .known_day = 100,
                         .known_month = 500,
                         .known_free_failures = 20,
                         .delay_first = 1,
                         .delay_most = 10};

constexpr std::array<std::string_view, 4> unenrolled_words{"by-line", "refuse", "enrol", "pass"};
constexpr std::array<std::string_view, 5> outcome_words{"by-line", "refuse", "enrol", "pass", "exempt"};
constexpr std::array<std::string_view, 4> source_words{"central", "home", "text", "google-authenticator"};

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + "\"";
}

std::string quoted_list(const std::vector<std::string>& list) {
    std::string result;
    for (const auto& text : list) {
        result += (result.empty() ? "" : ", ") + quoted(text);
    }
    return "[" + result + "]";
}

std::string quoted_words(std::span<const std::string_view> words) {
    std::string result;
    for (const auto word : words) {
        result += (result.empty() ? "" : word == words.back() ? " or " : ", ") + quoted(word);
    }
    return result;
}

std::string shown_bool(bool value) {
    return value ? "true" : "false";
}

// The position of `word` in `words`, which is the value of the enumerator that it stands for.
template <typename Enum>
Enum one_of(const Setting& setting, const std::string& word, std::span<const std::string_view> words) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) {
        setting.refuse(quoted_words(words));
    }
    return static_cast<Enum>(found - words.begin());
}

template <typename Enum>
std::string_view word_of(Enum value, std::span<const std::string_view> words) {
    return words[static_cast<std::size_t>(value)];
}

// A count of attempts: the smaller, the tighter.
template <int Limits::* member>
void read_count(const Setting& setting, Config& config) {
    const int standard = Limits{}.*member;
    const int least = member == &Limits::known_free_failures ? 0 : 1;
    config.limits.*member = setting.whole_number(least, loosest.*member);
    if (config.limits.*member > standard) {
        setting.warn("lets through more guesses than the default, " + std::to_string(standard));
    }
}

// A delay in seconds: the longer, the tighter.
template <int Limits::* member>
void read_delay(const Setting& setting, Config& config) {
    const int standard = Limits{}.*member;
    config.limits.*member = setting.whole_number(loosest.*member, seconds_in_day);
    if (config.limits.*member < standard) {
        setting.warn("delays guesses less than the default, " + std::to_string(standard) + " seconds");
    }
}

template <int Limits::* member>
std::string show_limit(const Config& config) {
    return std::to_string(config.limits.*member);
}

template <std::string Config::* member>
void read_path(const Setting& setting, Config& config) {
    config.*member = setting.absolute_path();
}

template <std::string Config::* member>
std::string show_text(const Config& config) {
    return quoted(config.*member);
}

template <std::vector<std::string> Config::* member>
std::string show_list(const Config& config) {
    return quoted_list(config.*member);
}

void read_key_file_path(const Setting& setting, Config& config) {
    config.google_authenticator.path = setting.text(1, max_key_file_path_bytes);
    try {
        check_key_file_path(config.google_authenticator.path, "path");
    } catch (const Invalid&) {
        setting.refuse("the path of a file that begins with /, ~/ or ${HOME}/, in which ${USER} may stand");
    }
}

void read_key_file_owner(const Setting& setting, Config& config) {
    config.google_authenticator.owner = setting.text(0, max_user_bytes);
    try {
        if (!config.google_authenticator.owner.empty()) {
            check_key_file_owner(config.google_authenticator.owner, "user");
        }
    } catch (const Invalid&) {
        setting.refuse("a login name or a uid");
    }
}

void read_sources(const Setting& setting, Config& config) {
    config.sources.clear();
    for (const auto& word : setting.list(source_words.size())) {
        config.sources.push_back(one_of<SourceKind>(setting, word, source_words));
    }
    if (config.sources.empty()) {
        setting.refuse("a list of at least one of " + quoted_words(source_words));
    }
}

std::string show_sources(const Config& config) {
    std::vector<std::string> words;
    for (const auto source : config.sources) {
        words.emplace_back(word_of(source, source_words));
    }
    return quoted_list(words);
}

void read_issuer(const Setting& setting, Config& config) {
    config.issuer = setting.text(0, max_issuer_bytes);
    if (config.issuer.find(':') != std::string::npos) {
        setting.refuse("a name without ':', which ends the issuer in a key URI");
    }
}

std::vector<std::string> services(const Setting& setting) {
    auto list = setting.list(max_services);
    if (!std::all_of(list.begin(), list.end(), valid_service_name)) {
        setting.refuse("a list of PAM services, named as their files in /etc/pam.d, in lower case");
    }
    return list;
}

void read_services(const Setting& setting, Config& config) {
    config.services = services(setting);
}

std::vector<Network> networks(const Setting& setting) {
    std::vector<Network> list;
    for (const auto& text : setting.list(max_networks)) {
        auto network = Network::parse(text);
        if (!network) {
            setting.refuse(
                "a list of \"any\", \"local\", \"private\" and networks such as \"192.0.2.0/24\" and "
                "\"2001:db8::/32\" (IPv6: at most /64, no bits behind the prefix)");
        }
        list.push_back(std::move(*network));
    }
    return list;
}

template <typename T>
std::vector<std::string> texts(const std::vector<T>& values) {
    std::vector<std::string> list;
    for (const auto& value : values) {
        list.push_back(value.text());
    }
    return list;
}

std::string shown_unless_empty(const std::vector<std::string>& list) {
    return list.empty() ? "" : quoted_list(list);
}

// An empty list would be no condition at all, and the rule would fit everybody: a template whose list came
// out empty must not exempt the whole host.
template <typename T>
std::vector<T> condition(const Setting& setting, std::vector<T> list) {
    if (list.empty()) {
        setting.refuse("a list of at least one; leave the key out where it is no condition");
    }
    return list;
}

std::vector<Hours> hours_of(const Setting& setting) {
    std::vector<Hours> list;
    for (const auto& text : condition(setting, setting.list(max_hours))) {
        auto hours = Hours::parse(text);
        if (!hours) {
            setting.refuse("a list of hours such as \"Mo-Fr 08:00-18:00\" or \"22:00-06:00\"");
        }
        list.push_back(std::move(*hours));
    }
    return list;
}

void read_from(const Setting& setting, PolicyRule& rule) {
    rule.from = parse_date(setting.text(0, max_path_bytes));
    if (!rule.from) {
        setting.refuse("a date in quotes, as \"2027-01-01\"");
    }
}

Language language(const Setting& setting) {
    const auto parsed = parse_language(setting.text(0, max_path_bytes));
    if (!parsed) {
        setting.refuse("\"en\" or \"ja\"");
    }
    return *parsed;
}

std::vector<std::string> group_names(const Setting& setting) {
    auto groups = setting.list(max_groups);
    const auto usable = [](const std::string& name) {
        return !name.empty() && name.size() <= max_group_name_bytes && printable_utf8(name) &&
               name.find(':') == std::string::npos;
    };
    if (!std::all_of(groups.begin(), groups.end(), usable)) {
        setting.refuse("a list of the names of groups, each 1 to " + std::to_string(max_group_name_bytes) +
                       " bytes without control characters and ':'");
    }
    return groups;
}

void read_protected(const Setting& setting, Config& config) {
    config.protected_groups = group_names(setting);
    for (const auto& standard : Config().protected_groups) {
        const auto& groups = config.protected_groups;
        if (std::find(groups.begin(), groups.end(), standard) == groups.end()) {
            setting.warn("the group " + quoted(standard) + " is in the default, and is no longer protected");
        }
    }
}

void read_enrolment_kind(const Setting& setting, Config& config) {
    const auto kind = parse_otp_kind(setting.text(0, max_path_bytes));
    if (!kind) {
        setting.refuse("\"totp\" or \"hotp\"");
    }
    config.enrolment_otp.kind = *kind;
}

void read_enrolment_algorithm(const Setting& setting, Config& config) {
    const auto algorithm = parse_algorithm(setting.text(0, max_path_bytes));
    if (!algorithm) {
        setting.refuse("\"SHA1\", \"SHA256\" or \"SHA512\"");
    }
    config.enrolment_otp.algorithm = *algorithm;
}

constexpr std::array<std::string_view, 3> number_words{"off", "shown", "typed"};
constexpr std::array<std::string_view, 3> code_words{"either", "both", "none"};
constexpr std::array<std::string_view, 6> channel_words{"ntfy",    "gotify", "slack",
                                                        "webhook", "mail",   "command"};
constexpr int least_approval_seconds = 15, most_door_action_seconds = 3'600, most_in_an_hour = 60;
constexpr std::size_t max_url_bytes = 512, max_topic_bytes = 128, max_arguments = 16;

// http or https, a host, no user and no query: a token is put behind it.
std::string link_base(const Setting& setting) {
    const auto text = setting.text(0, max_url_bytes);
    const bool usable = text.empty() || ((text.starts_with("https://") || text.starts_with("http://")) &&
                                         text.find_first_of("?#@ \"<>\\") == std::string::npos);
    if (!usable || text.ends_with('/')) {
        setting.refuse("a URL such as \"https://login.example.org\", without a '/' at its end");
    }
    return text;
}

std::string channel_url(const Setting& setting) {
    const auto text = setting.text(1, max_url_bytes);
    for (const std::string_view scheme : {"https://", "http://", "smtp://", "smtps://"}) {
        if (text.starts_with(scheme) && text.size() > scheme.size()) {
            return text;
        }
    }
    setting.refuse("a URL that begins with https://, http://, smtp:// or smtps://");
}

std::vector<std::string> channel_names(const Setting& setting) {
    return setting.list(max_channels);
}

constexpr KeyRule rules[] = {
    {"store", "directory", read_path<&Config::store_directory>, show_text<&Config::store_directory>},
    {"store", "key_file", read_path<&Config::key_file>, show_text<&Config::key_file>},
    {"store", "sources", read_sources, show_sources},
    {"store", "text_file", read_path<&Config::text_file>, show_text<&Config::text_file>},
    {"store", "home_file", [](const Setting& s, Config& c) { c.home_file = s.file_name(); },
     show_text<&Config::home_file>},
    {"store", "google_authenticator_file", read_key_file_path,
     [](const Config& c) { return quoted(c.google_authenticator.path); }},
    {"store", "google_authenticator_user", read_key_file_owner,
     [](const Config& c) { return quoted(c.google_authenticator.owner); }},

    {"totp", "window", [](const Setting& s, Config& c) { c.window = s.whole_number(0, max_window); },
     [](const Config& c) { return std::to_string(c.window); }},
    {"totp", "look_ahead",
     [](const Setting& s, Config& c) { c.look_ahead = s.whole_number(1, max_look_ahead); },
     [](const Config& c) { return std::to_string(c.look_ahead); }},
    {"totp", "issuer", read_issuer, show_text<&Config::issuer>},

    {"limits", "hour", read_count<&Limits::hour>, show_limit<&Limits::hour>},
    {"limits", "day", read_count<&Limits::day>, show_limit<&Limits::day>},
    {"limits", "month", read_count<&Limits::month>, show_limit<&Limits::month>},
    {"limits", "known_day", read_count<&Limits::known_day>, show_limit<&Limits::known_day>},
    {"limits", "known_month", read_count<&Limits::known_month>, show_limit<&Limits::known_month>},
    {"limits", "known_free_failures", read_count<&Limits::known_free_failures>,
     show_limit<&Limits::known_free_failures>},
    {"limits", "delay_first", read_delay<&Limits::delay_first>, show_limit<&Limits::delay_first>},
    {"limits", "delay_most", read_delay<&Limits::delay_most>, show_limit<&Limits::delay_most>},

    {"policy", "unenrolled",
     [](const Setting& s, Config& c) {
         (void)one_of<PolicyOutcome>(s, s.text(0, max_path_bytes), unenrolled_words);
         c.unenrolled = *parse_policy_outcome(s.text(0, max_path_bytes));
     },
     [](const Config& c) { return quoted(name(c.unenrolled)); }},
    {"policy", "services", read_services, show_list<&Config::services>},

    {"roles", "helpdesk", [](const Setting& s, Config& c) { c.helpdesk_groups = group_names(s); },
     show_list<&Config::helpdesk_groups>},
    {"roles", "protected", read_protected, show_list<&Config::protected_groups>},

    {"enrolment", "self", [](const Setting& s, Config& c) { c.self_enrolment = s.yes_or_no(); },
     [](const Config& c) { return shown_bool(c.self_enrolment); }},
    {"enrolment", "most_authenticators",
     [](const Setting& s, Config& c) {
         c.most_authenticators = s.whole_number(1, static_cast<int>(max_authenticators));
     },
     [](const Config& c) { return std::to_string(c.most_authenticators); }},
    {"enrolment", "networks", [](const Setting& s, Config& c) { c.networks = networks(s); },
     [](const Config& c) { return quoted_list(texts(c.networks)); }},
    {"enrolment", "after_reset_hours",
     [](const Setting& s, Config& c) { c.after_reset_hours = s.whole_number(0, most_after_reset_hours); },
     [](const Config& c) { return std::to_string(c.after_reset_hours); }},
    {"enrolment", "kind", read_enrolment_kind,
     [](const Config& c) { return quoted(name(c.enrolment_otp.kind)); }},
    {"enrolment", "algorithm", read_enrolment_algorithm,
     [](const Config& c) { return quoted(name(c.enrolment_otp.algorithm)); }},
    {"enrolment", "digits",
     [](const Setting& s, Config& c) { c.enrolment_otp.digits = s.whole_number(min_digits, max_digits); },
     [](const Config& c) { return std::to_string(c.enrolment_otp.digits); }},
    {"enrolment", "period",
     [](const Setting& s, Config& c) { c.enrolment_otp.period = s.whole_number(min_period, max_period); },
     [](const Config& c) { return std::to_string(c.enrolment_otp.period); }},

    {"approval", "enabled", [](const Setting& s, Config& c) { c.approval = s.yes_or_no(); },
     [](const Config& c) { return shown_bool(c.approval); }},
    {"approval", "url", [](const Setting& s, Config& c) { c.approval_url = link_base(s); },
     show_text<&Config::approval_url>},
    {"approval", "seconds",
     [](const Setting& s, Config& c) {
         c.approval_seconds = s.whole_number(least_approval_seconds, most_sign_in_seconds);
     },
     [](const Config& c) { return std::to_string(c.approval_seconds); }},
    {"approval", "action_seconds",
     [](const Setting& s, Config& c) {
         c.approval_action_seconds = s.whole_number(least_approval_seconds, most_door_action_seconds);
     },
     [](const Config& c) { return std::to_string(c.approval_action_seconds); }},
    {"approval", "number",
     [](const Setting& s, Config& c) {
         c.approval_number = one_of<NumberMode>(s, s.text(0, max_path_bytes), number_words);
     },
     [](const Config& c) { return quoted(name(c.approval_number)); }},
    {"approval", "sign_ins_an_hour",
     [](const Setting& s, Config& c) {
         c.approval_limits.sign_ins_an_hour = static_cast<std::size_t>(s.whole_number(1, most_in_an_hour));
     },
     [](const Config& c) { return std::to_string(c.approval_limits.sign_ins_an_hour); }},
    {"approval", "actions_an_hour",
     [](const Setting& s, Config& c) {
         c.approval_limits.actions_an_hour = static_cast<std::size_t>(s.whole_number(1, most_in_an_hour));
     },
     [](const Config& c) { return std::to_string(c.approval_limits.actions_an_hour); }},
    {"approval", "notify", [](const Setting& s, Config& c) { c.notify_order = channel_names(s); },
     show_list<&Config::notify_order>},

    {"texts", "language", [](const Setting& s, Config& c) { c.language = language(s); },
     [](const Config& c) { return quoted(name(c.language)); }},
    {"texts", "support", [](const Setting& s, Config& c) { c.support = s.text(0, max_support_bytes); },
     show_text<&Config::support>},
};

constexpr ServiceKeyRule service_rules[] = {
    {"window", [](const Setting& s, ServiceConfig& c) { c.window = s.whole_number(0, max_window); },
     [](const Config& c, std::string_view service) { return std::to_string(c.window_of(service)); }},
    {"buffers_info", [](const Setting& s, ServiceConfig& c) { c.buffers_info = s.yes_or_no(); },
     [](const Config& c, std::string_view service) { return shown_bool(c.buffers_info(service)); }},
    {"prompt",
     [](const Setting& s, ServiceConfig& c) {
         const auto text = s.text(0, max_own_prompt_bytes);
         c.prompt = text.empty() ? std::nullopt : std::optional(text);
     },
     [](const Config& c, std::string_view service) { return quoted(c.prompt_of(service).value_or("")); }},
    {"qr", [](const Setting& s, ServiceConfig& c) { c.qr = s.yes_or_no(); },
     [](const Config& c, std::string_view service) { return shown_bool(c.shows_qr(service)); }},
    {"remember_minutes",
     [](const Setting& s, ServiceConfig& c) {
         c.remember_minutes = s.whole_number(0, most_remember_minutes);
     },
     [](const Config& c, std::string_view service) {
         return std::to_string(c.remember_seconds_of(service) / 60);
     }},
    {"mail_code", [](const Setting& s, ServiceConfig& c) { c.mail_code = s.yes_or_no(); },
     [](const Config& c, std::string_view service) {
         const auto found = c.service.find(service);
         return shown_bool(found != c.service.end() && found->second.mail_code.value_or(false));
     }},
    {"language", [](const Setting& s, ServiceConfig& c) { c.language = language(s); },
     [](const Config& c, std::string_view service) { return quoted(name(c.language_of(service))); }},
};

constexpr PolicyKeyRule policy_rules[] = {
    {"service", [](const Setting& s, PolicyRule& r) { r.services = condition(s, services(s)); },
     [](const PolicyRule& r) { return shown_unless_empty(r.services); }},
    {"user", [](const Setting& s, PolicyRule& r) { r.users = condition(s, s.list(max_users)); },
     [](const PolicyRule& r) { return shown_unless_empty(r.users); }},
    {"group", [](const Setting& s, PolicyRule& r) { r.groups = condition(s, group_names(s)); },
     [](const PolicyRule& r) { return shown_unless_empty(r.groups); }},
    {"network", [](const Setting& s, PolicyRule& r) { r.networks = condition(s, networks(s)); },
     [](const PolicyRule& r) { return shown_unless_empty(texts(r.networks)); }},
    {"hours", [](const Setting& s, PolicyRule& r) { r.hours = hours_of(s); },
     [](const PolicyRule& r) { return shown_unless_empty(texts(r.hours)); }},
    {"from", read_from, [](const PolicyRule& r) { return r.from ? quoted(text_of(*r.from)) : ""; }},
    {rule_outcome,
     [](const Setting& s, PolicyRule& r) {
         r.outcome = one_of<PolicyOutcome>(s, s.text(0, max_path_bytes), outcome_words);
     },
     [](const PolicyRule& r) { return quoted(name(r.outcome)); }},
};

constexpr ApprovalKeyRule approval_rules[] = {
    {approval_ask, [](const Setting& s, ApprovalRule& r) { r.ask = condition(s, read_approvers(s)); },
     [](const ApprovalRule& r) { return quoted_list(r.ask); }},
    {"count",
     [](const Setting& s, ApprovalRule& r) {
         r.count = static_cast<std::size_t>(s.whole_number(1, static_cast<int>(max_approvers)));
     },
     [](const ApprovalRule& r) { return std::to_string(r.count); }},
    {"together", [](const Setting& s, ApprovalRule& r) { r.together = s.yes_or_no(); },
     [](const ApprovalRule& r) { return shown_bool(r.together); }},
    {"code",
     [](const Setting& s, ApprovalRule& r) {
         r.code = one_of<CodeMode>(s, s.text(0, max_path_bytes), code_words);
     },
     [](const ApprovalRule& r) { return quoted(name(r.code)); }},
    {"armed", [](const Setting& s, ApprovalRule& r) { r.armed = hours_of(s); },
     [](const ApprovalRule& r) { return shown_unless_empty(texts(r.armed)); }},
};

template <std::string NotifyChannel::* member>
std::string show_unless_empty(const NotifyChannel& channel) {
    return (channel.*member).empty() ? "" : quoted(channel.*member);
}

constexpr NotifyKeyRule notify_rules[] = {
    {"type",
     [](const Setting& s, NotifyChannel& c) {
         c.type = s.text(0, max_path_bytes);
         if (std::find(channel_words.begin(), channel_words.end(), c.type) == channel_words.end()) {
             s.refuse(quoted_words(channel_words));
         }
     },
     show_unless_empty<&NotifyChannel::type>},
    {"url", [](const Setting& s, NotifyChannel& c) { c.url = channel_url(s); },
     show_unless_empty<&NotifyChannel::url>},
    {"topic", [](const Setting& s, NotifyChannel& c) { c.topic = s.text(1, max_topic_bytes); },
     show_unless_empty<&NotifyChannel::topic>},
    {"address", [](const Setting& s, NotifyChannel& c) { c.address = s.text(1, max_topic_bytes); },
     show_unless_empty<&NotifyChannel::address>},
    {"sender", [](const Setting& s, NotifyChannel& c) { c.sender = s.text(1, max_topic_bytes); },
     show_unless_empty<&NotifyChannel::sender>},
    {"token_file", [](const Setting& s, NotifyChannel& c) { c.token_file = s.absolute_path(); },
     show_unless_empty<&NotifyChannel::token_file>},
    {"secret_file", [](const Setting& s, NotifyChannel& c) { c.secret_file = s.absolute_path(); },
     show_unless_empty<&NotifyChannel::secret_file>},
    {"argv", [](const Setting& s, NotifyChannel& c) { c.argv = condition(s, s.list(max_arguments)); },
     [](const NotifyChannel& c) { return shown_unless_empty(c.argv); }},
    {"blind", [](const Setting& s, NotifyChannel& c) { c.blind = s.yes_or_no(); },
     [](const NotifyChannel& c) { return shown_bool(c.blind); }},
};

}  // namespace

std::vector<std::string> read_approvers(const Setting& setting) {
    auto list = setting.list(max_approvers);
    if (list.empty() || !std::all_of(list.begin(), list.end(), valid_approver)) {
        setting.refuse("a list of \"self\", \"guardians\", \"user:NAME\", \"group:NAME\" and \"device:ID\"");
    }
    return list;
}

std::string show_approvers(const std::vector<std::string>& approvers) {
    return quoted_list(approvers);
}

std::span<const ApprovalKeyRule> approval_key_rules() noexcept {
    return approval_rules;
}
std::span<const NotifyKeyRule> notify_key_rules() noexcept {
    return notify_rules;
}
std::span<const KeyRule> key_rules() noexcept {
    return rules;
}
std::span<const ServiceKeyRule> service_key_rules() noexcept {
    return service_rules;
}
std::span<const PolicyKeyRule> policy_key_rules() noexcept {
    return policy_rules;
}

}  // namespace warifu
