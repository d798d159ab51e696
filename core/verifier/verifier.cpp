#include "core/verifier/verifier.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace warifu {

namespace {

bool digits_fit(const Secret& candidate, const OtpParameters& otp) noexcept {
    return candidate.size() == static_cast<std::size_t>(otp.digits);
}

struct Range {
    std::int64_t from = 0, to = -1;  // inclusive; steps or counters
};

// Counters and marks end here, so that no sum with them goes round.
constexpr std::int64_t last_counter = std::numeric_limits<std::int64_t>::max() - 1;

std::int64_t after(std::int64_t counter, int by = 1) noexcept {
    return counter > last_counter - by ? last_counter : counter + by;
}

// How many codes an attempt compares with this authenticator.
int codes_of(const Authenticator& authenticator, int window, int look_ahead, bool usual_window) noexcept {
    const int usual = authenticator.otp.kind == OtpKind::hotp ? look_ahead + 1 : 2 * window + 1;
    const int own = authenticator.window_codes != 0 ? authenticator.window_codes : usual;
    return usual_window ? std::min(own, usual) : own;
}

int codes_of(const Authenticator& authenticator, const Attempt& attempt) noexcept {
    return codes_of(authenticator, attempt.window, attempt.look_ahead, attempt.usual_window);
}

std::int64_t newest_of(const Authenticator& authenticator, int drift, std::int64_t now, int codes) noexcept {
    return time_step(authenticator.otp, now) + authenticator.skew + drift + codes / 2;
}

// Where a right code of this authenticator may lie.
Range window_of(const Authenticator& authenticator, const AuthenticatorState* state,
                const Attempt& attempt) noexcept {
    const int codes = codes_of(authenticator, attempt);
    if (authenticator.otp.kind == OtpKind::hotp) {
        const std::int64_t first = static_cast<std::int64_t>(authenticator.counter);
        const std::int64_t next = state != nullptr ? std::max(first, after(state->last)) : first;
        return {next, after(next, codes - 1)};
    }
    const std::int64_t newest =
        newest_of(authenticator, state != nullptr ? state->drift : 0, attempt.now, codes);
    return {newest - codes + 1, newest};
}

struct Match {
    std::int64_t step = 0;
    std::size_t candidate = 0;
};

// Compares every candidate that fits with every code of the range, whatever matches on the way, and keeps the
// first match above `last` (else the first match at all).
std::optional<Match> search(const Authenticator& authenticator, Range range, std::int64_t last,
                            const Answer& answer) {
    std::optional<Match> fresh, spent;
    for (std::int64_t step = range.from; step <= range.to; ++step) {
        const auto code = code_at(authenticator.secret, authenticator.otp, step);
        for (std::size_t i = 0; code && i < answer.candidates.size(); ++i) {
            const bool equal = digits_fit(answer.candidates[i], authenticator.otp) &&
                               constant_time_equal(code->text(), answer.candidates[i].text());
            auto& slot = step > last ? fresh : spent;
            if (equal && !slot) {
                slot = Match{step, i};
            }
        }
    }
    return fresh ? fresh : spent;
}

bool has_fitting(const Answer& answer, const OtpParameters& otp) noexcept {
    return std::any_of(answer.candidates.begin(), answer.candidates.end(),
                       [&](const Secret& candidate) { return digits_fit(candidate, otp); });
}

// Drift follows after two successes in a row on the same side. What a resync set beyond the bound can come
// back towards it, never go further.
void learn_drift(AuthenticatorState& state, std::int64_t offset) noexcept {
    const int side = offset > 0 ? 1 : offset < 0 ? -1 : 0;
    if (side != 0 && state.side == side) {
        const int moved = state.drift + side;
        if (std::abs(moved) <= std::max(most_drift, std::abs(int{state.drift}))) {
            state.drift = static_cast<std::int8_t>(moved);
        }
        state.side = 0;
    } else {
        state.side = static_cast<std::int8_t>(side);
    }
}

std::int64_t clock_off(const Authenticator& authenticator, std::int64_t step, std::int64_t now) noexcept {
    if (authenticator.otp.kind != OtpKind::totp) {
        return 0;
    }
    const std::int64_t off = step - time_step(authenticator.otp, now);
    return std::llabs(off) >= clock_off_steps ? off : 0;
}

void accept(const Authenticator& authenticator, AuthenticatorState& state, std::int64_t step,
            const Attempt& attempt) {
    if (authenticator.otp.kind == OtpKind::totp && attempt.learn_drift) {
        learn_drift(state,
                    step - (time_step(authenticator.otp, attempt.now) + authenticator.skew + state.drift));
    }
    state.last = step;
    state.last_used = attempt.now;
}

bool is_scratch_code(const Secret& candidate) noexcept {
    return candidate.size() == scratch_code_digits;
}

std::size_t scratch_codes_fitting(const Account& account, const Answer& answer) noexcept {
    const bool fits = std::any_of(answer.candidates.begin(), answer.candidates.end(), is_scratch_code);
    return fits ? account.credentials.scratch.size() : 0;
}

// The tag of the i-th scratch code.
const Tag& scratch_tag(const Account& account, std::size_t i) {
    return account.tags[account.credentials.authenticators.size() + i];
}

// All are compared, whatever matches. One that was used leaves a mark as an authenticator does.
void verify_scratch(const Account& account, State& state, const Attempt& attempt, Outcome& outcome) {
    std::optional<Match> match;  // step: which of them
    for (std::size_t i = 0; i < account.credentials.scratch.size(); ++i) {
        for (std::size_t candidate = 0; candidate < attempt.answer.candidates.size(); ++candidate) {
            const Secret& typed = attempt.answer.candidates[candidate];
            if (is_scratch_code(typed) &&
                constant_time_equal(account.credentials.scratch[i].text(), typed.text())) {
                match = Match{static_cast<std::int64_t>(i), candidate};
            }
        }
    }
    if (!match || outcome.verdict == Verdict::success) {
        return;
    }
    const Tag& tag = scratch_tag(account, static_cast<std::size_t>(match->step));
    if (find_authenticator_state(state, tag) != nullptr) {
        outcome.reason = Reason::replayed;
        return;
    }
    AuthenticatorState& mark = authenticator_state(state, tag, account.tags);
    mark.last = 0;
    mark.last_used = attempt.now;
    outcome.verdict = Verdict::success;
    outcome.reason = Reason::ok;
    outcome.mark_ahead = 0;
    outcome.authenticator.reset();
    outcome.candidate = match->candidate;
    outcome.recovery_left = scratch_codes_left(account, state);
}

Outcome verify_digits(const Account& account, State& state, const Attempt& attempt) {
    Outcome outcome;
    std::optional<Match> accepted;
    for (std::size_t i = 0; i < account.credentials.authenticators.size(); ++i) {
        const auto& authenticator = account.credentials.authenticators[i];
        if (authenticator.secret.empty() || !has_fitting(attempt.answer, authenticator.otp)) {
            continue;
        }
        const auto* known = find_authenticator_state(state, account.tags[i]);
        const std::int64_t last = known != nullptr ? known->last : -1;
        const Range range = window_of(authenticator, known, attempt);
        const auto match = search(authenticator, range, last, attempt.answer);
        if (!match || accepted) {
            continue;
        }
        outcome.authenticator = i;
        if (match->step > last) {
            accepted = match;
            continue;
        }
        const bool ahead = authenticator.otp.kind == OtpKind::totp && last > range.to;
        outcome.reason = ahead ? Reason::mark_ahead : Reason::replayed;
        outcome.mark_ahead = ahead ? last - range.to : 0;
    }
    if (accepted) {
        const auto& authenticator = account.credentials.authenticators[*outcome.authenticator];
        accept(authenticator, authenticator_state(state, account.tags[*outcome.authenticator], account.tags),
               accepted->step, attempt);
        outcome.verdict = Verdict::success;
        outcome.reason = Reason::ok;
        outcome.mark_ahead = 0;
        outcome.candidate = accepted->candidate;
        outcome.clock_off = clock_off(authenticator, accepted->step, attempt.now);
    }
    verify_scratch(account, state, attempt, outcome);
    return outcome;
}

Limits two_thirds(const Limits& limits) noexcept {
    Limits less = limits;
    for (int* bound : {&less.hour, &less.day, &less.month, &less.known_day, &less.known_month}) {
        *bound = *bound * 2 / 3;
    }
    return less;
}

Outcome verify_recovery(const Account& account, State& state, const Attempt& attempt) {
    Outcome outcome;
    if (!account.credentials.recovery || !attempt.digest) {
        return outcome;
    }
    const auto found = find_recovery(*account.credentials.recovery, *attempt.digest);
    if (!found) {
        return outcome;
    }
    auto& entry = recovery_state(state, account.credentials.recovery->salt);
    const auto bit = static_cast<std::uint16_t>(1U << *found);
    if ((entry.spent & bit) != 0) {
        outcome.reason = Reason::replayed;
        return outcome;
    }
    entry.spent = static_cast<std::uint16_t>(entry.spent | bit);
    outcome.verdict = Verdict::success;
    outcome.reason = Reason::ok;
    outcome.candidate = 0;
    outcome.recovery_left = recovery_codes_left(account.credentials, state);
    return outcome;
}

}  // namespace

