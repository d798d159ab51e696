#include "ipc/client/reply.h"

#include <limits>
#include <utility>

#include "core/secret/secret.h"
#include "ipc/client/errors.h"
#include "ipc/wire/nesting.h"
#include "ipc/wire/protocol.h"

namespace warifu::ipc {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view name, std::string_view expected) {
    throw NoReply("warifud's reply has no " + std::string(expected) + " \"" + std::string(name) + "\"");
}

void wipe_strings(json& value) noexcept {
    if (value.is_string()) wipe(value.get_ref<std::string&>());
    if (value.is_structured())
        for (auto& member : value) wipe_strings(member);
}

void drop_nulls(json& value) {
    if (value.is_object())
        for (auto member = value.begin(); member != value.end();)
            member = member->is_null() ? value.erase(member) : std::next(member);
    if (value.is_structured())
        for (auto& member : value) drop_nulls(member);
}

json take(json& from, const char* name) {
    const auto found = from.find(name);
    return found == from.end() ? json() : std::move(*found);
}

std::string message_of(const Reply& error) {
    return std::string(error.maybe_text("message").value_or("warifud gave no reason"));
}

std::string text_or_nothing(const Reply& error, std::string_view name) {
    return std::string(error.maybe_text(name).value_or(""));
}

// https://varlink.org/Service-Interface: what the varlink service itself says.
[[noreturn]] void throw_service_error(std::string_view name, const Reply& error) {
    if (name == "InvalidParameter") {
        const std::string parameter = text_or_nothing(error, "parameter");
        throw Invalid(parameter, "warifud refuses the value of " + parameter);
    }
    if (name == "PermissionDenied") throw NotPermitted("warifud does not permit this");
    if (name == "MethodNotFound" || name == "MethodNotImplemented")
        throw Unavailable("this warifud is older than the tool and cannot do this: update and restart it");
    throw NoReply("warifud answered with an error that varlink does not know");
}

[[noreturn]] void throw_error(std::string_view name, const Reply& error) {
    constexpr std::string_view service = "org.varlink.service.";
    if (name.starts_with(service)) throw_service_error(name.substr(service.size()), error);
    if (name == wire::error_invalid) throw Invalid(text_or_nothing(error, "field"), message_of(error));
    if (name == wire::error_denied)
        throw Denied(text_or_nothing(error, "reason"), message_of(error), error.maybe_number("retry_after"));
    if (name == wire::error_not_found) throw NotFound(message_of(error));
    if (name == wire::error_not_permitted) throw NotPermitted(message_of(error));
    if (name == wire::error_conflict) throw Conflict(message_of(error));
    if (name == wire::error_unavailable) throw Unavailable(message_of(error));
    throw NoReply("warifud answered with an error that this tool does not know");
}

}  // namespace

Reply Reply::parse(std::string_view message) {
    if (wire::nests_too_deep(message)) throw NoReply("warifud answered with something that nests too deeply");
    Reply whole(json::parse(message.begin(), message.end(), nullptr, /*allow_exceptions=*/false));
    if (!whole.object_.is_object()) throw NoReply("warifud answered with something that is not varlink");
    json parameters = take(whole.object_, "parameters");
    if (parameters.is_null()) parameters = json::object();
    Reply reply(std::move(parameters));
    if (!reply.object_.is_object()) throw NoReply("warifud answered with something that is not varlink");
    if (const auto* error = whole.find("error")) {
        if (!error->is_string()) throw NoReply("warifud answered with something that is not varlink");
        throw_error(error->get_ref<const std::string&>(), reply);
    }
    drop_nulls(reply.object_);
    return reply;
}

Reply::~Reply() {
    wipe_strings(object_);
}

const json* Reply::find(std::string_view name) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string_view> Reply::maybe_text(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) refuse(name, "text");
    return value->get_ref<const std::string&>();
}

std::optional<std::int64_t> Reply::maybe_number(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > largest) refuse(name, "number");
    if (!value->is_number_integer()) refuse(name, "number");
    return value->get<std::int64_t>();
}

const json* Reply::find_list(std::string_view name) const {
    const auto* value = find(name);
    if (value != nullptr && !value->is_array()) refuse(name, "list");
    return value;
}

std::optional<std::vector<std::string_view>> Reply::maybe_texts(std::string_view name) const {
    const auto* values = find_list(name);
    if (values == nullptr) return std::nullopt;
    std::vector<std::string_view> texts;
    for (const auto& value : *values) {
        if (!value.is_string()) refuse(name, "list of texts");
        texts.push_back(value.get_ref<const std::string&>());
    }
    return texts;
}

std::string_view Reply::text(std::string_view name) const {
    const auto value = maybe_text(name);
    if (!value) refuse(name, "text");
    return *value;
}

std::int64_t Reply::number(std::string_view name) const {
    const auto value = maybe_number(name);
    if (!value) refuse(name, "number");
    return *value;
}

std::vector<std::string_view> Reply::texts(std::string_view name) const {
    auto values = maybe_texts(name);
    if (!values) refuse(name, "list");
    return *std::move(values);
}

std::optional<std::vector<Reply>> Reply::maybe_objects(std::string_view name) const {
    const auto* values = find_list(name);
    if (values == nullptr) return std::nullopt;
    std::vector<Reply> objects;
    for (const auto& value : *values) {
        if (!value.is_object()) refuse(name, "list of objects");
        objects.emplace_back(value);
    }
    return objects;
}

std::vector<Reply> Reply::objects(std::string_view name) const {
    auto values = maybe_objects(name);
    if (!values) refuse(name, "list");
    return *std::move(values);
}

}  // namespace warifu::ipc
