#include "core/policy/switches.h"

#include <nlohmann/json.hpp>

#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr int switches_format = 1;
constexpr std::string_view as_before = "default";

[[noreturn]] void damaged() {
    throw Unavailable(
        "the record of the switches is damaged: turn one (warifu switch), which writes it anew");
}

std::optional<Permit> parse_permit(std::string_view text) {
    if (text == as_before) {
        return std::nullopt;
    }
    if (text != "allow" && text != "deny") {
        throw Invalid("value", "takes allow, deny or default");
    }
    return text == "allow" ? Permit::allow : Permit::deny;
}

std::optional<bool> parse_on(std::string_view text) {
    if (text == as_before) {
        return std::nullopt;
    }
    if (text != "on" && text != "off") {
        throw Invalid("value", "takes on, off or default");
    }
    return text == "on";
}

std::optional<Permit> permit_in(const json& object, const char* key) {
    if (!object.contains(key)) {
        return std::nullopt;
    }
    const auto text = object.at(key).get<std::string>();
    if (text != "allow" && text != "deny") {
        damaged();
    }
    return text == "allow" ? Permit::allow : Permit::deny;
}

bool valid_service(std::string_view text) noexcept {
    return text.size() <= most_switched_name &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@") ==
               std::string_view::npos;
}

}  // namespace

std::string_view name(Permit permit) noexcept {
    return permit == Permit::allow ? "allow" : "deny";
}

Switches in_force(const SwitchSet& set, std::string_view service) {
    Switches all;
    if (const auto found = set.find(std::string_view()); found != set.end()) {
        all = found->second;
    }
    if (const auto own = service.empty() ? set.end() : set.find(service); own != set.end()) {
        const Switches& nearer = own->second;
        all.second_factor = nearer.second_factor ? nearer.second_factor : all.second_factor;
        all.unregistered = nearer.unregistered ? nearer.unregistered : all.unregistered;
        all.not_now = nearer.not_now ? nearer.not_now : all.not_now;
        all.by = nearer.by;
        all.at = nearer.at;
    }
    return all;
}

void turn(SwitchSet& set, std::string_view realm, std::string_view service, std::string_view name,
          std::string_view value, std::string by, std::int64_t now) {
    if (!valid_service(service)) {
        throw Invalid("service", "takes the name of a PAM service, or of a site's own, at most 64 bytes");
    }
    const bool is_new = set.find(service) == set.end();
    Switches turned = is_new ? Switches() : set.find(service)->second;
    if (name == "second_factor") {
        turned.second_factor = parse_on(value);
    } else if (name == "unregistered") {
        turned.unregistered = parse_permit(value);
    } else if (name == "not_now") {
        turned.not_now = parse_permit(value);
        if (realm == "host" && turned.not_now) {
            throw Invalid("name", "not_now is for clients' realms: on this host a no is a no");
        }
    } else {
        throw Invalid("name", "takes second_factor, unregistered or not_now");
    }
    turned.by = std::move(by);
    turned.at = now;
    if (!turned.second_factor && !turned.unregistered && !turned.not_now) {
        set.erase(std::string(service));
        return;
    }
    if (is_new && set.size() >= most_switched_services) {
        throw Invalid("service",
                      "more services have switches of their own than are kept (64): turn one back");
    }
    set[std::string(service)] = std::move(turned);
}

std::string encode_switches(const SwitchSet& set) {
    json services = json::object();
    for (const auto& [service, one] : set) {
        json object = {{"by", one.by}, {"at", one.at}};
        if (one.second_factor) {
            object["second_factor"] = *one.second_factor;
        }
        if (one.unregistered) {
            object["unregistered"] = std::string(name(*one.unregistered));
        }
        if (one.not_now) {
            object["not_now"] = std::string(name(*one.not_now));
        }
        services[service] = std::move(object);
    }
    return json{{"version", switches_format}, {"services", std::move(services)}}.dump();
}

SwitchSet decode_switches(std::string_view document) {
    SwitchSet set;
    if (document.empty()) {
        return set;
    }
    try {
        const json object = json::parse(document);
        if (object.at("version").get<int>() != switches_format) {
            throw Unavailable("the record of the switches was written by a newer Warifu: upgrade this host");
        }
        for (const auto& [service, entry] : object.at("services").items()) {
            Switches one;
            if (entry.contains("second_factor")) {
                one.second_factor = entry.at("second_factor").get<bool>();
            }
            one.unregistered = permit_in(entry, "unregistered");
            one.not_now = permit_in(entry, "not_now");
            one.by = entry.at("by").get<std::string>();
            one.at = entry.at("at").get<std::int64_t>();
            set[service] = std::move(one);
        }
    } catch (const json::exception&) {
        damaged();
    }
    return set;
}

}  // namespace warifu