std::int64_t newest_step(const Authenticator& authenticator, int drift, std::int64_t now,
                         int window) noexcept {
    return newest_of(authenticator, drift, now, codes_of(authenticator, window, 0, false));
}

std::size_t scratch_codes_left(const Account& account, const State& state) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < account.credentials.scratch.size(); ++i) {
        left += find_authenticator_state(state, scratch_tag(account, i)) == nullptr ? 1U : 0U;
    }
    return left;
}

Outcome limited(std::int64_t retry_at) {
    Outcome outcome;
    outcome.verdict = Verdict::limited;
    outcome.reason = Reason::limited;
    outcome.retry_at = retry_at;
    return outcome;
}

std::uint32_t usual_codes_compared(const Credentials& credentials, int window, int look_ahead) noexcept {
    std::uint32_t most = 0;
    for (int digits = min_digits; digits <= max_digits; ++digits) {
        std::uint32_t of_these = 0;
        for (const auto& authenticator : credentials.authenticators) {
            const bool counts = authenticator.otp.digits == digits;
            of_these +=
                counts ? static_cast<std::uint32_t>(codes_of(authenticator, window, look_ahead, true)) : 0;
        }
        most = std::max(most, of_these);
    }
    return most;
}

std::uint32_t codes_compared(const Account& account, const Attempt& attempt) noexcept {
    std::uint32_t compared = 0;
    for (const auto& authenticator : account.credentials.authenticators) {
        if (has_fitting(attempt.answer, authenticator.otp)) {
            compared += static_cast<std::uint32_t>(codes_of(authenticator, attempt));
        }
    }
    return compared + static_cast<std::uint32_t>(scratch_codes_fitting(account, attempt.answer));
}

