#include "core/approval/request.h"

#include <algorithm>

#include "core/error/error.h"

namespace warifu {

namespace {

constexpr std::array<std::string_view, 2> kind_words{"sign_in", "action"};
constexpr std::array<std::string_view, 7> state_words{"pending",   "approved", "denied", "expired",
                                                      "cancelled", "consumed", "revoked"};
constexpr std::array<std::string_view, 4> reason_words{"", "not_now", "not_me", "policy"};
constexpr std::array<std::string_view, 3> mode_words{"off", "shown", "typed"};
constexpr std::array<std::string_view, 11> verb_words{"approve",    "not_now", "not_me", "activate",
                                                      "deactivate", "toggle",  "arm",    "disarm",
                                                      "redeem",     "cancel",  "expire"};
constexpr std::array<std::string_view, 4> result_words{"done", "wrong_number", "not_yet", "gone"};

template <typename Enum, std::size_t n>
std::optional<Enum> parse(std::string_view text, const std::array<std::string_view, n>& words) noexcept {
    const auto found = std::find(words.begin(), words.end(), text);
    return found == words.end() ? std::nullopt : std::optional(static_cast<Enum>(found - words.begin()));
}

constexpr auto pending = RequestState::pending, approved = RequestState::approved,
               denied = RequestState::denied, expired = RequestState::expired,
               cancelled = RequestState::cancelled, consumed = RequestState::consumed,
               revoked = RequestState::revoked;
constexpr std::optional<bool> either = std::nullopt;
constexpr auto holder = Actor::holder, asker = Actor::asker, clock_ = Actor::clock, policy = Actor::policy;

// docs/approvals.md prints this table, and a test holds the two together. approve leads to `approved` with
// the last say-so that is needed, and leaves it pending before; until then the rest of the row counts.
constexpr Transition rows[] = {
    {pending, either, Verb::approve, holder, approved, true, true},
    {pending, either, Verb::approve, policy, approved, true, false},
    {pending, either, Verb::not_now, holder, denied, false, false},
    {pending, either, Verb::not_now, policy, denied, false, false},
    {pending, either, Verb::not_me, holder, denied, false, false},
    {pending, false, Verb::activate, holder, pending, true, true},
    {pending, true, Verb::deactivate, holder, pending, false, false},
    {pending, false, Verb::toggle, holder, pending, true, true},
    {pending, true, Verb::toggle, holder, pending, false, true},
    {pending, either, Verb::arm, holder, pending, either, false},
    {pending, either, Verb::disarm, holder, pending, either, false},
    {pending, true, Verb::redeem, asker, consumed, either, false},
    {pending, either, Verb::cancel, asker, cancelled, false, false},
    {pending, either, Verb::expire, clock_, expired, false, false},
    {approved, true, Verb::redeem, asker, consumed, either, false},
    {approved, either, Verb::cancel, asker, cancelled, false, false},
    {approved, either, Verb::deactivate, holder, revoked, false, false},
    {approved, either, Verb::toggle, holder, revoked, false, false},
    {approved, either, Verb::not_me, holder, revoked, false, false},
    {approved, either, Verb::expire, clock_, expired, false, false},
    {consumed, either, Verb::deactivate, holder, revoked, false, false},
    {consumed, either, Verb::toggle, holder, revoked, false, false},
    {consumed, either, Verb::not_me, holder, revoked, false, false},
};

bool has_decided(const Request& request, const std::string& who) {
    return std::any_of(request.decisions.begin(), request.decisions.end(), [&](const Decision& decision) {
        return decision.by == who && decision.what == Verb::approve;
    });
}

bool names(const Need& need, const std::string& who) {
    return std::find(need.holders.begin(), need.holders.end(), who) != need.holders.end();
}

// For which need each of those who approved counts: the first in the order of the request that lacks one and
// names them. Approvals come in few, and needs are fewer.
std::vector<std::size_t> met(const Request& request) {
    std::vector<std::size_t> counts(request.needs.size());
    for (const auto& decision : request.decisions) {
        if (decision.what != Verb::approve) {
            continue;
        }
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] < request.needs[i].count && names(request.needs[i], decision.by)) {
                ++counts[i];
                break;
            }
        }
    }
    return counts;
}

bool all_met(const Request& request) {
    const auto counts = met(request);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] < request.needs[i].count) {
            return false;
        }
    }
    return true;
}

