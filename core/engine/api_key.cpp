#include "core/engine/api_key.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/engine/client.h"
#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::string_view prefix = "key:";
constexpr std::size_t most_keys = 256, most_name = 64;

RecordKey key_record(std::string_view id) {
    return {RecordKind::client, "", std::string(prefix) + std::string(id)};
}

bool valid_word(std::string_view word) noexcept {
    return !word.empty() && word.size() <= most_name &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
}

ApiKey decode(std::string_view document, std::string_view id) {
    ApiKey key;
    try {
        const json object = json::parse(document);
        key.id = std::string(id);
        key.name = object.at("name").get<std::string>();
        key.realm = object.at("realm").get<std::string>();
        key.scopes = object.at("scopes").get<std::vector<std::string>>();
        key.hash = hash_from_hex(object.at("hash").get<std::string>());
        key.created = object.at("created").get<std::int64_t>();
        key.by = object.at("by").get<std::uint32_t>();
    } catch (const json::exception&) {
        throw Unavailable("the record of the API key " + std::string(id) + " is damaged: remove it");
    } catch (const std::invalid_argument&) {
        throw Unavailable("the record of the API key " + std::string(id) + " is damaged: remove it");
    }
    return key;
}

}  // namespace

bool valid_realm(std::string_view realm) noexcept {
    return valid_word(realm) && realm != "decoy";
}

bool ApiKey::may(std::string_view scope) const noexcept {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

Task<std::pair<ApiKey, Secret>> ApiKeys::add(std::string name, std::string realm,
                                             std::vector<std::string> scopes, Caller caller) {
    if (!valid_word(name) || !valid_realm(realm)) {
        throw Invalid(valid_word(name) ? "realm" : "name",
                      "takes a-z 0-9 - _ and ., at most 64 bytes, and is not \"decoy\"");
    }
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    const bool known = std::all_of(scopes.begin(), scopes.end(), [](const std::string& scope) {
        return scope == scope_ask || scope == scope_policy;
    });
    if (scopes.empty() || !known) {
        throw Invalid("scopes", "takes ask and policy");
    }
    if (realm == host_realm && scopes != std::vector<std::string>{std::string(scope_ask)}) {
        throw Invalid("scopes", "takes ask in realm host, whose switches are root's alone");
    }
    if (engine_.ports().list(RecordKind::client, "", "", most_keys).size() >= most_keys) {
        throw Conflict("there are " + std::to_string(most_keys) +
                       " API keys, and no more may be: remove one");
    }
    ApiKey key;
    key.id = random_base32(key_id_characters);
    key.name = std::move(name);
    key.realm = std::move(realm);
    key.scopes = std::move(scopes);
    key.created = engine_.ports().now();
    key.by = caller.uid;
    std::string text = key.id + random_base32(key_secret_characters);
    key.hash = hash_of_token(text);
    const json object = {{"version", 1},           {"kind", "key"},        {"name", key.name},
                         {"realm", key.realm},     {"scopes", key.scopes}, {"hash", hex_of(key.hash)},
                         {"created", key.created}, {"by", key.by}};
    std::string document = object.dump();
    Secret secret = Secret::copy_of(std::string_view(text));
    wipe(text);
    auto waits = engine_.commit_record(key_record(key.id), 0, std::move(document));
    const bool committed = co_await waits;
    if (!committed) {
        throw Conflict("the name of the new key is taken: add it again");
    }
    auto audit_waits = engine_.note_act(caller, Subject{key.realm, key.name}, "key-add", "key=" + key.id);
    (void)co_await audit_waits;
    co_return std::pair<ApiKey, Secret>(std::move(key), std::move(secret));
}

Task<bool> ApiKeys::remove(std::string id, Caller caller) {
    for (;;) {
        const auto records = engine_.ports().load({key_record(id)});
        if (records[0].version == 0) {
            throw NotFound("there is no such API key: see `warifu client list`");
        }
        auto waits = engine_.commit_record(key_record(id), records[0].version, std::nullopt);
        const bool committed = co_await waits;
        if (committed) {
            break;
        }
    }
    auto audit_waits = engine_.note_act(caller, Subject{"", "key:" + id}, "key-remove", {});
    (void)co_await audit_waits;
    co_return true;
}

std::vector<ApiKey> ApiKeys::all() {
    std::vector<ApiKey> list;
    for (const auto& name : engine_.ports().list(RecordKind::client, "", "", most_keys)) {
        const auto records = engine_.ports().load({{RecordKind::client, "", name}});
        if (records[0].version != 0 && name.starts_with(prefix)) {
            list.push_back(decode(records[0].document, std::string_view(name).substr(prefix.size())));
        }
    }
    return list;
}

ApiKey ApiKeys::find(std::string_view text) {
    if (text.size() == key_id_characters + key_secret_characters && is_lower_base32(text)) {
        const auto id = text.substr(0, key_id_characters);
        const auto records = engine_.ports().load({key_record(id)});
        if (records[0].version != 0) {
            ApiKey key = decode(records[0].document, id);
            const TokenHash hash = hash_of_token(text);
            if (constant_time_equal(std::span<const std::uint8_t>(hash),
                                    std::span<const std::uint8_t>(key.hash))) {
                return key;
            }
        }
    }
    throw NotPermitted("this API key is unknown");
}

}  // namespace warifu
