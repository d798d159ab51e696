// One attempt: what a stranger can see of it (prompts, system calls, commits) is the same whatever the
// account's state, so the decoy is always loaded and exactly one row is always committed.

#include <syslog.h>

#include "core/account/remembered.h"
#include "core/engine/engine.h"
#include "core/engine/log_line.h"
#include "core/engine/shared_key.h"
#include "core/error/error.h"
#include "core/limits/common_budget.h"

namespace warifu {

namespace {

// Why this attempt must not touch the subject's own account; Reason::ok where it may.
Reason why_decoy(const AttemptRequest& request, const Holding& holding, const State& state, bool has_key) {
    if (request.decoy_reason != Reason::ok) {
        return request.decoy_reason;
    }
    if (!request.hindrance.empty() && holding.found == Found::no && !state.seen && !state.suspended) {
        return Reason::cannot_enrol;
    }
    if (request.answer.shape == AnswerShape::junk) {
        return Reason::junk;
    }
    if (holding.found != Found::yes) {
        return Reason::not_enrolled;
    }
    if (state.suspended) {
        return Reason::suspended;
    }
    // Without the key no code can be compared, so none may be counted.
    return has_key || request.answer.shape == AnswerShape::recovery ? Reason::ok : Reason::unavailable;
}

std::uint32_t recent_failures(const State& state, const SourceId& source) {
    for (const auto& entry : state.failing) {
        if (entry.source == source) {
            return entry.failures;
        }
    }
    return 0;
}

// Whose wrong answers all count together; nullopt: this one's do not. A guesser, who comes from elsewhere,
// has not passed before, whosever name it is; on the host itself the person is all there is to go by.
std::optional<RecordKey> common_budget(const Holding& holding, const State& state, const SourceId& source,
                                       std::int64_t now) {
    const bool passed = state.shared && (is_known(state, source, now) ||
                                         (source.is_local() && !source.is_through_a_client()));
    if (holding.shared_key.empty() || passed) {
        return std::nullopt;
    }
    return common_budget_record(holding.credentials.subject.realm, holding.shared_key);
}

AttemptResult result_of(const Outcome& outcome, const Holding& holding) {
    const Credentials& credentials = holding.credentials;
    AttemptResult result;
    result.verdict = outcome.verdict;
    result.reason = outcome.reason;
    result.candidate = outcome.candidate;
    result.recovery_left = outcome.recovery_left;
    result.retry_at = outcome.retry_at;
    if (outcome.verdict == Verdict::success && outcome.authenticator) {
        const auto& matched = credentials.authenticators[*outcome.authenticator];
        result.authenticator = matched.id;
        result.label = matched.label;
        result.clock_off_seconds = outcome.clock_off * matched.otp.period;
        if (holding.replaced_from != 0 && *outcome.authenticator + 1 < credentials.authenticators.size()) {
            result.replaced_from = holding.replaced_from;
        }
    }
    if (outcome.reason == Reason::mark_ahead) {
        result.detail = "the spent mark is " + std::to_string(outcome.mark_ahead) +
                        " steps ahead of the clock: check the clock, then `warifu reset --replay`";
    } else if (outcome.usual_window && outcome.verdict == Verdict::denied) {
        result.detail =
            "after so many wrong codes only the usual window counts, not the wide one of its file";
    }
    return result;
}

}  // namespace

Attempt Engine::attempt_of(const AttemptRequest& request) const {
    Origin origin{request.caller.source, 0};
    const auto compartment = [&](std::string_view kind, const std::string& name) {
        return key_ != nullptr ? key_->keyed_hash(kind, name) | 1 : 1;
    };
    // Who is not root names no service that is believed: its guesses all count in one place, and a client's
    // in its own.
    if (request.caller.client != 0) {
        origin.compartment = compartment("client", std::to_string(request.caller.client));
    } else if (request.single_field && request.caller.admin) {
        origin.compartment = compartment("compartment", request.caller.service);
    }
    return Attempt{.answer = request.answer,
                   .origin = origin,
                   .digest = std::nullopt,
                   .now = ports_.now(),
                   .window = config_->window_of(request.caller.service),
                   .look_ahead = config_->look_ahead,
                   .learn_drift = request.learn_drift,
                   .limits = limits(),
                   .decoy = false};
}

void Engine::note_remembered(const AttemptRequest& request, const Outcome& outcome,
                             const Credentials& credentials, std::span<const Tag> tag_list,
                             State& state) const {
    if (outcome.verdict != Verdict::success || request.remember_seconds == 0) {
        return;
    }
    if (const auto door = door_hash(request.caller, credentials, tag_list)) {
        remember(state, *door, ports_.now(), request.remember_seconds);
    }
}

Task<bool> Engine::pay(Toll& toll, Subject subject, std::optional<RecordKey> common, Attempt attempt,
                       std::uint32_t weight, RecordKey decoy_row) {
    toll.refused_until = 0;
    if (common && toll.charged == common && toll.weight >= weight) {
        co_return true;
    }
    if (toll.charged) {
        auto back_waits = give_back(toll);
        (void)co_await back_waits;
        toll.charged.reset();
    }
    for (;;) {
        // The same three for everybody: who has no part in the common budget reads the decoy's row twice.
        const auto records = ports_.load(
            {{RecordKind::state, subject.realm, subject.name}, decoy_row, common ? *common : decoy_row});
        const State own = decode_state(records[0].version == 0 ? std::string_view() : records[0].document);
        // What one's own limits refuse costs nobody else anything.
        const bool held = !limited_until(own, attempt.origin, weight, attempt.now, attempt.limits);
        if (common && held) {
            auto budget =
                CommonBudget::decode(records[2].version == 0 ? std::string_view() : records[2].document);
            if (const auto until = budget.spent_until(weight, attempt.now)) {
                toll.refused_until = *until;
                if (budget.alarm_due(attempt.now)) {
                    auto alarm_waits = raise_alarm(*common, attempt.now);
                    toll.paid = co_await alarm_waits;
                }
            } else {
                budget.charge(weight, attempt.now);
                auto charge_waits = commit(*common, records[2].version, budget.encode());
                const CommitOutcome charged = co_await charge_waits;
                if (charged.result == CommitResult::conflict) {
                    continue;
                }
                toll.charged = std::move(common);
                toll.at = attempt.now;
                toll.weight = weight;
                toll.epoch = budget.epoch();
                toll.paid = true;
                co_return true;
            }
        }
        if (toll.paid) {
            co_return true;
        }
        State row = decode_state(records[1].document);
        ++row.serial;
        auto waits = commit(std::move(decoy_row), records[1].version, encode(row));
        (void)co_await waits;  // whoever was first: the row says nothing, and the work was done
        toll.paid = true;
        co_return true;
    }
}

Task<bool> Engine::raise_alarm(RecordKey common, std::int64_t now) {
    for (;;) {
        const auto record = ports_.load({common})[0];
        auto budget = CommonBudget::decode(record.version == 0 ? std::string_view() : record.document);
        if (!budget.alarm_due(now)) {
            co_return false;  // somebody else said it
        }
        budget.note_alarm(now);
        auto waits = commit(common, record.version, budget.encode());
        const CommitOutcome noted = co_await waits;
        if (noted.result == CommitResult::committed) {
            break;
        }
    }
    ports_.log(LOG_ALERT, "shared key: " + common.name +
                              ": too many wrong codes from people and places that it never signed in: they "
                              "wait, everybody else signs in; if somebody guesses, replace the key (`warifu "
                              "shared rotate " +
                              common.name + " --now`) or give keys of their own (`warifu enroll`)");
    co_return true;
}

// What was charged and not wrong is given back, unless all was forgotten since. What cannot be is a count too
// many.
Task<bool> Engine::give_back(Toll toll) {
    try {
        while (toll.charged) {
            const auto record = ports_.load({*toll.charged})[0];
            auto budget = CommonBudget::decode(record.version == 0 ? std::string_view() : record.document);
            if (budget.epoch() != toll.epoch) {
                co_return true;
            }
            budget.take_back(toll.weight, toll.at);
            auto waits = commit(*toll.charged, record.version, budget.encode());
            const CommitOutcome given = co_await waits;
            if (given.result == CommitResult::committed) {
                toll.charged.reset();
            }
        }
    } catch (const std::exception& error) {
        ports_.log(LOG_ERR, "shared key: " + toll.charged->name +
                                ": an attempt that was not wrong stays counted as one: " + error.what());
        co_return false;
    }
    co_return true;
}

Task<AttemptResult> Engine::evaluate(AttemptRequest request) {
    const Subject& subject = request.subject;
    const bool recovery = request.answer.shape == AnswerShape::recovery;
    std::optional<std::pair<RecoverySalt, RecoveryDigest>> computed;
    Toll toll;
    for (;;) {
        // The state comes first: whoever changes credentials commits the state last, so that an attempt which
        // read old credentials loses the race here.
        std::uint64_t version = 0;
        State state = load_state(subject, &version);
        auto holding_waits = find_or_shared(subject, state, request.key_file);
        const Holding holding = co_await holding_waits;
        RecordKey decoy_state_key;
        const Holding decoy_holding = decoy(subject, decoy_state_key);
        const Reason reason = why_decoy(request, holding, state, key_ != nullptr);

        Attempt attempt = attempt_of(request);
        if (recovery) {
            const auto& credentials = reason == Reason::ok ? holding.credentials : decoy_holding.credentials;
            const auto& set =
                credentials.recovery ? credentials.recovery : decoy_holding.credentials.recovery;
            const RecoverySalt salt = set ? set->salt : RecoverySalt{};
            if (!computed || computed->first != salt) {
                auto waits = ports_.digest(subject.realm + '/' + subject.name, request.caller.source,
                                           recent_failures(state, request.caller.source),
                                           Secret::copy_of(request.answer.candidates[0].bytes()), salt);
                const DigestAnswer digest = co_await waits;
                if (!digest.digest) {
                    throw Unavailable("a recovery code could not be checked: not enough memory for scrypt");
                }
                computed.emplace(salt, *digest.digest);
            }
            attempt.digest = computed->second;
        }

        const auto own_tags = tags(holding.credentials);
        const auto decoy_tags = tags(decoy_holding.credentials);
        const Account own{holding.credentials, own_tags};
        if (holding.sharing) {
            std::optional<RecordKey> common;
            if (reason == Reason::ok && !recovery) {
                common = common_budget(holding, state, request.caller.source, attempt.now);
            }
            auto pay_waits = pay(toll, subject, std::move(common), attempt,
                                 attempt_weight(codes_compared(own, attempt)), decoy_state_key);
            (void)co_await pay_waits;
        }
        const auto decoy_record = ports_.load({decoy_state_key})[0];
        State decoy_state = decode_state(decoy_record.document);
        State changed = state;
        Outcome outcome;
        if (reason == Reason::ok && toll.refused_until != 0) {
            outcome = limited(toll.refused_until);
        } else if (reason == Reason::ok) {
            outcome = verify(own, changed, attempt);
            if (!holding.shared_key.empty()) {
                changed.seen = state.seen;  // of credentials of their own
                changed.shared = state.shared || outcome.verdict == Verdict::success;
            }
            note_remembered(request, outcome, holding.credentials, own_tags, changed);
        } else {
            outcome.reason = reason;
        }
        const bool real = reason == Reason::ok && outcome.verdict != Verdict::limited;
        if (!real) {
            attempt.decoy = true;
            (void)verify(Account{decoy_holding.credentials, decoy_tags}, decoy_state, attempt);
        }

        if (real && outcome.verdict == Verdict::success && holding.uid) {
            // Of keys that nobody confirmed here: so that nobody passes under another name of this uid.
            auto uid_waits = note_uid(subject, *holding.uid);
            (void)co_await uid_waits;
        }
        // A shared key that was replaced, or is somebody else's now, signs in nobody who was on the way.
        if (holding.sharing &&
            ports_.load({shared_keys_record(subject.realm)})[0].version != holding.sharing_version) {
            continue;
        }

        RecordKey target = real ? RecordKey{RecordKind::state, subject.realm, subject.name} : decoy_state_key;
        std::string document = encode(real ? changed : decoy_state);
        auto commit_waits =
            commit(std::move(target), real ? version : decoy_record.version, std::move(document));
        const CommitOutcome committed = co_await commit_waits;
        if (committed.result == CommitResult::conflict) {
            continue;
        }
        if (real && (changed.seen != state.seen || changed.shared != state.shared)) {
            publish_unawaited(subject);  // a key that Warifu did not enrol was used for the first time
        }
        if (outcome.verdict != Verdict::denied) {
            auto back_waits = give_back(std::move(toll));
            (void)co_await back_waits;
        }
        if (request.decoy_reason == Reason::unavailable) {
            throw Unavailable(request.problem);
        }
        if (request.decoy_reason != Reason::ok) {
            co_return result_of(outcome, holding);
        }
        if (holding.found == Found::unavailable) {
            throw Unavailable(holding.reason);
        }
        if (!recovery && request.answer.shape == AnswerShape::digits) {
            (void)key();  // throws without the key: nothing could be compared
        }
        if (reason == Reason::not_enrolled && state.seen) {
            throw Unavailable(
                "credentials of this account were seen and are gone: bring them back, name their file in "
                "[store] sources, or say that it is meant with `warifu reset`");
        }
        AttemptResult result = result_of(outcome, holding);
        result.resets = changed.resets;
        if (reason == Reason::cannot_enrol) {
            result.detail = request.hindrance;
        }
        co_return result;
    }
}

Task<AttemptResult> Engine::attempt(AttemptRequest request) {
    const Subject subject = request.subject;
    const Caller caller = request.caller;
    AttemptResult result;
    try {
        auto waits = evaluate(std::move(request));
        result = co_await waits;
    } catch (const std::exception& error) {
        result = {};
        result.detail = error.what();
    }
    ports_.log(result.verdict == Verdict::success ? LOG_INFO : LOG_NOTICE,
               sign_in_line(subject, caller, result));
    co_return result;
}

}  // namespace warifu
