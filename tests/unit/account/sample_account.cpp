#include "tests/unit/account/sample_account.h"

#include <set>

namespace warifu {

SourceId home() {
    return SourceId::remote("203.0.113.7");
}

SourceId stranger(int n) {
    return SourceId::remote("198.51." + std::to_string(n / 256) + "." + std::to_string(n % 256));
}

SampleAccount::SampleAccount() : key_(StoreKey::generate()) {
    credentials.subject = {"host", "alice"};
}

std::size_t SampleAccount::add(OtpParameters otp, std::uint8_t seed) {
    Authenticator made;
    made.id = "000000000000000" + std::to_string(credentials.authenticators.size() % 10);
    made.label = "phone";
    made.otp = otp;
    made.secret = Secret(20);
    for (std::size_t i = 0; i < made.secret.size(); ++i) {
        made.secret.writable()[i] = static_cast<std::uint8_t>(seed * 31U + i * 7U);
    }
    tags.push_back(key_.tag("host", "alice", made.secret, otp));
    credentials.authenticators.push_back(std::move(made));
    return credentials.authenticators.size() - 1;
}

void SampleAccount::add_recovery_set() {
    RecoverySet set;
    set.salt.fill(static_cast<std::uint8_t>(0x5a + state.recovery.size()));
    for (std::uint8_t i = 0; i < recovery_codes_in_a_set; ++i) {
        set.digests.emplace_back().fill(static_cast<std::uint8_t>(i + 1));
    }
    credentials.recovery = set;
}

void SampleAccount::add_scratch_codes(const std::vector<std::string>& codes) {
    for (const auto& code : codes) {
        credentials.scratch.push_back(Secret::copy_of(code));
        tags.push_back(
            key_.tag("host", "alice", credentials.scratch.back(), {.kind = OtpKind::hotp, .digits = 8}));
    }
}

std::string SampleAccount::code(std::int64_t at, std::size_t authenticator) const {
    const auto& chosen = credentials.authenticators[authenticator];
    return std::string(code_at(chosen.secret, chosen.otp, at).value().text());
}

std::int64_t SampleAccount::step(std::int64_t now, std::size_t authenticator) const {
    return time_step(credentials.authenticators[authenticator].otp, now);
}

std::string SampleAccount::code_now(std::int64_t now, std::size_t authenticator) const {
    return code(step(now, authenticator), authenticator);
}

std::string SampleAccount::wrong_code(std::int64_t now, std::int64_t around) const {
    std::set<std::string> right;
    const std::int64_t middle = credentials.authenticators[0].otp.kind == OtpKind::totp ? step(now) : around;
    for (std::int64_t at = middle - around; at <= middle + around; ++at) {
        if (at >= 0) {
            right.insert(code(at));
        }
    }
    const auto digits = static_cast<std::size_t>(credentials.authenticators[0].otp.digits);
    for (int guess = 0;; ++guess) {
        std::string text = std::to_string(guess);
        text.insert(0, digits - text.size(), '0');
        if (!right.contains(text)) {
            return text;
        }
    }
}

Attempt SampleAccount::attempt(const Answer& typed, std::int64_t now, const SourceId& from) const {
    return Attempt{.answer = typed,
                   .origin = {from, compartment},
                   .digest = std::nullopt,
                   .now = now,
                   .window = window,
                   .look_ahead = look_ahead,
                   .learn_drift = learn_drift,
                   .limits = limits,
                   .decoy = decoy};
}

Outcome SampleAccount::answer(const Answer& typed, std::int64_t now, const SourceId& from) {
    return verify(Account{credentials, tags}, state, attempt(typed, now, from));
}

Outcome SampleAccount::type(std::string_view typed, std::int64_t now, const SourceId& from) {
    return answer(parse_answer(typed), now, from);
}

Outcome SampleAccount::use_recovery(std::size_t index, std::int64_t now, const SourceId& from) {
    const Answer typed = parse_answer("ABCD-EFGH-IJKL-MNOP");
    Attempt made = attempt(typed, now, from);
    made.digest = credentials.recovery.value().digests[index];
    return verify(Account{credentials, tags}, state, made);
}

Outcome SampleAccount::guess_recovery(std::int64_t now, const SourceId& from) {
    const Answer typed = parse_answer("ABCD-EFGH-IJKL-MNOP");
    Attempt made = attempt(typed, now, from);
    made.digest.emplace().fill(0xee);
    return verify(Account{credentials, tags}, state, made);
}

Outcome SampleAccount::two_codes(std::int64_t first_step, std::int64_t now, const SourceId& from,
                                 std::size_t authenticator) {
    const Answer first = parse_answer(code(first_step, authenticator));
    const Answer second = parse_answer(code(first_step + 1, authenticator));
    return resync(Account{credentials, tags}, state, attempt(first, now, from), second, authenticator);
}

AuthenticatorState SampleAccount::mark(std::size_t authenticator) const {
    const auto* found = find_authenticator_state(state, tags[authenticator]);
    return found != nullptr ? *found : AuthenticatorState{};
}

}  // namespace warifu
