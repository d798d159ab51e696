#include "daemon/methods.h"

#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/engine/approvals.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/otp/base32.h"
#include "daemon/approval_methods.h"
#include "daemon/client_methods.h"
#include "daemon/params.h"
#include "daemon/place.h"
#include "daemon/rule_methods.h"
#include "daemon/shared_key_methods.h"
#include "daemon/switch_methods.h"
#include "ipc/wire/protocol.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_name = 256, most_code = 256, most_secret = 256;
constexpr std::size_t most_listed_bytes = wire::max_reply_bytes - 2'048;  // beside the cursor and the rest

// A call about one subject: who asks, about whom, in which role.
struct About {
    Subject subject;
    Caller caller;
    Role role = Role::stranger;
    bool own = false;     // the account of the very uid that speaks
    bool nobody = false;  // NSS has no such name: root asks about what somebody left behind
};

Answer take_code(std::string text) {
    Answer answer = parse_answer(text);
    wipe(text);
    return answer;
}

json texts(const std::vector<Secret>& codes) {
    json list = json::array();
    for (const auto& code : codes) {
        list.push_back(std::string(code.text()));
    }
    return list;
}

json describe(const AuthenticatorStatus& entry) {
    json object = {{"id", entry.id},
                   {"label", entry.label},
                   {"kind", std::string(name(entry.otp.kind))},
                   {"algorithm", std::string(name(entry.otp.algorithm))},
                   {"digits", entry.otp.digits},
                   {"period", entry.otp.period},
                   {"state", entry.active ? "active" : "pending"},
                   {"created", entry.created}};
    if (entry.last_used != 0) {
        object["last_used"] = entry.last_used;
    }
    return object;
}

json describe(const Status& status) {
    json object = {{"user", status.user},
                   {"state", status.state},
                   {"authenticators", json::array()},
                   {"recovery_codes_left", status.recovery_codes_left},
                   {"failures", status.failures},
                   {"remembered", status.remembered},
                   {"sign_ins", json::array()},
                   {"required", status.required},
                   {"notes", status.notes}};
    for (const auto& sign_in : status.sign_ins) {
        object["sign_ins"].push_back({{"source", sign_in.source}, {"at", sign_in.at}});
    }
    for (const auto& entry : status.authenticators) {
        object["authenticators"].push_back(describe(entry));
    }
    if (!status.source.empty()) {
        object["source"] = status.source;
    }
    if (!status.shared_key.empty()) {
        object["shared_key"] = status.shared_key;
    }
    if (status.limited_until != 0) {
        object["limited_until"] = status.limited_until;
    }
    return object;
}

json describe(const Enrolled& enrolled) {
    return {{"user", enrolled.user},
            {"authenticator", enrolled.authenticator},
            {"label", enrolled.label},
            {"secret", std::string(enrolled.secret.text())},
            {"uri", std::string(enrolled.uri.text())}};
}

json describe(const Confirmed& confirmed) {
    json object = {{"user", confirmed.user},
                   {"authenticator", confirmed.authenticator},
                   {"label", confirmed.label},
                   {"state", "active"}};
    if (!confirmed.recovery_codes.empty()) {
        object["recovery_codes"] = texts(confirmed.recovery_codes);
    }
    if (confirmed.clock_off_seconds != 0) {
        object["clock_off"] = confirmed.clock_off_seconds;
    }
    return object;
}

[[noreturn]] void not_permitted(Role role) {
    throw NotPermitted(role == Role::stranger
                           ? "you may ask about your own account alone: ask an administrator"
                           : "this is for administrators: run it as root");
}

// The account that `user` names (empty: the peer's own) and the role in which the peer speaks about it.
Task<About> about(Services& services, Peer peer, std::string user) {
    About result;
    result.caller = caller_of(peer);
    if (!user.empty() && !valid_subject_name(user)) {
        throw Invalid("user",
                      "is no login name: 1 to 256 bytes of UTF-8, without '/' and control characters, not "
                      "beginning with '-'");
    }
    auto waits = user.empty() ? services.ports.person_by_uid(peer.uid, peer.root())
                              : services.ports.person(user, peer.root());
    const PersonAnswer person = co_await waits;
    if (person.found == Found::unavailable && !peer.root()) {
        throw Unavailable("the login name could not be looked up: " + person.reason);
    }
    if (person.found != Found::yes) {
        // root may ask about records of people who have left; everybody else learns nothing about names.
        if (!peer.root()) {
            throw NotPermitted("you may ask about your own account alone: ask an administrator");
        }
        if (user.empty()) {
            throw NotFound("your uid has no login name: name the account with --user");
        }
        result.subject.name = std::move(user);
        result.role = Role::admin;
        result.nobody = person.found == Found::no;
        co_return result;
    }
    result.subject.name = person.person.name;
    result.own = person.person.uid == peer.uid;
    const Person who = person.person;
    auto role_waits = role_of(services, peer, who);
    result.role = co_await role_waits;
    co_return result;
}

