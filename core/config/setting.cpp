#include "core/config/setting.h"

#include <algorithm>

#include "core/account/credentials.h"
#include "core/config/shown_text.h"
#include "core/error/error.h"

namespace warifu {

namespace {

struct Shape {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(const std::string& value) const { return "\"" + shown_text(value) + "\""; }
    std::string operator()(const std::vector<std::string>& value) const {
        return value.empty() ? "an empty list" : "a list";
    }
    std::string operator()(const TomlTable&) const { return "a table"; }
    std::string operator()(const TomlTables&) const { return "a list of tables"; }
    std::string operator()(const TomlOther& value) const { return value.type; }
};

bool has_dot_part(std::string_view path) noexcept {
    while (!path.empty()) {
        const auto part = path.substr(0, path.find('/'));
        if (part == "." || part == "..") {
            return true;
        }
        path.remove_prefix(std::min(part.size() + 1, path.size()));
    }
    return false;
}

}  // namespace

bool valid_service_name(std::string_view name) noexcept {
    constexpr std::string_view permitted = "abcdefghijklmnopqrstuvwxyz0123456789-_.+@";
    return !name.empty() && name.size() <= max_service_name_bytes && name.front() != '.' &&
           name.front() != '-' && name.find_first_not_of(permitted) == std::string_view::npos;
}

std::string field_of(const TomlEntry& entry, std::string_view file) {
    std::string field = std::string(file) + ":" + std::to_string(entry.line) + ": ";
    for (std::size_t i = 0; i < entry.path.size(); ++i) {
        field += (i == 0 ? "" : ".") + shown_text(entry.path[i]);
    }
    return field;
}

Setting::Setting(const TomlEntry& entry, std::string_view file, std::vector<std::string>* warnings)
    : entry_(entry), field_(field_of(entry, file)), warnings_(warnings) {}

void Setting::refuse(const std::string& permitted) const {
    throw Invalid(field_, "must be " + permitted + ", not " + std::visit(Shape{}, entry_.value));
}

void Setting::warn(const std::string& message) const {
    if (warnings_ != nullptr) {
        warnings_->push_back(field_ + ": " + message);
    }
}

template <typename T>
const T& Setting::as(const std::string& permitted) const {
    const auto* value = std::get_if<T>(&entry_.value);
    if (value == nullptr) {
        refuse(permitted);
    }
    return *value;
}

bool Setting::yes_or_no() const {
    return as<bool>("true or false");
}

void Setting::table() const {
    as<TomlTable>("a table");
}

int Setting::whole_number(int least, int most) const {
    const auto permitted = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const auto value = as<std::int64_t>(permitted);
    if (value < least || value > most) {
        refuse(permitted);
    }
    return static_cast<int>(value);
}

std::string Setting::text(std::size_t least, std::size_t most) const {
    const auto permitted = "text of " + std::to_string(least) + " to " + std::to_string(most) +
                           " bytes in quotes, without control characters";
    const auto& value = as<std::string>(permitted);
    if (value.size() < least || value.size() > most || !printable_utf8(value)) {
        refuse(permitted);
    }
    return value;
}

std::string Setting::absolute_path() const {
    auto value = text(1, max_path_bytes);
    if (value.front() != '/' || has_dot_part(value)) {
        refuse("a path that begins with / and has no . or .. in it");
    }
    return value;
}

std::string Setting::file_name() const {
    auto value = text(1, max_file_name_bytes);
    if (value.find('/') != std::string::npos || has_dot_part(value)) {
        refuse("a file's name without /");
    }
    return value;
}

std::vector<std::string> Setting::list(std::size_t most) const {
    const auto permitted = "a list of at most " + std::to_string(most) + " strings, each in quotes";
    const auto& value = as<std::vector<std::string>>(permitted);
    if (value.size() > most) {
        refuse(permitted);
    }
    for (auto name = value.begin(); name != value.end(); ++name) {
        if (std::find(value.begin(), name, *name) != name) {
            throw Invalid(field_, "names \"" + shown_text(*name) + "\" twice");
        }
    }
    return value;
}

}  // namespace warifu
