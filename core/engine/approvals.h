// Requests for approvals, made, decided and redeemed: each call loads, decides with core/approval and
// commits, beginning again when somebody else was first. A request and its subject's desk are two records:
// the desk is committed first where it limits (a request that rings, "not me"), so that a crash in between
// rings no phone and lets nobody in.
//
// Errors: Invalid, NotFound, NotPermitted, Conflict and Unavailable, out of co_await.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/approval/desk.h"
#include "core/approval/request.h"
#include "core/engine/approver_rules.h"
#include "core/engine/engine.h"

namespace warifu {

// After which a request that has ended is forgotten: one that was approved, and one that was not.
inline constexpr std::int64_t keep_ended_seconds = 86'400, keep_refused_seconds = 3'600;
inline constexpr std::size_t most_listed_requests = 4'096;

// What a switch of a client's realm decides in the place of people.
struct ByPolicy {
    bool lets_in = false;
    std::string by;  // "switch:second_factor", "switch:unregistered"
};

// What somebody wants approved.
struct Wish {
    RequestKind kind = RequestKind::action;
    Subject subject;
    Caller caller;
    RequestFacts facts;
    std::string id;     // empty: a new one
    std::string asker;  // the half that redeems
    std::string request_key;
    std::vector<Need> needs;
    std::vector<Hours> hours;           // in which an approval counts; none: always
    std::optional<ByPolicy> by_policy;  // nobody is asked
    bool by_rule = true;                // whether anybody's word given beforehand counts
    std::int64_t seconds = 0;
    NumberMode number_mode = NumberMode::off;
    bool active = false;
    std::vector<Verb> purposes;  // tokens for the asker to hand out, beside those that go out in messages
    std::string token_holder;    // whose these are
};

struct Made {
    Request request;
    std::vector<IssuedToken> tokens;  // for `purposes`, in their order
};

struct Acted {
    ActResult result = ActResult::gone;
    Request request;
};

class Approvals {
  public:
    explicit Approvals(Engine& engine) : engine_(engine) {}

    // The people and devices that `ask` means for this subject: never the subject itself but by "self".
    // Throws Unavailable where a group cannot be told, Invalid("approvers") where too few are left.
    Task<std::vector<Need>> needs(Subject subject, std::vector<std::string> ask, std::size_t count,
                                  bool together);
    // Commits the request and lets those who have to approve know. Sign-ins were admitted by the desk before.
    Task<Made> make(Wish wish);
    // An action, within the subject's budget: Denied("limited") above it.
    Task<Made> make_action(Wish wish);

    Request find(const std::string& id);  // throws NotFound
    // The request that this token belongs to, and the token; NotFound for what is none.
    std::pair<Request, RequestToken> find_by_token(const std::string& token);
    // Every request that is not over, in no particular order.
    std::vector<Request> open_requests();
    // The request once its rev is not `rev` any more, at most until `until` (Unix seconds).
    Task<Request> await_change(Request seen, std::int64_t until, std::function<bool()> abandoned);

    // `everywhere`: who says "not me" is the subject or an administrator.
    Task<Acted> act(std::string id, Act what, Caller caller, bool everywhere);

    Desk desk(const Subject& subject);
    Task<Desk> change_desk(Subject subject, std::function<void(Desk&)> change);

  private:
    Task<std::string> holder_of(std::string name, std::optional<std::uint32_t> about,
                                std::map<std::uint32_t, std::string>& seen);
    Task<bool> commit_request(Request request, std::uint64_t expected);
    Task<bool> tidy();
    // The words that people gave beforehand, as what is to be said of them once the request is committed.
    std::vector<Act> apply_rules(Request& request, const SourceId& source);
    Task<bool> forget_remembered(Subject subject, Caller caller);
    bool not_now_lets_in(const Request& request, const Act& what);
    Task<bool> note_word(Request request, Act what, ActResult result, Caller caller);
    void announce(const Request& request, std::vector<IssuedToken> tokens);

    Engine& engine_;
};

RecordKey request_record(std::string_view id);
RecordKey desk_record(const Subject& subject);
// Whose desk a request is on: the subject's, or, of what an API key asks for, one of that key's for this
// name, so that a site spends and silences nothing of a door's.
Subject desk_subject(const Subject& subject, std::string_view asker);

// The JWS (RFC 7515, EdDSA by RFC 8037) that says that `request` was approved, by whom and when.
std::string assertion_of(const Request& request, const StoreKey& key, const std::string& issuer,
                         std::int64_t now);

}  // namespace warifu
