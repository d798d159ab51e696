#include "core/engine/engine.h"

#include <syslog.h>

#include <algorithm>

#include "core/account/credentials_json.h"
#include "core/account/remembered.h"
#include "core/engine/log_line.h"
#include "core/engine/shared_key.h"
#include "core/engine/switchboard.h"
#include "core/error/error.h"

namespace warifu {

namespace {

std::string_view source_name(SourceKind kind) noexcept {
    switch (kind) {
        case SourceKind::central:
            return "central";
        case SourceKind::home:
            return "home";
        case SourceKind::text:
            return "text";
        case SourceKind::google_authenticator:
            return "google-authenticator";
    }
    return "";
}

RecordKey state_key(const Subject& subject) {
    return {RecordKind::state, subject.realm, subject.name};
}

RecordKey uid_key(const std::string& realm, std::uint32_t uid) {
    return {RecordKind::uid_name, realm, std::to_string(uid)};
}

// The login names that enrolled with one uid, a line each.
std::vector<std::string> names_of(const Record& record) {
    std::vector<std::string> names;
    std::string_view rest = record.version == 0 ? std::string_view() : record.document;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        names.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return names;
}

bool is_ours(SourceKind kind) noexcept {
    return kind == SourceKind::central || kind == SourceKind::home;
}

constexpr std::int64_t seconds_in_an_hour = 3'600;

Person nobody(const std::string& name) {
    constexpr std::uint32_t overflow_id = 65'534;
    return {name, overflow_id, overflow_id, "/nonexistent"};
}

}  // namespace

std::size_t choose_authenticator(const Credentials& credentials, const std::string& id) {
    const auto& list = credentials.authenticators;
    if (id.empty()) {
        if (list.empty()) {
            throw NotFound("no authenticator is enrolled: enrol one with `warifu enroll`");
        }
        if (list.size() > 1) {
            throw Invalid("authenticator", "there are several: name one by its id (see `warifu status`)");
        }
        return 0;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].id == id) {
            return i;
        }
    }
    throw NotFound("no authenticator has this id: see `warifu status`");
}

const StoreKey& Engine::key() const {
    if (key_ == nullptr) {
        throw Unavailable("the store's key " + config_->key_file +
                          " is missing: put it back from the backup (recovery codes work without it)");
    }
    return *key_;
}

std::vector<Tag> Engine::tags(const Credentials& credentials) const {
    std::vector<Tag> tags(credentials.authenticators.size());
    for (std::size_t i = 0; key_ != nullptr && i < tags.size(); ++i) {
        const auto& authenticator = credentials.authenticators[i];
        tags[i] = key_->tag(credentials.subject.realm, credentials.subject.name, authenticator.secret,
                            authenticator.otp);
    }
    // A scratch code is a counter's only value.
    const OtpParameters as_scratch{.kind = OtpKind::hotp, .digits = static_cast<int>(scratch_code_digits)};
    for (const Secret& code : credentials.scratch) {
        tags.push_back(key_ != nullptr
                           ? key_->tag(credentials.subject.realm, credentials.subject.name, code, as_scratch)
                           : Tag{});
    }
    return tags;
}

Limits Engine::limits() const noexcept {
    const auto& from = config_->limits;
    Limits limits;
    limits.hour = from.hour;
    limits.day = from.day;
    limits.month = from.month;
    limits.known_day = from.known_day;
    limits.known_month = from.known_month;
    limits.known_free_failures = from.known_free_failures;
    limits.delay_first = from.delay_first;
    limits.delay_most = from.delay_most;
    return limits;
}

Holding Engine::find_central(const Subject& subject) {
    Holding holding;
    const auto records = ports_.load({{RecordKind::credentials, subject.realm, subject.name}});
    holding.version = records[0].version;
    holding.credentials.subject = subject;
    holding.found = Found::no;
    if (records[0].version != 0 && !records[0].document.empty()) {
        holding.credentials = from_sealed_json(records[0].document, subject, key_);
        holding.found = Found::yes;
    }
    return holding;
}

