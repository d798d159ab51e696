#include "core/engine/client.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr int client_format = 1;
constexpr const char* kind_uid = "uid";

[[noreturn]] void damaged(std::uint32_t uid) {
    throw Unavailable("the record of the client " + client_name(uid) +
                      " is damaged: `warifu client remove` it, then add it again");
}

}  // namespace

bool Client::may(std::string_view scope) const noexcept {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

std::string client_name(std::uint32_t uid) {
    return "uid:" + std::to_string(uid);
}

RecordKey client_key(std::string_view realm, std::uint32_t uid) {
    return {RecordKind::client, std::string(realm), client_name(uid)};
}

std::vector<std::string> checked_scopes(std::vector<std::string> scopes) {
    const auto unknown =
        std::find_if(scopes.begin(), scopes.end(), [](const auto& scope) { return scope != scope_verify; });
    if (scopes.empty() || unknown != scopes.end()) {
        throw Invalid("scopes", "takes verify");
    }
    scopes.resize(1);
    return scopes;
}

std::string encode_client(const Client& client) {
    const nlohmann::json document = {{"version", client_format},  {"kind", kind_uid},
                                     {"uid", client.uid},         {"account", client.account},
                                     {"realm", client.realm},     {"scopes", client.scopes},
                                     {"created", client.created}, {"by", client.by}};
    return document.dump();
}

Client decode_client(std::string_view document, std::string_view realm, std::uint32_t uid) {
    Client client;
    try {
        const auto parsed = nlohmann::json::parse(document);
        if (parsed.at("version").get<int>() != client_format || parsed.at("kind") != kind_uid) {
            throw Unavailable("the record of the client " + client_name(uid) +
                              " was written by a newer Warifu: upgrade this host");
        }
        client.uid = parsed.at("uid").get<std::uint32_t>();
        client.account = parsed.at("account").get<std::string>();
        client.realm = parsed.at("realm").get<std::string>();
        client.scopes = parsed.at("scopes").get<std::vector<std::string>>();
        client.created = parsed.at("created").get<std::int64_t>();
        client.by = parsed.at("by").get<std::uint32_t>();
    } catch (const nlohmann::json::exception&) {
        damaged(uid);
    }
    if (client.uid != uid || client.realm != realm) {
        damaged(uid);
    }
    return client;
}

}  // namespace warifu
