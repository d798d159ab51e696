#include "tests/unit/engine/world.h"

#include <algorithm>
#include <ctime>

#include "core/account/credentials_json.h"
#include "core/error/error.h"
#include "core/source/google_file.h"

namespace warifu {

namespace {

// Stands for scrypt: as good as any function where nobody attacks it, and at once.
RecoveryDigest fake_digest(const StoreKey& key, std::string_view code, const RecoverySalt& salt) {
    RecoveryDigest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const std::string text =
            std::string(code) + std::string(salt.begin(), salt.end()) + std::to_string(i / 8);
        digest[i] = static_cast<std::uint8_t>(key.keyed_hash("test digest", text) >> (8 * (i % 8)));
    }
    return digest;
}

Credentials decoy_credentials(const std::string& number) {
    Credentials credentials;
    credentials.subject = {"decoy", number};
    Authenticator authenticator;
    authenticator.id = "0000000000000001";
    authenticator.label = "decoy";
    authenticator.secret = Secret::random(20);
    credentials.authenticators.push_back(std::move(authenticator));
    credentials.recovery.emplace().salt.fill(0xdd);
    credentials.recovery->digests.resize(recovery_codes_in_a_set);
    return credentials;
}

}  // namespace

World::World() {
    config.issuer = "host.example";
    people["alice"] = {"alice", 1000, 1000, "/home/alice"};
    people["bob"] = {"bob", 1001, 1001, "/home/bob"};
}

void World::add_person(const std::string& name, std::uint32_t uid) {
    people[name] = {name, uid, uid, "/home/" + name};
}

void World::forget_what_was_seen() {
    calls = loads = digests = people_asked = homes_read = groups_asked = 0;
    loaded.clear();
    committed.clear();
    lines.clear();
}

Record& World::record(RecordKind kind, const std::string& name, const std::string& realm) {
    return records_[{kind, realm, name}];
}

const Record* World::find_record(RecordKind kind, const std::string& name, const std::string& realm) const {
    const auto found = records_.find({kind, realm, name});
    return found != records_.end() && found->second.version != 0 ? &found->second : nullptr;
}

State World::state(const std::string& name) const {
    const auto* found = find_record(RecordKind::state, name);
    return decode_state(found != nullptr ? found->document : "");
}

std::string World::everything_of(const std::string& name) const {
    std::string all;
    for (const auto& [record_name, kept] : records_) {
        const auto& [kind, realm, record] = record_name;
        if (realm == "host" && record == name && kept.version != 0) {
            all += std::to_string(static_cast<int>(kind)) + ':' + std::to_string(kept.version) +
                   kept.document + '\n';
        }
    }
    return all;
}

