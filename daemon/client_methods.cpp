#include "daemon/client_methods.h"

#include <charconv>

#include "core/engine/api_key.h"
#include "core/engine/client.h"
#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_name = 256, most_word = 64;
constexpr std::string_view key_prefix = "key:";

json describe(const Client& client) {
    return {{"client", client_name(client.uid)},
            {"uid", client.uid},
            {"account", client.account},
            {"realm", client.realm},
            {"scopes", client.scopes},
            {"created", client.created},
            {"by", client.by}};
}

std::optional<std::uint32_t> as_uid(std::string_view text) {
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(uid) : std::nullopt;
}

// The account that a login name or a uid names, under the name that NSS gives for its uid: that is what a
// connection is held against.
Task<PersonAnswer> find_account(Services& services, std::string text) {
    auto name_waits = services.ports.person(text, true);
    PersonAnswer found = co_await name_waits;
    auto uid = found.found == Found::yes ? std::optional(found.person.uid) : as_uid(text);
    if (found.found == Found::unavailable) {
        throw Unavailable("the login name could not be looked up: " + found.reason);
    }
    if (uid) {
        auto uid_waits = services.ports.person_by_uid(*uid, true);
        found = co_await uid_waits;
        if (found.found == Found::unavailable) {
            throw Unavailable("the uid could not be looked up: " + found.reason);
        }
        found.person.uid = *uid;
    }
    if (!uid) {
        throw NotFound("there is no such login name or uid on this host");
    }
    co_return found;
}

void check_realm(Params& params) {
    if (params.maybe_text("realm", most_word).value_or(std::string(host_realm)) != host_realm) {
        throw Invalid("realm", "takes host: this host has no other realm");
    }
}

Task<json> add(Services& services, Caller caller, Params& params) {
    std::string text = params.text("client", most_name);
    check_realm(params);
    std::vector<std::string> scopes = checked_scopes(params.texts("scopes", most_word));
    params.end();
    auto account_waits = find_account(services, std::move(text));
    const PersonAnswer account = co_await account_waits;
    if (account.found != Found::yes) {
        throw NotFound("there is no account with this uid on this host");
    }
    if (account.person.uid == 0 || account.person.uid == overflow_uid) {
        throw Invalid("client", account.person.uid == 0 ? "is root, who may verify for everybody as it is"
                                                        : "is the uid of nobody in particular");
    }
    Client client;
    client.uid = account.person.uid;
    client.account = account.person.name;
    client.scopes = std::move(scopes);
    auto waits = services.engine.add_client(std::move(client), std::move(caller));
    const Client added = co_await waits;
    co_return describe(added);
}

Task<json> remove(Services& services, Caller caller, Params& params) {
    std::string text = params.text("client", most_name);
    if (text.starts_with(key_prefix)) {
        params.end();
        ApiKeys keys(services.engine);
        auto key_waits = keys.remove(text.substr(key_prefix.size()), std::move(caller));
        (void)co_await key_waits;
        co_return json{{"client", text}, {"account", ""}};
    }
    check_realm(params);
    params.end();
    auto account_waits = find_account(services, text);
    PersonAnswer account = co_await account_waits;
    if (account.found != Found::yes) {
        account.person.name = text;  // it has left the host, and its uid was given
    }
    auto waits = services.engine.remove_client(account.person.uid, account.person.name, std::move(caller));
    (void)co_await waits;
    co_return json{{"client", client_name(account.person.uid)}, {"account", account.person.name}};
}

json list(Services& services, Params& params) {
    params.end();
    json reply = {{"clients", json::array()}};
    for (const auto& client : services.engine.clients()) {
        reply["clients"].push_back(describe(client));
    }
    for (const auto& key : ApiKeys(services.engine).all()) {
        reply["clients"].push_back({{"client", std::string(key_prefix) + key.id},
                                    {"account", key.name},
                                    {"realm", key.realm},
                                    {"scopes", key.scopes},
                                    {"created", key.created},
                                    {"by", key.by}});
    }
    return reply;
}

}  // namespace

Task<json> call_about_clients(Services& services, Peer peer, Method method, Params& params) {
    Caller caller = caller_of(peer);
    if (method == Method::list_clients) {
        co_return list(services, params);
    }
    auto waits =
        method == Method::add_client ? add(services, caller, params) : remove(services, caller, params);
    co_return co_await waits;
}

}  // namespace warifu
