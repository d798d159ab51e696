#include "daemon/switch_methods.h"

#include "core/engine/api_key.h"
#include "core/engine/client.h"
#include "core/engine/switchboard.h"
#include "core/error/error.h"
#include "core/secret/secret.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_word = 64, most_key = 128;

struct Turner {
    std::string realm, name;
};

// Root, in any realm; or the key of a site, in its own. Realm host is root's alone.
Turner turner(Services& services, Peer peer, Params& params) {
    const auto realm = params.maybe_text("realm", most_word);
    if (auto text = params.maybe_text("key", most_key)) {
        ApiKeys keys(services.engine);
        const ApiKey key = keys.find(*text);
        wipe(*text);
        if (!key.may(scope_policy) || key.realm == host_realm || (realm && *realm != key.realm)) {
            throw NotPermitted("this API key may not turn switches there");
        }
        return {key.realm, "key:" + key.id};
    }
    if (!peer.root()) {
        throw NotPermitted("switches are root's, or want an API key with the scope policy");
    }
    if (realm && !valid_realm(*realm)) {
        throw Invalid("realm", "takes a-z 0-9 - _ and ., at most 64 bytes, and is not \"decoy\"");
    }
    return {realm.value_or(std::string(host_realm)), "uid:" + std::to_string(peer.uid)};
}

json describe(const std::string& realm, const SwitchSet& set) {
    json reply = {{"realm", realm}, {"switches", json::array()}};
    for (const auto& [service, one] : set) {
        const auto word = [](const std::optional<Permit>& permit) {
            return permit ? std::string(name(*permit)) : std::string("default");
        };
        const char* second_factor = !one.second_factor ? "default" : *one.second_factor ? "on" : "off";
        reply["switches"].push_back({{"service", service},
                                     {"second_factor", second_factor},
                                     {"unregistered", word(one.unregistered)},
                                     {"not_now", word(one.not_now)},
                                     {"by", one.by},
                                     {"at", one.at}});
    }
    return reply;
}

}  // namespace

Task<json> call_about_switches(Services& services, Peer peer, Method method, Params& params) {
    const Turner who = turner(services, peer, params);
    Switchboard switchboard(services.engine);
    if (method == Method::switches) {
        params.end();
        co_return describe(who.realm, switchboard.of(who.realm));
    }
    const std::string service = params.maybe_text("service", most_word).value_or("");
    const std::string name = params.text("name", most_word), value = params.text("value", most_word);
    params.end();
    Caller caller = caller_of(peer);
    auto waits = switchboard.turn(who.realm, service, name, value, who.name, std::move(caller));
    const SwitchSet set = co_await waits;
    co_return describe(who.realm, set);
}

}  // namespace warifu