Task<Holding> Engine::find(Subject subject, KeyFilePlace key_file) {
    Holding holding;
    holding.credentials.subject = subject;
    holding.found = Found::no;
    std::vector<SourceKind> sources = config_->sources;  // a reload may come between two answers
    KeyFilePlace place = config_->google_authenticator;
    const auto named = std::find(sources.begin(), sources.end(), SourceKind::google_authenticator);
    if (key_file.given() && (named == sources.end() || !same_place(key_file, place))) {
        std::erase(sources, SourceKind::google_authenticator);
        sources.insert(key_file.owner.empty() ? sources.end() : sources.begin(),
                       SourceKind::google_authenticator);
        // user= alone is about the configured path, secret= alone about a file of whoever signs in.
        place = {key_file.path.empty() ? place.path : key_file.path, key_file.owner};
    }
    for (auto source = sources.begin(); source != sources.end(); ++source) {
        const SourceKind kind = *source;
        if (kind == SourceKind::central) {
            Holding central = find_central(subject);
            if (central.found == Found::yes) {
                co_return central;
            }
            holding.version = central.version;
            continue;
        }
        CredentialsAnswer answer;
        if (kind == SourceKind::home || kind == SourceKind::google_authenticator) {
            const bool home = kind == SourceKind::home;
            auto person_waits = ports_.person(subject.name);
            PersonAnswer person = co_await person_waits;
            if (person.found == Found::unavailable) {
                answer.reason = person.reason;
            } else {
                // A file is looked for in any case, so that a name nobody has costs what others cost.
                const bool somebody = person.found == Found::yes;
                const Person who = somebody ? person.person : nobody(subject.name);
                auto file_waits =
                    home ? ports_.read_home(who, subject) : ports_.read_key_file(who, subject, place);
                answer = co_await file_waits;
                if (!home && somebody) {
                    holding.uid = who.uid;
                }
                if (!somebody) {
                    continue;
                }
            }
        } else {
            auto text_waits = ports_.read_text(subject);
            answer = co_await text_waits;
        }
        // The first source that holds a record serves; one that cannot answer is never skipped.
        if (answer.found != Found::no) {
            if (std::find(source, sources.end(), SourceKind::central) != sources.end()) {
                // As much work as for whom the central record is looked at.
                (void)ports_.load({{RecordKind::credentials, subject.realm, subject.name}});
            }
            holding.found = answer.found;
            holding.kind = kind;
            holding.credentials = std::move(answer.credentials);
            holding.credentials.subject = subject;
            holding.reason = std::move(answer.reason);
            if (kind == SourceKind::google_authenticator && key_ != nullptr && holding.found == Found::yes) {
                // Such a file names no authenticator: another key in it is another one.
                const Tag tag = tags(holding.credentials)[0];
                holding.credentials.authenticators[0].id = authenticator_id(std::span(tag).first<8>());
            }
            co_return holding;
        }
    }
    // Where a first enrolment goes: the first source that Warifu may write.
    const auto writable = std::find_if(config_->sources.begin(), config_->sources.end(), is_ours);
    holding.kind = writable != config_->sources.end() ? *writable : SourceKind::text;
    co_return holding;
}

Task<Holding> Engine::find_to_add(Subject subject) {
    auto waits = find(subject);
    Holding holding = co_await waits;
    const auto& sources = config_->sources;
    const auto its = std::find(sources.begin(), sources.end(), holding.kind);
    const auto ours = std::find_if(sources.begin(), its, is_ours);
    if (holding.found == Found::yes && holding.kind == SourceKind::google_authenticator && ours != its) {
        // From the first key in ours on, that file counts no more.
        Holding fresh;
        fresh.found = Found::no;
        fresh.kind = *ours;
        fresh.version = holding.version;
        fresh.credentials.subject = subject;
        co_return fresh;
    }
    co_return holding;
}

void Engine::refuse_to_write(SourceKind kind) const {
    const std::string& file =
        kind == SourceKind::text ? config_->text_file : config_->google_authenticator.path;
    throw Conflict("this account's keys are in " + file + ", which Warifu only reads: change them there");
}

Task<Memberships> Engine::memberships(Subject subject, PersonAnswer person, std::vector<std::string> groups) {
    Memberships found;
    if (!groups.empty()) {
        const Person who = person.found == Found::yes ? person.person : nobody(subject.name);
        auto waits = ports_.memberships(who, groups);
        const std::vector<Membership> answers = co_await waits;
        for (std::size_t i = 0; i < groups.size() && i < answers.size(); ++i) {
            found[groups[i]] = answers[i];
        }
    }
    co_return found;
}