// A proof ends with what it was made with: a thief's open connection must not outlive a reset.
bool still_holds(const Proof& proof, const Status& status) {
    const auto& held = proof.authenticators;
    return status.state == "active" && status.resets == proof.resets &&
           std::any_of(status.authenticators.begin(), status.authenticators.end(), [&](const auto& entry) {
               return entry.active && std::find(held.begin(), held.end(), entry.id) != held.end();
           });
}

Task<bool> check_proof(Services& services, Subject subject, const Proof& proof) {
    const std::int64_t now = services.ports.now();
    const bool proved = proof.user == subject.name && now < proof.until && proof.until - now <= proof_seconds;
    if (!proved) {
        throw NotPermitted("this wants a code of yours first: give it with --proof CODE");
    }
    auto still_waits = services.engine.status(subject);
    const Status still = co_await still_waits;
    if (!still_holds(proof, still)) {
        throw NotPermitted(
            "the account was reset or suspended since the proof: give a new one with --proof CODE");
    }
    co_return true;
}

// Throws NotPermitted unless the table lets this role do this, with the proof where it wants one. Returns
// whether it may add to an account that is enrolled.
Task<Addition> permit(Services& services, const About& who, Method method, const Proof& proof) {
    Rule wanted = rule(method, who.role);
    Addition addition = Addition::permitted;
    if (wanted == Rule::proof_if_enrolled) {
        auto waits = services.engine.status(who.subject);
        const Status status = co_await waits;
        const bool fresh = status.state == "none" || status.state == "pending";
        const bool called_for = fresh && (status.required || status.after_reset);
        if (!services.engine.config().self_enrolment && !called_for) {
            throw NotPermitted(
                "enrolling oneself is switched off here ([enrolment] self): ask an administrator");
        }
        wanted = fresh ? Rule::allowed : Rule::proof;
        addition = fresh ? Addition::refused : Addition::permitted;
    }
    if (wanted == Rule::refused) {
        not_permitted(who.role);
    }
    if (wanted == Rule::proof) {
        auto proof_waits = check_proof(services, who.subject, proof);
        (void)co_await proof_waits;
    }
    co_return addition;
}

EnrolRequest enrol_request(const Services& services, const About& who, Params& params) {
    EnrolRequest request;
    request.subject = who.subject;
    request.caller = who.caller;
    request.otp = services.engine.config().enrolment_otp;
    request.label = params.maybe_text("label", max_label_bytes).value_or("");
    request.issuer = params.maybe_text("issuer", max_label_bytes).value_or("");
    if (const auto kind = params.maybe_text("kind", 16)) {
        const auto parsed = parse_otp_kind(*kind);
        if (!parsed) {
            throw Invalid("kind", "takes totp or hotp");
        }
        request.otp.kind = *parsed;
    }
    if (const auto algorithm = params.maybe_text("algorithm", 16)) {
        const auto parsed = parse_algorithm(*algorithm);
        if (!parsed) {
            throw Invalid("algorithm", "takes SHA1, SHA256 or SHA512");
        }
        request.otp.algorithm = *parsed;
    }
    if (const auto digits = params.maybe_number("digits", min_digits, max_digits)) {
        request.otp.digits = static_cast<int>(*digits);
    }
    if (const auto period = params.maybe_number("period", min_period, max_period)) {
        request.otp.period = static_cast<int>(*period);
    }
    if (auto secret = params.maybe_text("secret", most_secret)) {
        request.secret = base32_decode(*secret);
        wipe(*secret);
        if (!request.secret) {
            throw Invalid("secret", "is not base32 (letters A to Z and digits 2 to 7)");
        }
    }
    return request;
}

