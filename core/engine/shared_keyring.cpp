#include "core/engine/shared_keyring.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <sstream>

#include "core/account/credentials_json.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"
#include "core/limits/common_budget.h"

namespace warifu {

namespace {

SharedKey& named(std::vector<SharedKey>& keys, const std::string& name) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const SharedKey& key) { return key.name == name; });
    if (found == keys.end()) {
        throw NotFound("no shared key has this name: see `warifu shared list`");
    }
    return *found;
}

void keep_sorted(std::vector<std::string>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

void apply(SharedKey& key, const SharedKeyChange& change, const std::string& realm) {
    key.groups = change.groups.value_or(key.groups);
    key.users = change.users.value_or(key.users);
    key.everyone = change.everyone.value_or(key.everyone);
    key.issuer = change.issuer.value_or(key.issuer);
    key.rotate_seconds = change.rotate_seconds.value_or(key.rotate_seconds);
    key.overlap_seconds = change.overlap_seconds.value_or(key.overlap_seconds);
    keep_sorted(key.groups);
    keep_sorted(key.users);
    check_shared_key(key);
    if (realm != "host" && !key.groups.empty()) {
        throw Invalid("groups", "are this host's alone: name users, or everyone");
    }
}

std::vector<SharedKey> keys_in(const Record& record) {
    return decode_shared_keys(record.version == 0 ? std::string_view() : record.document);
}

// "2026-01-31", in UTC.
std::string day_of(std::int64_t unix_seconds) {
    const std::chrono::year_month_day day{
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(unix_seconds)))};
    std::ostringstream text;
    text << std::setfill('0') << std::setw(4) << static_cast<int>(day.year()) << '-' << std::setw(2)
         << static_cast<unsigned>(day.month()) << '-' << std::setw(2) << static_cast<unsigned>(day.day());
    return text.str();
}

}  // namespace

Task<bool> SharedKeyring::update(std::string realm, Change change) {
    const RecordKey record = shared_keys_record(realm);
    for (;;) {
        const auto records = engine_.ports().load({record});
        std::vector<SharedKey> keys = keys_in(records[0]);
        change(keys);
        auto document = std::optional<std::string>(encode_shared_keys(keys));
        auto waits = engine_.commit_record(record, records[0].version, std::move(document));
        const bool committed = co_await waits;
        if (committed) {
            co_return true;
        }
    }
}

Task<SharedKeyChange> SharedKeyring::known(std::string realm, SharedKeyChange change) {
    const bool here = realm == "host";  // in another realm names are whatever its client says
    for (std::size_t i = 0; here && change.groups && i < change.groups->size(); ++i) {
        const std::string group = (*change.groups)[i];
        auto group_waits = engine_.ports().members(group);
        const MembersAnswer members = co_await group_waits;
        if (members.found == Found::no) {
            throw NotFound("there is no group " + escape_for_log(group) + ": see `getent group`");
        }
        if (members.found == Found::unavailable) {
            throw Unavailable("the group could not be looked up: " + members.reason);
        }
    }
    for (std::size_t i = 0; here && change.users && i < change.users->size(); ++i) {
        const std::string user = (*change.users)[i];
        auto person_waits = engine_.ports().person(user);
        const PersonAnswer person = co_await person_waits;
        if (person.found == Found::no) {
            throw NotFound("nobody has the login name " + escape_for_log(user) + ": see `getent passwd`");
        }
        if (person.found == Found::unavailable) {
            throw Unavailable("the login name could not be looked up: " + person.reason);
        }
        (*change.users)[i] = person.person.name;
        auto uid_waits = engine_.note_uid(Subject{realm, person.person.name}, person.person.uid);
        (void)co_await uid_waits;
    }
    co_return change;
}

