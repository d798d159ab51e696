// Who is believed about what: the one table. Everything that warifud is asked passes here first.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace warifu {

// Accounts that programs of ours run as: they hand on what others prove, and have no right of their own.
inline constexpr std::string_view gateway_account = "warifu-gateway", notify_account = "warifu-notify";
constexpr bool is_own_program(std::string_view account) noexcept {
    return account == gateway_account || account == notify_account;
}

enum class Method : std::uint8_t {
    start,
    answer,
    cancel,
    prove,
    enroll,
    confirm,
    status,
    verify,
    codes,
    show,
    rename,
    remove,
    resync,
    forget,
    list,
    reset,
    unlock,
    suspend,
    resume,
    require,
    explain,
    add_client,
    remove_client,
    list_clients,
    open_window,
    add_rule,
    remove_rule,
    list_rules,
    switches,
    turn_switch,
    add_shared_key,
    change_shared_key,
    list_shared_keys,
    show_shared_key,
    rotate_shared_key,
    remove_shared_key,
    start_action,
    ask,
    poll,
    consume,
    cancel_request,
    token,
    decide,
    press,
    requests,
    approve,
    deny,
    add_device,
    remove_device,
    list_devices,
    add_key,
    assertion_key,
    health,
};

// "io.warifu.Start" and so on; nullopt for a method that is not ours.
std::optional<Method> parse_method(std::string_view name) noexcept;

enum class Role : std::uint8_t {
    admin,     // effective uid 0 at the other end
    self,      // the subject's own uid
    helpdesk,  // a member of [roles] helpdesk, about somebody who is not protected
    client,    // a uid that root let verify for others (`warifu client add`), in a conversation
    stranger,  // anybody else, and everybody about a subject that NSS does not know
};

enum class Rule : std::uint8_t {
    allowed,
    proof,              // after Prove on the same connection, within five minutes
    carried,            // the call carries its own proof: a token, a key, a signature; whoever brings it
    proof_if_enrolled,  // free as long as nothing is active; a proof from then on
    refused,
};

Rule rule(Method method, Role role) noexcept;

inline constexpr std::int64_t proof_seconds = 300;

}  // namespace warifu