Task<json> enroll(Services& services, About who, Params& params, Addition addition) {
    EnrolRequest request = enrol_request(services, who, params);
    auto code = params.maybe_text("code", most_code);
    params.end();
    auto waits = services.engine.enroll(std::move(request));
    const Enrolled enrolled = co_await waits;
    json reply = describe(enrolled);
    reply["state"] = "pending";
    reply["expires"] = enrolled.expires;
    json others = json::array();
    for (const auto& other : enrolled.others) {
        others.push_back({{"source", other.source}, {"made", other.made}});
    }
    reply["others"] = std::move(others);
    if (code) {
        Answer answer = take_code(std::move(*code));
        auto confirm_waits = services.engine.confirm(who.subject, who.caller, enrolled.authenticator,
                                                     std::move(answer), addition);
        const Confirmed confirmed = co_await confirm_waits;
        reply["state"] = "active";
        if (!confirmed.recovery_codes.empty()) {
            reply["recovery_codes"] = texts(confirmed.recovery_codes);
        }
    }
    co_return reply;
}

Task<AttemptResult> attempt(Services& services, const About& who, std::string code) {
    AttemptRequest request;
    request.subject = who.subject;
    request.caller = who.caller;
    request.answer = take_code(std::move(code));
    auto waits = services.engine.attempt(std::move(request));
    co_return co_await waits;
}

Task<json> prove(Services& services, About who, Params& params, Proof& proof) {
    std::string code = params.text("code", most_code);
    params.end();
    auto waits = attempt(services, who, std::move(code));
    const AttemptResult result = co_await waits;
    if (result.verdict == Verdict::unavailable) {
        throw Unavailable(result.detail);
    }
    if (result.verdict != Verdict::success) {
        throw Denied(std::string(name(result.reason)),
                     result.verdict == Verdict::limited
                         ? "too many wrong codes: try later, or use a recovery code"
                         : "the proof was refused: wait for the next code and try again",
                     result.retry_at);
    }
    proof.authenticators = {result.authenticator};
    if (result.recovery_left) {
        auto status_waits = services.engine.status(who.subject);
        const Status status = co_await status_waits;
        for (const auto& entry : status.authenticators) {
            if (entry.active) {
                proof.authenticators.push_back(entry.id);
            }
        }
    }
    proof.user = who.subject.name;
    proof.resets = result.resets;
    proof.until = services.ports.now() + proof_seconds;
    json reply = json::object();
    if (!result.authenticator.empty()) {
        reply["authenticator"] = result.authenticator;
    }
    if (result.recovery_left) {
        reply["recovery_codes_left"] = *result.recovery_left;
    }
    co_return reply;
}

Task<json> verify(Services& services, About who, Params& params) {
    std::string code = params.text("code", most_code);
    params.end();
    auto waits = attempt(services, who, std::move(code));
    const AttemptResult result = co_await waits;
    if (result.verdict == Verdict::unavailable) {
        throw Unavailable(result.detail);
    }
    json reply = {{"verdict", std::string(name(result.verdict))},
                  {"reason", std::string(name(result.reason))}};
    if (!result.authenticator.empty()) {
        reply["authenticator"] = result.authenticator;
    }
    if (result.retry_at != 0) {
        reply["retry_after"] = std::max<std::int64_t>(result.retry_at - services.ports.now(), 1);
    }
    if (result.recovery_left) {
        reply["recovery_codes_left"] = *result.recovery_left;
    }
    co_return reply;
}

Task<json> codes(Services& services, About who, Params& params) {
    const bool regenerate = params.flag("regenerate");
    params.end();
    if (regenerate) {
        auto waits = services.engine.regenerate_codes(who.subject, who.caller);
        const std::vector<Secret> made = co_await waits;
        co_return json{{"left", made.size()}, {"recovery_codes", texts(made)}};
    }
    auto waits = services.engine.status(who.subject);
    const Status status = co_await waits;
    co_return json{{"left", status.recovery_codes_left}};
}

Task<json> change_one(Services& services, About who, Params& params, Method method) {
    const std::string id = params.text("authenticator", 64);
    if (method == Method::rename) {
        const std::string label = params.text("label", max_label_bytes);
        params.end();
        auto waits = services.engine.rename(who.subject, who.caller, id, label);
        (void)co_await waits;
        co_return json{{"authenticator", id}, {"label", label}};
    }
    params.end();
    auto waits = services.engine.remove(who.subject, who.caller, id);
    const Status left = co_await waits;
    co_return json{{"authenticator", id}, {"left", left.authenticators.size()}};
}

