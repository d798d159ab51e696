#include "core/engine/approvals.h"

#include <syslog.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/approval/request_json.h"
#include "core/engine/log_line.h"
#include "core/engine/notice.h"
#include "core/engine/switchboard.h"
#include "core/error/error.h"

namespace warifu {

namespace {

constexpr int poll_milliseconds = 1'000;  // for what other processes commit
constexpr std::size_t tidied_at_once = 8;

std::string user_holder(const std::string& name) {
    return "user:" + name;
}

// What an approver or an administrator reads about it in the log.
std::string line_of(const Request& request) {
    return "request=" + request.id + " kind=" + std::string(name(request.kind)) +
           " service=" + escape_for_log(request.facts.service) + " source=" + escape_for_log(request.source) +
           " state=" + std::string(name(request.state));
}

std::string cut(std::string text) {
    if (text.size() > most_fact_bytes) {
        text.resize(most_fact_bytes);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
            text.pop_back();
        }
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) {
            text.pop_back();
        }
        text += " …";
    }
    return text;
}

void cut_all(RequestFacts& facts) {
    for (auto* fact : {&facts.service, &facts.host, &facts.rhost, &facts.tty, &facts.user_agent,
                       &facts.command, &facts.run_as, &facts.directory, &facts.message, &facts.digest}) {
        *fact = cut(std::move(*fact));
    }
}

}  // namespace

RecordKey request_record(std::string_view id) {
    return {RecordKind::request, "", std::string(id)};
}

Subject desk_subject(const Subject& subject, std::string_view asker) {
    constexpr std::string_view key = "key ";
    return asker.starts_with(key) ? Subject{subject.realm + ' ' + std::string(asker), subject.name} : subject;
}

RecordKey desk_record(const Subject& subject) {
    return {RecordKind::desk, subject.realm, subject.name};
}

// Whoever bears this name, as NSS has it, or nobody: suspended, unknown, or the very person it is about.
// Somebody with two names is one person, by the name that came first.
Task<std::string> Approvals::holder_of(std::string name, std::optional<std::uint32_t> about,
                                       std::map<std::uint32_t, std::string>& seen) {
    auto waits = engine_.ports().person(std::move(name));
    const PersonAnswer person = co_await waits;
    if (person.found == Found::unavailable) {
        throw Unavailable("who has to approve cannot be told: " + person.reason);
    }
    if (person.found != Found::yes || person.person.uid == about ||
        engine_.is_suspended({"host", person.person.name})) {
        co_return std::string();
    }
    co_return user_holder(seen.try_emplace(person.person.uid, person.person.name).first->second);
}