Task<bool> SharedKeyring::clear_budget(std::string realm, std::string name) {
    const RecordKey record = common_budget_record(realm, name);
    for (;;) {
        const auto records = engine_.ports().load({record});
        CommonBudget budget;
        try {
            budget = CommonBudget::decode(records[0].version == 0 ? std::string_view() : records[0].document);
        } catch (const Unavailable&) {
            budget = {};  // what cannot be read is forgotten with the rest
        }
        budget.begin_anew();
        auto document = std::optional<std::string>(budget.encode());
        auto waits = engine_.commit_record(record, records[0].version, std::move(document));
        const bool committed = co_await waits;
        if (committed) {
            co_return true;
        }
    }
}

Task<bool> SharedKeyring::note(const std::string& realm, const SharedKey& key, std::string action,
                               Caller caller) {
    std::string detail = "key=" + escape_for_log(key.name) + " realm=" + escape_for_log(realm);
    return engine_.note_act(std::move(caller), Subject{realm, "shared keys"}, std::move(action),
                            std::move(detail));
}

void SharedKeyring::generate(const std::string& realm, SharedKey& key, bool at_once) {
    const std::int64_t now = engine_.ports().now();
    Credentials generations;
    generations.subject = sealed_as(realm, key);
    if (!key.sealed.empty()) {
        generations = from_sealed_json(key.sealed, generations.subject, &engine_.store_key());
    }
    Authenticator next;
    next.id = new_authenticator_id();
    next.label = "shared:" + key.name;
    next.otp = engine_.config().enrolment_otp;
    next.otp.kind = OtpKind::totp;  // a counter is one person's
    next.created = now;
    next.secret = Secret::random(new_secret_bytes);
    auto& list = generations.authenticators;
    list.push_back(std::move(next));
    const std::size_t kept = at_once ? 1 : 2;
    if (list.size() > kept) {
        list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(kept));
    }
    key.old_until = list.size() == 2 ? now + key.overlap_seconds : 0;
    key.made = now;
    key.sealed = to_sealed_json(generations, engine_.store_key());
}

HandedOut SharedKeyring::newest(const std::string& realm, const SharedKey& key) const {
    const Credentials generations = from_sealed_json(key.sealed, sealed_as(realm, key), &engine_.store_key());
    if (generations.authenticators.empty()) {
        throw Unavailable("the shared key " + key.name + " holds no key: remove it, and add it again");
    }
    HandedOut out;
    out.key = key;
    // The day tells it from the one before in an app that holds both.
    const Authenticator& last = generations.authenticators.back();
    out.generation =
        engine_.describe(Subject{realm, key.name + " " + day_of(last.created)}, last, key.issuer);
    out.generation.user = key.name;
    out.generation.active = true;
    return out;
}

std::vector<SharedKeyStatus> SharedKeyring::list(const std::string& realm) {
    const auto records = engine_.ports().load({shared_keys_record(realm)});
    const std::int64_t now = engine_.ports().now();
    std::vector<SharedKeyStatus> all;
    for (auto& key : keys_in(records[0])) {
        const auto budgets = engine_.ports().load({common_budget_record(realm, key.name)});
        const auto budget =
            CommonBudget::decode(budgets[0].version == 0 ? std::string_view() : budgets[0].document);
        all.push_back({std::move(key), budget.spent_until(attempt_weight(0), now).value_or(0)});
    }
    return all;
}

Task<HandedOut> SharedKeyring::add(std::string realm, std::string name, SharedKeyChange change,
                                   Caller caller) {
    SharedKey made;
    made.name = name;
    apply(made, change, realm);  // what it may not be is said first
    auto known_waits = known(realm, std::move(change));
    apply(made, co_await known_waits, realm);
    generate(realm, made, true);
    auto waits = update(realm, [&made](std::vector<SharedKey>& keys) {
        const auto place = std::lower_bound(
            keys.begin(), keys.end(), made,
            [](const SharedKey& one, const SharedKey& other) { return one.name < other.name; });
        if (place != keys.end() && place->name == made.name) {
            throw Conflict("there is a shared key of this name: see `warifu shared list`");
        }
        keys.insert(place, made);
    });
    (void)co_await waits;
    auto budget_waits = clear_budget(realm, name);
    (void)co_await budget_waits;
    auto note_waits = note(realm, made, "shared-add", std::move(caller));
    (void)co_await note_waits;
    co_return newest(realm, made);
}

