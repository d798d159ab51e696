#include "tests/unit/credentials/generated_credentials.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace warifu::testing {

namespace {

std::uint64_t up_to(Random& random, std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
}

template <typename T, std::size_t Size>
T one_of(Random& random, const std::array<T, Size>& choices) {
    return choices.at(up_to(random, Size - 1));
}

std::string hex_id(Random& random) {
    std::string id;
    for (int i = 0; i < 16; ++i) id.push_back("0123456789abcdef"[up_to(random, 15)]);
    return id;
}

std::string label(Random& random) {
    constexpr std::array<std::string_view, 5> pieces{"a", "\"", "\\", "携", "\xf0\x9f\x94\x91"};
    std::string text(one_of(random, pieces));
    while (up_to(random, 5) != 0 && text.size() + 4 <= max_label_bytes) text.append(one_of(random, pieces));
    return text;
}

OtpParameters parameters(Random& random) {
    return {
        .kind = one_of(random, std::array{OtpKind::totp, OtpKind::hotp}),
        .algorithm = one_of(random, std::array{Algorithm::sha1, Algorithm::sha256, Algorithm::sha512}),
        .digits = one_of(random, std::array{6, 7, 8}),
        .period = one_of(random, std::array{15, 30, 60, 120}),
        .t0 = one_of(random, std::array<std::int64_t, 3>{0, -1, std::numeric_limits<std::int64_t>::max()})};
}

Authenticator authenticator(Random& random) {
    constexpr std::array<std::uint64_t, 3> counters{0, 1, std::numeric_limits<std::int64_t>::max()};
    constexpr std::array<std::int64_t, 3> times{0, 1'700'000'000, std::numeric_limits<std::int64_t>::max()};
    Authenticator made{.id = hex_id(random),
                       .label = label(random),
                       .otp = parameters(random),
                       .counter = one_of(random, counters),
                       .created = one_of(random, times),
                       .secret = Secret(one_of(random, std::array<std::size_t, 3>{10, 20, 64}))};
    for (std::uint8_t& byte : made.secret.writable()) byte = static_cast<std::uint8_t>(random());
    return made;
}

RecoverySet recovery(Random& random) {
    RecoverySet set;
    for (std::uint8_t& byte : set.salt) byte = static_cast<std::uint8_t>(random());
    set.digests.resize(1 + up_to(random, 15));
    for (RecoveryDigest& digest : set.digests)
        for (std::uint8_t& byte : digest) byte = static_cast<std::uint8_t>(random());
    return set;
}

bool same(const Authenticator& a, const Authenticator& b) {
    return a.id == b.id && a.label == b.label && a.otp == b.otp && a.counter == b.counter &&
           a.created == b.created && a.secret.text() == b.secret.text();
}

bool same(const std::optional<RecoverySet>& a, const std::optional<RecoverySet>& b) {
    return a.has_value() == b.has_value() && (!a || (a->salt == b->salt && a->digests == b->digests));
}

}  // namespace

Credentials generated_credentials(Random& random, const Subject& subject) {
    Credentials made;
    made.subject = subject;
    if (up_to(random, 1) != 0) made.uid = one_of(random, std::array<std::uint32_t, 3>{0, 1000, 0xfffffffe});
    made.authenticators.resize(up_to(random, max_authenticators));
    for (Authenticator& entry : made.authenticators) entry = authenticator(random);
    if (up_to(random, 1) != 0) made.recovery = recovery(random);
    return made;
}

bool same(const Credentials& a, const Credentials& b) {
    return a.subject == b.subject && a.uid == b.uid && a.unknown_fields == b.unknown_fields &&
           same(a.recovery, b.recovery) &&
           std::ranges::equal(a.authenticators, b.authenticators,
                              [](const Authenticator& x, const Authenticator& y) { return same(x, y); });
}

}  // namespace warifu::testing
