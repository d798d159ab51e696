#include "gateway/api/input.h"

#include <charconv>
#include <limits>

#include "core/error/error.h"
#include "ipc/wire/nesting.h"

namespace warifu::gateway {

namespace {

using nlohmann::json;

// An object in which one name comes twice says one thing to us and may say another to whoever looks at it
// first.
json parse_strictly(std::string_view body) {
    std::vector<std::set<std::string>> names;
    bool twice = false;
    const auto look = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key) twice |= !names.back().insert(value.get<std::string>()).second;
        return true;
    };
    json object = json::parse(body.begin(), body.end(), look, /*allow_exceptions=*/false);
    if (!object.is_object()) throw Invalid("", "one JSON object is wanted");
    if (twice) throw Invalid("", "a name comes twice in one object");
    return object;
}

std::int64_t number_in(const std::string& text, const std::string& name) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) throw Invalid(name, "a whole number is wanted");
    return value;
}

}  // namespace

Input Input::from_json(std::string_view body) {
    if (wire::nests_too_deep(body)) throw Invalid("", "this nests too deep");
    return {parse_strictly(body), false, ""};
}

Input Input::from_form(std::string_view body) {
    return from_fields(parse_form(body));
}

Input Input::from_fields(FormFields fields) {
    json object = json::object();
    for (auto& [name, value] : fields) {
        json& there = object[name];
        if (there.is_null()) {
            there = std::move(value);
        } else {
            if (there.is_string()) there = json::array({std::move(there)});
            there.push_back(std::move(value));
        }
    }
    return {std::move(object), true, ""};
}

Input Input::from_body(std::string_view media_type, std::string_view body) {
    if (media_type == "application/json") return from_json(body);
    if (media_type == "application/x-www-form-urlencoded") return from_form(body);
    if (media_type.empty() && body.empty()) return from_fields({});
    throw UnsupportedMedia();
}

const json* Input::find(std::string_view name) {
    asked_.emplace(name);
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool Input::has(std::string_view name) const {
    const auto found = object_.find(name);
    return found != object_.end() && !found->is_null();
}

std::optional<std::string> Input::maybe_text(std::string_view name) {
    const json* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string())
        throw Invalid(name_of(name), form_ ? "one value is wanted" : "a string is wanted");
    return value->get<std::string>();
}

std::string Input::text(std::string_view name) {
    auto value = maybe_text(name);
    if (!value) throw Invalid(name_of(name), "this is missing");
    return *std::move(value);
}

std::optional<std::int64_t> Input::maybe_number(std::string_view name) {
    if (form_) {
        const auto value = maybe_text(name);
        return value ? std::optional(number_in(*value, name_of(name))) : std::nullopt;
    }
    const json* value = find(name);
    if (value == nullptr) return std::nullopt;
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool whole = value->is_number_integer();
    if (!whole || (value->is_number_unsigned() && value->get<std::uint64_t>() > largest)) {
        throw Invalid(name_of(name), "a whole number is wanted");
    }
    return value->get<std::int64_t>();
}

std::vector<std::string> Input::texts(std::string_view name) {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (form_ && value->is_string()) return {value->get<std::string>()};
    if (!value->is_array()) throw Invalid(name_of(name), "a list of strings is wanted");
    if (value->size() > most_items) throw Invalid(name_of(name), "this list is too long");
    std::vector<std::string> all;
    for (const json& item : *value) {
        if (!item.is_string()) throw Invalid(name_of(name), "a list of strings is wanted");
        all.push_back(item.get<std::string>());
    }
    return all;
}

Input Input::part(std::string_view name) {
    const json* value = find(name);
    if (value == nullptr) return {json::object(), false, name_of(name) + "."};
    if (!value->is_object()) throw Invalid(name_of(name), "an object is wanted");
    return {*value, false, name_of(name) + "."};
}

void Input::end() const {
    for (const auto& [name, value] : object_.items()) {
        if (!asked_.contains(name)) throw Invalid(name_of(name), "this is not known here");
    }
}

}  // namespace warifu::gateway