Task<std::vector<Need>> Approvals::needs(Subject subject, std::vector<std::string> ask, std::size_t count,
                                         bool together) {
    // In a client's realm names are the site's own, and nobody of this host is who is asked about.
    const bool of_the_host = subject.realm == "host";
    std::optional<std::uint32_t> about;
    if (of_the_host) {
        auto waits = engine_.ports().person(subject.name);
        const PersonAnswer person = co_await waits;
        if (person.found == Found::unavailable) {
            throw Unavailable("who asks cannot be looked up: " + person.reason);
        }
        about = person.found == Found::yes ? std::optional(person.person.uid) : std::nullopt;
    }
    std::map<std::uint32_t, std::string> seen;
    std::vector<Need> list;
    std::vector<std::string> open(ask.rbegin(), ask.rend());  // guardians are several in one
    while (!open.empty()) {
        const std::string one = open.back();
        open.pop_back();
        Need need;
        need.label = one;
        need.count = count;
        if (one == "guardians") {
            const auto& guardians = engine_.config().guardians;
            const auto found = guardians.find(subject.name);
            if (of_the_host && found != guardians.end()) {
                open.insert(open.end(), found->second.rbegin(), found->second.rend());
            } else if (together) {
                throw Invalid("approvers", "nobody guards this account ([approval.guardians])");
            }
            continue;
        }
        const std::string_view user = "user:", group = "group:";
        std::vector<std::string> names;
        if (one.starts_with(group)) {
            auto waits = engine_.ports().members(one.substr(group.size()));
            const MembersAnswer members = co_await waits;
            if (members.found == Found::unavailable) {
                throw Unavailable("the members of the " + one + " cannot be told: " + members.reason);
            }
            names = members.names;
        } else if (one.starts_with(user)) {
            names = {one.substr(user.size())};
        } else {
            need.holders = {one == "self" ? user_holder(subject.name) : one};
        }
        for (auto& name : names) {
            auto waits = holder_of(std::move(name), about, seen);
            std::string holder = co_await waits;
            if (!holder.empty() &&
                std::find(need.holders.begin(), need.holders.end(), holder) == need.holders.end()) {
                need.holders.push_back(std::move(holder));
            }
        }
        if (together) {
            // Of one person or button there is one; of a group as many as are wanted.
            need.count = one.starts_with(group) ? count : std::min<std::size_t>(count, 1);
            if (need.holders.empty()) {
                throw Invalid("approvers", "nobody is left of " + one + " who could approve this");
            }
        }
        list.push_back(std::move(need));
    }
    if (!together) {
        Need all;
        all.count = count;
        for (const auto& need : list) {
            all.label += (all.label.empty() ? "" : ", ") + need.label;
            for (const auto& holder : need.holders) {
                if (std::find(all.holders.begin(), all.holders.end(), holder) == all.holders.end()) {
                    all.holders.push_back(holder);
                }
            }
        }
        list = {std::move(all)};
    }
    for (auto& need : list) {
        if (need.holders.size() < need.count) {
            throw Invalid("approvers", "too few are left who could approve this (" + need.label + ")");
        }
        if (need.holders.size() > most_people) {
            throw Invalid("approvers", "there are more than " + std::to_string(most_people) +
                                           " people who could approve this (" + need.label + ")");
        }
    }
    if (list.size() > most_needs) {
        throw Invalid("approvers", "there are too many of them");
    }
    co_return list;
}

Task<Made> Approvals::make(Wish wish) {
    const std::int64_t now = engine_.ports().now();
    const bool sign_in = wish.kind == RequestKind::sign_in;
    Made made;
    Request& request = made.request;
    request.id = wish.id.empty() ? new_request_id() : wish.id;
    request.kind = wish.kind;
    request.active = wish.active;
    request.subject = wish.subject;
    request.facts = std::move(wish.facts);
    if (request.facts.host.empty()) {
        request.facts.host = engine_.config().issuer;
    }
    cut_all(request.facts);
    request.source = wish.caller.source.text();
    request.asker = std::move(wish.asker);
    request.request_key = std::move(wish.request_key);
    request.created = now;
    request.expires =
        now + std::clamp<std::int64_t>(wish.seconds, 1, sign_in ? most_sign_in_seconds : most_action_seconds);
    request.number_mode = wish.number_mode;
    request.number = wish.number_mode == NumberMode::off ? std::string() : new_number();
    request.needs = std::move(wish.needs);
    request.hours = std::move(wish.hours);
    for (const Verb purpose : wish.purposes) {
        made.tokens.push_back(issue_token(request.id, purpose, wish.token_holder, false));
        request.tokens.push_back(made.tokens.back().token);
    }
    std::vector<Act> given;
    if (wish.by_policy) {
        Act decides;
        decides.verb = wish.by_policy->lets_in ? Verb::approve : Verb::not_now;
        decides.actor = Actor::policy;
        decides.by = wish.by_policy->by;
        (void)warifu::act(request, decides, now);
        given.push_back(std::move(decides));
    } else if (wish.by_rule) {
        given = apply_rules(request, wish.caller.source);
    }
    std::set<std::string> people;
    for (const auto& need : request.needs) {
        for (const auto& holder : need.holders) {
            if (holder.starts_with("user:") && waits_for(request, holder)) {
                people.insert(holder);
            }
        }
    }
    const auto& config = engine_.config();
    const bool any_blind = std::any_of(config.notify.begin(), config.notify.end(),
                                       [](const auto& channel) { return channel.second.blind; });
    std::vector<HolderTokens> messages;
    if (config.notify_order.empty()) {
        people.clear();  // nobody is told, so there is nothing to hand out
    }
    for (const auto& holder : people) {
        HolderTokens tokens;
        tokens.holder = holder;
        const auto add = [&](Secret& text, Verb purpose, bool blind) {
            IssuedToken issued = issue_token(request.id, purpose, holder, blind);
            request.tokens.push_back(issued.token);
            text = std::move(issued.text);
        };
        add(tokens.approve, Verb::approve, false);
        add(tokens.deny, Verb::not_now, false);
        if (any_blind) {
            add(tokens.blind_approve, Verb::approve, true);
            add(tokens.blind_deny, Verb::not_now, true);
        }
        messages.push_back(std::move(tokens));
    }
    if (sign_in && request.state == RequestState::denied) {
        auto desk_waits = change_desk(desk_subject(request.subject, request.asker),
                                      [&](Desk& desk) { note_refused(desk, request.id, now); });
        (void)co_await desk_waits;
    }
    auto waits = commit_request(request, 0);
    const bool committed = co_await waits;
    if (!committed) {
        throw Conflict("a request with this id is there already: ask again");
    }
    engine_.ports().log(LOG_INFO, "approval: user=" + escape_for_log(request.subject.name) +
                                      " asked=" + std::to_string(people.size()) + ' ' + line_of(request));
    for (const auto& tokens : messages) {
        engine_.ports().notify(notice_for(request, tokens, config, engine_.ports()));
    }
    for (const auto& act : given) {
        auto word_waits = note_word(request, act, ActResult::done, wish.caller);
        (void)co_await word_waits;
    }
    run<bool>(tidy(), [](std::optional<bool>, std::exception_ptr) {});
    co_return made;
}

