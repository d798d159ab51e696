#include "daemon/roles.h"

#include <array>

namespace warifu {

namespace {

struct Row {
    Method method;
    std::string_view name;
    Rule admin, self, helpdesk, client;
    Rule stranger = Rule::refused;  // everybody else, warifu-gateway too
};

constexpr Rule yes = Rule::allowed, no = Rule::refused, proof = Rule::proof, first = Rule::proof_if_enrolled,
               carried = Rule::carried;

constexpr std::array table = {
    //  method             name                   admin self   helpdesk client
    Row{Method::start, "io.warifu.Start", yes, yes, no,
        yes},  // self: its source is local:UID, whatever it says; client: as it says, in a compartment
    Row{Method::answer, "io.warifu.Answer", yes, yes, no, yes},  // only after Start
    Row{Method::cancel, "io.warifu.Cancel", yes, yes, no, yes},
    Row{Method::prove, "io.warifu.Prove", yes, yes, no, no},
    Row{Method::enroll, "io.warifu.Enroll", yes, first, no, no},
    Row{Method::confirm, "io.warifu.Confirm", yes, first, no, no},
    Row{Method::status, "io.warifu.Status", yes, yes, no, no},
    Row{Method::verify, "io.warifu.Verify", yes, yes, no, no},
    Row{Method::codes, "io.warifu.Codes", yes, proof, no, no},
    Row{Method::show, "io.warifu.Show", yes, proof, no, no},
    Row{Method::rename, "io.warifu.Rename", yes, proof, no, no},
    Row{Method::remove, "io.warifu.Remove", yes, proof, no, no},
    Row{Method::resync, "io.warifu.Resync", yes, proof, no, no},
    Row{Method::forget, "io.warifu.Forget", yes, proof, no, no},
    Row{Method::list, "io.warifu.List", yes, no, no, no},
    Row{Method::reset, "io.warifu.Reset", yes, no, yes, no},
    Row{Method::unlock, "io.warifu.Unlock", yes, no, yes, no},
    Row{Method::suspend, "io.warifu.Suspend", yes, no, no, no},
    Row{Method::resume, "io.warifu.Resume", yes, no, no, no},
    Row{Method::require, "io.warifu.Require", yes, no, no, no},
    Row{Method::explain, "io.warifu.Explain", yes, yes, no, no},
    Row{Method::add_client, "io.warifu.AddClient", yes, no, no, no},
    Row{Method::remove_client, "io.warifu.RemoveClient", yes, no, no, no},
    Row{Method::list_clients, "io.warifu.ListClients", yes, no, no, no},
    Row{Method::open_window, "io.warifu.OpenWindow", yes, proof, no, no},
    Row{Method::add_rule, "io.warifu.AddRule", yes, proof, no, no},  // admin: of its own account alone
    Row{Method::remove_rule, "io.warifu.RemoveRule", yes, proof, no, no},
    Row{Method::list_rules, "io.warifu.ListRules", yes, yes, no, no},
    // Root's; or with an API key that may, in its realm.
    Row{Method::switches, "io.warifu.Switches", yes, carried, no, no, carried},
    Row{Method::turn_switch, "io.warifu.TurnSwitch", yes, carried, no, no, carried},
    Row{Method::add_shared_key, "io.warifu.AddSharedKey", yes, no, no, no},
    Row{Method::change_shared_key, "io.warifu.ChangeSharedKey", yes, no, no, no},
    Row{Method::list_shared_keys, "io.warifu.ListSharedKeys", yes, no, no, no},
    Row{Method::show_shared_key, "io.warifu.ShowSharedKey", yes, proof, no, no},  // who shares it
    Row{Method::rotate_shared_key, "io.warifu.RotateSharedKey", yes, no, no, no},
    Row{Method::remove_shared_key, "io.warifu.RemoveSharedKey", yes, no, no, no},
    Row{Method::start_action, "io.warifu.StartAction", yes, no, no, no},
    // About oneself, or with an API key in its realm.
    Row{Method::ask, "io.warifu.Ask", yes, yes, no, no, carried},
    Row{Method::poll, "io.warifu.Poll", yes, yes, no, no, carried},
    Row{Method::consume, "io.warifu.Consume", yes, yes, no, no, carried},
    Row{Method::cancel_request, "io.warifu.CancelRequest", yes, yes, no, no, carried},
    Row{Method::token, "io.warifu.Token", carried, carried, carried, carried, carried},
    Row{Method::decide, "io.warifu.Decide", carried, carried, carried, carried, carried},
    Row{Method::press, "io.warifu.Press", carried, carried, carried, carried, carried},
    Row{Method::requests, "io.warifu.Requests", yes, yes, no, no},
    Row{Method::approve, "io.warifu.Approve", yes, proof, no, no},  // whom the request names
    Row{Method::deny, "io.warifu.Deny", yes, yes, no, no},          // and whom it is about
    Row{Method::add_device, "io.warifu.AddDevice", yes, no, no, no},
    Row{Method::remove_device, "io.warifu.RemoveDevice", yes, no, no, no},
    Row{Method::list_devices, "io.warifu.ListDevices", yes, no, no, no},
    Row{Method::add_key, "io.warifu.AddKey", yes, no, no, no},
    Row{Method::assertion_key, "io.warifu.AssertionKey", yes, yes, yes, yes, yes},
    Row{Method::health, "io.warifu.Health", yes, yes, yes, yes, yes},
};

}  // namespace

std::optional<Method> parse_method(std::string_view name) noexcept {
    for (const auto& row : table) {
        if (row.name == name) {
            return row.method;
        }
    }
    return std::nullopt;
}

Rule rule(Method method, Role role) noexcept {
    for (const auto& row : table) {
        if (row.method != method) {
            continue;
        }
        switch (role) {
            case Role::admin:
                return row.admin;
            case Role::self:
                return row.self;
            case Role::helpdesk:
                return row.helpdesk;
            case Role::client:
                return row.client;
            case Role::stranger:
                return row.stranger;
        }
    }
    return Rule::refused;
}

}  // namespace warifu
