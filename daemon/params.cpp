#include "daemon/params.h"

#include "core/error/error.h"
#include "core/secret/secret.h"

namespace warifu {

namespace {

std::string checked_text(const nlohmann::json& value, std::string_view name, std::size_t most) {
    if (!value.is_string()) {
        throw Invalid(std::string(name), "must be a string");
    }
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > most) {
        throw Invalid(std::string(name), "is longer than " + std::to_string(most) + " bytes");
    }
    return text;
}

std::int64_t checked_number(const nlohmann::json& value, std::string_view name, std::int64_t least,
                            std::int64_t most) {
    const bool small_enough =
        value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX);
    if (!small_enough || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
        throw Invalid(std::string(name),
                      "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return value.get<std::int64_t>();
}

}  // namespace

void wipe_texts(nlohmann::json& value) {
    if (value.is_string()) {
        wipe(value.get_ref<std::string&>());
        return;
    }
    for (auto& item : value) {
        if (item.is_structured() || item.is_string()) {
            wipe_texts(item);
        }
    }
}

Params::Params(nlohmann::json& object) : object_(object) {
    if (!object.is_object()) {
        throw Invalid("parameters", "must be an object");
    }
}

const nlohmann::json* Params::find(std::string_view name) {
    asked_.emplace(name);
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const nlohmann::json& Params::need(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) {
        throw Invalid(std::string(name), "is missing");
    }
    return *value;
}

std::string Params::text(std::string_view name, std::size_t most) {
    return checked_text(need(name), name, most);
}

std::optional<std::string> Params::maybe_text(std::string_view name, std::size_t most) {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional(checked_text(*value, name, most));
}

std::int64_t Params::number(std::string_view name, std::int64_t least, std::int64_t most) {
    return checked_number(need(name), name, least, most);
}

std::optional<std::int64_t> Params::maybe_number(std::string_view name, std::int64_t least,
                                                 std::int64_t most) {
    const auto* value = find(name);
    return value == nullptr ? std::nullopt : std::optional(checked_number(*value, name, least, most));
}

std::optional<bool> Params::maybe_flag(std::string_view name) {
    return find(name) == nullptr ? std::nullopt : std::optional(flag(name));
}

bool Params::flag(std::string_view name) {
    const auto& value = need(name);
    if (!value.is_boolean()) {
        throw Invalid(std::string(name), "must be true or false");
    }
    return value.get<bool>();
}

std::vector<std::string> Params::texts(std::string_view name, std::size_t most, std::size_t items) {
    const auto& value = need(name);
    if (!value.is_array() || value.size() > items) {
        throw Invalid(std::string(name), "must be a list of at most " + std::to_string(items) + " strings");
    }
    std::vector<std::string> list;
    for (const auto& item : value) {
        list.push_back(checked_text(item, name, most));
    }
    return list;
}

void Params::end() const {
    for (const auto& [name, value] : object_.items()) {
        if (!asked_.contains(name)) {
            throw Invalid(name, "is unknown to this method: see io.warifu.varlink");
        }
    }
}

}  // namespace warifu