// Whoever was suspended or reset meanwhile has no word by rule.
std::vector<Act> Approvals::apply_rules(Request& request, const SourceId& source) {
    std::vector<Act> given;
    const std::int64_t now = engine_.ports().now();
    const LocalTime time = engine_.ports().local_time();
    ApproverRules rules(engine_);
    for (const auto& [holder, list] : rules.of_holders(request.needs)) {
        const ApproverRule* rule = fitting(list, holder, request, source, time, now);
        if (rule == nullptr || !waits_for(request, holder)) {
            continue;
        }
        const State state = engine_.load_state({"host", holder.substr(std::string_view("user:").size())});
        if (state.suspended || !state.seen) {
            continue;
        }
        Act word;
        word.verb = rule->approve ? Verb::approve : Verb::not_now;
        word.by = holder;
        word.rule = rule->id;
        word.within_hours = within_hours(request, time);
        if (warifu::act(request, word, now) == ActResult::done) {
            given.push_back(std::move(word));
        }
    }
    return given;
}

Task<bool> Approvals::note_word(Request request, Act what, ActResult result, Caller caller) {
    const std::string by = (what.by.empty() ? std::string() : " by=" + escape_for_log(what.by)) +
                           (what.rule.empty() ? std::string() : " rule=" + what.rule);
    const bool not_me = result == ActResult::done && what.verb == Verb::not_me;
    engine_.ports().log(not_me ? LOG_ALERT : LOG_INFO,
                        "approval: user=" + escape_for_log(request.subject.name) +
                            " verb=" + std::string(name(what.verb)) + by +
                            " result=" + std::string(name(result)) + ' ' + line_of(request));
    if (what.actor == Actor::holder || what.actor == Actor::policy) {
        std::string detail = "request=" + request.id;
        detail.append(by).append(" result=").append(name(result));
        auto audit_waits = engine_.audit(std::move(caller), request.subject,
                                         "request-" + std::string(name(what.verb)), std::move(detail));
        (void)co_await audit_waits;
    }
    co_return true;
}

