#include "daemon/approval_methods.h"

#include <algorithm>

#include "core/engine/action_approval.h"
#include "core/engine/api_key.h"
#include "core/engine/approvals.h"
#include "core/engine/device.h"
#include "core/engine/switchboard.h"
#include "core/error/error.h"
#include "core/otp/base32.h"
#include "core/seal/signing_key.h"
#include "ipc/wire/protocol.h"

namespace warifu {

namespace {

using nlohmann::json;

constexpr std::size_t most_name = 256, most_token = 128, most_word = 64;
constexpr std::size_t most_listed_bytes = wire::max_reply_bytes - 2'048;
constexpr std::int64_t longest_wait = 25, default_ask_seconds = 60, poll_interval = 2;

// Who asks: an API key, or an account of this host.
struct Asker {
    std::string half;  // what finds and redeems a request
    std::string realm = "host";
    std::string name;  // of the account; a key speaks about whomever it likes in its realm
    bool key = false, admin = false;
};

Task<std::string> name_of(Services& services, Peer peer) {
    auto waits = services.ports.person_by_uid(peer.uid, peer.root());
    const PersonAnswer person = co_await waits;
    if (person.found == Found::unavailable) {
        throw Unavailable("your login name could not be looked up: " + person.reason);
    }
    if (person.found != Found::yes) {
        throw NotPermitted("your uid has no login name");
    }
    if (is_own_program(person.person.name)) {
        throw NotPermitted("this account hands on what others prove, and asks for nothing itself");
    }
    co_return person.person.name;
}

Task<Asker> asker_of(Services& services, Peer peer, Params& params) {
    Asker asker;
    asker.admin = peer.root();
    if (auto text = params.maybe_text("key", most_token)) {
        ApiKeys keys(services.engine);
        const ApiKey key = keys.find(*text);
        wipe(*text);
        if (!key.may(scope_ask)) {
            throw NotPermitted("this API key may not ask for approvals");
        }
        asker.half = "key " + key.id;
        asker.realm = key.realm;
        asker.key = true;
        asker.admin = false;
        co_return asker;
    }
    auto waits = name_of(services, peer);
    asker.name = co_await waits;
    asker.half = "uid " + std::to_string(peer.uid);
    co_return asker;
}

enum class View { asker, approver, blind };

json describe(const Request& request, View view, Services& services) {
    const auto& facts = request.facts;
    const bool blind = view == View::blind;
    const auto text = [&](const std::string& fact) { return blind ? std::string() : fact; };
    json object = {{"auth_req_id", request.id},
                   {"kind", std::string(name(request.kind))},
                   {"state", std::string(name(request.state))},
                   {"active", request.active},
                   {"rev", request.rev},
                   {"realm", text(request.subject.realm)},
                   {"user", text(request.subject.name)},
                   {"service", text(facts.service)},
                   {"host", text(facts.host)},
                   {"rhost", text(facts.rhost)},
                   {"tty", text(facts.tty)},
                   {"user_agent", text(facts.user_agent)},
                   {"command", text(facts.command)},
                   {"run_as", text(facts.run_as)},
                   {"directory", text(facts.directory)},
                   {"message", text(facts.message)},
                   {"digest", text(facts.digest)},
                   {"created", request.created},
                   {"expires", request.expires},
                   {"needed", request.needed()},
                   {"approvals", request.approvals()},
                   {"number_mode", std::string(name(request.number_mode))},
                   {"decisions", json::array()}};
    for (const auto& decision : request.decisions) {
        if (!blind) {
            object["decisions"].push_back({{"by", decision.by},
                                           {"what", std::string(name(decision.what))},
                                           {"at", decision.at},
                                           {"by_rule", !decision.rule.empty()}});
        }
    }
    if (request.deny_reason != DenyReason::none) {
        object["deny_reason"] = std::string(name(request.deny_reason));
    }
    const bool sees_number = view == View::asker || request.number_mode == NumberMode::shown;
    if (sees_number && !request.number.empty()) {
        object["number"] = request.number;
    }
    const bool granted = request.state == RequestState::approved || request.state == RequestState::consumed;
    // What somebody with a token turned over, or what was active from the start, nobody has approved.
    if (view == View::asker && granted && request.approvals() != 0) {
        object["assertion"] = assertion_of(request, services.engine.store_key(),
                                           services.engine.config().issuer, services.ports.now());
    }
    return object;
}

std::vector<Verb> purposes_of(Params& params, const Asker& asker) {
    std::vector<Verb> purposes;
    if (params.has("purposes")) {
        for (const auto& word : params.texts("purposes", most_word)) {
            const auto verb = word == "deny" ? std::optional(Verb::not_now) : parse_verb(word);
            if (!verb || *verb > Verb::disarm || *verb == Verb::not_me) {
                throw Invalid("purposes",
                              "takes approve, deny, activate, deactivate, toggle, arm and disarm");
            }
            purposes.push_back(*verb);
        }
    }
    if (!purposes.empty() && asker.realm == "host") {
        throw NotPermitted("tokens of realm host go to who has to approve, and to nobody else");
    }
    return purposes;
}

// Of what is to be done: approvers compare it, and so it has one form.
bool is_digest(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    constexpr std::size_t hex_digits = 64;
    return text.starts_with(prefix) && text.size() == prefix.size() + hex_digits &&
           text.find_first_not_of("0123456789abcdef", prefix.size()) == text.npos;
}

RequestFacts facts_in(Params& params) {
    RequestFacts facts;
    facts.message = params.maybe_text("message").value_or("");
    facts.digest = params.maybe_text("digest").value_or("");
    if (!facts.digest.empty() && !is_digest(facts.digest)) {
        throw Invalid("digest", "takes \"sha256:\" and 64 lower-case hexadecimal digits");
    }
    facts.service = params.maybe_text("service", most_word).value_or("");
    facts.host = params.maybe_text("host", most_name).value_or("");
    facts.rhost = params.maybe_text("rhost", most_name).value_or("");
    facts.user_agent = params.maybe_text("user_agent").value_or("");
    facts.tty = params.maybe_text("tty", most_word).value_or("");
    facts.command = params.maybe_text("command").value_or("");
    return facts;
}

// The same key while it is pending is the same request.
std::optional<Request> asked_before(Approvals& approvals, const Asker& asker,
                                    const std::string& request_key) {
    if (request_key.empty()) {
        return std::nullopt;
    }
    for (auto& request : approvals.open_requests()) {
        if (request.asker == asker.half && request.request_key == request_key) {
            return std::move(request);
        }
    }
    return std::nullopt;
}

// What the realm's switches decide of a sign-in that names nobody of this host's, or of every one.
std::optional<ByPolicy> by_switches(Services& services, const Wish& wish, bool unregistered) {
    Switchboard switchboard(services.engine);
    const Switches switches = in_force(switchboard.of(wish.subject.realm), wish.facts.service);
    if (switches.second_factor == false) {
        return ByPolicy{true, "switch:second_factor"};
    }
    if (unregistered && switches.unregistered) {
        return ByPolicy{*switches.unregistered == Permit::allow, "switch:unregistered"};
    }
    return std::nullopt;
}

Task<Made> make_sign_in(Approvals& approvals, Services& services, Wish wish) {
    wish.id = new_request_id();
    const std::int64_t now = services.ports.now();
    if (wish.by_policy) {
        // No phone rings, so nothing is spent; but "this wasn't me" stands.
        if (is_silenced(approvals.desk(desk_subject(wish.subject, wish.asker)), wish.caller.source.text(),
                        now)) {
            throw Denied("limited", "\"this wasn't me\" was said of this account or source");
        }
        auto policy_waits = approvals.make(std::move(wish));
        co_return co_await policy_waits;
    }
    OpenSignIn entry{wish.id, wish.caller.source.text(), wish.asker + ' ' + wish.id,
                     now + wish.seconds + redeem_grace_seconds, false};
    Admitted admitted;
    const DeskLimits limits = services.engine.config().approval_limits;
    auto desk_waits = approvals.change_desk(desk_subject(wish.subject, wish.asker), [&](Desk& desk) {
        admitted = admit(desk, entry.origin, entry.source, now, limits);
        if (admitted.admission == Admission::ask) {
            note_asked(desk, entry, now);
        }
    });
    (void)co_await desk_waits;
    if (admitted.admission != Admission::ask) {
        throw Denied("limited", "no request may be sent for this account from there now: " + admitted.reason);
    }
    auto waits = approvals.make(std::move(wish));
    co_return co_await waits;
}

// Who has to approve what a process of the person's own asks for without naming anybody.
Task<std::vector<Need>> needs_by_policy(Services& services, Approvals& approvals, const Wish& wish) {
    auto person_waits = services.ports.person(wish.subject.name, false);
    const PersonAnswer person = co_await person_waits;
    auto policy_waits = services.engine.policy_for(wish.subject, wish.caller, person);
    const DoorPolicy policy = co_await policy_waits;
    if (!policy.approval || !policy.approval_sure) {
        throw Invalid("approvers", "names nobody, and no [[approval.rule]] does for the service warifu");
    }
    const ApprovalRule rule = *policy.approval;
    auto waits = approvals.needs(wish.subject, rule.ask, rule.count, rule.together);
    co_return co_await waits;
}

Task<json> ask(Services& services, Peer peer, Params& params) {
    auto asker_waits = asker_of(services, peer, params);
    const Asker asker = co_await asker_waits;
    Wish wish;
    wish.caller = caller_of(peer);
    const std::string user = params.text("user", most_name);
    const auto kind = parse_request_kind(params.text("kind", most_word));
    if (!kind || (*kind == RequestKind::sign_in && !asker.key)) {
        throw Invalid("kind", asker.key ? "takes sign_in or action" : "takes action");
    }
    wish.kind = *kind;
    wish.subject = {asker.realm, user.empty() && !asker.key ? asker.name : user};
    if (!valid_subject_name(wish.subject.name)) {
        throw Invalid("user", "is no name: 1 to 256 bytes of UTF-8, without '/' and control characters");
    }
    if (!asker.key && wish.subject.name != asker.name) {
        throw NotPermitted("you may ask for yourself alone");
    }
    const std::string initially = params.maybe_text("initially", most_word).value_or("inactive");
    if (initially != "inactive" && (initially != "active" || asker.realm == "host")) {
        throw Invalid("initially", asker.realm == "host" ? "takes inactive" : "takes active or inactive");
    }
    wish.active = initially == "active";
    wish.facts = facts_in(params);
    wish.seconds = params.maybe_number("seconds", 1, most_action_seconds).value_or(default_ask_seconds);
    std::vector<std::string> approvers = params.texts("approvers", most_name);
    const auto count = params.maybe_number("min_approvals", 1, most_people).value_or(1);
    wish.request_key = params.maybe_text("request_key", most_name).value_or("");
    wish.purposes = purposes_of(params, asker);
    params.end();
    if (!asker.key && !asker.admin) {
        // What a program says of its whereabouts is its own word: only the text is.
        wish.facts.service = "warifu";
        wish.facts.host.clear();
        wish.facts.rhost.clear();
        wish.facts.tty.clear();
        wish.facts.command.clear();
        wish.facts.user_agent.clear();
    }
    if (wish.kind == RequestKind::action && wish.facts.message.empty() && wish.facts.command.empty()) {
        throw Invalid("message", "is missing: it says what is to be approved");
    }
    wish.asker = asker.half;
    wish.token_holder = asker.half;
    if (!wish.facts.rhost.empty() && asker.key) {
        wish.caller.source = SourceId::remote(wish.facts.rhost);
    }
    wish.number_mode = asker.key ? NumberMode::off : services.engine.config().approval_number;

    Approvals approvals(services.engine);
    if (const auto before = asked_before(approvals, asker, wish.request_key)) {
        co_return json{{"request", describe(*before, View::asker, services)}, {"interval", poll_interval}};
    }
    const auto is_device = [](const std::string& one) { return one.starts_with("device:"); };
    if (!asker.key && !asker.admin && std::any_of(approvers.begin(), approvers.end(), is_device)) {
        throw NotPermitted("a push-button approves what root or a site asks for: name people");
    }
    if (approvers.size() > most_needs || !std::all_of(approvers.begin(), approvers.end(), valid_approver)) {
        throw Invalid("approvers", "takes at most 8 of self, user:NAME, group:NAME and device:ID");
    }
    const bool self = std::find(approvers.begin(), approvers.end(), "self") != approvers.end();
    if (*kind == RequestKind::sign_in && asker.realm != "host") {
        wish.by_policy = by_switches(services, wish, self || (approvers.empty() && wish.purposes.empty()));
    }
    if (!wish.by_policy && self && asker.realm != "host") {
        throw Invalid("approvers",
                      "\"self\" is nobody of this host's in this realm: name accounts of the host");
    }
    if (wish.by_policy) {
        approvers.clear();
    } else if (approvers.empty() && wish.purposes.empty()) {
        auto needs_wait = needs_by_policy(services, approvals, wish);
        wish.needs = co_await needs_wait;
    } else if (!approvers.empty()) {
        auto needs_wait =
            approvals.needs(wish.subject, std::move(approvers), static_cast<std::size_t>(count), false);
        wish.needs = co_await needs_wait;
    }
    auto made_waits = *kind == RequestKind::sign_in ? make_sign_in(approvals, services, std::move(wish))
                                                    : approvals.make_action(std::move(wish));
    const Made made = co_await made_waits;
    json reply = {{"request", describe(made.request, View::asker, services)}, {"interval", poll_interval}};
    for (const auto& issued : made.tokens) {
        const Verb purpose = issued.token.purpose;
        reply["tokens"].push_back(
            {{"purpose", purpose == Verb::not_now ? "deny" : std::string(name(purpose))},
             {"token", std::string(issued.text.text())}});
    }
    co_return reply;
}

// One's own request; everybody else's is as if it were not there.
Request own_request(Approvals& approvals, const Asker& asker, const std::string& id) {
    Request request = approvals.find(id);
    if (request.asker != asker.half && !asker.admin) {
        throw NotFound("there is no such request: it was never made, or has ended");
    }
    return request;
}

Task<json> poll(Services& services, Peer peer, Params& params) {
    auto asker_waits = asker_of(services, peer, params);
    const Asker asker = co_await asker_waits;
    const std::string id = params.text("auth_req_id", most_word);
    const auto rev = params.maybe_number("rev", 0, INT64_MAX);
    const auto wait = params.maybe_number("wait", 0, longest_wait).value_or(0);
    params.end();
    Approvals approvals(services.engine);
    Request request = own_request(approvals, asker, id);
    const std::int64_t now = services.ports.now();
    if (wait != 0 && rev && static_cast<std::uint64_t>(*rev) == request.rev && is_open(request, now)) {
        const std::int64_t until = std::min(now + wait, request.expires);
        auto waits = approvals.await_change(std::move(request), until, {});
        request = co_await waits;
    }
    const bool may_expire = request.state == RequestState::pending || request.state == RequestState::approved;
    if (may_expire && is_over(request, services.ports.now())) {
        Act expire;
        expire.verb = Verb::expire;
        expire.actor = Actor::clock;
        auto waits = approvals.act(id, expire, caller_of(peer), false);
        const Acted acted = co_await waits;
        request = acted.request;
    }
    co_return json{{"request", describe(request, View::asker, services)}};
}

Task<json> end_request(Services& services, Peer peer, Params& params, Verb verb) {
    auto asker_waits = asker_of(services, peer, params);
    const Asker asker = co_await asker_waits;
    const std::string id = params.text("auth_req_id", most_word);
    params.end();
    Approvals approvals(services.engine);
    (void)own_request(approvals, asker, id);
    Act act;
    act.verb = verb;
    act.actor = Actor::asker;
    auto waits = approvals.act(id, act, caller_of(peer), false);
    const Acted acted = co_await waits;
    if (acted.result != ActResult::done) {
        throw Conflict("the request is " + std::string(name(acted.request.state)) +
                       (acted.request.active ? "" : ", and not active"));
    }
    if (verb == Verb::redeem && acted.request.kind == RequestKind::sign_in) {
        const std::int64_t now = services.ports.now();
        auto desk_waits = approvals.change_desk(desk_subject(acted.request.subject, acted.request.asker),
                                                [&](Desk& desk) { note_redeemed(desk, id, now); });
        (void)co_await desk_waits;
    }
    co_return json{{"request", describe(acted.request, View::asker, services)}};
}

std::string purpose_word(Verb purpose) {
    return purpose == Verb::not_now ? "deny" : std::string(name(purpose));
}

Task<json> token(Services& services, Params& params) {
    std::string text = params.text("token", most_token);
    params.end();
    Approvals approvals(services.engine);
    const auto [request, held] = approvals.find_by_token(text);
    wipe(text);
    if (!is_open(request, services.ports.now()) ||
        (held.purpose == Verb::approve && !waits_for(request, held.holder))) {
        throw NotFound("this link does nothing any more");
    }
    const Language language = services.engine.config().language_of(request.facts.service);
    co_return json{{"request", describe(request, held.blind ? View::blind : View::approver, services)},
                   {"purpose", purpose_word(held.purpose)},
                   {"holder", held.blind ? std::string() : held.holder},
                   {"language", std::string(name(language))},
                   {"blind", held.blind}};
}

// What the holder of a token may do beside its own purpose: whoever may say yes may say no, and whoever may
// say no may say that it was not them.
bool may_decide(Verb purpose, Verb verb) noexcept {
    const bool decides = purpose == Verb::approve || purpose == Verb::not_now;
    return verb == purpose || (decides && (verb == Verb::not_now || verb == Verb::not_me));
}

Task<json> decide(Services& services, Peer peer, Params& params) {
    std::string text = params.text("token", most_token);
    const auto word = params.maybe_text("decision", most_word);
    Act act;
    act.number = params.maybe_text("number", most_word);
    if (const auto seq = params.maybe_number("seq", 0, INT64_MAX)) {
        act.seq = static_cast<std::uint64_t>(*seq);
    }
    params.end();
    Approvals approvals(services.engine);
    const auto [request, held] = approvals.find_by_token(text);
    wipe(text);
    const auto verb = !word             ? std::optional(held.purpose)
                      : *word == "deny" ? std::optional(Verb::not_now)
                                        : parse_verb(*word);
    if (!verb || *verb > Verb::disarm) {
        throw Invalid("decision",
                      "takes approve, not_now, not_me, activate, deactivate, toggle, arm or disarm");
    }
    if (!may_decide(held.purpose, *verb)) {
        throw Invalid("decision", "is not what this link is for");
    }
    act.verb = *verb;
    act.by = held.holder;
    const bool everywhere = request.subject.realm == "host" && held.holder == "user:" + request.subject.name;
    auto waits = approvals.act(request.id, act, caller_of(peer), everywhere);
    const Acted acted = co_await waits;
    if (acted.result == ActResult::gone) {
        throw NotFound("this link does nothing any more");
    }
    co_return json{{"result", std::string(name(acted.result))},
                   {"request", describe(acted.request, held.blind ? View::blind : View::approver, services)}};
}

Task<json> press(Services& services, Peer peer, Params& params) {
    Press pressed;
    pressed.device = params.text("device", most_word);
    pressed.counter = static_cast<std::uint64_t>(params.number("counter", 0, INT64_MAX));
    pressed.body = params.text("body", most_press_bytes);
    pressed.mac = params.text("mac", most_token);
    pressed.relay = params.maybe_text("relay", most_word).value_or("");
    params.end();
    Devices devices(services.engine);
    auto waits = devices.press(std::move(pressed), caller_of(peer));
    const Acted acted = co_await waits;
    co_return json{{"result", std::string(name(acted.result))},
                   {"request", describe(acted.request, View::blind, services)}};
}

Task<json> requests(Services& services, Peer peer, Params& params) {
    const std::string user = params.text("user", most_name);
    params.end();
    std::string me;
    if (!peer.root() || !user.empty()) {
        auto waits = name_of(services, peer);
        me = co_await waits;
        if (!user.empty() && user != me && !peer.root()) {
            throw NotPermitted("you may see your own requests, and those that wait for you");
        }
        me = user.empty() ? me : user;
    }
    Approvals approvals(services.engine);
    json reply = {{"requests", json::array()}, {"more", false}};
    std::size_t bytes = 0;
    for (const auto& request : approvals.open_requests()) {
        const bool own = request.subject.realm == "host" && request.subject.name == me;
        if (!me.empty() && !own && !names_holder(request, "user:" + me)) {
            continue;
        }
        json shown = describe(request, View::approver, services);
        bytes += shown.dump(-1, ' ', true, json::error_handler_t::replace).size();
        if (bytes > most_listed_bytes) {
            reply["more"] = true;
            break;
        }
        reply["requests"].push_back(std::move(shown));
    }
    co_return reply;
}

// By name: somebody whom the request names, having proved that it is them; an administrator may say no.
Task<json> decide_by_name(Services& services, Peer peer, const Proof& proof, Params& params, Verb verb) {
    auto name_waits = name_of(services, peer);
    const std::string me = co_await name_waits;
    const std::string id = params.text("auth_req_id", most_word);
    Act act;
    if (verb == Verb::approve) {
        act.number = params.maybe_text("number", most_word);
    } else if (const auto reason = params.maybe_text("reason", most_word)) {
        const auto parsed = parse_verb(*reason);
        if (!parsed || (*parsed != Verb::not_now && *parsed != Verb::not_me)) {
            throw Invalid("reason", "takes not_now or not_me");
        }
        verb = *parsed;
    }
    params.end();
    Approvals approvals(services.engine);
    const Request request = approvals.find(id);
    const std::string holder = "user:" + me;
    const bool subject = request.subject.realm == "host" && request.subject.name == me;
    const bool named = names_holder(request, holder) || (subject && verb != Verb::approve);
    if (!named && !peer.root()) {
        throw NotFound("there is no such request: it was never made, or has ended");
    }
    if (!named && verb == Verb::approve) {
        throw NotPermitted("policy does not name " + me + " for this request");
    }
    if (verb == Verb::approve) {
        auto proof_waits = demand_proof(services, peer, me, proof);
        (void)co_await proof_waits;
    }
    act.verb = verb;
    act.by = holder;
    auto waits = approvals.act(id, act, caller_of(peer), subject || peer.root());
    const Acted acted = co_await waits;
    if (acted.result == ActResult::gone) {
        throw Conflict("the request is " + std::string(name(acted.request.state)) +
                       ", and your word was given or is not wanted");
    }
    if (acted.result == ActResult::wrong_number) {
        const bool denied = acted.request.state == RequestState::denied;
        throw Denied("wrong_number", denied ? "that is not the number there: the request is denied"
                                            : "that is not the number there");
    }
    if (acted.result == ActResult::not_yet) {
        throw Denied("not_yet", "it cannot be approved yet");
    }
    co_return json{{"result", std::string(name(acted.result))},
                   {"request", describe(acted.request, View::approver, services)}};
}

Task<json> devices(Services& services, Peer peer, Params& params, Method method) {
    Devices all(services.engine);
    if (method == Method::list_devices) {
        params.end();
        json reply = {{"devices", json::array()}};
        for (const auto& device : all.all()) {
            reply["devices"].push_back({{"device", device.id},
                                        {"label", device.label},
                                        {"relay", device.relay},
                                        {"by", device.by},
                                        {"created", device.created},
                                        {"counter", device.counter}});
        }
        co_return reply;
    }
    const std::string id = params.text("device", most_word);
    if (method == Method::remove_device) {
        params.end();
        auto waits = all.remove(id, caller_of(peer));
        (void)co_await waits;
        co_return json{{"device", id}};
    }
    const std::string label = params.maybe_text("label", most_word).value_or("");
    const bool relay = params.maybe_flag("relay").value_or(false);
    const std::string by = params.maybe_text("by", most_word).value_or("");
    params.end();
    auto waits = all.add(id, label, relay, caller_of(peer), by);
    const Device added = co_await waits;
    const Secret secret = base32_encode(added.key.bytes());
    co_return json{{"device", id}, {"secret", std::string(secret.text())}};
}

Task<json> add_key(Services& services, Peer peer, Params& params) {
    const std::string name = params.text("name", most_word), realm = params.text("realm", most_word);
    std::vector<std::string> scopes = params.texts("scopes", most_word);
    params.end();
    ApiKeys keys(services.engine);
    auto waits = keys.add(name, realm, std::move(scopes), caller_of(peer));
    const auto [key, secret] = co_await waits;
    co_return json{{"client", "key:" + key.id}, {"secret", std::string(secret.text())}};
}

}  // namespace

bool is_about_approvals(Method method) noexcept {
    return method >= Method::ask && method <= Method::assertion_key;
}

Task<json> call_about_approvals(Services& services, Peer peer, const Proof& proof, Method method,
                                Params& params) {
    switch (method) {
        case Method::ask: {
            auto waits = ask(services, peer, params);
            co_return co_await waits;
        }
        case Method::poll: {
            auto waits = poll(services, peer, params);
            co_return co_await waits;
        }
        case Method::consume:
        case Method::cancel_request: {
            auto waits =
                end_request(services, peer, params, method == Method::consume ? Verb::redeem : Verb::cancel);
            co_return co_await waits;
        }
        case Method::token: {
            auto waits = token(services, params);
            co_return co_await waits;
        }
        case Method::decide: {
            auto waits = decide(services, peer, params);
            co_return co_await waits;
        }
        case Method::press: {
            auto waits = press(services, peer, params);
            co_return co_await waits;
        }
        case Method::requests: {
            auto waits = requests(services, peer, params);
            co_return co_await waits;
        }
        case Method::approve:
        case Method::deny: {
            auto waits = decide_by_name(services, peer, proof, params,
                                        method == Method::approve ? Verb::approve : Verb::not_now);
            co_return co_await waits;
        }
        case Method::add_key: {
            auto waits = add_key(services, peer, params);
            co_return co_await waits;
        }
        case Method::assertion_key: {
            params.end();
            const SigningKey key(services.engine.store_key());
            co_return json{{"kid", key.id()}, {"public_key", key.public_pem()}};
        }
        default: {
            auto waits = devices(services, peer, params, method);
            co_return co_await waits;
        }
    }
}

}  // namespace warifu
