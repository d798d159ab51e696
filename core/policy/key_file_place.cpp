#include "core/policy/key_file_place.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "core/account/credentials.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::string_view home_variable = "${HOME}", user_variable = "${USER}", tilde = "~/";

// The parts between the '/' of it.
std::vector<std::string_view> parts_of(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        if (end != 0) {
            parts.push_back(path.substr(0, end));
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

bool is_dots(std::string_view part) noexcept {
    return part == "." || part == "..";
}

bool has_variable(std::string_view part) noexcept {
    return part.find('$') != std::string_view::npos;
}

// In one pass: a name may look like a variable.
std::string expanded(std::string_view pattern, std::string_view user, std::string_view home) {
    std::string whole;
    while (!pattern.empty()) {
        const std::string_view variable = pattern.starts_with(user_variable)   ? user_variable
                                          : pattern.starts_with(home_variable) ? home_variable
                                                                               : std::string_view();
        if (variable.empty()) {
            whole += pattern.front();
        } else {
            whole += variable == user_variable ? user : home;
        }
        pattern.remove_prefix(std::max(variable.size(), std::size_t{1}));
    }
    return whole;
}

// Without the tilde, which is a way to write ${HOME}.
std::string spelled_out(std::string_view path) {
    return path.starts_with(tilde) ? std::string(home_variable) + std::string(path.substr(1))
                                   : std::string(path);
}

}  // namespace

bool same_place(const KeyFilePlace& line, const KeyFilePlace& configured) {
    const bool path = line.path.empty() || spelled_out(line.path) == spelled_out(configured.path);
    return path && line.owner == configured.owner;
}

void check_key_file_path(std::string_view path, const std::string& field) {
    const auto refuse = [&](const char* problem) { throw Invalid(field, problem); };
    const std::string whole = spelled_out(path);
    const bool begins = whole.starts_with('/') || whole.starts_with(std::string(home_variable) + '/');
    if (!begins || path.size() > max_key_file_path_bytes) {
        refuse("takes the path of a file that begins with /, ~/ or ${HOME}/");
    }
    const std::string rest = expanded(whole, "u", "h");
    if (rest.find('$') != std::string::npos || rest.find('\0') != std::string::npos) {
        refuse("knows ${HOME} and ${USER} alone");
    }
    if (whole.ends_with('/') || parts_of(whole).empty()) {
        refuse("takes the path of a file, not of a directory");
    }
    for (const auto part : parts_of(whole)) {
        if (is_dots(part)) {
            refuse("takes a path without . and .. in it");
        }
    }
}

void check_key_file_owner(std::string_view owner, const std::string& field) {
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(owner.data(), owner.data() + owner.size(), uid);
    const bool number = error == std::errc() && end == owner.data() + owner.size();
    if (!number && !valid_subject_name(owner)) {
        throw Invalid(field, "takes a login name or a uid");
    }
}

KeyFilePath key_file_path(std::string_view path, std::string_view user, std::string_view home, bool own) {
    const std::string pattern = spelled_out(path);
    const std::string whole = expanded(pattern, user, home);
    const auto parts = parts_of(whole), home_parts = parts_of(home), patterns = parts_of(pattern);
    const bool without_home = pattern.find(home_variable) != std::string::npos && !home.starts_with('/');
    if (without_home || !whole.starts_with('/') || parts.empty()) {
        throw Unavailable("\"" + whole + "\" is no path of a file: has this account a home?");
    }
    KeyFilePath found;
    found.shown = whole;
    bool below = own && !home_parts.empty() && parts.size() > home_parts.size();
    for (std::size_t i = 0; below && i < home_parts.size(); ++i) {
        below = parts[i] == home_parts[i];
    }
    found.in_home = below;
    if (std::any_of(parts.begin(), parts.end(), is_dots)) {
        throw Unavailable("\"" + whole + "\" has . or .. in it");
    }
    for (std::size_t i = below ? home_parts.size() : 0; i < parts.size(); ++i) {
        found.relative += (found.relative.empty() ? "" : "/") + std::string(parts[i]);
    }
    if (!below && patterns[0] == home_variable) {
        found.must_exist = home_parts.size();  // the home is mounted, whosever the file is
    } else if (!below) {
        while (found.must_exist + 1 < patterns.size() && !has_variable(patterns[found.must_exist])) {
            ++found.must_exist;
        }
    }
    return found;
}

}  // namespace warifu