// Whether this approval of theirs would count for anything.
bool would_count(const Request& request, const std::string& who) {
    if (has_decided(request, who)) {
        return false;
    }
    const auto counts = met(request);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] < request.needs[i].count && names(request.needs[i], who)) {
            return true;
        }
    }
    return false;
}

bool rises(Request& request, const std::string& who, std::optional<std::uint64_t> seq) {
    if (!seq) {
        return false;
    }
    auto& list = request.sequences;
    const auto known =
        std::find_if(list.begin(), list.end(), [&](const Sequence& one) { return one.holder == who; });
    if (known == list.end()) {
        if (list.size() >= most_people) {
            return false;
        }
        list.push_back({who, *seq});
        return true;
    }
    if (*seq <= known->last) {
        return false;
    }
    known->last = *seq;
    return true;
}

const Transition* find_row(const Request& request, Verb verb, Actor actor) {
    const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Transition& one) {
        return one.from == request.state && one.verb == verb && one.actor == actor &&
               (!one.active || *one.active == request.active);
    });
    return row == std::end(rows) ? nullptr : row;
}

void enter(Request& request, const Transition& row) {
    request.state = row.to;
    request.active = row.becomes_active.value_or(request.active);
    ++request.rev;
}

void expire_if_over(Request& request, std::int64_t now) {
    const bool may_expire = request.state == pending || request.state == approved;
    if (may_expire && is_over(request, now)) {
        enter(request, *find_row(request, Verb::expire, clock_));
    }
}

// The number that stands where the sign-in began: it has to be given where it is typed, and has to be right
// where it is given. A button types none: it stands at its own door.
bool number_fits(const Request& request, const Act& what) {
    if (request.number_mode == NumberMode::off || what.by.starts_with("device:")) {
        return true;
    }
    const std::string typed = what.number.value_or("");
    return typed.empty() ? request.number_mode != NumberMode::typed
                         : constant_time_equal(typed, request.number);
}

ActResult wrong_number(Request& request, const std::string& by, std::int64_t now) {
    ++request.wrong_numbers;
    ++request.rev;
    if (request.wrong_numbers >= most_wrong_numbers) {
        request.state = denied;
        request.active = false;
        request.deny_reason = DenyReason::policy;
        request.decided = now;
        request.decisions.push_back({by, Verb::not_now, now, {}});
    }
    return ActResult::wrong_number;
}

}  // namespace

std::string_view name(RequestKind kind) noexcept {
    return kind_words[static_cast<std::size_t>(kind)];
}
std::string_view name(RequestState state) noexcept {
    return state_words[static_cast<std::size_t>(state)];
}
std::string_view name(DenyReason reason) noexcept {
    return reason_words[static_cast<std::size_t>(reason)];
}
std::string_view name(NumberMode mode) noexcept {
    return mode_words[static_cast<std::size_t>(mode)];
}
std::string_view name(Verb verb) noexcept {
    return verb_words[static_cast<std::size_t>(verb)];
}
std::string_view name(ActResult result) noexcept {
    return result_words[static_cast<std::size_t>(result)];
}
std::optional<Verb> parse_verb(std::string_view text) noexcept {
    return parse<Verb>(text, verb_words);
}
std::optional<RequestKind> parse_request_kind(std::string_view text) noexcept {
    return parse<RequestKind>(text, kind_words);
}
std::optional<NumberMode> parse_number_mode(std::string_view text) noexcept {
    return parse<NumberMode>(text, mode_words);
}

std::span<const Transition> transitions() noexcept {
    return rows;
}

std::size_t Request::needed() const noexcept {
    std::size_t sum = 0;
    for (const auto& need : needs) {
        sum += need.count;
    }
    return sum;
}

std::size_t Request::approvals() const noexcept {
    std::size_t sum = 0;
    for (const auto count : met(*this)) {
        sum += count;
    }
    return sum;
}

bool is_over(const Request& request, std::int64_t now) noexcept {
    const std::int64_t grace = request.state == approved ? redeem_grace_seconds : 0;
    return now >= request.expires + grace || now + clock_slack_seconds < request.created;
}

bool is_open(const Request& request, std::int64_t now) noexcept {
    return request.state == pending && !is_over(request, now);
}

bool is_redeemable(const Request& request, std::int64_t now) noexcept {
    const bool granted = request.state == approved || (request.state == pending && request.needs.empty());
    return granted && request.active && !is_over(request, now);
}

