// Enrolment: a key is offered, and nothing counts until a code confirms it.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "core/account/credentials_json.h"
#include "core/engine/engine.h"
#include "core/engine/log_line.h"
#include "core/engine/offer.h"
#include "core/error/error.h"
#include "core/otp/base32.h"

namespace warifu {

namespace {

std::string default_label(const Credentials& credentials) {
    for (std::size_t n = 1;; ++n) {
        const std::string label = n == 1 ? "phone" : "phone " + std::to_string(n);
        const bool taken = std::any_of(credentials.authenticators.begin(), credentials.authenticators.end(),
                                       [&](const Authenticator& entry) { return entry.label == label; });
        if (!taken) {
            return label;
        }
    }
}

std::int64_t lifetime(const EnrolRequest& request, const PersonAnswer& person) {
    const bool for_another = request.caller.admin && person.found == Found::yes && person.person.uid != 0;
    if (for_another) {
        return offer_by_admin_seconds;
    }
    return request.caller.source.is_local() ? offer_local_seconds : offer_remote_seconds;
}

Authenticator new_authenticator(const EnrolRequest& request, const Credentials& credentials,
                                std::int64_t now) {
    Authenticator made;
    made.id = new_authenticator_id();
    made.label = request.label.empty() ? default_label(credentials) : request.label;
    made.otp = request.otp;
    made.created = now;
    made.secret =
        request.secret ? Secret::copy_of(request.secret->bytes()) : Secret::random(new_secret_bytes);
    return made;
}

// Whatever their parameters: a code of eight digits ends with the code of six, which would still be unspent.
// HMAC fills a key up with zeros (RFC 2104 section 2), so those at its end make no other key.
bool same_key(const Secret& one, const Secret& other) {
    const auto significant = [](std::span<const std::uint8_t> bytes) {
        while (!bytes.empty() && bytes.back() == 0) {
            bytes = bytes.first(bytes.size() - 1);
        }
        return bytes;
    };
    return constant_time_equal(significant(one.bytes()), significant(other.bytes()));
}

// Notes the offers that were made from elsewhere and drops what is older than a day.
void note_offer(Offer& offer, const std::string& source, std::int64_t now) {
    std::erase_if(offer.history, [&](const OfferNote& note) {
        return note.made + offer_history_seconds < now || note.source == source;
    });
    if (offer.history.size() >= offer_history_most) {
        offer.history.erase(offer.history.begin());
    }
    offer.history.push_back({source, now});
}

std::vector<OfferNote> from_elsewhere(const Offer& offer, const std::string& source, std::int64_t now) {
    std::vector<OfferNote> others;
    for (const auto& note : offer.history) {
        if (note.source != source && note.made + offer_history_seconds >= now) {
            others.push_back(note);
        }
    }
    return others;
}

}  // namespace

std::string authenticator_id(std::span<const std::uint8_t, 8> bytes) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string id;
    for (const std::uint8_t byte : bytes) {
        id += hex[byte >> 4];
        id += hex[byte & 15];
    }
    return id;
}

std::string new_authenticator_id() {
    const Secret bytes = Secret::random(8);
    return authenticator_id(bytes.bytes().first<8>());
}

Enrolled Engine::describe(const Subject& subject, const Authenticator& authenticator,
                          const std::string& issuer) const {
    Enrolled described;
    described.user = subject.name;
    described.authenticator = authenticator.id;
    described.label = authenticator.label;
    described.otp = authenticator.otp;
    described.secret = base32_encode(authenticator.secret.bytes());
    KeyUri uri;
    uri.otp = authenticator.otp;
    uri.issuer = issuer.empty() ? config_->issuer : issuer;
    uri.account = subject.name;
    uri.secret = Secret::copy_of(authenticator.secret.bytes());
    uri.counter = authenticator.counter;
    described.uri = to_uri(uri);
    return described;
}

Engine::LoadedOffer Engine::load_offer(const Subject& subject) const {
    const auto records = ports_.load({offer_key(subject)});
    return {decode_offer(records[0].document, subject, key()), records[0].version};
}

