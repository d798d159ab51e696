#include "enroll_tool/doctor/pam_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "core/phrase/fill.h"

namespace warifu::doctor {

namespace {

constexpr const char* unknown =
    N_("Take the option out, or spell it as pam_warifu's documentation does: with it the line refuses "
       "everybody.");
constexpr int longest_grace = 7 * 86'400;

bool is_absolute(std::string_view value) {
    return value.starts_with('/');
}

bool is_anything(std::string_view) {
    return true;
}

bool is_method(std::string_view value) {
    return !value.empty() && value.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == value.npos;
}

bool is_grace(std::string_view value) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    return error == std::errc() && end == value.data() + value.size() && seconds >= 1 &&
           seconds <= longest_grace;
}

// As core/policy/key_file_place.h has it.
bool is_key_file(std::string_view value) {
    std::string path(value.starts_with("~/") ? value.substr(1) : value);
    if (path.starts_with("${HOME}/")) path.erase(0, path.find('/'));
    for (const std::string_view variable : {"${HOME}", "${USER}"})
        for (auto at = path.find(variable); at != path.npos; at = path.find(variable))
            path.replace(at, variable.size(), 1, 'x');
    const bool dots = path.find("/./") != path.npos || path.find("/../") != path.npos ||
                      path.ends_with("/.") || path.ends_with("/..");
    return path.starts_with('/') && !path.ends_with('/') && path.find('$') == path.npos && !dots;
}

bool is_owner(std::string_view value) {
    return !value.empty() && value.find('/') == value.npos && !value.starts_with('-');
}

struct ValueRow {
    std::string_view name;
    bool (*permitted)(std::string_view value);
    const char* remedy;  // where the value is not
    bool once = false;
};

constexpr std::array<ValueRow, 8> with_value{
    {{"socket=", is_absolute, N_("Give it an absolute path.")},
     {"config=", is_absolute, N_("Give it an absolute path.")},
     {"daemon=", is_absolute, N_("Give it an absolute path.")},
     {"authtok_prompt=", is_anything, ""},
     {"completed=", is_method, N_("Name an SSH authentication method, as in completed=publickey.")},
     {"secret=", is_key_file,
      N_("Give it the path of a file, as in secret=/etc/ga/${USER} or secret=~/.keys."), true},
     {"user=", is_owner, N_("Name whose file it is, as in user=root."), true},
     {"grace_period=", is_grace, N_("Give it whole seconds from 1 to 604800, as in grace_period=60."),
      true}}};

constexpr std::array<std::string_view, 12> switches{
    "try_first_pass",         "use_first_pass", "forward_pass", "echo_verification_code",
    "echo-verification-code", "nullok",         "listed",       "first_factor_failed",
    "passwordless",           "noskewadj",      "debug",        "no_increment_hotp"};

const ValueRow* row_of_option(std::string_view option) {
    const auto found = std::ranges::find_if(
        with_value, [option](const ValueRow& row) { return option.starts_with(row.name); });
    return found == with_value.end() ? nullptr : &*found;
}

}  // namespace

std::optional<RefusedOption> refused_option(const std::vector<std::string>& arguments) {
    std::set<std::string_view> seen;
    for (const std::string_view option : arguments) {
        if (std::ranges::find(switches, option) != switches.end()) continue;
        const ValueRow* const row = row_of_option(option);
        if (row == nullptr) return RefusedOption{std::string(option), unknown};
        if (!row->permitted(option.substr(row->name.size())))
            return RefusedOption{std::string(option), row->remedy};
        if (row->once && !seen.insert(row->name).second)
            return RefusedOption{std::string(option), N_("It stands there twice: keep one.")};
    }
    return std::nullopt;
}

bool names_configured_file(const std::vector<std::string>& arguments, const ConfigInForce& config) {
    std::string path, owner;
    for (const std::string_view option : arguments) {
        if (option.starts_with("secret=")) path = option.substr(option.find('=') + 1);
        if (option.starts_with("user=")) owner = option.substr(option.find('=') + 1);
    }
    if (path.empty() && owner.empty()) return true;
    const auto spelled_out = [](const std::string& text) {
        return text.starts_with("~/") ? "${HOME}" + text.substr(1) : text;
    };
    return std::ranges::find(config.sources, "google-authenticator") != config.sources.end() &&
           owner == config.google_authenticator_user &&
           (path.empty() || spelled_out(path) == spelled_out(config.google_authenticator_file));
}

}  // namespace warifu::doctor