Task<Made> Approvals::make_action(Wish wish) {
    bool admitted = false;
    // Sign-ins are few at a time; what else waits must not hide them from who looks for them.
    if (engine_.ports().list(RecordKind::request, "", "", most_listed_requests).size() >=
        most_listed_requests) {
        throw Denied("limited", "too many requests are kept already: wait until some of them end");
    }
    const std::int64_t now = engine_.ports().now();
    const DeskLimits limits = engine_.config().approval_limits;
    auto desk_waits = change_desk(desk_subject(wish.subject, wish.asker), [&](Desk& desk) {
        admitted = admit_action(desk, wish.caller.source.text(), now, now + wish.seconds, limits);
    });
    (void)co_await desk_waits;
    if (!admitted) {
        throw Denied("limited",
                     "too many approvals were asked for within an hour: wait, or raise [approval] "
                     "actions_an_hour");
    }
    wish.kind = RequestKind::action;
    auto waits = make(std::move(wish));
    co_return co_await waits;
}

Request Approvals::find(const std::string& id) {
    const auto records = engine_.ports().load({request_record(id)});
    if (records[0].version == 0) {
        throw NotFound("there is no such request: it was never made, or has ended");
    }
    return decode_request(records[0].document, id);
}

std::pair<Request, RequestToken> Approvals::find_by_token(const std::string& token) {
    const std::string id = request_of_token(token);
    if (!id.empty()) {
        const auto records = engine_.ports().load({request_record(id)});
        if (records[0].version != 0) {
            Request request = decode_request(records[0].document, id);
            if (const RequestToken* found = find_token(request, token)) {
                RequestToken copy = *found;
                return {std::move(request), std::move(copy)};
            }
        }
    }
    throw NotFound("this link does nothing any more");
}

std::vector<Request> Approvals::open_requests() {
    constexpr std::size_t page = 256;
    std::vector<Request> open;
    const std::int64_t now = engine_.ports().now();
    std::string cursor;
    for (std::size_t seen = 0; seen < most_listed_requests;) {
        const auto names = engine_.ports().list(RecordKind::request, "", cursor, page);
        std::vector<RecordKey> keys;
        for (const auto& id : names) {
            keys.push_back(request_record(id));
        }
        const auto records = keys.empty() ? std::vector<Record>() : engine_.ports().load(keys);
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i].version == 0) {
                continue;
            }
            Request request = decode_request(records[i].document, names[i]);
            if (is_open(request, now)) {
                open.push_back(std::move(request));
            }
        }
        if (names.size() < page) {
            break;
        }
        seen += names.size();
        cursor = names.back();
    }
    return open;
}

Task<Request> Approvals::await_change(Request seen, std::int64_t until, std::function<bool()> abandoned) {
    const RecordKey record = request_record(seen.id);
    const std::uint64_t rev = seen.rev;
    for (;;) {
        seen = find(record.name);
        const std::int64_t now = engine_.ports().now();
        if (seen.rev != rev || now >= until || (abandoned && abandoned())) {
            co_return seen;
        }
        auto waits = engine_.ports().changed(record, poll_milliseconds);
        (void)co_await waits;
    }
}

Task<bool> Approvals::commit_request(Request request, std::uint64_t expected) {
    std::string document = encode_request(request);
    constexpr std::size_t most_document = 64 * 1024;
    if (document.size() > most_document) {
        throw Invalid("request", "is too large to be kept: shorten what it says");
    }
    auto waits = engine_.commit(request_record(request.id), expected, std::move(document));
    const CommitOutcome outcome = co_await waits;
    co_return outcome.result == CommitResult::committed;
}

// A switch of a client's realm, of sign-ins alone: what is sealed by an assertion was approved by people.
bool Approvals::not_now_lets_in(const Request& request, const Act& what) {
    if (what.verb != Verb::not_now || request.subject.realm == "host" ||
        request.kind != RequestKind::sign_in) {
        return false;
    }
    Switchboard switchboard(engine_);
    return in_force(switchboard.of(request.subject.realm), request.facts.service).not_now == Permit::allow;
}

// Whoever signs in there is not the owner: nobody is to get in unasked. What cannot be forgotten keeps no
// request from being ended.
Task<bool> Approvals::forget_remembered(Subject subject, Caller caller) {
    try {
        auto waits = engine_.forget(subject, std::move(caller));
        (void)co_await waits;
    } catch (const std::exception& error) {
        engine_.ports().log(LOG_ERR, "approval: user=" + escape_for_log(subject.name) +
                                         " what is remembered is not forgotten: " + error.what());
    }
    co_return true;
}