Task<Holding> Engine::find_or_shared(Subject subject, State state, KeyFilePlace key_file) {
    auto waits = find(subject, std::move(key_file));
    Holding holding = co_await waits;
    const auto record = ports_.load({shared_keys_record(subject.realm)})[0];
    std::vector<SharedKey> keys;
    std::string problem;
    try {
        keys = decode_shared_keys(record.version == 0 ? std::string_view() : record.document);
        if (record.version == 0 && state.shared) {
            problem =
                "this account signed in with a shared key, and the record of the shared keys is gone: "
                "restore the "
                "store from a backup, or say that it is meant with `warifu reset`";
        }
    } catch (const Unavailable& error) {
        problem = error.what();
    }
    holding.sharing = !keys.empty();
    holding.sharing_version = record.version;
    SharedChoice choice;
    if (!keys.empty() && subject.realm == "host") {
        auto person_waits = ports_.person(subject.name);
        const PersonAnswer person = co_await person_waits;
        auto groups_wait = memberships(subject, person, group_names(keys));
        const Memberships groups = co_await groups_wait;
        // Nobody shares a key under a name that nobody has.
        if (person.found == Found::yes) {
            holding.uid = person.person.uid;
            choice = choose(keys, subject.name, groups);
        } else if (person.found == Found::unavailable && problem.empty()) {
            problem = "whether this account shares a key cannot be told: " + person.reason;
        }
    } else {
        choice = choose(keys, subject.name, {});
    }
    // Credentials that were seen and are gone are no reason to be content with less.
    if (holding.found != Found::no || state.seen) {
        co_return holding;
    }
    if (problem.empty() && choice.untold != nullptr) {
        problem = "whether this account shares a key cannot be told: the group " +
                  escape_for_log(*choice.untold) + " is not there or does not answer";
    }
    if (!problem.empty()) {
        holding.found = Found::unavailable;
        holding.reason = std::move(problem);
    } else if (choice.key != nullptr) {
        const std::int64_t now = ports_.now();
        try {
            holding.credentials = shared_credentials(*choice.key, subject, key_, now);
            holding.found = Found::yes;
            holding.kind = SourceKind::central;
            holding.shared_key = choice.key->name;
            holding.replaced_from = old_counts(*choice.key, now) ? choice.key->old_until : 0;
        } catch (const Unavailable& error) {
            holding.found = Found::unavailable;
            holding.reason = error.what();
        }
    }
    co_return holding;
}

bool Engine::is_suspended(const Subject& subject) {
    return load_state(subject).suspended;
}

std::string Engine::decoy_name(const Subject& subject) const {
    const std::string identity = subject.realm + '\0' + subject.name;
    const std::uint64_t hash =
        key_ != nullptr ? key_->keyed_hash("decoy", identity) : std::hash<std::string>{}(identity);
    return std::to_string(hash % decoy_count);
}

Holding Engine::decoy(const Subject& subject, RecordKey& key_of_state) {
    const std::string number = decoy_name(subject);
    key_of_state = {RecordKind::decoy_state, "", number};
    const auto records = ports_.load({{RecordKind::decoy_credentials, "", number}});
    if (records[0].version == 0) {
        throw Unavailable(
            "the store has no decoy accounts: restore it from a backup, or make it anew with `warifu init`");
    }
    Holding holding;
    holding.found = Found::yes;
    holding.credentials = from_sealed_json(records[0].document, Subject{"decoy", number}, key_);
    return holding;
}

Task<CommitOutcome> Engine::commit(RecordKey record, std::uint64_t expected,
                                   std::optional<std::string> document) {
    Change change{std::move(record), expected, std::move(document)};
    auto waits = ports_.commit(std::move(change));
    CommitOutcome outcome = co_await waits;
    if (outcome.result == CommitResult::unavailable) {
        throw Unavailable("the store could not be written: " + outcome.reason);
    }
    co_return outcome;
}

Task<bool> Engine::commit_record(RecordKey record, std::uint64_t expected,
                                 std::optional<std::string> document) {
    auto waits = commit(std::move(record), expected, std::move(document));
    const CommitOutcome outcome = co_await waits;
    co_return outcome.result == CommitResult::committed;
}

Task<bool> Engine::note_act(Caller caller, Subject subject, std::string action, std::string detail) {
    auto waits = audit(std::move(caller), std::move(subject), std::move(action), std::move(detail));
    co_return co_await waits;
}