Task<Enrolled> Engine::enroll(EnrolRequest request) {
    check(request.otp);
    if (!request.label.empty()) {
        check_label(request.label);
    }
    if (request.secret &&
        (request.secret->size() < min_secret_bytes || request.secret->size() > max_secret_bytes)) {
        throw Invalid("secret", "a key has 80 to 512 bits: 16 to 103 base32 characters");
    }
    const Subject subject = request.subject;
    const std::string source = request.caller.source.text();
    auto person_waits = ports_.person(subject.name);
    const PersonAnswer person = co_await person_waits;
    if (person.found == Found::no) {
        throw NotFound("nobody has this login name: check it with `getent passwd NAME`");
    }
    if (person.found == Found::unavailable) {
        throw Unavailable("the login name could not be looked up: " + person.reason);
    }
    for (;;) {
        auto holding_waits = find_to_add(subject);
        const Holding holding = co_await holding_waits;
        if (holding.found == Found::unavailable) {
            throw Unavailable(holding.reason);
        }
        if (holding.kind == SourceKind::text) {
            throw Conflict("this account's keys are in " + config_->text_file +
                           ", which Warifu only reads: add a line there");
        }
        if (holding.kind == SourceKind::google_authenticator) {
            refuse_to_write(holding.kind);
        }
        const std::int64_t now = ports_.now();
        const std::size_t most = static_cast<std::size_t>(config_->most_authenticators);
        if (holding.credentials.authenticators.size() >= most) {
            throw Conflict("this account has " + std::to_string(most) +
                           " authenticators, which is the most: remove "
                           "one first (`warifu remove`)");
        }
        if (request.secret) {
            (void)key();
            const auto& held = holding.credentials.authenticators;
            const bool active = std::any_of(held.begin(), held.end(), [&](const Authenticator& entry) {
                return same_key(entry.secret, *request.secret);
            });
            if (active) {
                throw Invalid("secret",
                              "this key is active on the account already: a copy would be the same "
                              "authenticator");
            }
        }
        LoadedOffer loaded = load_offer(subject);
        Offer& offer = loaded.offer;
        const bool same = offer.pending && offer.source == source && now < offer.expires &&
                          now >= offer.made && !request.secret && offer.pending->otp == request.otp &&
                          (request.label.empty() || request.label == offer.pending->label) &&
                          (request.issuer.empty() || request.issuer == offer.issuer);
        if (!same) {
            note_offer(offer, source, now);
            offer.pending = new_authenticator(request, holding.credentials, now);
            offer.source = source;
            offer.issuer = request.issuer;
            offer.made = now;
            offer.expires = now + lifetime(request, person);
            offer.wrong = 0;
            auto document = std::optional<std::string>(encode_offer(subject, offer, key()));
            auto store_waits = commit(offer_key(subject), loaded.version, std::move(document));
            const CommitOutcome stored = co_await store_waits;
            if (stored.result == CommitResult::conflict) {
                continue;
            }
            auto audit_waits =
                audit(request.caller, subject, "enroll", "label=" + escape_for_log(offer.pending->label));
            (void)co_await audit_waits;
            auto publish_waits = publish(subject);
            (void)co_await publish_waits;
        } else {
            log_act(request.caller, subject, "enroll",
                    "label=" + escape_for_log(offer.pending->label) + " offered=again");
        }
        Enrolled enrolled = describe(subject, *offer.pending, offer.issuer);
        enrolled.expires = offer.expires;
        enrolled.others = from_elsewhere(offer, source, now);
        co_return enrolled;
    }
}

Task<bool> Engine::spend(Subject subject, AuthenticatorState mark, std::vector<Tag> active) {
    bool spent_now = false;
    auto waits = change_state(subject, [&](State& state) {
        auto& entry = authenticator_state(state, mark.tag, active);
        spent_now = entry.last < mark.last;
        if (spent_now) {
            entry = mark;
        }
    });
    (void)co_await waits;
    co_return spent_now;
}

Task<bool> Engine::note_seen(Subject subject) {
    for (;;) {
        const std::uint32_t resets = load_state(subject).resets;
        auto find_waits = find(subject);
        const Holding holding = co_await find_waits;
        if (holding.found == Found::no) {
            throw Conflict("the account was reset at the same moment: begin again with `warifu enroll`");
        }
        bool noted = false;
        auto waits = change_state(subject, [&noted, resets](State& state) {
            noted = state.resets == resets;
            if (noted) {
                state.seen = true;
                state.remembered.clear();
            }
        });
        (void)co_await waits;
        if (noted) {
            co_return true;
        }
    }
}