Task<SharedKey> SharedKeyring::change(std::string realm, std::string name, SharedKeyChange change,
                                      Caller caller) {
    SharedKey changed;
    auto known_waits = known(realm, std::move(change));
    change = co_await known_waits;
    auto waits = update(realm, [&](std::vector<SharedKey>& keys) {
        SharedKey& key = named(keys, name);
        apply(key, change, realm);
        changed = key;
    });
    (void)co_await waits;
    auto note_waits = note(realm, changed, "shared-change", std::move(caller));
    (void)co_await note_waits;
    co_return changed;
}

Task<HandedOut> SharedKeyring::show(std::string realm, std::string name, Caller caller) {
    const auto records = engine_.ports().load({shared_keys_record(realm)});
    std::vector<SharedKey> keys = keys_in(records[0]);
    HandedOut out = newest(realm, named(keys, name));
    auto note_waits = note(realm, out.key, "shared-show", std::move(caller));
    (void)co_await note_waits;
    co_return out;
}

Task<HandedOut> SharedKeyring::rotate(std::string realm, std::string name, bool at_once, Caller caller) {
    SharedKey rotated;
    auto waits = update(realm, [&](std::vector<SharedKey>& keys) {
        SharedKey& key = named(keys, name);
        if (!at_once && old_counts(key, engine_.ports().now())) {
            throw Conflict(
                "the last replacement still runs, and some have only the key before it: wait until it ends "
                "(`warifu shared list`), or end both with --now");
        }
        generate(realm, key, at_once);
        rotated = key;
    });
    (void)co_await waits;
    if (at_once) {
        // What was guessed at is gone.
        auto budget_waits = clear_budget(realm, name);
        (void)co_await budget_waits;
    }
    auto note_waits =
        note(realm, rotated, at_once ? "shared-rotate-now" : "shared-rotate", std::move(caller));
    (void)co_await note_waits;
    co_return newest(realm, rotated);
}

Task<std::vector<std::string>> SharedKeyring::rotate_due(std::string realm, Caller caller) {
    const auto records = engine_.ports().load({shared_keys_record(realm)});
    std::vector<SharedKey> due = keys_in(records[0]);
    std::erase_if(due, [&](const SharedKey& key) { return !rotation_due(key, engine_.ports().now()); });
    std::vector<std::string> rotated;
    std::string problems;
    for (const auto& key : due) {
        bool done = false;
        try {
            auto waits = update(realm, [&](std::vector<SharedKey>& keys) {
                done = false;
                for (auto& now : keys) {
                    // Unless somebody else has done it meanwhile.
                    if (now.name == key.name && rotation_due(now, engine_.ports().now())) {
                        generate(realm, now, false);
                        done = true;
                    }
                }
            });
            (void)co_await waits;
        } catch (const std::exception& error) {
            // One key that cannot be replaced keeps no other.
            problems += (problems.empty() ? "" : "; ") + key.name + ": " + error.what();
            continue;
        }
        if (done) {
            rotated.push_back(key.name);
            auto note_waits = note(realm, key, "shared-rotate-due", caller);
            (void)co_await note_waits;
        }
    }
    if (!problems.empty()) {
        throw Unavailable("a shared key was not replaced by its schedule: " + problems);
    }
    co_return rotated;
}

Task<bool> SharedKeyring::remove(std::string realm, std::string name, Caller caller) {
    SharedKey removed;
    auto waits = update(realm, [&](std::vector<SharedKey>& keys) {
        removed = named(keys, name);
        std::erase_if(keys, [&](const SharedKey& key) { return key.name == name; });
    });
    (void)co_await waits;
    auto note_waits = note(realm, removed, "shared-remove", std::move(caller));
    (void)co_await note_waits;
    co_return true;
}

}  // namespace warifu