Task<json> resync(Services& services, About who, Params& params) {
    const std::string id = params.maybe_text("authenticator", 64).value_or("");
    Answer first = take_code(params.text("first", most_code));
    Answer second = take_code(params.text("second", most_code));
    params.end();
    auto waits = services.engine.resync(who.subject, who.caller, id, std::move(first), std::move(second));
    const std::int64_t drift = co_await waits;
    co_return json{{"authenticator", id}, {"drift", drift}};
}

Task<json> list(Services& services, Params& params) {
    ListRequest request;
    request.search = params.maybe_text("search", most_name).value_or("");
    request.state = params.maybe_text("state", 16).value_or("");
    request.unused_for = params.maybe_number("unused_for", 0, INT64_C(100) * 366 * 86'400);
    request.limit = static_cast<std::size_t>(params.number("limit", 1, 1'000));
    request.cursor = params.maybe_text("cursor", most_name).value_or("");
    params.end();
    constexpr std::array states = {"", "none", "pending", "active", "suspended", "missing"};
    if (std::find(states.begin(), states.end(), request.state) == states.end()) {
        throw Invalid("state", "takes none, pending, active, suspended or missing");
    }
    auto waits = services.engine.list(std::move(request));
    const Page page = co_await waits;
    json reply = {{"accounts", json::array()}};
    std::string cursor = page.cursor;
    std::size_t bytes = 0;
    for (const auto& account : page.accounts) {
        json entry = {{"user", account.user},
                      {"state", account.state},
                      {"authenticators", account.authenticators.size()},
                      {"recovery_codes_left", account.recovery_codes_left}};
        if (account.last_used != 0) {
            entry["last_used"] = account.last_used;
        }
        bytes += entry.dump(-1, ' ', false, json::error_handler_t::replace).size() + 1;
        if (bytes > most_listed_bytes) {
            cursor = reply["accounts"].back()["user"].get<std::string>();  // the rest is the next page
            break;
        }
        reply["accounts"].push_back(std::move(entry));
    }
    if (!cursor.empty()) {
        reply["cursor"] = cursor;
    }
    co_return reply;
}

// Suspend, Resume, Require: the account as it is afterwards.
Task<json> switch_account(Services& services, About who, Params& params, Method method) {
    const bool off = method == Method::require && params.maybe_flag("off").value_or(false);
    params.end();
    auto waits = method == Method::require
                     ? services.engine.require(who.subject, who.caller, !off)
                     : services.engine.suspend(who.subject, who.caller, method == Method::suspend);
    const Status status = co_await waits;
    co_return json{{"user", status.user}, {"state", status.state}, {"required", status.required}};
}

// What policy says of a sign-in, and what would come of it. Whoever is not root asks about a sign-in of its
// own, as it may begin one anywhere.
Task<json> explain(Services& services, About who, Params& params) {
    who.caller.service = params.text("service", most_name);
    const std::string rhost = params.maybe_text("rhost", most_name).value_or("");
    params.end();
    const bool local = is_local_door(who.caller.service, rhost);
    who.caller.source = local ? SourceId::local(who.caller.uid) : SourceId::remote(rhost);
    auto person_waits = services.ports.person(who.subject.name);
    const PersonAnswer person = co_await person_waits;
    auto policy_waits = services.engine.policy_for(who.subject, who.caller, person);
    const DoorPolicy policy = co_await policy_waits;
    auto status_waits = services.engine.status(who.subject);
    const Status status = co_await status_waits;
    const auto& config = services.engine.config();
    const auto& doors = config.services;
    json reply = {{"user", who.subject.name},
                  {"service", who.caller.service},
                  {"source", who.caller.source.text()},
                  {"outcome", std::string(name(policy.outcome))},
                  {"rule_line", policy.rule_line},
                  {"required", policy.required},
                  {"after_reset", policy.after_reset},
                  {"listed", std::find(doors.begin(), doors.end(), who.caller.service) != doors.end()},
                  {"may_enrol", config.self_enrolment || policy.called_for()},
                  {"may_enrol_from_here", in_any(config.networks, who.caller.source)},
                  {"remembered_for", config.remember_seconds_of(who.caller.service)},
                  {"state", status.state}};
    if (!policy.turned.empty()) {
        reply["turned"] = policy.turned;
    }
    if (policy.announced) {
        reply["announced"] = text_of(*policy.announced);
    }
    if (policy.approval) {
        const ApprovalRule& rule = *policy.approval;
        reply["approval"] = {{"rule_line", rule.where.line},
                             {"ask", rule.ask},
                             {"count", rule.count},
                             {"together", rule.together},
                             {"code", std::string(name(rule.code))},
                             {"sure", policy.approval_sure}};
    }
    co_return reply;
}

Task<json> administer(Services& services, About who, Params& params, Method method) {
    if (method == Method::unlock) {
        params.end();
        auto waits = services.engine.unlock(who.subject, who.caller);
        (void)co_await waits;
        Approvals approvals(services.engine);
        const Desk desk = approvals.desk(who.subject);
        if (desk != Desk()) {
            auto desk_waits = approvals.change_desk(who.subject, lift);
            (void)co_await desk_waits;
        }
        co_return json{{"user", who.subject.name}};
    }
    const bool replay = params.flag("replay");
    params.end();
    auto waits = replay ? services.engine.reset_replay(who.subject, who.caller)
                        : services.engine.reset(who.subject, who.caller);
    const std::size_t count = co_await waits;
    json reply = {{"user", who.subject.name}, {"removed", replay ? 0 : count}};
    try {
        auto status_waits = services.engine.status(who.subject);
        const Status left = co_await status_waits;
        if (!replay && !left.shared_key.empty()) {
            reply["shared_key"] = left.shared_key;
        }
    } catch (const Unavailable& error) {
        // What was done is done.
        services.ports.log(LOG_WARNING,
                           "reset: what counts now for user=" + escape_for_log(who.subject.name) +
                               " cannot be told: " + error.what());
    }
    co_return reply;
}

Task<json> health(Services& services, Params& params) {
    params.end();
    std::string store = "ok";
    try {
        (void)services.ports.load({{RecordKind::decoy_credentials, "", "0"}});
    } catch (const Unavailable& error) {
        store = error.what();
    }
    co_return json{{"version", WARIFU_VERSION}, {"protocol", wire::protocol}, {"store", store}};
}

}  // namespace

Caller caller_of(Peer peer) {
    Caller caller;
    caller.uid = peer.uid;
    caller.admin = peer.root();
    caller.source = SourceId::local(peer.uid);
    caller.service = "warifu";
    return caller;
}

Task<Role> role_of(Services& services, Peer peer, Person person) {
    if (peer.root()) {
        co_return Role::admin;
    }
    if (person.uid == peer.uid) {
        co_return is_own_program(person.name) ? Role::stranger : Role::self;
    }
    const auto& config = services.engine.config();
    if (config.helpdesk_groups.empty() || person.uid == 0) {
        co_return Role::stranger;
    }
    auto peer_waits = services.ports.person_by_uid(peer.uid, false);
    const PersonAnswer helper = co_await peer_waits;
    if (helper.found != Found::yes) {
        co_return Role::stranger;
    }
    auto helps_waits = services.ports.in_any_group(helper.person, config.helpdesk_groups, false);
    const bool helps = co_await helps_waits;
    if (!helps) {
        co_return Role::stranger;
    }
    auto protected_groups = config.protected_groups;
    protected_groups.insert(protected_groups.end(), config.helpdesk_groups.begin(),
                            config.helpdesk_groups.end());
    auto protected_waits = services.ports.in_any_group(person, std::move(protected_groups), true);
    const bool is_protected = co_await protected_waits;
    co_return is_protected ? Role::stranger : Role::helpdesk;
}

Task<bool> demand_proof(Services& services, Peer peer, std::string user, Proof proof) {
    if (peer.root()) {
        co_return true;
    }
    const Subject subject{"host", std::move(user)};
    auto waits = check_proof(services, subject, proof);
    co_return co_await waits;
}

Task<json> call(Services& services, Peer peer, Proof& proof, Method method, json parameters) {
    Params params(parameters);
    if (method == Method::health) {
        auto waits = health(services, params);
        co_return co_await waits;
    }
    if (method == Method::list) {
        if (!peer.root()) {
            not_permitted(Role::self);
        }
        auto waits = list(services, params);
        co_return co_await waits;
    }
    if (method == Method::add_client || method == Method::remove_client || method == Method::list_clients) {
        if (!peer.root()) {
            not_permitted(Role::self);
        }
        auto waits = call_about_clients(services, peer, method, params);
        co_return co_await waits;
    }
    if (method == Method::switches || method == Method::turn_switch) {
        auto waits = call_about_switches(services, peer, method, params);
        co_return co_await waits;
    }
    if (is_about_shared_keys(method)) {
        auto waits = call_about_shared_keys(services, peer, proof, method, params);
        co_return co_await waits;
    }
    if (is_about_approvals(method)) {
        const Rule everybody = rule(method, Role::stranger);
        const Rule own = rule(method, peer.root() ? Role::admin : Role::self);
        if (own == Rule::refused && everybody == Rule::refused) {
            not_permitted(Role::self);
        }
        auto waits = call_about_approvals(services, peer, proof, method, params);
        co_return co_await waits;
    }
    std::string user = params.text("user", most_name);
    auto about_waits = about(services, peer, std::move(user));
    const About who = co_await about_waits;
    if (who.nobody && method != Method::verify && method != Method::explain) {
        const auto records =
            services.ports.load({{RecordKind::credentials, who.subject.realm, who.subject.name},
                                 {RecordKind::state, who.subject.realm, who.subject.name}});
        if (records[0].version == 0 && records[1].version == 0) {
            throw NotFound("nobody has this login name: check it with `getent passwd NAME`");
        }
    }
    const bool only_counts = method == Method::codes && parameters.value("regenerate", true) == false;
    auto permit_waits = permit(services, who, only_counts ? Method::status : method, proof);
    const Addition addition = co_await permit_waits;
    switch (method) {
        case Method::prove: {
            auto waits = prove(services, who, params, proof);
            co_return co_await waits;
        }
        case Method::enroll: {
            auto waits = enroll(services, who, params, addition);
            co_return co_await waits;
        }
        case Method::confirm: {
            const std::string id = params.maybe_text("authenticator", 64).value_or("");
            Answer code = take_code(params.text("code", most_code));
            params.end();
            auto waits = services.engine.confirm(who.subject, who.caller, id, std::move(code), addition);
            const Confirmed confirmed = co_await waits;
            co_return describe(confirmed);
        }
        case Method::status: {
            params.end();
            auto waits = services.engine.status(who.subject);
            const Status status = co_await waits;
            json reply = describe(status);
            if (const auto& support = services.engine.config().support; !support.empty()) {
                reply["support"] = support;
            }
            co_return reply;
        }
        case Method::verify: {
            auto waits = verify(services, who, params);
            co_return co_await waits;
        }
        case Method::codes: {
            auto waits = codes(services, who, params);
            co_return co_await waits;
        }
        case Method::show: {
            const std::string id = params.maybe_text("authenticator", 64).value_or("");
            params.end();
            auto waits = services.engine.show(who.subject, who.caller, id);
            const Enrolled shown = co_await waits;
            json reply = describe(shown);
            reply.erase("user");
            co_return reply;
        }
        case Method::rename:
        case Method::remove: {
            auto waits = change_one(services, who, params, method);
            co_return co_await waits;
        }
        case Method::resync: {
            auto waits = resync(services, who, params);
            co_return co_await waits;
        }
        case Method::forget: {
            params.end();
            auto waits = services.engine.forget(who.subject, who.caller);
            const std::size_t forgotten = co_await waits;
            co_return json{{"forgotten", forgotten}};
        }
        case Method::reset:
        case Method::unlock: {
            auto waits = administer(services, who, params, method);
            co_return co_await waits;
        }
        case Method::suspend:
        case Method::resume:
        case Method::require: {
            auto waits = switch_account(services, who, params, method);
            co_return co_await waits;
        }
        case Method::explain: {
            auto waits = explain(services, who, params);
            co_return co_await waits;
        }
        case Method::open_window: {
            const auto seconds = params.number("seconds", 0, most_window_seconds);
            params.end();
            Approvals approvals(services.engine);
            const std::int64_t now = services.ports.now();
            auto waits =
                approvals.change_desk(who.subject, [&](Desk& desk) { open_window(desk, now, seconds); });
            const Desk desk = co_await waits;
            auto audit_waits = services.engine.note_act(who.caller, who.subject, "window",
                                                        "seconds=" + std::to_string(seconds));
            (void)co_await audit_waits;
            co_return json{{"user", who.subject.name}, {"until", desk.window_until}};
        }
        case Method::add_rule:
        case Method::remove_rule:
        case Method::list_rules: {
            auto waits = call_about_rules(services, who.subject, who.caller, who.own, method, params);
            co_return co_await waits;
        }
        default:
            break;  // conversations, and what was answered above
    }
    throw Invalid("method", "is not one of these calls");
}

}  // namespace warifu
