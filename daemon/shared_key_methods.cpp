#include "daemon/shared_key_methods.h"

#include <algorithm>

#include "core/engine/client.h"
#include "core/engine/shared_keyring.h"
#include "core/error/error.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_name = 256;

json describe(const SharedKey& key, std::int64_t now) {
    json object = {
        {"key", key.name},          {"groups", key.groups},         {"users", key.users},
        {"everyone", key.everyone}, {"rotate", key.rotate_seconds}, {"overlap", key.overlap_seconds},
        {"made", key.made}};
    if (key.rotate_seconds != 0) {
        object["next"] = std::max(key.made + key.rotate_seconds, key.old_until);
    }
    if (old_counts(key, now)) {
        object["old_until"] = key.old_until;
    }
    return object;
}

json describe(const HandedOut& out, std::int64_t now) {
    json object = describe(out.key, now);
    object["authenticator"] = out.generation.authenticator;
    object["label"] = out.generation.label;
    object["secret"] = std::string(out.generation.secret.text());
    object["uri"] = std::string(out.generation.uri.text());
    return object;
}

SharedKeyChange change_in(Params& params) {
    SharedKeyChange change;
    if (params.has("groups")) {
        change.groups = params.texts("groups", most_name, most_sharing);
    }
    if (params.has("users")) {
        change.users = params.texts("users", most_name, most_sharing);
    }
    change.everyone = params.maybe_flag("everyone");
    change.issuer = params.maybe_text("issuer", max_label_bytes);
    change.rotate_seconds = params.maybe_number("rotate", 0, most_rotate_seconds);
    change.overlap_seconds = params.maybe_number("overlap", 0, most_overlap_seconds);
    return change;
}

Task<json> show(Services& services, Peer peer, Proof& proof, Params& params) {
    std::string name = params.maybe_text("key", most_name).value_or("");
    params.end();
    SharedKeyring keyring(services.engine);
    if (!peer.root()) {
        auto person_waits = services.ports.person_by_uid(peer.uid, false);
        const PersonAnswer person = co_await person_waits;
        if (person.found != Found::yes) {
            throw NotPermitted("you may ask about your own account alone: ask an administrator");
        }
        auto proof_waits = demand_proof(services, peer, person.person.name, proof);
        (void)co_await proof_waits;
        auto status_waits = services.engine.status({"host", person.person.name});
        const Status status = co_await status_waits;
        if (status.shared_key.empty() || (!name.empty() && name != status.shared_key)) {
            throw NotPermitted("you do not share this key: ask an administrator");
        }
        name = status.shared_key;
    }
    auto waits = keyring.show(std::string(host_realm), std::move(name), caller_of(peer));
    const HandedOut out = co_await waits;
    json reply = describe(out, services.ports.now());
    if (!peer.root()) {
        // Who else shares it is an administrator's to know.
        reply.erase("groups");
        reply.erase("users");
    }
    co_return reply;
}

Task<json> rotate(Services& services, Peer peer, Params& params) {
    const auto name = params.maybe_text("key", most_name);
    const bool at_once = params.maybe_flag("now").value_or(false);
    const bool due = params.maybe_flag("due").value_or(false);
    params.end();
    SharedKeyring keyring(services.engine);
    if (due) {
        auto waits = keyring.rotate_due(std::string(host_realm), caller_of(peer));
        const std::vector<std::string> rotated = co_await waits;
        co_return json{{"rotated", rotated}};
    }
    auto waits =
        keyring.rotate(std::string(host_realm), name.value_or(std::string()), at_once, caller_of(peer));
    const HandedOut out = co_await waits;
    co_return describe(out, services.ports.now());
}

Task<json> list(Services& services, Params& params) {
    params.end();
    SharedKeyring keyring(services.engine);
    json reply = {{"keys", json::array()}};
    const auto keys = keyring.list(std::string(host_realm));
    for (const auto& [key, wait_until] : keys) {
        json entry = describe(key, services.ports.now());
        for (const auto& group : key.groups) {
            auto waits = services.ports.members(group);
            const MembersAnswer members = co_await waits;
            if (members.found != Found::yes) {
                entry["unknown_groups"].push_back(group);
            }
        }
        if (wait_until != 0) {
            entry["newcomers_wait_until"] = wait_until;
        }
        reply["keys"].push_back(std::move(entry));
    }
    co_return reply;
}

}  // namespace

bool is_about_shared_keys(Method method) noexcept {
    switch (method) {
        case Method::add_shared_key:
        case Method::change_shared_key:
        case Method::list_shared_keys:
        case Method::show_shared_key:
        case Method::rotate_shared_key:
        case Method::remove_shared_key:
            return true;
        default:
            return false;
    }
}

Task<json> call_about_shared_keys(Services& services, Peer peer, Proof& proof, Method method,
                                  Params& params) {
    if (rule(method, peer.root() ? Role::admin : Role::self) == Rule::refused) {
        throw NotPermitted("this is for administrators: run it as root");
    }
    if (method == Method::show_shared_key) {
        auto waits = show(services, peer, proof, params);
        co_return co_await waits;
    }
    if (method == Method::rotate_shared_key) {
        auto waits = rotate(services, peer, params);
        co_return co_await waits;
    }
    if (method == Method::list_shared_keys) {
        auto waits = list(services, params);
        co_return co_await waits;
    }
    std::string name = params.text("key", most_name);
    SharedKeyring keyring(services.engine);
    if (method == Method::remove_shared_key) {
        params.end();
        auto waits = keyring.remove(std::string(host_realm), name, caller_of(peer));
        (void)co_await waits;
        co_return json{{"key", name}};
    }
    SharedKeyChange change = change_in(params);
    params.end();
    if (method == Method::change_shared_key) {
        auto waits =
            keyring.change(std::string(host_realm), std::move(name), std::move(change), caller_of(peer));
        const SharedKey changed = co_await waits;
        co_return describe(changed, services.ports.now());
    }
    auto waits = keyring.add(std::string(host_realm), std::move(name), std::move(change), caller_of(peer));
    const HandedOut out = co_await waits;
    co_return describe(out, services.ports.now());
}

}  // namespace warifu