Task<Acted> Approvals::act(std::string id, Act what, Caller caller, bool everywhere) {
    const RecordKey record = request_record(id);
    bool desk_told = false;
    for (;;) {
        const auto records = engine_.ports().load({record});
        if (records[0].version == 0) {
            throw NotFound("there is no such request: it was never made, or has ended");
        }
        const std::int64_t now = engine_.ports().now();
        const Request before = decode_request(records[0].document, id);
        if (what.verb == Verb::approve && what.actor == Actor::holder && what.by.starts_with("user:") &&
            engine_.is_suspended({"host", what.by.substr(std::string_view("user:").size())})) {
            co_return Acted{ActResult::gone, before};
        }
        what.within_hours = within_hours(before, engine_.ports().local_time());
        what.not_now_lets_in = not_now_lets_in(before, what);
        Acted acted;
        acted.request = before;
        acted.result = warifu::act(acted.request, what, now);
        if (acted.request == before) {
            co_return acted;
        }
        const bool sign_in = before.kind == RequestKind::sign_in;
        const auto state = acted.request.state;
        const bool not_me = acted.result == ActResult::done && what.verb == Verb::not_me;
        // What limits comes first, so that no crash in between opens anything.
        const bool tells_desk = not_me || (sign_in && state == RequestState::denied);
        if (tells_desk && !desk_told) {
            auto desk_waits = change_desk(desk_subject(before.subject, before.asker), [&](Desk& desk) {
                if (not_me) {
                    note_not_me(desk, before.id, before.source, everywhere, now);
                } else {
                    note_refused(desk, before.id, now);
                }
            });
            (void)co_await desk_waits;
            if (not_me && everywhere && before.subject.realm == "host") {
                auto forget_waits = forget_remembered(before.subject, caller);
                (void)co_await forget_waits;
            }
            desk_told = true;
            continue;
        }
        auto waits = commit_request(acted.request, records[0].version);
        const bool committed = co_await waits;
        if (!committed) {
            continue;
        }
        if (sign_in && (state == RequestState::expired || state == RequestState::cancelled)) {
            auto desk_waits = change_desk(desk_subject(before.subject, before.asker),
                                          [&](Desk& desk) { note_ended(desk, before.id); });
            (void)co_await desk_waits;
        }
        auto word_waits = note_word(acted.request, what, acted.result, caller);
        (void)co_await word_waits;
        co_return acted;
    }
}

Desk Approvals::desk(const Subject& subject) {
    const auto records = engine_.ports().load({desk_record(subject)});
    return decode_desk(records[0].version == 0 ? std::string_view() : records[0].document);
}

Task<Desk> Approvals::change_desk(Subject subject, std::function<void(Desk&)> change) {
    const RecordKey record = desk_record(subject);
    for (;;) {
        const auto records = engine_.ports().load({record});
        Desk desk = decode_desk(records[0].version == 0 ? std::string_view() : records[0].document);
        change(desk);
        std::string document = encode_desk(desk);
        auto waits = engine_.commit(record, records[0].version, std::move(document));
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            co_return desk;
        }
    }
}

// A few of the oldest by name, going on where it stopped: what ended a day ago is forgotten.
Task<bool> Approvals::tidy() {
    std::string& cursor = engine_.tidied_;
    const auto names = engine_.ports().list(RecordKind::request, "", cursor, tidied_at_once);
    cursor = names.size() < tidied_at_once ? std::string() : names.back();
    for (const auto& id : names) {
        const auto records = engine_.ports().load({request_record(id)});
        if (records[0].version == 0) {
            continue;
        }
        const Request request = decode_request(records[0].document, id);
        const std::int64_t kept = request.approvals() != 0 ? keep_ended_seconds : keep_refused_seconds;
        if (ends(request) + kept <= engine_.ports().now()) {
            auto waits = engine_.commit(request_record(id), records[0].version, std::nullopt);
            (void)co_await waits;
        }
    }
    co_return true;
}

}  // namespace warifu