bool within_hours(const Request& request, const LocalTime& time) noexcept {
    return request.hours.empty() || std::any_of(request.hours.begin(), request.hours.end(),
                                                [&](const Hours& hours) { return hours.contain(time); });
}

std::int64_t ends(const Request& request) noexcept {
    return request.expires + redeem_grace_seconds;
}

bool waits_for(const Request& request, const std::string& who) {
    return request.state == pending && would_count(request, who);
}

bool names_holder(const Request& request, const std::string& who) noexcept {
    return std::any_of(request.needs.begin(), request.needs.end(),
                       [&](const Need& need) { return names(need, who); });
}

ActResult act(Request& request, const Act& what, std::int64_t now) {
    expire_if_over(request, now);
    const Transition* row = find_row(request, what.verb, what.actor);
    if (row == nullptr) {
        return ActResult::gone;
    }
    if (what.verb == Verb::redeem && !is_redeemable(request, now)) {
        return ActResult::gone;
    }
    const bool approves = what.verb == Verb::approve && what.actor == holder;
    if (approves && !would_count(request, what.by)) {
        return ActResult::gone;
    }
    if (row->when_armed && (!request.armed || !what.within_hours)) {
        return ActResult::not_yet;
    }
    if (approves && !number_fits(request, what)) {
        return wrong_number(request, what.by, now);
    }
    if (what.verb == Verb::toggle && !rises(request, what.by, what.seq)) {
        return ActResult::gone;
    }
    if ((what.verb == Verb::arm && request.armed) || (what.verb == Verb::disarm && !request.armed)) {
        return ActResult::gone;
    }
    if (what.verb == Verb::arm || what.verb == Verb::disarm) {
        request.armed = what.verb == Verb::arm;
    }
    if (what.actor == holder || what.actor == policy) {
        // Turned over and over, a request remembers who approved and, of the rest, the latest.
        std::erase_if(request.decisions, [&](const Decision& one) {
            return one.what != Verb::approve && one.by == what.by && one.what == what.verb;
        });
        request.decisions.push_back({what.by, what.verb, now, what.rule});
        request.decided = now;
    }
    if (what.verb == Verb::redeem) {
        request.decided = now;
    }
    if (what.verb == Verb::not_now || what.verb == Verb::not_me) {
        request.deny_reason = what.verb == Verb::not_me ? DenyReason::not_me
                              : what.actor == policy    ? DenyReason::policy
                                                        : DenyReason::not_now;
    }
    if (what.verb == Verb::not_now && what.not_now_lets_in && what.actor == holder) {
        Act lets_in;
        lets_in.verb = Verb::approve;
        lets_in.actor = policy;
        lets_in.by = "switch:not_now";
        request.deny_reason = DenyReason::none;
        return act(request, lets_in, now);
    }
    if (approves && !all_met(request)) {
        ++request.rev;
        return ActResult::done;
    }
    enter(request, *row);
    return ActResult::done;
}

std::string new_request_id() {
    return random_base32(request_id_characters);
}

IssuedToken issue_token(const std::string& request_id, Verb purpose, std::string holder_name, bool blind) {
    std::string text = request_id + random_base32(token_secret_characters);
    IssuedToken issued;
    issued.token = {hash_of_token(text), purpose, std::move(holder_name), blind};
    issued.text = Secret::copy_of(std::string_view(text));
    wipe(text);
    return issued;
}

std::string request_of_token(std::string_view token) {
    if (token.size() != request_id_characters + token_secret_characters || !is_lower_base32(token)) {
        return {};
    }
    return std::string(token.substr(0, request_id_characters));
}

const RequestToken* find_token(const Request& request, std::string_view token) {
    const TokenHash hash = hash_of_token(token);
    const RequestToken* found = nullptr;
    for (const auto& one : request.tokens) {
        if (constant_time_equal(std::span<const std::uint8_t>(one.hash),
                                std::span<const std::uint8_t>(hash))) {
            found = &one;
        }
    }
    return found;
}

std::string new_number() {
    constexpr int least = 10, count = 90;
    constexpr int fair = 256 / count * count;  // so that each is as likely
    for (;;) {
        const Secret random = Secret::random(1);
        const int value = random.bytes()[0];
        if (value < fair) {
            return std::to_string(least + value % count);
        }
    }
}

}  // namespace warifu