Task<Confirmed> Engine::confirm(Subject subject, Caller caller, std::string authenticator, Answer code,
                                Addition addition) {
    for (;;) {
        LoadedOffer loaded = load_offer(subject);
        const std::int64_t now = ports_.now();
        Offer& offer = loaded.offer;
        if (!offer.pending || now >= offer.expires || now < offer.made) {
            throw NotFound("no key is on offer for this account: make one with `warifu enroll`");
        }
        if (!authenticator.empty() && offer.pending->id != authenticator) {
            throw NotFound("this key is no longer on offer: begin again with `warifu enroll`");
        }
        if (offer.wrong >= offer_most_wrong) {
            throw Denied("limited",
                         "too many wrong codes for the key on offer: begin again with `warifu enroll`");
        }
        auto holding_waits = find_to_add(subject);
        Holding holding = co_await holding_waits;
        if (holding.found == Found::unavailable) {
            throw Unavailable(holding.reason);
        }
        // The key on offer alone, against the marks of the real state, so that a spent code confirms nothing.
        Credentials pending;
        pending.subject = subject;
        pending.authenticators.push_back(offer.pending->clone());
        const auto pending_tags = tags(pending);
        auto active = tags(holding.credentials);
        // Somebody was cut off between the credentials and the rest: this time it is finished.
        const bool finishing = std::find(active.begin(), active.end(), pending_tags[0]) != active.end();
        if (!finishing && addition == Addition::refused) {
            // Whoever shares a key is enrolled too.
            auto shared_waits = find_or_shared(subject, load_state(subject));
            const Holding sharing = co_await shared_waits;
            if (sharing.found == Found::unavailable) {
                throw Unavailable(sharing.reason);
            }
            if (sharing.found == Found::yes) {
                throw Conflict(
                    "the account was enrolled meanwhile: add to it with a proof, `warifu enroll --proof "
                    "CODE`");
            }
        }
        const std::size_t most = static_cast<std::size_t>(config_->most_authenticators);
        if (!finishing && holding.credentials.authenticators.size() >= most) {
            throw Conflict("this account has the most authenticators it may have: remove one first");
        }
        State probe;
        const State current = load_state(subject);
        if (const auto* mark = find_authenticator_state(current, pending_tags[0])) {
            probe.authenticators.push_back(*mark);
        }
        const Attempt attempt{.answer = code,
                              .origin = {caller.source, 0},
                              .digest = std::nullopt,
                              .now = now,
                              .window = std::max(config_->window, 1),
                              .look_ahead = config_->look_ahead,
                              .learn_drift = true,
                              .limits = limits(),
                              .decoy = false};
        Outcome outcome;
        if (code.shape == AnswerShape::digits) {
            outcome = warifu::verify(Account{pending, pending_tags}, probe, attempt);
        }
        if (outcome.verdict != Verdict::success) {
            ++offer.wrong;
            auto document = std::optional<std::string>(encode_offer(subject, offer, key()));
            auto count_waits = commit(offer_key(subject), loaded.version, std::move(document));
            const CommitOutcome counted = co_await count_waits;
            if (counted.result == CommitResult::conflict) {
                continue;
            }
            throw Denied("bad_code",
                         "this is not the code of the key on offer: wait for the next one, and check that "
                         "the phone's clock is set by the network");
        }

        Confirmed confirmed;
        confirmed.user = subject.name;
        confirmed.authenticator = offer.pending->id;
        confirmed.label = offer.pending->label;
        confirmed.clock_off_seconds = outcome.clock_off * offer.pending->otp.period;
        // Who was cut off never heard the codes of the first one: they are made anew.
        const bool new_codes = finishing ? holding.credentials.authenticators.size() == 1
                                         : !holding.credentials.recovery.has_value();
        if (new_codes) {
            auto set_waits = ports_.new_recovery_set();
            const std::shared_ptr<NewRecoverySet> made = co_await set_waits;
            if (!made) {
                throw Unavailable("recovery codes could not be made: not enough memory for scrypt");
            }
            holding.credentials.recovery = made->set;
            confirmed.recovery_codes = std::move(made->codes);
        }
        // The confirming step is spent first; only credentials make the account enrolled; from then on their
        // absence is an error. Cut off anywhere, the account is as before or enrolled.
        active.push_back(pending_tags[0]);
        auto mark_waits = spend(subject, probe.authenticators[0], std::move(active));
        const bool spent_now = co_await mark_waits;
        if (!spent_now) {
            throw Denied("replayed", "this code was used a moment ago: wait for the next one");
        }
        if (holding.found == Found::no) {
            auto person_waits = ports_.person(subject.name);
            const PersonAnswer person = co_await person_waits;
            if (person.found != Found::yes) {
                throw Unavailable("the login name could not be looked up: " + person.reason);
            }
            holding.credentials.uid = person.person.uid;
            auto uid_waits = note_uid(subject, person.person.uid);
            (void)co_await uid_waits;
        }
        const std::uint64_t expected = holding.version;
        if (!finishing) {
            holding.credentials.authenticators.push_back(offer.pending->clone());
        }
        auto save_waits = save_credentials(std::move(holding), expected);
        const bool saved = co_await save_waits;
        if (!saved) {
            // Somebody changed the account meanwhile; the mark is spent, so a new code is wanted.
            throw Conflict("the account was changed at the same moment: confirm again with the next code");
        }
        // From here on the account is enrolled, whatever becomes of the rest.
        auto publish_waits = publish(subject);
        (void)co_await publish_waits;
        auto seen_waits = note_seen(subject);
        (void)co_await seen_waits;
        offer.pending.reset();
        std::optional<std::string> rest(encode_offer(subject, offer, key()));
        auto clear_waits = commit(offer_key(subject), loaded.version, std::move(rest));
        (void)co_await clear_waits;
        auto audit_waits = audit(caller, subject, "confirm", "label=" + escape_for_log(confirmed.label));
        (void)co_await audit_waits;
        co_return confirmed;
    }
}

}  // namespace warifu
