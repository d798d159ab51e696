// Clients: added, removed and listed by root, and looked up whenever one speaks, so that a change counts from
// the next conversation on.
#include <algorithm>

#include "core/engine/client.h"
#include "core/engine/engine.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::string_view uid_prefix = "uid:";

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const auto& word : words) {
        all += (all.empty() ? "" : ",") + word;
    }
    return all;
}

}  // namespace

std::optional<Client> Engine::client(std::uint32_t uid) {
    const auto records = ports_.load({client_key(host_realm, uid)});
    if (records[0].version == 0) {
        return std::nullopt;
    }
    return decode_client(records[0].document, host_realm, uid);
}

Task<Client> Engine::add_client(Client client, Caller caller) {
    client.realm = host_realm;
    client.scopes = checked_scopes(std::move(client.scopes));
    client.created = ports_.now();
    client.by = caller.uid;
    const RecordKey record = client_key(client.realm, client.uid);
    for (;;) {
        const auto records = ports_.load({record});
        const auto names = ports_.list(RecordKind::client, client.realm, "", most_clients);
        if (records[0].version == 0 && names.size() >= most_clients) {
            throw Conflict("there are " + std::to_string(most_clients) +
                           " clients, and no more may be: remove one first");
        }
        std::string document = encode_client(client);
        auto waits = commit(record, records[0].version, std::move(document));
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            break;
        }
    }
    const Subject subject{client.realm, client.account};
    auto audit_waits = audit(caller, subject, "client-add",
                             "uid=" + std::to_string(client.uid) + " scopes=" + joined(client.scopes));
    (void)co_await audit_waits;
    co_return client;
}

// Whatever the record holds, readable or not, it goes.
Task<bool> Engine::remove_client(std::uint32_t uid, std::string account, Caller caller) {
    const RecordKey record = client_key(host_realm, uid);
    for (;;) {
        const auto records = ports_.load({record});
        if (records[0].version == 0) {
            throw NotFound("this account is no client: see `warifu client list`");
        }
        auto waits = commit(record, records[0].version, std::nullopt);
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            break;
        }
    }
    const Subject subject{std::string(host_realm), std::move(account)};
    auto audit_waits = audit(caller, subject, "client-remove", "uid=" + std::to_string(uid));
    (void)co_await audit_waits;
    co_return true;
}

std::vector<Client> Engine::clients() {
    std::vector<Client> all;
    for (const auto& name : ports_.list(RecordKind::client, host_realm, "", most_clients)) {
        if (name.starts_with(uid_prefix)) {
            const auto uid = static_cast<std::uint32_t>(std::stoul(name.substr(uid_prefix.size())));
            if (const auto found = client(uid)) {
                all.push_back(*found);
            }
        }
    }
    std::sort(all.begin(), all.end(), [](const Client& a, const Client& b) { return a.uid < b.uid; });
    return all;
}

}  // namespace warifu