bool World::logged(std::string_view part) const {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

bool World::turn(std::mt19937_64& random) {
    if (waiting_.empty()) {
        return false;
    }
    const auto chosen = waiting_.begin() + static_cast<std::ptrdiff_t>(random() % waiting_.size());
    const auto complete = std::move(*chosen);
    waiting_.erase(chosen);
    complete();
    return true;
}

bool World::fails() {
    if (cut_after < 0) {
        throw PowerCut{};
    }
    ++calls;
    return fail_call > 0 && --fail_call == 0;
}

void World::answer(std::function<void()> complete) {
    if (deferred) {
        waiting_.push_back(std::move(complete));
    } else {
        complete();
    }
}

template <typename T>
Later<T> World::later(std::function<T()> compute) {
    return Later<T>([this, compute = std::move(compute)](std::function<void(T)> done) {
        T value = compute();
        const auto shared = std::make_shared<T>(std::move(value));
        answer([done = std::move(done), shared] { done(std::move(*shared)); });
    });
}

std::vector<Record> World::load(const std::vector<RecordKey>& keys) {
    if (fails()) {
        throw Unavailable("the store cannot be read");
    }
    ++loads;
    std::vector<Record> found;
    for (const auto& wanted : keys) {
        loaded.push_back(wanted);
        // As `warifu init` makes them, but each when it is wanted.
        if (wanted.kind == RecordKind::decoy_credentials && !find_record(wanted.kind, wanted.name, "")) {
            record(wanted.kind, wanted.name, "") = {to_sealed_json(decoy_credentials(wanted.name), key), 1};
        }
        const auto it = records_.find({wanted.kind, wanted.realm, wanted.name});
        found.push_back(it != records_.end() ? it->second : Record{});
    }
    return found;
}

std::vector<std::string> World::list(RecordKind kind, std::string_view realm, std::string_view cursor,
                                     std::size_t limit) {
    if (fails()) {
        throw Unavailable("the store cannot be read");
    }
    std::vector<std::string> names;
    for (const auto& [record_name, kept] : records_) {
        const auto& [its_kind, its_realm, its_name] = record_name;
        if (its_kind == kind && its_realm == realm && its_name > cursor && kept.version != 0 &&
            names.size() < limit) {
            names.push_back(its_name);
        }
    }
    return names;
}

CommitOutcome World::apply(const Change& change) {
    Record& kept = records_[{change.key.kind, change.key.realm, change.key.name}];
    if (kept.version != change.expected_version) {
        return {CommitResult::conflict, 0, {}};
    }
    if (change.document) {
        kept = {*change.document, (kept.version == 0 ? highest_deleted_ : kept.version) + 1};
    } else {
        highest_deleted_ = std::max(highest_deleted_, kept.version);
        kept = {};
    }
    committed.push_back(change.key);
    // Not at once: whoever commits goes on first.
    const auto watches = [&](const Watcher& watcher) { return watcher.record == change.key; };
    for (auto watcher = watchers_.begin(); watcher != watchers_.end();) {
        if (watches(*watcher)) {
            woken_.push_back(std::move(watcher->done));
            watcher = watchers_.erase(watcher);
        } else {
            ++watcher;
        }
    }
    order.push_back((change.key.kind == RecordKind::credentials ? "commit credentials "
                     : change.key.kind == RecordKind::state     ? "commit state "
                                                                : "commit ") +
                    change.key.name);
    if (cut_after > 0 && --cut_after == 0) {
        cut_after = -1;
    }
    return {CommitResult::committed, kept.version, {}};
}

Later<CommitOutcome> World::commit(Change change) {
    if (interruption && change.key.kind == interrupted) {
        std::exchange(interruption, nullptr)();
    }
    return Later<CommitOutcome>([this, change = std::move(change)](std::function<void(CommitOutcome)> done) {
        if (fails()) {
            answer([done] { done({CommitResult::unavailable, 0, "disk full"}); });
            return;
        }
        // Deferred, it is in force at once and known later, or both later.
        if (!deferred || chance() % 2 == 0) {
            const CommitOutcome outcome = apply(change);
            if (cut_after < 0) {
                throw PowerCut{};
            }
            answer([done, outcome] { done(outcome); });
            wake();
            return;
        }
        answer([this, done, change] { done(apply(change)); });
        wake();
    });
}

void World::wake() {
    for (auto& done : std::exchange(woken_, {})) {
        answer([done = std::move(done)] { done(true); });
    }
}

Later<PersonAnswer> World::person(std::string name) {
    return later<PersonAnswer>([this, name = std::move(name)] {
        ++people_asked;
        PersonAnswer found;
        if (fails() || directory == Found::unavailable) {
            found.reason = "the directory does not answer";
            return found;
        }
        const auto it = people.find(name);
        found.found = it != people.end() ? Found::yes : Found::no;
        found.person = it != people.end() ? it->second : Person{};
        return found;
    });
}

CredentialsAnswer World::read(const std::map<std::string, std::string>& from_files, const Subject& subject,
                              bool broken) const {
    CredentialsAnswer found;
    const auto it = from_files.find(subject.name);
    if (broken) {
        found.reason = "Permission denied";
    } else if (it == from_files.end()) {
        found.found = Found::no;
    } else {
        try {
            found.credentials = from_plain_json(it->second, subject);
            found.found = Found::yes;
        } catch (const Unavailable& error) {
            found.reason = error.what();
        }
    }
    return found;
}

Later<MembersAnswer> World::members(std::string group) {
    const bool failed = fails();
    return later<MembersAnswer>([this, failed, group] {
        ++groups_asked;
        MembersAnswer answer;
        const auto known = groups.find(group);
        answer.found = failed ? Found::unavailable : known == groups.end() ? Found::no : Found::yes;
        if (answer.found == Found::yes) {
            answer.names.assign(known->second.begin(), known->second.end());
        }
        return answer;
    });
}

Later<bool> World::changed(RecordKey record, int) {
    return Later<bool>([this, record = std::move(record)](std::function<void(bool)> done) {
        watchers_.push_back({record, std::move(done)});
    });
}

void World::pass(std::int64_t seconds) {
    clock += seconds;
    const auto watching = std::exchange(watchers_, {});
    for (const auto& watcher : watching) {
        watcher.done(false);
    }
}

Later<std::vector<Membership>> World::memberships(Person person, std::vector<std::string> wanted) {
    const bool failed = fails();
    return later<std::vector<Membership>>([this, failed, person, wanted] {
        std::vector<Membership> answers;
        for (const auto& group : wanted) {
            const auto known = groups.find(group);
            answers.push_back(failed                                ? Membership::unknown
                              : known == groups.end()               ? Membership::absent
                              : known->second.contains("?")         ? Membership::unknown
                              : known->second.contains(person.name) ? Membership::yes
                                                                    : Membership::no);
        }
        return answers;
    });
}

Later<bool> World::publish(std::string name, Standing standing) {
    return later<bool>([this, name = std::move(name), standing] {
        if (cut_after < 0) {
            throw PowerCut{};
        }
        order.push_back("publish " + name);
        if (!nss_broken) {
            told[name] = standing;
        }
        return !nss_broken;
    });
}

Later<bool> World::withdraw_exemption(std::string name) {
    return later<bool>([this, name = std::move(name)] {
        order.push_back("leave " + name);
        if (!nss_broken) {
            told[name].exempt = false;
        }
        return !nss_broken;
    });
}

LocalTime World::local_time() {
    const std::time_t time = clock;
    std::tm wall{};
    gmtime_r(&time, &wall);
    return {.year = wall.tm_year + 1900,
            .month = wall.tm_mon + 1,
            .day = wall.tm_mday,
            .weekday = (wall.tm_wday + 6) % 7,
            .minute = wall.tm_hour * 60 + wall.tm_min};
}

Later<CredentialsAnswer> World::read_home(Person person, Subject subject) {
    return later<CredentialsAnswer>([this, person = std::move(person), subject = std::move(subject)] {
        ++homes_read;
        if (person.home == "/nonexistent") {
            (void)fails();
            return CredentialsAnswer{Found::no, {}, {}};
        }
        return read(homes, subject, fails() || home_broken);
    });
}

Later<std::string> World::write_home(Person person, Secret document) {
    const auto kept = std::make_shared<std::string>(document.text());
    return later<std::string>([this, person = std::move(person), kept]() -> std::string {
        if (fails() || home_broken) {
            return "Permission denied";
        }
        homes[person.name] = *kept;
        return "";
    });
}

Later<CredentialsAnswer> World::read_text(Subject subject) {
    return later<CredentialsAnswer>(
        [this, subject = std::move(subject)] { return read(texts, subject, fails() || text_broken); });
}

Later<CredentialsAnswer> World::read_key_file(Person person, Subject subject, KeyFilePlace place) {
    return later<CredentialsAnswer>([this, person, subject, place] {
        ++homes_read;
        CredentialsAnswer answer;
        const std::string owner = place.owner.empty() ? person.name : place.owner;
        try {
            const auto path = key_file_path(place.path, person.name, person.home, place.owner.empty());
            const auto file = key_files.find(owner + ' ' + path.shown);
            answer.found = fails() || home_broken    ? Found::unavailable
                           : file == key_files.end() ? Found::no
                                                     : Found::yes;
            if (answer.found == Found::yes) {
                answer.credentials = parse_google_file(file->second, subject, path.shown);
            }
        } catch (const Unavailable& error) {
            answer.found = Found::unavailable;
            answer.reason = error.what();
        }
        return answer;
    });
}

Later<NamesAnswer> World::aliases(Person person, bool in_text) {
    return later<NamesAnswer>([this, person = std::move(person), in_text] {
        NamesAnswer answer;
        if (fails() || directory == Found::unavailable) {
            answer.reason = "the directory does not answer";
            return answer;
        }
        bool canonical = true;
        for (const auto& [name, somebody] : people) {
            const bool alias = somebody.uid == person.uid && name != person.name;
            if (alias && (canonical || (in_text && texts.contains(name)))) {
                answer.names.push_back(name);
            }
            canonical = canonical && somebody.uid != person.uid;
        }
        answer.found = answer.names.empty() ? Found::no : Found::yes;
        return answer;
    });
}

Later<DigestAnswer> World::digest(std::string, const SourceId&, std::uint32_t, Secret code,
                                  RecoverySalt salt) {
    const auto text = std::make_shared<std::string>(code.text());
    return later<DigestAnswer>([this, text, salt] {
        ++digests;
        return fails() ? DigestAnswer{} : DigestAnswer{fake_digest(key, *text, salt)};
    });
}

Later<std::shared_ptr<NewRecoverySet>> World::new_recovery_set() {
    return later<std::shared_ptr<NewRecoverySet>>([this]() -> std::shared_ptr<NewRecoverySet> {
        if (fails()) {
            return nullptr;
        }
        auto made = std::make_shared<NewRecoverySet>();
        const Secret salt = Secret::random(made->set.salt.size());
        std::copy(salt.bytes().begin(), salt.bytes().end(), made->set.salt.begin());
        for (std::size_t i = 0; i < recovery_codes_in_a_set; ++i) {
            Secret code = base32_encode(Secret::random(10).bytes());
            made->set.digests.push_back(fake_digest(key, code.text(), made->set.salt));
            made->codes.push_back(std::move(code));
        }
        return made;
    });
}

void World::log(int, std::string_view line) {
    lines.emplace_back(line);
}

Caller from(std::string address) {
    Caller caller;
    caller.admin = true;
    caller.source = SourceId::remote(address);
    caller.service = "sshd";
    caller.place = "address " + address;
    caller.rhost = std::move(address);
    caller.tty = "ssh";
    return caller;
}

Caller at_home() {
    return from("203.0.113.7");
}

Caller administrator() {
    Caller caller;
    caller.admin = true;
    caller.source = SourceId::local(0);
    return caller;
}

EnrolRequest enrol_request(const Caller& caller, const Subject& subject) {
    EnrolRequest request;
    request.subject = subject;
    request.caller = caller;
    return request;
}

std::string Phone::wrong(std::int64_t now) const {
    for (int guess = 0;; ++guess) {
        std::string text = std::to_string(guess);
        text.insert(0, static_cast<std::size_t>(otp.digits) - text.size(), '0');
        bool right = false;
        for (std::int64_t at = now - 300; at <= now + 300; at += otp.period) {
            right = right || code(at) == text;
        }
        if (!right) {
            return text;
        }
    }
}

Enrolment enrol(World& world, Engine& engine, const Subject& subject) {
    Caller self = at_home();
    self.admin = false;
    const Enrolled offered = finish(engine.enroll(enrol_request(self, subject)));
    Phone phone(offered);
    Answer typed =
        parse_answer(phone.code(world.clock - 30));  // the step before, so that the present one is fresh
    Confirmed confirmed =
        finish(engine.confirm(subject, self, offered.authenticator, std::move(typed), Addition::permitted));
    return {std::move(phone), std::move(confirmed)};
}

AttemptResult attempt(Engine& engine, std::string_view typed, const Caller& caller, const Subject& subject) {
    AttemptRequest request;
    request.subject = subject;
    request.caller = caller;
    request.answer = parse_answer(typed);
    return finish(engine.attempt(std::move(request)));
}

StartRequest door(std::vector<std::string> options, std::string user) {
    StartRequest request;
    request.user = std::move(user);
    request.caller = at_home();
    request.options = std::move(options);
    request.has_authtok = true;
    return request;
}

Step converse(Engine& engine, const StartRequest& request, std::string_view typed, ReplyKind kind) {
    Conversation conversation(engine);
    Step step = finish(conversation.start(request));
    if (step.kind != Step::Kind::prompt) {
        return step;
    }
    return finish(conversation.answer(kind, std::string(typed)));
}

}  // namespace warifu
