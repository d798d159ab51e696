#include "daemon/door_role.h"

#include <syslog.h>

#include <algorithm>

#include "core/engine/client.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "daemon/place.h"

namespace warifu {

namespace {

// Options that loosen something count only from uid 0.
void refuse_loosening(const std::vector<std::string>& options) {
    constexpr std::string_view loosening[] = {"nullok",       "noskewadj", "passwordless",
                                              "grace_period", "secret",    "user"};
    for (const std::string_view option : options) {
        const auto bare = option.substr(0, option.find('='));
        if (std::find(std::begin(loosening), std::end(loosening), bare) != std::end(loosening)) {
            throw NotPermitted("the option " + std::string(bare) + " counts only from root");
        }
    }
}

// A line for listed services asks nothing at another. (pam-auth-update's says nullok too, and stands in the
// stack of lockers that are not root.)
bool steps_aside(const StartRequest& request, const Config& config) {
    const auto& options = request.options;
    const auto& doors = config.services;
    return std::find(options.begin(), options.end(), "listed") != options.end() &&
           std::find(doors.begin(), doors.end(), request.caller.service) == doors.end();
}

SourceId source_of(const Caller& caller) {
    return is_local_door(caller.service, caller.rhost) ? SourceId::local(caller.uid)
                                                       : SourceId::remote(caller.rhost);
}

std::string place_of(const Caller& caller, pid_t peer) {
    return is_local_door(caller.service, caller.rhost) ? local_place(caller.uid, caller.tty, peer)
                                                       : remote_place(caller.rhost);
}

// Whether root let this uid verify for others. A uid that another account has meanwhile is no client any
// more.
Task<bool> is_client(Services& services, Peer peer) {
    const std::optional<Client> client = services.engine.client(peer.uid);
    if (!client || !client->may(scope_verify)) {
        co_return false;
    }
    auto waits = services.ports.person_by_uid(peer.uid, false);
    const PersonAnswer account = co_await waits;
    if (account.found == Found::yes && account.person.name == client->account) {
        co_return true;
    }
    services.ports.log(LOG_WARNING,
                       "the client " + client_name(peer.uid) + " was added as " +
                           escape_for_log(client->account) +
                           ", and the uid has another name now: it counts no more; `warifu client "
                           "remove` it");
    co_return false;
}

}  // namespace

Task<Role> door_role(Services& services, Peer peer, std::string user) {
    if (peer.root()) {
        co_return Role::admin;
    }
    auto person_waits = services.ports.person(std::move(user), false);
    const PersonAnswer person = co_await person_waits;
    if (person.found == Found::yes && person.person.uid == peer.uid) {
        co_return Role::self;
    }
    auto client_waits = is_client(services, peer);
    const bool client = co_await client_waits;
    if (!client) {
        throw NotPermitted("you may sign in as yourself alone");
    }
    co_return Role::client;
}

void believe(StartRequest& request, Role role, Peer peer, std::uint32_t real_uid, const Config& config) {
    auto& caller = request.caller;
    caller.admin = role == Role::admin;
    caller.uid = role == Role::admin ? real_uid : peer.uid;
    if (role == Role::admin) {
        caller.source = source_of(caller);
        caller.place = place_of(caller, peer.pid);
        caller.origin = origin_of(peer.pid, caller.service, request.user);
        return;
    }
    if (!steps_aside(request, config)) {
        refuse_loosening(request.options);
    }
    // Nobody else has a place at which something could be remembered, or a first factor that sshd took.
    request.auth_info.clear();
    caller.tty.clear();
    caller.ruser.clear();
    if (role == Role::client) {
        caller.client = peer.uid;
        caller.source = source_of(caller).through(caller.client);
        return;
    }
    caller.rhost.clear();
    caller.source = SourceId::local(peer.uid);
}

}  // namespace warifu