Outcome verify(const Account& account, State& state, const Attempt& as_made) {
    ++state.serial;
    Attempt attempt = as_made;
    const bool recovery = attempt.answer.shape == AnswerShape::recovery;
    auto weight = attempt_weight(codes_compared(account, attempt));
    // A third of each budget is kept for the usual window, so that a few wrong codes in a wide one do not
    // shut out whose phone is right.
    if (limited_until(state, attempt.origin, weight, attempt.now, two_thirds(attempt.limits))) {
        attempt.usual_window = true;
        weight = attempt_weight(codes_compared(account, attempt));
    }
    // Recovery codes are 80 random bits: they need no failure budget, and work while an account is under
    // attack.
    if (!recovery && !attempt.decoy) {
        if (const auto until = limited_until(state, attempt.origin, weight, attempt.now, attempt.limits)) {
            return limited(*until);
        }
    }
    Outcome outcome =
        recovery ? verify_recovery(account, state, attempt) : verify_digits(account, state, attempt);
    outcome.usual_window = weight < attempt_weight(codes_compared(account, as_made));
    if (attempt.decoy) {
        outcome = {};
    }
    // From here on the absence of these credentials is an error, whether the answer was right or not.
    state.seen = true;
    if (outcome.verdict == Verdict::success) {
        record_success(state, attempt.origin.source, attempt.now);
    } else if (!recovery) {
        charge(state, attempt.origin, weight, attempt.now, attempt.limits);
    }
    return outcome;
}

Outcome resync(const Account& account, State& state, const Attempt& first, const Answer& second,
               std::size_t authenticator) {
    ++state.serial;
    const auto weight = attempt_weight(0);
    if (const auto until = limited_until(state, first.origin, weight, first.now, first.limits)) {
        return limited(*until);
    }
    const auto& chosen = account.credentials.authenticators[authenticator];
    const auto* known = find_authenticator_state(state, account.tags[authenticator]);
    const std::int64_t last = known != nullptr ? known->last : -1;
    const std::int64_t middle = time_step(chosen.otp, first.now) + chosen.skew;
    Range range{middle - resync_steps, middle + resync_steps};
    if (chosen.otp.kind == OtpKind::hotp) {
        range = window_of(chosen, known, first);
        range.to = after(range.from, resync_steps);
    }
    Outcome outcome;
    outcome.authenticator = authenticator;
    for (std::int64_t step = std::max(range.from, after(last)); step < range.to; ++step) {
        const auto a = search(chosen, {step, step}, last, first.answer);
        const auto b = search(chosen, {step + 1, step + 1}, last, second);
        if (a && b && outcome.verdict != Verdict::success) {
            auto& entry = authenticator_state(state, account.tags[authenticator], account.tags);
            entry.last = step + 1;
            entry.last_used = first.now;
            entry.side = 0;
            // The second code is the one on the screen now.
            const std::int64_t off = step + 1 - middle;
            if (chosen.otp.kind == OtpKind::totp) {
                entry.drift =
                    static_cast<std::int8_t>(std::clamp<std::int64_t>(off, -resync_steps, resync_steps));
            }
            outcome.verdict = Verdict::success;
            outcome.reason = Reason::ok;
            outcome.clock_off = clock_off(chosen, step + 1, first.now);
        }
    }
    state.seen = true;
    if (outcome.verdict == Verdict::success) {
        record_success(state, first.origin.source, first.now);
    } else {
        charge(state, first.origin, weight, first.now, first.limits);
    }
    return outcome;
}

}  // namespace warifu
