#include "core/policy/line_options.h"

#include <charconv>
#include <string_view>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr int most_grace_seconds = 7 * 86'400;

int seconds(std::string_view name, std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > most_grace_seconds) {
        throw Invalid(std::string(name),
                      "takes whole seconds from 1 to " + std::to_string(most_grace_seconds));
    }
    return value;
}

}  // namespace

LineOptions parse_line_options(const std::vector<std::string>& options) {
    LineOptions parsed;
    for (const std::string_view option : options) {
        const auto equals = option.find('=');
        const auto name = option.substr(0, equals);
        const bool has_value = equals != std::string_view::npos;
        if (name == "grace_period") {
            if (parsed.grace_seconds) {
                throw Invalid(std::string(name), "stands there twice: keep one");
            }
            if (!has_value) {
                throw Invalid(std::string(name), "takes seconds, as in grace_period=60");
            }
            parsed.grace_seconds = seconds(name, option.substr(equals + 1));
            continue;
        }
        if (name == "secret" || name == "user") {
            std::string& value = name == "secret" ? parsed.key_file.path : parsed.key_file.owner;
            if (!value.empty()) {
                throw Invalid(std::string(name), "stands there twice: keep one");
            }
            value = has_value ? option.substr(equals + 1) : std::string_view();
            name == "secret" ? check_key_file_path(value, "secret") : check_key_file_owner(value, "user");
            continue;
        }
        if (name == "allow_readonly" || name == "no_strict_owner" || name == "allowed_perm") {
            throw Invalid(std::string(name),
                          "is refused: it loosened how another module kept its file, and Warifu takes no "
                          "looser files; take the option out of the PAM line");
        }
        if (has_value) {
            throw Invalid(std::string(name), "unknown option: see pam_warifu(8) for those that exist");
        }
        if (name == "nullok") {
            parsed.nullok = true;
        } else if (name == "listed") {
            parsed.listed = true;
        } else if (name == "first_factor_failed") {
            parsed.first_factor_failed = true;
        } else if (name == "passwordless") {
            parsed.passwordless = true;
        } else if (name == "noskewadj") {
            parsed.learn_drift = false;
        } else if (name == "debug") {
            parsed.debug = true;
        } else if (name != "no_increment_hotp") {
            throw Invalid(std::string(name), "unknown option: see pam_warifu(8) for those that exist");
        }
    }
    return parsed;
}

}  // namespace warifu