State Engine::load_state(const Subject& subject, std::uint64_t* version) {
    const auto records = ports_.load({state_key(subject)});
    if (version != nullptr) {
        *version = records[0].version;
    }
    return decode_state(records[0].version == 0 ? std::string_view() : records[0].document);
}

Task<State> Engine::change_state(Subject subject, std::function<void(State&)> change) {
    for (;;) {
        std::uint64_t version = 0;
        State state = load_state(subject, &version);
        change(state);
        ++state.serial;
        auto document = std::optional<std::string>(encode(state));
        auto waits = commit(state_key(subject), version, std::move(document));
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            co_return state;
        }
    }
}

Task<bool> Engine::save_credentials(Holding holding, std::uint64_t expected) {
    if (holding.kind == SourceKind::home) {
        auto person_waits = ports_.person(holding.credentials.subject.name);
        PersonAnswer person = co_await person_waits;
        if (person.found != Found::yes) {
            throw Unavailable("the home of this account cannot be found: " + person.reason);
        }
        auto write_waits = ports_.write_home(person.person, to_plain_json(holding.credentials));
        const std::string problem = co_await write_waits;
        if (!problem.empty()) {
            throw Unavailable(problem);
        }
        co_return true;
    }
    if (!is_ours(holding.kind)) {
        refuse_to_write(holding.kind);
    }
    const Subject subject = holding.credentials.subject;
    std::optional<std::string> document;
    if (!holding.credentials.authenticators.empty()) {
        document = to_sealed_json(holding.credentials, key());
    }
    auto waits =
        commit({RecordKind::credentials, subject.realm, subject.name}, expected, std::move(document));
    const CommitOutcome outcome = co_await waits;
    co_return outcome.result == CommitResult::committed;
}

Task<bool> Engine::surely_not_enrolled(Subject subject, PersonAnswer person, KeyFilePlace key_file) {
    // Without the key nothing is sure: asked, then, since a recovery code still signs in.
    if (key_ == nullptr || person.found != Found::yes) {
        co_return false;
    }
    const State before = load_state(subject);
    auto waits = find_or_shared(subject, before, key_file);
    const Holding holding = co_await waits;
    if (holding.found == Found::unavailable) {
        throw Unavailable(holding.reason);
    }
    const State state = load_state(subject);
    // Whoever was reset meanwhile may share a key that was not looked at.
    if (holding.found != Found::no || before.seen || state.seen || state.suspended) {
        co_return false;
    }
    // Somebody enrolled under another name of the same uid is enrolled.
    const auto records = ports_.load({uid_key(subject.realm, person.person.uid)});
    std::vector<std::string> names = names_of(records[0]);
    const auto& sources = config_->sources;
    const bool in_text = std::find(sources.begin(), sources.end(), SourceKind::text) != sources.end();
    auto aliases_wait = ports_.aliases(person.person, in_text);
    const NamesAnswer aliases = co_await aliases_wait;
    if (aliases.found == Found::unavailable) {
        throw Unavailable(aliases.reason);
    }
    names.insert(names.end(), aliases.names.begin(), aliases.names.end());
    for (const std::string& name : names) {
        const Subject other{subject.realm, name};
        auto other_waits = find_or_shared(other, load_state(other), key_file);
        const Holding other_holding = co_await other_waits;
        const State other_state = load_state(other);
        if (other_holding.found != Found::no || other_state.seen || other_state.suspended) {
            co_return false;
        }
    }
    co_return true;
}

bool Engine::after_reset(const State& state) const {
    const std::int64_t now = ports_.now();
    // A time that is further off than a reset ever sets it came of a clock that was wrong: never.
    return now < state.enrol_until &&
           state.enrol_until - now <= config_->after_reset_hours * seconds_in_an_hour;
}

