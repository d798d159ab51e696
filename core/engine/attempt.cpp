// One attempt: what a stranger can see of it (prompts, system calls, commits) is the same whatever the
// account's state, so the decoy is always loaded and exactly one row is always committed.

#include <syslog.h>

#include "core/account/remembered.h"
#include "core/engine/engine.h"
#include "core/engine/log_line.h"
#include "core/error/error.h"

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

AttemptResult result_of(const Outcome& outcome, const Credentials& credentials) {
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
    }
    if (outcome.reason == Reason::mark_ahead) {
        result.detail = "the spent mark is " + std::to_string(outcome.mark_ahead) +
                        " steps ahead of the clock: check the clock, then `warifu reset --replay`";
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

Task<AttemptResult> Engine::evaluate(AttemptRequest request) {
    const Subject& subject = request.subject;
    const bool recovery = request.answer.shape == AnswerShape::recovery;
    std::optional<std::pair<RecoverySalt, RecoveryDigest>> computed;
    for (;;) {
        // The state comes first: whoever changes credentials commits the state last, so that an attempt which
        // read old credentials loses the race here.
        std::uint64_t version = 0;
        State state = load_state(subject, &version);
        auto holding_waits = find(subject);
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
        const auto decoy_record = ports_.load({decoy_state_key})[0];
        State decoy_state = decode_state(decoy_record.document);
        State changed = state;
        Outcome outcome;
        if (reason == Reason::ok) {
            outcome = verify(Account{holding.credentials, own_tags}, changed, attempt);
            note_remembered(request, outcome, holding.credentials, own_tags, changed);
        } else {
            outcome.reason = reason;
        }
        const bool real = reason == Reason::ok && outcome.verdict != Verdict::limited;
        if (!real) {
            attempt.decoy = true;
            (void)verify(Account{decoy_holding.credentials, decoy_tags}, decoy_state, attempt);
        }

        RecordKey target = real ? RecordKey{RecordKind::state, subject.realm, subject.name} : decoy_state_key;
        std::string document = encode(real ? changed : decoy_state);
        auto commit_waits =
            commit(std::move(target), real ? version : decoy_record.version, std::move(document));
        const CommitOutcome committed = co_await commit_waits;
        if (committed.result == CommitResult::conflict) {
            continue;
        }
        if (real && changed.seen && !state.seen) {
            publish_unawaited(subject);  // a key that Warifu did not enrol was used for the first time
        }
        if (request.decoy_reason == Reason::unavailable) {
            throw Unavailable(request.problem);
        }
        if (request.decoy_reason != Reason::ok) {
            co_return result_of(outcome, holding.credentials);
        }
        if (holding.found == Found::unavailable) {
            throw Unavailable(holding.reason);
        }
        if (!recovery && request.answer.shape == AnswerShape::digits) {
            (void)key();  // throws without the key: nothing could be compared
        }
        if (reason == Reason::not_enrolled && state.seen) {
            throw Unavailable(
                "credentials of this account were seen and are gone: bring them back, or say that it is "
                "meant with `warifu reset`");
        }
        AttemptResult result = result_of(outcome, holding.credentials);
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
