// A request for an approval: a sign-in or one action that waits until somebody with the other half says yes.
// Who asked redeems it (the asker's half); everybody else acts by a token or as a person whom the request
// names (the other half). Pure: the clock is a parameter, and every change is one row of transitions().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/account/credentials.h"
#include "core/approval/token.h"
#include "core/policy/calendar.h"
#include "core/secret/secret.h"

namespace warifu {

inline constexpr std::int64_t most_sign_in_seconds = 120, most_action_seconds = 7 * 86'400;
inline constexpr std::int64_t redeem_grace_seconds = 10;  // for an approval of the last moment
inline constexpr std::int64_t clock_slack_seconds = 5;    // by which a clock may be set back meanwhile
inline constexpr int most_wrong_numbers = 3;
inline constexpr std::size_t most_needs = 8, most_people = 64, most_tokens = 256;
inline constexpr std::size_t most_fact_bytes = 2'048;  // of one fact, longer ones are cut and marked

enum class RequestKind : std::uint8_t { sign_in, action };
enum class RequestState : std::uint8_t { pending, approved, denied, expired, cancelled, consumed, revoked };
enum class DenyReason : std::uint8_t { none, not_now, not_me, policy };
enum class NumberMode : std::uint8_t { off, shown, typed };

// What is done to a request. A token is for one of the first eight; not_now is what a deny token does.
enum class Verb : std::uint8_t {
    approve,
    not_now,
    not_me,
    activate,
    deactivate,
    toggle,
    arm,
    disarm,
    redeem,
    cancel,
    expire
};

// Who does it: the holder of a token or a person whom the request names; who asked; the clock; a switch.
enum class Actor : std::uint8_t { holder, asker, clock, policy };

std::string_view name(RequestKind kind) noexcept;    // "sign_in", "action"
std::string_view name(RequestState state) noexcept;  // "pending", …
std::string_view name(DenyReason reason) noexcept;   // "", "not_now", "not_me", "policy"
std::string_view name(NumberMode mode) noexcept;     // "off", "shown", "typed"
std::string_view name(Verb verb) noexcept;           // "approve", "not_now", …
std::optional<Verb> parse_verb(std::string_view text) noexcept;
std::optional<RequestKind> parse_request_kind(std::string_view text) noexcept;
std::optional<NumberMode> parse_number_mode(std::string_view text) noexcept;

// What the approver sees, as the asker gave it: shown escaped.
struct RequestFacts {
    std::string service, host, rhost, tty, user_agent, command, run_as, directory, message, digest;
    bool operator==(const RequestFacts&) const = default;
};

// A half that somebody holds: one purpose, one holder ("user:bob", "device:door").
struct RequestToken {
    TokenHash hash{};
    Verb purpose = Verb::approve;
    std::string holder;
    bool blind = false;  // its holder sees nothing about the person
    bool operator==(const RequestToken&) const = default;
};

// So many of these holders have to approve; each of them counts once, and for one need.
struct Need {
    std::string label;  // "self", "group:admins", as the rule or the asker has it
    std::vector<std::string> holders;
    std::size_t count = 1;
    bool operator==(const Need&) const = default;
};

struct Decision {
    std::string by;
    Verb what = Verb::approve;
    std::int64_t at = 0;
    std::string rule;  // the id of the rule that gave the word for them; empty: they did
    bool operator==(const Decision&) const = default;
};

// The last number that a toggle of this holder came with.
struct Sequence {
    std::string holder;
    std::uint64_t last = 0;
    bool operator==(const Sequence&) const = default;
};

struct Request {
    std::string id;
    RequestKind kind = RequestKind::sign_in;
    RequestState state = RequestState::pending;
    bool active = false;
    bool armed = true;
    std::uint64_t rev = 1;  // rises with every change
    Subject subject;
    RequestFacts facts;
    std::string source;  // SourceId's text
    // The asker's half: what alone finds and redeems it. A door's origin, "client NAME", "uid 1000".
    std::string asker;
    std::string request_key;                // chosen by a client
    std::int64_t created = 0, expires = 0;  // Unix seconds
    std::int64_t decided = 0;               // when it was last decided, or redeemed
    NumberMode number_mode = NumberMode::off;
    std::string number;  // two digits; empty where it is off
    int wrong_numbers = 0;
    std::vector<Need> needs;
    std::vector<Hours> hours;  // in which it is armed; none: always
    std::vector<RequestToken> tokens;
    std::vector<Decision> decisions;
    std::vector<Sequence> sequences;
    DenyReason deny_reason = DenyReason::none;

    bool operator==(const Request&) const = default;
    std::size_t needed() const noexcept;
    std::size_t approvals() const noexcept;
};

struct Act {
    Verb verb = Verb::approve;
    Actor actor = Actor::holder;
    std::string by;                     // the holder
    std::optional<std::string> number;  // where one has to be typed
    std::optional<std::uint64_t> seq;   // with toggle
    std::string rule;                   // with approve and not_now: of the rule that gives the word
    bool within_hours = true;           // whether it is one of the request's hours
    bool not_now_lets_in = false;       // a switch: "not now" is noted, and approves
};

enum class ActResult : std::uint8_t {
    done,
    wrong_number,  // counted; the third denies
    not_yet,       // disarmed, or outside the hours: nothing is spent
    gone,          // this half does nothing here any more: spent, ended, not in this state
};
std::string_view name(ActResult result) noexcept;

// One row of what may happen: in this state, and only while `active` is as given (nullopt: either way).
struct Transition {
    RequestState from;
    std::optional<bool> active;
    Verb verb;
    Actor actor;
    RequestState to;
    std::optional<bool> becomes_active;  // nullopt: as it was
    bool when_armed;                     // `not_yet` while the request is disarmed
};
std::span<const Transition> transitions() noexcept;

// Whether its time is over. An approval may be redeemed for redeem_grace_seconds more.
bool is_over(const Request& request, std::int64_t now) noexcept;
// Whether it waits, by the clock too. A request from the future was made by a clock that was wrong: never.
bool is_open(const Request& request, std::int64_t now) noexcept;
// Whether the asker may redeem it now.
bool is_redeemable(const Request& request, std::int64_t now) noexcept;
// Whether it is armed at this hour.
bool within_hours(const Request& request, const LocalTime& time) noexcept;
// What can still come of it, in seconds from now; afterwards it is a record of the past.
std::int64_t ends(const Request& request) noexcept;

// Whether an approval by this holder would count now.
bool waits_for(const Request& request, const std::string& holder);
// Whether the request names this holder at all.
bool names_holder(const Request& request, const std::string& holder) noexcept;

// Changes `request` where a row permits it, and for a wrong number; expires it first where its time is over.
// rev rises whenever anything changed.
ActResult act(Request& request, const Act& what, std::int64_t now);

// Tokens. What travels is the request's id (16 characters) and 26 of base32, both in lower case: 128 bits.
inline constexpr std::size_t request_id_characters = 16, token_secret_characters = 26;
std::string new_request_id();  // 80 random bits; throws Unavailable
struct IssuedToken {
    Secret text;
    RequestToken token;
};
IssuedToken issue_token(const std::string& request_id, Verb purpose, std::string holder, bool blind);
// The id of the request that `token` could belong to; empty for what is no token.
std::string request_of_token(std::string_view token);
// Compares with every token, in constant time.
const RequestToken* find_token(const Request& request, std::string_view token);

// Two digits, 10 to 99; throws Unavailable.
std::string new_number();

}  // namespace warifu