Task<DoorPolicy> Engine::policy_for(Subject subject, Caller caller, PersonAnswer person) {
    PolicyFacts facts;
    facts.service = caller.service;
    facts.user = subject.name;
    facts.source = caller.source;
    std::vector<std::string> groups = group_names(config_->rules);
    for (auto& group : group_names(config_->approval_rules)) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
            groups.push_back(std::move(group));
        }
    }
    auto groups_wait = memberships(subject, std::move(person), std::move(groups));
    facts.groups = co_await groups_wait;
    facts.time = ports_.local_time();
    const PolicyDecision decision = decide(config_->rules, config_->unenrolled, facts);
    DoorPolicy policy;
    policy.outcome = decision.outcome;
    policy.rule_line = decision.rule != nullptr ? decision.rule->line : 0;
    policy.announced = decision.announced != nullptr ? decision.announced->from : std::nullopt;
    if (config_->approval) {
        const ApprovalChoice choice = choose(config_->approval_rules, facts);
        policy.approval = choice.rule != nullptr ? std::optional(*choice.rule) : std::nullopt;
        policy.approval_sure = choice.sure;
    }
    const auto records = ports_.load({state_key(subject), switches_record(subject.realm)});
    const auto document = [&](std::size_t i) {
        return records[i].version == 0 ? std::string_view() : std::string_view(records[i].document);
    };
    const State state = decode_state(document(0));
    const Switches switches = in_force(decode_switches(document(1)), caller.service);
    if (switches.unregistered && decision.rule == nullptr) {
        policy.outcome =
            *switches.unregistered == Permit::allow ? PolicyOutcome::pass : PolicyOutcome::refuse;
        policy.turned = "unregistered";
    }
    policy.suspended = state.suspended;
    policy.required = state.required;
    policy.after_reset = after_reset(state);
    const bool passes = policy.outcome == PolicyOutcome::pass || policy.outcome == PolicyOutcome::by_line;
    if ((policy.required && passes) || (policy.called_for() && policy.outcome == PolicyOutcome::refuse)) {
        policy.outcome = PolicyOutcome::enrol;
    }
    if (switches.second_factor == false) {
        policy.outcome = PolicyOutcome::exempt;
        policy.turned = "second_factor";
        policy.approval.reset();
        policy.approval_sure = true;
    }
    if (state.suspended && policy.outcome == PolicyOutcome::exempt) {
        policy.outcome = PolicyOutcome::refuse;
    }
    co_return policy;
}

Task<bool> Engine::note_uid(Subject subject, std::uint32_t uid) {
    const RecordKey record = uid_key(subject.realm, uid);
    for (;;) {
        const auto records = ports_.load({record});
        const auto names = names_of(records[0]);
        if (std::find(names.begin(), names.end(), subject.name) != names.end()) {
            co_return true;
        }
        if (names.size() >= most_names_of_a_uid) {
            throw Conflict("too many login names with uid " + std::to_string(uid) + " are enrolled");
        }
        auto waits = commit(record, records[0].version, records[0].document + subject.name + '\n');
        const CommitOutcome outcome = co_await waits;
        if (outcome.result == CommitResult::committed) {
            co_return true;
        }
    }
}

// Whatever changes the credentials, wherever they are kept, makes another hash of it. Without the key nobody
// passes unasked.
std::optional<std::uint64_t> Engine::door_hash(const Caller& caller, const Credentials& credentials,
                                               std::span<const Tag> tag_list) const {
    if (key_ == nullptr || caller.place.empty()) {
        return std::nullopt;
    }
    std::string text = std::to_string(caller.service.size()) + ':' + caller.service +
                       std::to_string(caller.place.size()) + ':' + caller.place;
    for (const Tag& tag : tag_list) {
        text.append(tag.begin(), tag.end());
    }
    if (credentials.recovery) {
        const auto& salt = credentials.recovery->salt;
        text.append(salt.begin(), salt.end());
    }
    return key_->keyed_hash("remembered", text);
}

Task<bool> Engine::remembered(Subject subject, Caller caller, std::uint32_t seconds, KeyFilePlace key_file) {
    // As in an attempt: whoever changes credentials commits the state last.
    const State state = load_state(subject);
    auto waits = find_or_shared(subject, state, std::move(key_file));
    const Holding holding = co_await waits;
    if (holding.found == Found::unavailable) {
        throw Unavailable(holding.reason);
    }
    if (holding.found == Found::no || state.suspended) {
        co_return false;
    }
    const auto door = door_hash(caller, holding.credentials, tags(holding.credentials));
    const bool stands = door && is_remembered(state, *door, ports_.now(), seconds);
    co_return stands;
}

void Engine::log_act(const Caller& caller, const Subject& subject, const std::string& action,
                     const std::string& detail) {
    ports_.log(LOG_NOTICE, "audit: " + action + " user=" + escape_for_log(subject.name) +
                               " by=uid:" + std::to_string(caller.uid) + " source=" + caller.source.text() +
                               (detail.empty() ? "" : " " + detail));
}

Task<bool> Engine::audit(Caller caller, Subject subject, std::string action, std::string detail) {
    log_act(caller, subject, action, detail);
    try {
        auto waits = keep_audit_row(audit_row(ports_.now(), caller, subject, action, detail));
        co_return co_await waits;
    } catch (const std::exception& error) {
        ports_.log(LOG_ERR, std::string("audit: the row could not be kept: ") + error.what());
        co_return false;
    }
}

Task<bool> Engine::keep_audit_row(std::string row) {
    // A bounded ring: the slot is claimed by moving the head, then overwritten.
    for (;;) {
        const RecordKey head_key{RecordKind::audit, "", "head"};
        const auto head = ports_.load({head_key});
        const std::uint64_t next = head[0].version == 0 ? 0 : std::stoull(head[0].document);
        auto claim = commit(head_key, head[0].version, std::to_string(next + 1));
        const CommitOutcome claimed = co_await claim;
        if (claimed.result != CommitResult::committed) {
            continue;
        }
        const RecordKey slot{RecordKind::audit, "", std::to_string(next % audit_rows)};
        const auto old = ports_.load({slot});
        auto write = commit(slot, old[0].version, std::move(row));
        const CommitOutcome written = co_await write;
        co_return written.result == CommitResult::committed;
    }
}

Status Engine::summarize(const Subject& subject, const Holding& holding, const State& state) {
    Status status;
    status.user = subject.name;
    status.failures = state.failures;
    status.last_used = state.last_success;
    status.remembered = count_remembered(state, ports_.now());
    status.required = state.required;
    status.after_reset = after_reset(state);
    status.resets = state.resets;
    for (const auto& known : state.known) {
        status.sign_ins.push_back({known.source.text(), known.last_success});
    }
    std::sort(status.sign_ins.begin(), status.sign_ins.end(),
              [](const SignIn& a, const SignIn& b) { return a.at > b.at; });
    const std::uint32_t codes =
        usual_codes_compared(holding.credentials, config_->window, config_->look_ahead);
    status.limited_until =
        limited_until(state, Origin{}, attempt_weight(codes), ports_.now(), limits()).value_or(0);
    if (holding.found != Found::yes) {
        status.state = state.seen ? "missing" : "none";
        if (state.seen) {
            status.notes.push_back(
                "credentials of this account were seen and are gone: bring them back, name their file in "
                "[store] sources, or say that it is meant with `warifu reset`");
        }
        return status;
    }
    status.state = state.suspended ? "suspended" : "active";
    status.source = holding.shared_key.empty() ? source_name(holding.kind) : "shared";
    status.shared_key = holding.shared_key;
    if (!holding.shared_key.empty()) {
        status.notes.push_back(
            "this account signs in with a shared key, which is weaker than one of its own: enrol one with "
            "`warifu enroll`");
    }
    status.recovery_codes_left = recovery_codes_left(holding.credentials, state);
    const auto tag_list = tags(holding.credentials);
    if (const auto& scratch = holding.credentials.scratch; !scratch.empty()) {
        status.recovery_codes_left += scratch_codes_left(Account{holding.credentials, tag_list}, state);
        status.notes.push_back(
            "this account has scratch codes of eight digits, which can be guessed at: enrol it anew with "
            "`warifu "
            "enroll`, and it gets recovery codes");
    }
    for (std::size_t i = 0; i < holding.credentials.authenticators.size(); ++i) {
        const auto& authenticator = holding.credentials.authenticators[i];
        AuthenticatorStatus entry;
        entry.id = authenticator.id;
        entry.label = authenticator.label;
        entry.otp = authenticator.otp;
        entry.created = authenticator.created;
        if (const auto* known = find_authenticator_state(state, tag_list[i])) {
            entry.last_used = known->last_used;
            const auto ahead =
                authenticator.otp.kind == OtpKind::totp
                    ? known->last - newest_step(authenticator, known->drift, ports_.now(), config_->window)
                    : 0;
            if (ahead > 0) {
                status.notes.push_back(
                    "the spent mark of " + authenticator.id + " is " + std::to_string(ahead) +
                    " steps ahead of the clock: check the clock, then `warifu reset --replay`");
            }
        }
        status.authenticators.push_back(std::move(entry));
    }
    return status;
}

}  // namespace warifu
